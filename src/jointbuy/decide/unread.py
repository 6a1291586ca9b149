"""What a verdict says of law that nobody here has read (conventions §6): who must confirm it, and if it is not so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from jointbuy.decide.node import IN_GROUP, Node
from jointbuy.law import Act
from jointbuy.result import Condition
from jointbuy.rules import Fact


def key_of(act: str) -> str:
    """Key of the statement that somebody has read the law of the act which is unverified here."""
    return "unverified-law" if act == "safe" else f"{act.replace('_', '-')}-unverified-law"


def conditions(
    unverified: Iterable[str], deciding: Sequence[tuple[str, Node]], said: Mapping[str, Fact], act: Act
) -> tuple[Condition, ...]:
    """An eligible verdict that rests on law nobody here has read needs somebody who has (§6)."""
    what = sorted(unverified)
    key = key_of(act.name)
    settled = said.get(key)
    if not what or (settled is not None and settled.value):
        return ()
    asked = [_confirmed(item, deciding) for item in what]
    lead = "" if len(asked) == 1 else "Taken from secondary sources; does the law say so?\n"
    text = lead + "\n".join(question for question, _ in asked)
    provision = "; ".join(dict.fromkeys(provision for _, provision in asked))
    return (Condition(key, text, "contracting authority", provision, ""),)


def is_denied(said: Mapping[str, Fact], act: Act) -> bool:
    """Whether somebody who has read the law states that it is not as it is used here."""
    settled = said.get(key_of(act.name))
    return settled is not None and settled.value is False


def denial(unverified: Iterable[str], act: Act) -> str:
    """The verdict in two sentences where law that it rests on is not as it is used here: nobody can tell what it is."""
    what = "; ".join(sorted(unverified))
    return (
        f"Cannot be decided yet under {act.short}: it rests on law that is stated not to be as used here: {what}. "
        "Correct it in a folder given with --law (docs/law.md)."
    )


def _confirmed(item: str, deciding: Sequence[tuple[str, Node]]) -> tuple[str, str]:
    """What to confirm of a provision nobody here has read, or of a country in a group, and where to look."""
    country, inside, group = item.partition(IN_GROUP)
    if not inside:
        return f"Do the numbers and conditions used here agree with the text of: {item}?", item
    provision = next((of for of, node in deciding if item in node.unverified), "")
    return f"Does {country} belong to {group}?", provision
