"""Scores in the field's own terms: what came of a commitment (-1, 0, 1), and how far it is law (docs/pact.md).

Sources: G20 and G7 Research Groups, compliance coding manual (2020); Abbott, Keohane, Moravcsik, Slaughter and Snidal,
"The concept of legalization", International Organization 54 (2000). What we do otherwise than they is said there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from jointbuy.commitments import Commitment, Event, Promise, Reported, Rung, Status
from jointbuy.judged import Average, Compliance, Degree, Legalization

_STAGES: tuple[Status, ...] = (
    "announced", "under way", "concluded", "signed", "provisionally applied", "in force",
)  # fmt: skip
FULFILS: Mapping[Rung, Status] = MappingProxyType(
    {
        "bound": "provisionally applied",
        "firm": "provisionally applied",
        "intended": "signed",
        "effort": "concluded",
        "explored": "under way",
    }
)
"""The stage from which on a commitment of a rung is complied with; rungs that are not here are no commitments."""
_DEGREES: tuple[Degree, ...] = ("none", "low", "medium", "high")
_OBLIGES: Mapping[Rung, Degree] = MappingProxyType(
    {"bound": "high", "firm": "medium", "intended": "medium", "effort": "low", "restated": "low"}
)
_DELEGATED: tuple[tuple[Degree, re.Pattern[str]], ...] = (
    ("high", re.compile(r"\b(?:courts?|tribunals?|arbitrat\w+|binding decisions?)\b", re.IGNORECASE)),
    (
        "medium",
        re.compile(
            r"\b(?:secretariat|independent (?:\w+ )?(?:panel|body|review|experts?)|panels?|mediat\w+|conciliation"
            r"|inspect\w+|monitoring (?:body|mechanism|mission)|agency|agencies)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "low",
        re.compile(
            r"\b(?:committees?|working groups?|task ?forces?|dialogues?|consultations?|councils?|steering groups?"
            r"|senior officials)\b",
            re.IGNORECASE,
        ),
    ),
)


# --- what came of it ------------------------------------------------------------------------


def compliance(strength: Reported, status: Status, because: Event | None) -> Compliance:
    """The score that the status of a commitment gives; what was promised decides which stage fulfils it.

    No evidence is not scored, where the manual gives -1: what nobody found may still have been done (§1).
    """
    if strength == "not reported":
        return Compliance(None, "no verb was reported, so that nothing says what would comply with it")
    stage = FULFILS.get(strength)
    if stage is None:
        return Compliance(None, f"{strength}: a view or a call on others, no commitment in the manual's sense")
    if because is None or status == "no evidence found":
        return Compliance(None, "no evidence found, which is not scored")
    if status not in _STAGES:
        return Compliance(-1, f"{status} ({because.id})")
    done = _STAGES.index(status) >= _STAGES.index(stage)
    return Compliance(int(done), f"{status} ({because.id}); {strength} is complied with from {stage} on")


def average(scores: Sequence[Compliance], strengths: Sequence[Reported]) -> Average:
    """The mean of the scores there are, and the ends between which it lies whatever the rest would get.

    Fewer scores than half of those there could be have no mean.
    """
    could = [one.score for one, strength in zip(scores, strengths, strict=True) if strength in FULFILS]
    known = [one for one in could if one is not None]
    open_, count = len(could) - len(known), max(1, len(could))
    mean = Fraction(sum(known), len(known)) if known and 2 * len(known) >= len(could) else None
    low, high = Fraction(sum(known) - open_, count), Fraction(sum(known) + open_, count)
    return Average(len(known), len(could), mean, low, high, sum(one == "not reported" for one in strengths))


# --- how far it is law ----------------------------------------------------------------------


def reported(one: Commitment, *, binds: bool) -> Legalization:
    """The degrees of a commitment of the register, by the same rules from what was reported of it."""
    obliges: Degree | Literal["not reported"] = "not reported"
    if one.strength != "not reported":
        obliges = obligation(one.strength, binds=binds)
    return Legalization(obliges, precision(one.deadline, one.amounts), delegation(one.delegated or "")[0])


def obligation(strength: Rung, *, binds: bool = True, held_back: bool = False) -> Degree:
    """What the words oblige to: a step lower under a condition; low at the most where the instrument binds nobody."""
    degree = _DEGREES.index(_OBLIGES.get(strength, "none"))
    if held_back and degree:
        degree -= 1
    return _DEGREES[degree if binds else min(degree, 1)]


def precision(deadline: str | None, amounts: Sequence[str]) -> Degree:
    """High with a day and an amount, medium with one of them, otherwise low."""
    degrees: tuple[Degree, Degree, Degree] = ("low", "medium", "high")
    return degrees[bool(deadline) + bool(amounts)]


def delegation(said: str) -> tuple[Degree, str | None]:
    """High to a court or an arbiter, medium to somebody apart from the parties, low to a body of theirs; the word."""
    for degree, pattern in _DELEGATED:
        if found := pattern.search(said):
            return degree, found[0]
    return "none", None


def legalization(promise: Promise) -> Legalization:
    """The degrees that a promise's own words have; whether its instrument binds they do not say."""
    delegated, body = delegation(f"{promise.verb} {promise.object}")
    marks = (promise.deadline, *promise.amounts, body)
    words = (*promise.words, *promise.conditions, *(mark for mark in marks if mark))
    return Legalization(
        obligation(promise.strength, held_back=bool(promise.conditions)),
        precision(promise.deadline, promise.amounts),
        delegated,
        tuple(dict.fromkeys(words)),
    )
