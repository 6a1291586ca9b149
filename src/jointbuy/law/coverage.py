"""What becomes of every provision of an act: which rules decide it, where else it stands, or why not."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

from jointbuy import law
from jointbuy.law.reader import Reader
from jointbuy.yamltext import Fields, Items, Text

_MAY = ("says", "rules", "clauses", "readings", "command", "why")


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision, or one question that the text leaves open; at least one of the fields after `says` is filled."""

    name: str
    says: str
    rules: tuple[str, ...]
    clauses: tuple[str, ...]
    readings: tuple[str, ...]
    command: str
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The provisions of an act in its order, and the questions it leaves open."""

    provisions: tuple[Provision, ...]
    questions: tuple[Provision, ...]


def coverage(act: law.Act, folder: Path | None = None) -> Coverage:
    """What `coverage.yaml` of the act says, held against its rules, clauses and readings; empty where it has none.

    Raises LawError where an entry says nothing, or names what does not exist.
    """
    folder = folder or Path(law.__file__).parent
    name = f"{act.name}/coverage.yaml"
    if not (folder / name).is_file():
        return Coverage((), ())
    reader = Reader(folder)
    tree = reader.tree(name)
    reader.only(tree, ("provisions", "questions"))
    known = {
        "rules": {rule.id for rule in act.rules},
        "clauses": {clause.id for clause in act.clauses},
        "readings": set(act.readings),
    }
    provisions, questions = (
        tuple(_entry(reader, title, fields, known) for title, _, fields in reader.members(tree, part))
        for part in ("provisions", "questions")
    )
    reader.done()
    return Coverage(provisions, questions)


def _entry(reader: Reader, name: str, fields: Fields, known: dict[str, set[str]]) -> Provision:
    reader.only(fields, (), _MAY)
    named = {key: _names(reader, fields, key, known[key]) for key in known}
    command, why = reader.text(fields, "command"), reader.text(fields, "why")
    if not (any(named.values()) or command or why):
        reader.fault(f"nothing is said of {name}", fields.where, do="name what decides it, or say why nothing does")
    return Provision(
        name, reader.text(fields, "says"), named["rules"], named["clauses"], named["readings"], command, why
    )


def _names(reader: Reader, fields: Fields, key: str, known: Container[str]) -> tuple[str, ...]:
    node = fields.fields.get(key)
    names = tuple(each.value for each in node.items if isinstance(each, Text)) if isinstance(node, Items) else ()
    for name in names:
        if name not in known:
            reader.fault(f'{key} names "{name}", which does not exist', fields.keys[key])
    return names
