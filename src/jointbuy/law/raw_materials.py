"""The list of strategic raw materials, and the parameters of its act, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jointbuy.law.load import HERE, digest_of, parameters_of
from jointbuy.law.reader import Reader
from jointbuy.materials import Materials, Strategic, phrases
from jointbuy.parameters import Parameter
from jointbuy.yamltext import Fields

FOLDER = "crma"
STAGES = ("extraction", "processing", "recycling")
_FILE = f"{FOLDER}/materials.yaml"
_CITED = ("reference", "confidence", "checked")
_TEXTS = ("title", "citation", "reference", "caution", "third_countries")
_DATED = (*_CITED, "provision", "since", "known_since")


@dataclass(frozen=True, slots=True)
class RawMaterials:
    """What the act on critical raw materials says: its list, its numbers, and the digest of the files."""

    materials: Materials
    parameters: Mapping[str, Parameter]
    digest: str


@cache
def raw_materials(folder: Path = HERE) -> RawMaterials:
    """The list and the parameters. Raises LawError with every fault found in the files."""
    reader = Reader(folder)
    tree = reader.tree(_FILE)
    keys = (*_TEXTS, "as_of", "strategic", "conditions", "forms", "stages", "critical")
    reader.only(tree, keys)
    conditions = {phrase: name for name, text in reader.texts(tree, "conditions").items() for phrase in phrases([text])}
    listed, names = _listed(reader, reader.fields(tree.fields["strategic"]) if "strategic" in tree.fields else tree)
    for one in listed.values():
        if one.condition is not None and one.condition not in conditions.values():
            reader.fault(f'nothing says how a bill tells "{one.condition}"', tree.where, do="add it under conditions")
    critical = reader.fields(tree.fields["critical"]) if "critical" in tree.fields else tree
    reader.only(critical, (*_CITED, "provision", "names"))
    stages = reader.texts(tree, "stages")
    for stage, kind in stages.items():
        if kind not in STAGES:
            reader.fault(f'the stage "{stage}" is no {kind} of the act', tree.where, do=f"one of {', '.join(STAGES)}")
    title, citation, reference, caution, third = (reader.text(tree, key) for key in _TEXTS)
    materials = Materials(
        title=title,
        citation=citation,
        reference=reference,
        as_of=reader.day(tree, "as_of"),
        caution=caution,
        third_countries=third,
        listed=listed,
        names=names,
        conditions=conditions,
        forms=tuple(phrases([reader.text(tree, "forms")])),
        critical=tuple(phrases([reader.text(critical, "names")])),
        stages=stages,
    )
    parameters = {key: one for key, (one, _) in parameters_of(reader, f"{FOLDER}/parameters.yaml").items()}
    found = RawMaterials(materials, parameters, digest_of(folder, FOLDER))
    reader.done()
    return found


def _listed(reader: Reader, section: Fields) -> tuple[dict[str, Strategic], dict[str, str]]:
    """The materials by id, and the id by every folded name; what one does not state is taken from the section."""
    reader.only(section, (*_DATED, "materials"))
    listed: dict[str, Strategic] = {}
    names: dict[str, str] = {}
    for node in reader.items(section, "materials"):
        fields = reader.fields(node)
        reader.only(fields, ("id", "point", "names"), ("condition", "of", "until", *_DATED))
        cited = Fields({**section.fields, **fields.fields}, {**section.keys, **fields.keys}, fields.where)
        name = reader.text(fields, "id")
        if name in listed:
            reader.fault(f'"{name}" stands twice in the list', fields.where)
        reader.day(cited, "checked")
        listed[name] = Strategic(
            id=name,
            provision=f"{reader.text(cited, 'provision')}, point ({reader.text(fields, 'point')})",
            condition=reader.text(fields, "condition") or None,
            of=reader.text(fields, "of") or None,
            since=reader.day(cited, "since"),
            until=reader.day_if_given(fields, "until"),
            known_since=reader.day(cited, "known_since"),
            verified=reader.verified(cited),
        )
        for word in phrases([reader.text(fields, "names")]):
            if names.setdefault(word, name) != name:
                reader.fault(f'"{word}" stands for {names[word]} and {name}', fields.where)
    return listed, names
