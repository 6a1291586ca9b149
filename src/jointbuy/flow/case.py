"""A purchase goes from its files to a verdict in one screen of code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from jointbuy import content as content_of
from jointbuy import control as control_of
from jointbuy import formats, law
from jointbuy.change import dated
from jointbuy.collector import resting
from jointbuy.content import origins
from jointbuy.decide import facts as facts_of
from jointbuy.decide import unread
from jointbuy.decide.dates import impossible, paying
from jointbuy.decide.strays import strays
from jointbuy.decide.verdict import LISTED, LISTED_GROUP, verdict
from jointbuy.errors import JointbuyError, NotInForce, Problem, Unusable
from jointbuy.exact import countries_of
from jointbuy.flow.contents import contents_of, share_of
from jointbuy.model import Bom, Country, Purchase
from jointbuy.parameters import View
from jointbuy.places import BEYOND, DECLARED, Group
from jointbuy.result import AllReadings, Case, Content, Control, Verdict

if TYPE_CHECKING:
    from jointbuy.asked import Converted


def check(
    folder: str | Path,
    *,
    act: str | None = None,
    on: str | date | None = None,
    known_on: str | date | None = None,
    readings: Mapping[str, str] | None = None,
    overlay: str | Path | None = None,
    all_readings: bool = False,
) -> Case:
    """Decide one purchase: its folder (or its `purchase.yaml`) to a case with verdict, content and control.

    `act` is by default that of the instrument that pays; `on` chooses the law, by default that of the day of
    signature; `known_on` what was published, and what the file states had come about, by then: by default the date of
    the law data (§5); a later day moves what the file states alone, and a remark says so. `readings` maps a
    reading's id to an option; `overlay` is a folder of law data that corrects and adds to ours. `all_readings` decides
    under every combination of the others, too.
    Raises Unusable with every problem found in the files, NotInForce when the act has no law on the day, LawError
    with every fault of the overlay.
    """
    with resting():
        read = formats.read(Path(folder), law.places())
        return decided(
            read,
            act or paying(read.purchase),
            on=on,
            known_on=known_on,
            readings=readings,
            overlay=overlay,
            all_readings=all_readings,
        )


def law_of(act: str, overlay: str | Path | None) -> law.Act:
    """An act, under law data that the user lays over ours if there are any."""
    return law.under(Path(overlay), act) if overlay else law.act(act)


def decided(
    read: formats.Read,
    act: str,
    *,
    on: str | date | None = None,
    known_on: str | date | None = None,
    readings: Mapping[str, str] | None = None,
    overlay: str | Path | None = None,
    tried: bool = True,
    all_readings: bool = False,
) -> Case:
    """What `check` does with the files once they are read; other readings are `tried` or not, each alone."""
    purchase = read.purchase
    legislation, view = seen(purchase, act, on=on, known_on=known_on, readings=readings, overlay=overlay)
    bom, control, contents, found = answered(read, legislation, view, tried=tried)
    content = contents(view)
    return Case(
        purchase=purchase,
        bom=bom,
        notes=(
            *_mapping(read.mapping),
            *read.notes,
            *(content.notes if content else ()),
            *(origins.notes(bom, view) if bom else ()),
        ),
        control=control,
        content=content,
        verdict=replace(
            found,
            remarks=(
                *found.remarks,
                *_beyond(view.known_on, legislation),
                *(_as_used_here(purchase, legislation, found) if all_readings else ()),
                *strays(purchase, (legislation, law.act(paying(purchase))), view.known_on),
            ),
        ),
        groups=_groups(purchase, content, control, legislation, view),
        digests={**read.digests, "law": legislation.digest},
        overlay=legislation.overlay,
        all_readings=_every(purchase, bom, control, contents, legislation, view) if all_readings else None,
    )


def seen(
    purchase: Purchase,
    act: str,
    *,
    on: str | date | None = None,
    known_on: str | date | None = None,
    readings: Mapping[str, str] | None = None,
    overlay: str | Path | None = None,
) -> tuple[law.Act, View]:
    """An act and its law as a purchase is decided under it. Raises as `check` does."""
    legislation = law_of(act, overlay)
    view = law.view(
        legislation,
        _law_day(on, purchase, legislation),
        day_of(known_on) or legislation.as_of,
        chosen_for(readings or {}, purchase),
        own_groups(purchase),
    )
    _third_countries_only(purchase, view)
    if faults := impossible(purchase, legislation, view):
        raise Unusable(faults)
    return legislation, view


def _as_used_here(purchase: Purchase, legislation: law.Act, found: Verdict) -> Iterator[str]:
    """That readings are gone through with law which somebody states to be otherwise, and do not decide."""
    said = facts_of.statements(purchase)
    if found.outcome == "undetermined" and found.unverified and unread.is_denied(said, legislation):
        yield (
            f"all readings are gone through with the law as it is used here, which {unread.key_of(legislation.name)} "
            "states to be otherwise: what they come to there is not what the purchase comes to"
        )


def _every(
    purchase: Purchase,
    bom: Bom | None,
    control: Control,
    contents: Callable[[View], Content | None],
    legislation: law.Act,
    view: View,
) -> AllReadings:
    # Imported on use: few ask for it.
    from jointbuy.decide.every_reading import every_reading

    apart = {f"cost of {kind}" for kind in content_of.apart(bom)} if bom else set()
    return every_reading(purchase, control, contents, legislation, replace(view, touched=set()), apart)


def answered(
    read: formats.Read, legislation: law.Act, view: View, *, tried: bool
) -> tuple[Bom | None, Control, Callable[[View], Content | None], Verdict]:
    """The bill as on the day, who controls whom, where the value comes from by the readings, and the verdict on it."""
    purchase = read.purchase
    bom = dated(read.bom, members_of(view)) if read.bom else None
    control = controlled(purchase, legislation, view)
    contents = contents_of(purchase, bom, control, legislation, view)
    found = verdict(purchase, control, contents, legislation, view, tried=tried)
    return bom, control, contents, found


def controlled(purchase: Purchase, legislation: law.Act, view: View) -> Control:
    """Who controls each party, as the act asks."""
    presumption = _presumption(legislation, view)
    return control_of.of(purchase.parties, view.group(legislation.controllers).members, presumption)


def convert(source: str | Path, target: str | Path) -> Converted:
    """Write the bill of a purchase folder, or a bill alone, in the format that the ending of `target` names.

    Raises Unusable when the target is there already, or the bill cannot be read or written.
    """
    # Imported on use: no other verb writes bills.
    from jointbuy.formats import convert as converting

    return converting.convert(Path(source), Path(target), law.places())


def _mapping(mapping: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """How the bill's columns were understood, in one line."""
    understood = ", ".join(f'{ours} from "{theirs}"' for ours, theirs in mapping)
    return (f"columns of the bill: {understood}",) if mapping else ()


