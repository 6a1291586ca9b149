"""Questions that need no purchase: one rule, what a country may do, where the examples are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from jointbuy import law
from jointbuy.errors import JointbuyError, NotInForce, did_you_mean
from jointbuy.flow.case import day_of, is_open, law_of
from jointbuy.law import inspect
from jointbuy.model import Country
from jointbuy.parameters import View
from jointbuy.result import (
    Answer,
)
from jointbuy.rules import Rule


def country_of(name: str) -> Country:
    """The code of a country as people write it. Raises JointbuyError with the nearest name."""
    places = law.places()
    code = places.recognise(name)
    if code is None:
        near = did_you_mean(name, [*places.names, *places.titles.values()])
        raise JointbuyError(f'"{name}" is not a country; ' + (near or "write its ISO code, such as CA, or its name"))
    return Country(code)


@dataclass(frozen=True, slots=True)
class Access:
    """What a country may do under an act on a date, beyond what any country may supply within the limit."""

    act: str
    """The act's name among ours."""
    act_title: str
    country: Country
    title: str
    on: date
    groups: tuple[str, ...]
    may_buy: Answer
    may_supply: Answer
    may_borrow: Answer
    because: tuple[str, ...]
    unverified: tuple[str, ...]
    """Groups that it is said to belong to and that nobody here has checked."""


def rule(name: str) -> Rule:
    """The rule of that id. Raises JointbuyError, with the nearest known id, for any other."""
    rules = {each.id: each for each in law.act(name.split(".")[0] if "." in name else "safe").rules}
    if name not in rules:
        near = did_you_mean(name, rules) or f"known: {', '.join(rules)}"
        raise JointbuyError(f'there is no rule "{name}"; {near}')
    return rules[name]


@dataclass(frozen=True, slots=True)
class _Grants:
    """Who counts as a buyer under an act that grants, and by which provisions; inside is the act's perimeter."""

    counting: str
    buy: str
    supply: str


_GRANTS = {
    "edip": _Grants("inside edip", "Art. 11(2) and (3)", "Art. 9(1) and 10(3)"),
    "edip_ukraine": _Grants("union and ukraine", "Art. 11(2) and (3) with 27(8)", "Art. 26(1) and 27(3)"),
    "edirpa": _Grants("union", "Art. 2(1), 8(1)(c) and 10", "Art. 9(5) and (12)"),
}


def access(country: str, on: str | date | None = None, overlay: str | Path | None = None, act: str = "safe") -> Access:
    """Whether a country may buy, supply and borrow under an act of the Union on a day.

    Raises JointbuyError for an act that is no such act, NotInForce on a day on which it has no law.
    """
    if act != "safe" and act not in _GRANTS:
        raise JointbuyError(f"access is of acts of the Union: safe, {', '.join(_GRANTS)}")
    legislation = law_of(act, overlay)
    code = country_of(country)
    first, ended = legislation.period
    # An act that has ended is shown as it last stood.
    last = ended - timedelta(days=1) if ended else None
    day = day_of(on) or (min(legislation.as_of, last) if last else legislation.as_of)
    if day < first or (ended and day >= ended):
        until = f" to {last}" if last else ""
        raise NotInForce(f"{legislation.title} has no law on {day}; it applies from {first}{until}")
    view = law.view(legislation, day, legislation.as_of, {}, {})
    return _under_safe(legislation, view, code) if act == "safe" else _granted(legislation, view, code)


def _granted(legislation: law.Act, view: View, code: Country) -> Access:
    """Under an act that pays grants to those who buy together."""
    grants, inside = _GRANTS[legislation.name], code in view.group(legislation.perimeter)
    groups = _groups(legislation, view, code)
    doubtful = _doubtful(view, code, groups)
    counts, title = code in view.group(grants.counting), view.places.group_titles[legislation.perimeter]
    buy = (
        f"it counts among the states that must buy together ({grants.buy})"
        if counts
        else f"it may join, and is none of those that must buy together ({grants.buy})"
        if inside
        else f"it is not within {title}, whose authorities buy ({grants.buy})"
    )
    within = f"its companies and components count as inside ({grants.supply})"
    outside = f"its companies and components count as from outside {title} ({grants.supply})"
    return Access(
        act=legislation.name,
        act_title=legislation.title,
        country=code,
        title=view.places.titles[code],
        on=view.on,
        groups=groups,
        may_buy="yes" if inside else "no",
        may_supply="yes" if inside else "no",
        may_borrow="no",
        because=(
            buy,
            *_of_a_state(view, code),
            within if inside else outside,
            "the act grants, and lends nothing",
            *_told(doubtful),
        ),
        unverified=doubtful,
    )


