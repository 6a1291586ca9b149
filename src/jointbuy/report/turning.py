"""What would turn a finding or the verdict, in words: for the terminal, the page and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from jointbuy.exact import Range
from jointbuy.money import rounded_minor
from jointbuy.report import figures
from jointbuy.result import Case, Finding
from jointbuy.turning import Needed, Step, Turned, Turning, Turns, Way

_POINTS, _DAYS = Fraction(2, 100), 90
"""An edge is told beside what is met where it is nearer than so many points of one, or days."""
_STEPS = 5
"""Steps of one way that are told; JSON has them all."""
_YEAR, _NEAREST = 365, 3
"""What would break a verdict is told where it is nearer than that, and no more than so many."""


class Told(NamedTuple):
    """The verdict's turning in words: a lead, sets of entries of one or more lines each, and what else there is.

    Any one of the sets does, all of its entries together.
    """

    lead: str
    sets: tuple[tuple[tuple[str, ...], ...], ...]
    rest: str = ""
    between: str = ""


def ways(found: Turns) -> str:
    """Every way in a row; a subject is named where it is another one than before."""
    told, last = [], ""
    for way in found.ways:
        steps = []
        for step in way.steps:
            steps.append(f"{step.subject}: {step.text}" if step.subject not in {"", last} else step.text)
            last = step.subject or last
        more = [f"{len(steps) - _STEPS} more such steps"] if len(steps) > _STEPS + 1 else []
        told.append(", together with: ".join([*(steps[:_STEPS] if more else steps), *more]))
    return "; or ".join(told) + (", among others" if found.more else "")


def of_finding(finding: Finding) -> str:
    """What would make a finding hold, or the edge of one that is met where it is near; else nothing."""
    found = finding.turns
    if found is None or finding.status in {"not applicable", "for judgement"}:
        return ""
    if finding.status == "met":
        near = Turns(tuple(way for way in found.ways if _near(finding, way)))
        return f"Near its edge; no longer met with: {ways(near)}" if near.ways else ""
    if not found.ways:
        return "As the law is read here, no fact of the purchase would make it hold."
    unread = " (by unverified law)" if finding.verified and not all(map(_verified, found.ways)) else ""
    return f"Would hold with: {ways(found)}{unread}"


def _verified(way: Way) -> bool:
    return all(step.verified for step in way.steps)


def _near(finding: Finding, way: Way) -> bool:
    if not way.measured:
        return False
    (step,) = way.steps
    if step.kind == "money":
        return isinstance(finding.margin, Range) and finding.unit == "share" and finding.margin.low <= _POINTS
    return step.by is not None and step.by <= (_DAYS if step.kind == "date" else _POINTS)


def of_verdict(case: Case) -> Told | None:
    """What would turn the verdict."""
    found = case.verdict.turning
    if found is None:
        return None
    return _breaking(case, found) if found.towards == "no longer eligible" else _passing(case, found)


def _passing(case: Case, found: Turning) -> Told:
    if not found.sets:
        return Told("As the law is read here, no fact of the purchase would make it eligible.", ())
    number = len(found.sets[0])
    some = "this finding turned" if number == 1 else f"these {number} findings turned; fewer do not suffice"
    sets = tuple(tuple(_lines(case, _concerning(case, needed), "or") for needed in each) for each in found.sets)
    rest = "Stated, not advised: each finding is taken by itself, and all else, with the law, stays as it is."
    return Told(f"It would be eligible if {some}.", sets, rest, "or, by another route:")


def _breaking(case: Case, found: Turning) -> Told | None:
    every = [[turned for needed in each for turned in needed.findings] for each in found.sets]
    measured = [each for each in every if all(_within_reach(turned.turns.ways[0]) for turned in each)]
    measured.sort(key=lambda each: max(turned.turns.ways[0].distance for turned in each))
    sets = tuple((_lines(case, each, "and"),) for each in measured[:_NEAREST])
    named = "; ".join(dict.fromkeys(each[0].title for each in every if each not in measured and len(each) == 1))
    rest = f"One other fact or answer alone would also turn it, in any of: {named}." if named else ""
    lead = f"It would no longer be eligible with {'this' if len(sets) == 1 else 'any one of these'}:" if sets else ""
    return Told(lead, sets, rest) if sets or rest else None


def _lines(case: Case, findings: Sequence[Turned], joined: str) -> tuple[str, ...]:
    """A line for each finding; one that turns with the same amount as the first is only named."""
    first, *others = findings
    same = [one for one in others if _amount(one) == _amount(first) is not None]
    lines = [
        f"{joined} likewise {_name(case, one)}" if one in same else f"{joined} {_turned(case, one)}" for one in others
    ]
    return (_turned(case, first), *lines)


def _amount(one: Turned) -> Fraction | int | None:
    """The money by which it turns first, where it is money."""
    (step, *others) = one.turns.ways[0].steps
    return step.by if step.kind == "money" and not others else None


def _within_reach(way: Way) -> bool:
    return way.measured and (way.steps[0].kind != "date" or (way.steps[0].by or 0) <= _YEAR)


def _concerning(case: Case, needed: Needed) -> Sequence[Turned]:
    """The findings that may turn a condition, an agreement's only where it concerns the purchase."""
    own = [one for one in needed.findings if one.route is None or figures.concerns(case, one.route)]
    return own or needed.findings


