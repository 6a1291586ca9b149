"""How the words of two matched commitments differ, beyond what is told apart; and what is no promise any more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from types import MappingProxyType

from jointbuy.agreements import Change, Item, Lesser
from jointbuy.commitments import Promise

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_ACTORS = frozenset({"we", "it", "they"})
_MOST = 400
"""Words that are set beside each other at the most."""
_LOST: Mapping[Lesser, Change] = MappingProxyType(
    {
        "permitted": "no longer a promise: permitted",
        "denied": "no longer a promise: denied",
        "called for": "no longer a promise: called for",
        "stated": "no longer a promise: stated",
    }
)
_MADE: Mapping[Lesser, Change] = MappingProxyType(
    {
        "permitted": "now a promise: permitted before",
        "denied": "now a promise: denied before",
        "called for": "now a promise: called for before",
        "stated": "now a promise: stated before",
    }
)


def words_apart(first: Item, second: Item, *, whole: bool) -> tuple[str, str]:
    """The words that only the first and only the second has, in order; two empty ones where they read the same.

    Capitals and punctuation do not matter, nor who acts, by when, how much, how often and on what conditions: those
    are compared apart. Where not `whole`, what stands before the object is left out: will, intend to.
    """
    here, there = (_rest(one, whole=whole) for one in (first, second))
    low, other = ([word.casefold() for word in words] for words in (here, there))
    if low == other:
        return "", ""
    parts: tuple[list[str], list[str]] = [], []
    for what, start, end, begin, stop in SequenceMatcher(None, low, other, autojunk=False).get_opcodes():
        if what != "equal":
            parts[0].append(" ".join(here[start:end]))
            parts[1].append(" ".join(there[begin:stop]))
    return " … ".join(filter(None, parts[0])), " … ".join(filter(None, parts[1]))


def _rest(one: Item, *, whole: bool) -> Sequence[str]:
    said = (one.clause or one.text) if whole else one.object
    limits = sorted(filter(None, (one.deadline, one.frequency, *one.amounts, *one.conditions)), key=len, reverse=True)
    for limit in limits:
        said = said.replace(limit, " ", 1)
    if whole:
        said = re.sub(rf"(?<!\w){re.escape(one.actor)}(?!\w)", " ", said, count=1) if one.actor else said
    return [word for word in _WORD.findall(said)[:_MOST] if word.casefold() not in _ACTORS]


def lesser(one: Promise) -> Lesser | None:
    """What somebody's deed is told as that is no commitment; None of a commitment, and where nobody is named."""
    if one.commitment or one.actor is None:
        return None
    if one.modality == "permission":
        return "permitted"
    if one.strength in {"called", "stated"} or (one.strength == "restated" and not one.negated):
        return "called for" if one.strength == "called" else "stated"
    return "denied" if one.modality == "statement" or one.strength == "restated" else None


def turned(what: Lesser, *, later: bool) -> Change:
    """What is told of a commitment that is lesser in the later text, or was in the earlier."""
    return _LOST[what] if later else _MADE[what]