def _groups(legislation: law.Act, view: View, code: Country) -> tuple[str, ...]:
    """The groups it belongs to of which a rule of the act asks, or of which such a group is made."""
    asked = inspect.groups_asked(legislation, view.places)
    return tuple(name for name in view.places.memberships if name in asked and code in view.group(name))


def _told(doubtful: Iterable[str]) -> Iterator[str]:
    return (f"its place among {each} is unverified" for each in doubtful)


def _doubtful(view: View, code: Country, groups: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(view.places.group_titles[name] for name in groups if code in view.group(name).unverified)


def _of_a_state(view: View, code: Country) -> tuple[str, ...]:
    """Of a territory the state that it counts with."""
    state = view.places.states.get(code)
    return (f"it is part of {view.places.titles[state]} and counts with it, as one state",) if state else ()


def _under_safe(legislation: law.Act, view: View, code: Country) -> Access:
    """Under SAFE (Art. 2(3), 4, 16, 17)."""
    places = legislation.places
    groups = _groups(legislation, view, code)
    borrowers = view.parameter(legislation.roles["borrowers"])
    inside, union = code in view.group(legislation.perimeter), code in view.group(str(borrowers.value))
    too = code in view.group("may join as buyers")
    announced = not (inside or too) and code in view.group("announced partners")
    agreements = [route for route in legislation.routes if code in view.group(route.id) and is_open(route.opens, view)]
    borrow, why_borrow = _borrowing(view) if union else ("no", f"only Member States borrow ({borrowers.provision})")
    doubtful = _doubtful(view, code, groups)
    return Access(
        act=legislation.name,
        act_title=legislation.title,
        country=code,
        title=places.titles[code],
        on=view.on,
        groups=groups,
        may_buy="yes" if inside or too else "unknown" if announced else "no",
        may_supply="yes" if inside or agreements else "no",
        may_borrow=borrow,
        because=(
            _why_buy(inside, too, announced),
            *_of_a_state(view, code),
            _why_supply(inside, agreements[0].title if agreements else ""),
            why_borrow,
            *_told(doubtful),
        ),
        unverified=doubtful,
    )


def _borrowing(view: View) -> tuple[Answer, str]:
    """Whether a Member State may have a loan made available to it from a day on, and why."""
    request, call, decision = (
        view.parameter(name).value for name in ("art07.last_request", "art08.last_call", "art08.last_decision")
    )
    if str(view.on) <= str(request):
        return "yes", f"a Member State may ask for a SAFE loan until {request} (Art. 4(1), 7(1))"
    if str(view.on) <= str(decision):
        late = f"requests were due by {request} (Art. 7(1)); who asked may get a decision until {decision} (Art. 8(8))"
        return "unknown", f"{late}, who did not only under a new call published by {call} (Art. 8(7))"
    return (
        "no",
        f"no decision on a loan may be adopted after {decision} (Art. 8(8)); loans decided by then are paid out",
    )


def _why_buy(inside: bool, too: bool, announced: bool) -> str:
    if inside:
        return "it counts towards the two countries a common procurement needs (Art. 2(3))"
    if too:
        return "it may join a common procurement as a further buyer (Art. 2(3), second sentence)"
    if announced:
        return (
            "a partnership with it was announced, and no day of signature was found; with it, it may join (Art. 2(3))"
        )
    return "it is neither inside nor an acceding, candidate or partnership country (Art. 2(3))"


def _why_supply(inside: bool, agreement: str) -> str:
    if inside:
        return "its companies and components count as inside (Art. 16(3) and (10))"
    if agreement:
        return f"its companies and components count under the {agreement} (Art. 17)"
    return "no agreement under Art. 17 stands for it; its components count as from outside (Art. 16(10))"


def examples() -> Path:
    """The folder of examples, in a checkout or in an installed package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "examples"
    return inside if inside.is_dir() else package.parents[1] / "examples"
