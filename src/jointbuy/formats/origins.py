"""Origins as suppliers declare them: a country, shares, ranges of shares, one of several countries, a group.

`DE 60; US 40` · `DE 60-80; US` (the rest) · `US <=10` · `FR >=65` · `DE/US 40` (one or both) · `EU 70; US` · `? 20`.
What is said in ranges is kept as what each place has for certain, and what is open among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from jointbuy.exact import Among, Choice, Origin, Place, named, undeclared
from jointbuy.formats import scalars
from jointbuy.formats.problems import plain, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.places import Places, fold

NOT_KNOWN = {
    "?",
    "??",
    "-",
    "--",
    "unknown",
    "undeclared",
    "n/a",
    "tbd",
    "tbc",
    "unbekannt",
    "inconnu",
    "nieznany",
    "nieznane",
}
ADVICE = (
    "write one country, or several as US 50; CA 50, in ranges as DE 60-80; US, one of several as DE or US, or EU, or "
    "non-EU; leave it blank when it is not known; no other group of countries is an origin"
)
_GROUPS = {
    "eu": "EU", "ue": "EU", "european union": "EU", "the european union": "EU", "europäische union": "EU",
    "union européenne": "EU", "unia europejska": "EU",
    "eea": "EEA", "ewr": "EEA", "eee": "EEA", "eog": "EEA", "european economic area": "EEA",
    **dict.fromkeys((
        "non-eu", "non eu", "not eu", "outside eu", "outside the eu", "outside the european union", "extra-eu",
        "third country", "third countries", "nicht-eu", "drittland", "drittstaat", "hors ue", "pays tiers", "spoza ue",
        "państwo trzecie",
    ), "non-EU"),
    **dict.fromkeys(("non-eea", "non eea", "outside eea", "outside the eea", "nicht-ewr", "hors eee"), "non-EEA"),
}  # fmt: skip
_NUMBER = r"\d+(?:[.,]\d+)*"
_ENDS = (
    r"(?P<{0}sign><=|>=|=<|=>|≤|≥|<|>|(?:up to|at most|max\.?|at least|min\.?)\s)?\s*"
    rf"(?P<{{0}}low>{_NUMBER})\s*%?(?:\s*(?:-|–|—|…|\.\.\.?|\bto\b)\s*(?P<{{0}}high>{_NUMBER})\s*%?)?"
)
_PIECE = re.compile(rf"(?P<name>.*?)[\s:=]*{_ENDS.format('')}|{_ENDS.format('first_')}\s*(?P<last>\D+)", re.IGNORECASE)
_LEAST = {">", "≥", ">=", "=>", "at least", "min", "min."}
_SEVERAL = re.compile(r"\s*/\s*|\s+(?:or|oder|ou|lub)\s+", re.IGNORECASE)
_ONE = Fraction(1)
_PERCENT = Fraction(1, 100)


class _Said(NamedTuple):
    """What is said of one place: the ends of its share; none where it takes the rest, `half` where one end is said."""

    choice: Choice
    ends: tuple[Fraction, Fraction] | None
    half: bool = False


# --- in -------------------------------------------------------------------------------------


def read(text: str, places: Places, country: Callable[[str], str]) -> Origin:
    """One declared origin. `country` gives the code of one, or raises Wrong with advice. Raises Wrong."""
    if whole := places.recognise(text):
        return ((whole, _ONE),)
    pieces = [" ".join(piece.split()) for piece in text.split(";" if ";" in text else ",") if piece.strip()]
    said = [_said(piece, places, country) for piece in pieces]
    resting = [one for one in said if one.ends is None]
    if len(resting) > 1:
        why = f"it does not say how much comes from {shown(resting[0].choice.name or '?')}"
        raise Wrong(why, "write a share for all of them but one, such as DE 60; US; or US or CA, where nobody knows it")
    ends: dict[Choice, tuple[Fraction, Fraction]] = {}
    for one in said:
        low, high = one.ends or (Fraction(0), _ONE)
        before = ends.get(one.choice, (Fraction(0), Fraction(0)))
        ends[one.choice] = before[0] + low, before[1] + high
    _agree(ends, "%" in text)
    exact = all(low == high for low, high in ends.values())
    if not resting and (exact or len(ends) == 1 or any(one.half for one in said)):
        ends.setdefault(_ANYWHERE, (Fraction(0), _ONE))
    if (reached := sum((high for _, high in ends.values()), Fraction(0))) < 1:
        missing = plain((1 - reached) * 100)
        raise Wrong(
            f"the shares reach {plain(reached * 100)} per cent at most",
            f"correct them, or add what is open: ? {missing}",
        )
    return _shared(ends)


_ANYWHERE = Choice("", ())


def _agree(ends: dict[Choice, tuple[Fraction, Fraction]], per_cent: bool) -> None:
    """Refuse shares that no whole can have, and those that were hardly meant."""
    least = sum((low for low, _ in ends.values()), Fraction(0))
    if least > 1:
        ranges = " at least" * any(low != high for low, high in ends.values())
        raise Wrong(f"the shares sum to {plain(least * 100)} per cent{ranges}", "they are parts of 100")
    if sum(high for _, high in ends.values()) <= _PERCENT and not per_cent:
        raise Wrong("the shares sum to 1 per cent or less", "write percentages: 60, not 0.6")


def _shared(ends: dict[Choice, tuple[Fraction, Fraction]]) -> Origin:
    """Each place with what it has for certain, and what is open among them.

    Both ends are tightened by the others' first (de Campos, Huete and Moral 1994): no end is left that no whole has.
    """
    lows, highs = (sum((pair[at] for pair in ends.values()), Fraction(0)) for at in (0, 1))
    tight = {
        choice: (max(low, 1 - (highs - high)), min(high, 1 - (lows - low))) for choice, (low, high) in ends.items()
    }
    open_ = 1 - sum((low for low, _ in tight.values()), Fraction(0))
    found: list[tuple[Place, Fraction]] = [
        (_place(choice), low) for choice, (low, high) in tight.items() if choice.name and (low or low == high)
    ]
    if open_:
        room = sorted(tight.items(), key=lambda item: not item[0].name)  # what is undeclared last
        choices = [replace(choice, most=(high - low) / open_) for choice, (low, high) in room if high > low]
        found.append((Among(tuple(choices)), open_))
    return tuple(found)


def _place(choice: Choice) -> Place:
    return choice.name if choice.countries == (choice.name,) else Among((choice,))


def _said(piece: str, places: Places, country: Callable[[str], str]) -> _Said:
    """One piece of a declaration."""
    match = _PIECE.fullmatch(piece)
    if match is None:
        return _Said(_choice(piece, places, country), None)
    first = "" if match["low"] else "first_"
    name = (match["name"] if match["low"] else match["last"]).strip(" :=")
    choice = _choice(name, places, country)
    low = scalars.share(match[f"{first}low"])
    if sign := (match[f"{first}sign"] or "").strip().casefold():
        if match[f"{first}high"]:
            raise Wrong("it says both a bound and a range", "write one of them, such as US <=10 or US 5-10")
        return _Said(choice, (low, _ONE) if sign in _LEAST else (Fraction(0), low), half=True)
    high = scalars.share(match[f"{first}high"]) if match[f"{first}high"] else low
    if low > high:
        raise Wrong("the range runs downwards", "write the lower number first")
    return _Said(choice, (low, high))


def _choice(name: str, places: Places, country: Callable[[str], str]) -> Choice:
    """A country, a group, several of them, or what nobody knows."""
    if fold(name) in NOT_KNOWN:
        return _ANYWHERE
    if fold(name) in _GROUPS:
        return Choice(_GROUPS[fold(name)], ())
    parts = [name] if places.recognise(name) else _SEVERAL.split(name)
    codes = [_GROUPS.get(fold(part)) or country(part) for part in parts]
    codes = list(dict.fromkeys(codes))
    grouped = any(code in _GROUPS.values() for code in codes)
    return Choice("/".join(codes), () if grouped else tuple(codes))


# --- out ------------------------------------------------------------------------------------


def written(origin: Origin, number: Callable[[Fraction], str]) -> str:
    """An origin as a cell has it, so that it reads back the same; `number` writes per cents."""
    ends = dict(_ends(origin))
    (first, *others) = ends.items() or [("", (Fraction(0), Fraction(0)))]
    if not others and first[1] == (_ONE, _ONE):
        return first[0]
    sign = " %" if sum((high for _, high in ends.values()), Fraction(0)) <= _PERCENT else ""
    return "; ".join(
        f"{name or '?'} {number(low * 100)}{'' if low == high else f'-{number(high * 100)}'}{sign}"
        for name, (low, high) in ends.items()
    )


def _ends(origin: Origin) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    """The places that an origin names, with the ends of their shares."""
    sure = {named(place): share for place, share in origin if not _spread(place)}
    spread = [(place, share) for place, share in origin if isinstance(place, Among) and _spread(place)]
    room = {choice.name: choice.most * share for place, share in spread for choice in place.choices}
    sure |= {"": undeclared(origin)} if "" in room else {}
    for each in dict.fromkeys([*(one for one in sure if one), *room]):
        low = sure.get(each, Fraction(0))
        yield each, (low, low + room.get(each, Fraction(0)))


def _spread(place: Place) -> bool:
    """Whether how much comes from each of several places is open."""
    return isinstance(place, Among) and len(place.choices) > 1