def day_of(day: str | date | None) -> date | None:
    """A day as a user writes it. Raises JointbuyError."""
    if day is None or isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise JointbuyError(f'"{day}" is not a date; write it as 2026-09-15') from None


def _law_day(on: str | date | None, purchase: Purchase, legislation: law.Act) -> date:
    """The day whose law applies: signature, or the act's first day where it takes contracts that existed before."""
    since, until = legislation.period
    day = day_of(on) or purchase.events.signature
    if day is None:
        where = purchase.where.get("events")
        why = "the day of signature chooses the law"
        raise Unusable([Problem("no date to decide on", where, why, "state events.signature, or give --on DATE")])
    if on is None and legislation.earlier_contracts:
        day = max(day, since)
    if day < since:
        raise NotInForce(f"{legislation.title} applies from {since}; there is no law of it on {day}")
    if until is not None and day >= until:
        last = until - timedelta(days=1)
        told = f"{legislation.title} applied from {since} to {last}; there is no law of it on {day}"
        raise NotInForce(f"{told} (--on decides by another day, such as that of a grant committed by {last})")
    return day


def _beyond(known_on: date, legislation: law.Act) -> tuple[str, ...]:
    """That law which was published after our data end is not in them, though what the file states counts until then."""
    if known_on <= legislation.as_of:
        return ()
    told = f"the law data end on {legislation.as_of}: what was published after that day, until {known_on}, is not in"
    return (f"{told} them; what the file states counts until then",)