def _turned(case: Case, one: Turned) -> str:
    """A finding and the first way to turn it; the others stand with the finding."""
    more = "; or otherwise" if one.turns.ways[1:] else ""
    return f"{_name(case, one)}: {ways(Turns(one.turns.ways[:1]))}{more}"


def _name(case: Case, one: Turned) -> str:
    """A finding by its title, and its provision or route, which may be unverified."""
    route = next((each for each in case.verdict.routes if each.route == one.route), None)
    by = route.title if route else one.provision
    by += "" if (route is None or route.verified) and _verified(one.turns.ways[0]) else ", unverified"
    return f"{one.title} ({by})"


# --- JSON -----------------------------------------------------------------------------------


def json(found: Turning | None, currency: str) -> dict[str, Any] | None:
    """What would turn the verdict: sets of conditions, for each the findings one of which suffices."""
    if found is None:
        return None
    sets = [
        [{"condition": each.condition, "one_of": [_rule(one, currency) for one in each.findings]} for each in some]
        for some in found.sets
    ]
    return {"towards": found.towards, "sets": sets}


def _rule(one: Turned, currency: str) -> dict[str, Any]:
    return {"rule": one.rule, "route": one.route, **(turns_json(one.turns, currency) or {})}


def turns_json(found: Turns | None, currency: str) -> dict[str, Any] | None:
    """Ways as lists of steps; amounts in minor units."""
    if found is None:
        return None
    return {"ways": [_steps(way.steps, currency) for way in found.ways], "more": "yes" if found.more else "no"}


def _steps(found: Iterable[Step], currency: str) -> list[dict[str, Any]]:
    return [
        {
            "kind": step.kind,
            "subject": step.subject,
            "text": step.text,
            "fact": step.fact,
            "to": _to(step),
            "by": _by(step, step.by, currency),
            "alone": _by(step, step.alone, currency),
            "least": _by(step, step.least, currency),
            "group": step.group or None,
            "verified": "yes" if step.verified else "no",
            "of": _steps(step.of, currency),
        }
        for step in found
    ]


def _to(step: Step) -> Any:
    """A day, a number or an answer; which country or word is for the text to say."""
    if isinstance(step.to, date):
        return step.to.isoformat()
    if isinstance(step.to, bool):
        return "yes" if step.to else "no"
    return figures.exact_decimal(step.to) if isinstance(step.to, Fraction) else None


def _by(step: Step, value: Fraction | int | None, currency: str) -> Any:
    if value is None or isinstance(value, int):
        return value
    return rounded_minor(value, currency) if step.kind == "money" else figures.exact_decimal(value)
