"""Questions that need no purchase: one rule, what a country may do, where the examples are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jointbuy import law
from jointbuy.errors import JointbuyError, did_you_mean
from jointbuy.flow.case import day_of, is_open, law_of
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
    """What a country may do under SAFE on a date, beyond what any country may supply within the limit."""

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


def access(country: str, on: str | date | None = None, overlay: str | Path | None = None) -> Access:
    """Whether a country may buy, supply and borrow under SAFE on a day (Art. 2(3), 4, 16, 17)."""
    legislation = law_of("safe", overlay)
    places = legislation.places
    code = country_of(country)
    day = day_of(on) or legislation.as_of
    view = law.view(legislation, day, legislation.as_of, {}, {})
    groups = tuple(name for name in places.memberships if code in view.group(name))
    borrowers = view.parameter(legislation.roles["borrowers"])
    inside, union = code in view.group(legislation.perimeter), code in view.group(str(borrowers.value))
    too = code in view.group("may join as buyers")
    announced = not (inside or too) and code in view.group("announced partners")
    agreements = [route for route in legislation.routes if code in view.group(route.id) and is_open(route.opens, view)]
    borrow, why_borrow = _borrowing(view) if union else ("no", f"only Member States borrow ({borrowers.provision})")
    doubt = [name for name in groups if code in view.group(name).unverified]
    return Access(
        country=Country(code),
        title=places.titles[code],
        on=day,
        groups=groups,
        may_buy="yes" if inside or too else "unknown" if announced else "no",
        may_supply="yes" if inside or agreements else "no",
        may_borrow=borrow,
        because=(
            _why_buy(inside, too, announced),
            _why_supply(inside, agreements[0].title if agreements else ""),
            why_borrow,
            *(f"its place among {places.group_titles[name]} is unverified" for name in doubt),
        ),
        unverified=tuple(places.group_titles[name] for name in doubt),
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