def chosen_for(readings: Mapping[str, str], purchase: Purchase) -> Mapping[str, str]:
    """The readings asked for. A list of countries in the purchase file is itself a choice."""
    if purchase.contravening_countries is not None:
        return {LISTED: "listed", **readings}
    if readings.get(LISTED) == "listed":
        raise JointbuyError(
            f"{LISTED}=listed needs a list; state contravening_countries in the purchase file, or choose another"
        )
    return readings


def _third_countries_only(purchase: Purchase, view: View) -> None:
    """Refuse a Member State on the purchase's list: Art. 16(10) speaks of third countries."""
    union = view.group("union")
    wrong = [
        Problem(
            f"{path} is {country}",
            purchase.where.get(path) or purchase.where.get("contravening_countries"),
            "a Member State is no third country, and Art. 16(10) speaks of third countries",
            "take it out",
        )
        for index, country in enumerate(purchase.contravening_countries or ())
        if country in union
        for path in (f"contravening_countries[{index}]",)
    ]
    if wrong:
        raise Unusable(wrong)


def own_groups(purchase: Purchase) -> Mapping[str, Group]:
    """The groups that a purchase states for itself."""
    listed = {*(purchase.contravening_countries or ())}
    members = frozenset(listed | {each for each, state in law.places().states.items() if state in listed})
    return {LISTED_GROUP: Group(LISTED_GROUP, "the purchase's list of contravening countries", members, frozenset())}


def members_of(view: View) -> Mapping[str, frozenset[str]]:
    """The groups that a bill may name as an origin, as they are on the day."""
    members = {name: frozenset().union(*(view.group(one).members for one in of)) for name, of in DECLARED.items()}
    everywhere = frozenset(law.places().titles)
    return members | {name: everywhere - members[group] for name, group in BEYOND.items()}


def _presumption(legislation: law.Act, view: View) -> control_of.Presumption:
    """Which holding is presumed to control; under an act that does not ask who controls, none is."""
    roles = legislation.roles
    if "control majority" not in roles:
        return control_of.Presumption(majority=Fraction(1), review=Fraction(0))
    return control_of.Presumption(share_of(view, roles["control majority"]), share_of(view, roles["control review"]))


def _named(purchase: Purchase) -> Iterator[Country | None]:
    """Countries of seats, managements, facilities and restrictions."""
    for party in purchase.parties:
        yield from (party.established_in, party.executive_management_in, *(each.country for each in party.facilities))
    yield from (each.imposed_by for each in (purchase.design and purchase.design.restrictions) or ())


def _groups(
    purchase: Purchase, content: Content | None, control: Control, legislation: law.Act, view: View
) -> Mapping[Country, str]:
    """For each country that anything comes from, lies in or hangs on: inside, an agreement's partner, or outside."""
    products = (*content.products, *content.traced, *content.absorbed) if content else ()
    places = {place for each in products for origin in each.composition for place, _ in origin if place}
    places |= {cell.origin for each in products for cell in each.cube if cell.origin}
    countries = {Country(name) for place in places for name in countries_of(place)}
    countries |= {each.country for each in control.parties.values() if each.country}
    countries |= set(filter(None, _named(purchase)))
    partners = [
        route.id for route in legislation.routes if route.id in view.places.group_titles and is_open(route.opens, view)
    ]
    named = {"inside": view.group(legislation.perimeter).members}
    named |= {name: view.group(name).members for name in partners}
    return {
        country: next((name for name in named if country in named[name]), "outside") for country in sorted(countries)
    }


def is_open(parameter: str, view: View) -> bool:
    """Whether a parameter has a value on the day."""
    try:
        view.parameter(parameter)
    except NotInForce:
        return False
    return True
