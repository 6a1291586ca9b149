"""Who controls a party: the ability to exercise decisive influence, directly or through others (SAFE, recital 16).

The law gives no percentage; which holding is presumed to control, and which needs a person to look,
is a reading (law.md §7, 13) that the caller hands over. A party's own documented statement of who
controls it comes before its owners' shares. Chains of majorities are followed to their end, and what one
hand holds itself and through companies that it controls is added up: decisive influence is also indirect.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from jointbuy.model import Country, Owner, OwnerKind, Party, Share
from jointbuy.result import Control, Controlled, Holder


class Presumption(NamedTuple):
    """More than `majority` is presumed to control; below `review` a holding is presumed not to matter."""

    majority: Fraction
    review: Fraction


class _Hand(NamedTuple):
    """Who holds a majority, as one owner, and the owners through whom."""

    owner: Owner
    through: tuple[Owner, ...]


class _Part(NamedTuple):
    """What one hand holds of a party: in which holdings, how much (None where that is not stated), and from where."""

    owners: tuple[Owner, ...]
    share: Fraction | None
    country: Country | None


class _Chart(NamedTuple):
    """The parties by id, whoever holds a majority of each, what is presumed of a holding, and parties above each.

    Above a party are those that hold a majority of it, themselves and through parties that they are above of: not only
    who ends a chain, but everybody in between.
    """

    known: Mapping[str, Party]
    hands: Mapping[str, _Hand]
    presumption: Presumption
    above: Mapping[str, Sequence[str]]


TOGETHER = "owners from outside together"
"""What stands for several owners whom those inside do not outvote."""
UNSTATED = "owners not stated"
"""What stands for a part of the capital or the votes of which nobody says who holds it."""
UNFOLLOWED = "whoever holds {}"
"""What stands for whoever holds the company or body at the end of a chain of majorities."""


def of(parties: Sequence[Party], perimeter: Container[str], presumption: Presumption) -> Control:
    """Control of every party. Owners within `perimeter` are added up: together they may outvote the rest.

    They are not one hand, though: who holds much from outside beside them is named, for a person to judge.
    """
    chart = _chart(parties, presumption)
    found = {}
    for party in parties:
        controlled = _controlled(party, chart, perimeter)
        # Of whom nobody knows who controls it no answer about a holder would tell.
        large = () if controlled.status == "undecidable" else _large(party, chart, perimeter)
        group, entities = _head(party, chart), _entities(party, chart)
        found[party.id] = replace(controlled, group=group, entities=entities, large=large)
    return Control(found)


def _chart(parties: Sequence[Party], presumption: Presumption) -> _Chart:
    """Majorities held in one holding, then those held in several by one hand, until no more are found."""
    known = {party.id: party for party in parties}
    hands = {
        party.id: _Hand(owner, (owner,))
        for party in parties
        for owner in party.owners
        if owner.share is not None and owner.share > presumption.majority
    }
    chart = _Chart(known, hands, presumption, {})
    open_ = [party for party in parties if party.id not in hands and len(party.owners) > 1]
    while found := {party.id: hand for party in open_ if (hand := _in_one_hand(party, chart))}:
        hands |= found
        open_ = [party for party in open_ if party.id not in found]
    return chart._replace(above=_above(chart))


def _above(chart: _Chart) -> Mapping[str, Sequence[str]]:
    above: dict[str, list[str]] = {name: [] for name in chart.known}
    open_ = [party for party in chart.known.values() if party.owners and not _is_closed(party, chart)]
    grown = True
    while grown:
        grown = False
        for party in open_:
            held: dict[str, Fraction] = {}
            for owner in party.owners:
                if owner.party and owner.share is not None:
                    for name in {owner.party, *above[owner.party]} - {party.id, *above[party.id]}:
                        held[name] = held.get(name, Fraction(0)) + owner.share
            found = [name for name in chart.known if held.get(name, Fraction(0)) > chart.presumption.majority]
            above[party.id] += found
            grown = grown or bool(found)
    return above


def _is_closed(party: Party, chart: _Chart) -> bool:
    """Whether documents say who controls a party, and nobody says from where whoever holds a majority of it does.

    Documents come before shares then. Where both end in one country, who is in between is there all the same.
    """
    hand = chart.hands.get(party.id)
    return party.controlled_by is not None and (hand is None or _country(hand.owner, chart) is None)


def _in_one_hand(party: Party, chart: _Chart) -> _Hand | None:
    """Whoever holds a majority of a party itself and through companies that it controls."""
    stated = [owner for owner in party.owners if owner.share is not None]
    for through in _by_hand(stated, chart):
        name = _last(through[0], chart)
        share = Share(sum((each.share for each in through if each.share), Fraction(0)))
        if len(through) > 1 and name != party.id and share > chart.presumption.majority:
            if name in chart.known:
                return _Hand(Owner(party=name, share=share), tuple(through))
            return _Hand(replace(_itself(through[0], chart), share=share), tuple(through))
    return None


def _by_hand(owners: Sequence[Owner], chart: _Chart) -> Iterator[list[Owner]]:
    """Owners of one hand together; one whose hand nobody names is by itself.

    A hand is known by its name. Of one name in several countries each is a hand of its own: there are many ministries.
    """
    by_name: dict[str | int, list[Owner]] = {}
    for number, owner in enumerate(owners):
        by_name.setdefault(_last(owner, chart) or number, []).append(owner)
    for mine in by_name.values():
        countries = dict.fromkeys(_country(owner, chart) for owner in mine)
        if len(countries.keys() - {None}) < 2:
            yield mine
        else:
            yield from ([owner for owner in mine if _country(owner, chart) == country] for country in countries)


def _last(owner: Owner, chart: _Chart) -> str:
    """Whose hand holds an owner's part, by name; empty where nobody is named, or statements contradict each other."""
    if owner.party is None:
        return owner.name or ""
    _, end, last, _ = _walk(chart.known[owner.party], chart)
    return end.id if last is None else "" if _against(end, last) else last.name or ""


def _itself(owner: Owner, chart: _Chart) -> Owner:
    """The owner at the end of the chain of one that is a party."""
    last = _walk(chart.known[owner.party], chart)[2] if owner.party else owner
    return last or owner


def _entities(party: Party, chart: _Chart) -> tuple[Holder, ...]:
    """The states and legal entities that hold a majority of it in the end or on the way, each where it is established.

    The last owner is one unless it is said to be a natural person; of one that documents contradict nothing is told.
    """
    chain, end, last, _ = _walk(party, chart)
    between = [chart.known[name] for name in dict.fromkeys((*chain[1:], *chart.above[party.id])) if name in chart.known]
    found = [
        Holder(each.name or each.id, each.established_in, each.executive_management_in, listed_as="party")
        for each in between
    ]
    if last is not None and last.party is None and last.kind != "natural person" and not _against(end, last):
        of_a_state = last.kind == "state"
        found.append(
            Holder(_name(last), last.country, person=_is_person(last), listed_as="state" if of_a_state else "owner")
        )
    return tuple(found)


def _large(party: Party, chart: _Chart, perimeter: Container[str]) -> tuple[Holder, ...]:
    """Whoever from outside holds enough to be looked at, or more than anybody else, of it and of what is above it.

    A majority inside in one hand outvotes a company or a person, not the influence of a state. Without one a state is
    looked at whatever it holds, itself or through companies, and so are several owners together whom those inside do
    not outvote. A part that nobody has stated may be a state's, so that it is looked at from the same size on, whoever
    holds the rest, and so may be an owner of whom it is not said what it is, or how much it holds, or who holds it. So
    may the whole of a company or body inside that ends the chain: its country says where it is, not who holds it.
    What one hand holds through several companies is one part; a company from outside in between is looked at, too,
    wherever those come from who hold it.
    """
    chain, _, last, _ = _walk(party, chart)
    found: dict[str, Holder] = {}
    for here in (chart.known[name] for name in dict.fromkeys((*chain, *chart.above[party.id])) if name in chart.known):
        # Its own documented statement comes before its owners' shares.
        holders = _despite(here, chart, perimeter) if here.controlled_by else _large_in(here, chart, perimeter)
        found |= {each.name: each for each in holders if each.name not in found}
    if last is not None and last.country in perimeter and last.kind not in {"state", "natural person"}:
        behind = UNFOLLOWED.format(_name(last))
        found[behind] = Holder(behind, None)
    return tuple(found.values())


def _large_in(party: Party, chart: _Chart, perimeter: Container[str]) -> Iterator[Holder]:
    hand, parts = chart.hands.get(party.id), _parts(party, chart)
    outside = [part for part in parts if part.country is None or part.country not in perimeter]
    named = False
    for part in parts:
        if hand and any(owner is each for owner in part.owners for each in hand.through):
            continue
        others = [each.share or Fraction(0) for each in parts if each is not part]
        share = 1 - sum(others) if part.share is None else part.share  # at most
        largest = share > max(others, default=Fraction(0))
        # Who is not said to be no state may be one.
        perhaps = any(_kind(owner, chart) in {"state", None} for owner in part.owners)
        much = share >= chart.presumption.review and (hand is None or perhaps)
        if part in outside and (much or largest or (perhaps and hand is None)):
            named = True
            person = _is_person(_itself(part.owners[0], chart))
            yield Holder(_called(part, chart), part.country, person=person, ends_in=part.country)
        if hand is None and (much or largest):
            yield from _between(part, chart, perimeter)
    inside = sum((part.share or Fraction(0) for part in parts if part.country in perimeter), Fraction(0))
    several = bool(outside) and (not named or len(outside) > 1)
    if several and not hand and inside <= chart.presumption.majority:
        countries = {part.country for part in outside}
        country = countries.pop() if len(countries) == 1 else None
        persons = {_is_person(_itself(part.owners[0], chart)) for part in outside}
        person = False if False in persons else None if None in persons else True
        yield Holder(TOGETHER, country, person=person, ends_in=country)
    shares = [owner.share for owner in party.owners if owner.share is not None]
    if len(shares) == len(party.owners) and shares and 1 - sum(shares) >= chart.presumption.review:
        yield Holder(UNSTATED, None)


def _parts(party: Party, chart: _Chart) -> list[_Part]:
    """What each hand holds of a party."""
    parts = []
    for owners in _by_hand(party.owners, chart):
        shares = [owner.share for owner in owners if owner.share is not None]
        share = sum(shares, Fraction(0)) if len(shares) == len(owners) else None
        country = next((found for owner in owners if (found := _country(owner, chart)) is not None), None)
        parts.append(_Part(tuple(owners), share, country))
    return parts


def _called(part: _Part, chart: _Chart) -> str:
    """The name of a hand: the owner's own where it holds in one holding only."""
    first = part.owners[0]
    return _name(first) if len(part.owners) == 1 else _last(first, chart) or _name(first)


def _between(part: _Part, chart: _Chart, perimeter: Container[str]) -> Iterator[Holder]:
    """The companies from outside through whom a hand from elsewhere holds its part."""
    for owner in part.owners:
        of_a_person = _is_person(_itself(owner, chart))
        for company in _companies(owner, chart):
            # Where the hand is from outside itself, it is looked at.
            told = part.country not in perimeter and company.established_in == part.country and not of_a_person
            if part.country is not None and not told and _is_from_outside(company, perimeter):
                yield _held_by(company, part.country)


def _despite(party: Party, chart: _Chart, perimeter: Container[str]) -> Iterator[Holder]:
    """The companies from outside that hold a majority of a party of which documents say that it is controlled else."""
    hand = chart.hands.get(party.id)
    if hand and _is_closed(party, chart):
        for company in {each.id: each for owner in hand.through for each in _companies(owner, chart)}.values():
            if _is_from_outside(company, perimeter):
                yield _held_by(company, party.controlled_by)


def _companies(owner: Owner, chart: _Chart) -> Iterator[Party]:
    """An owner that is a party, and the parties above it."""
    if owner.party:
        yield from (chart.known[name] for name in (owner.party, *chart.above[owner.party]))


def _is_from_outside(company: Party, perimeter: Container[str]) -> bool:
    """Seated outside, or nobody says where, or managed from outside."""
    seat, managed = company.established_in, company.executive_management_in
    return seat is None or seat not in perimeter or (managed is not None and managed not in perimeter)


def _held_by(company: Party, ends_in: Country | None) -> Holder:
    name, seat, managed = company.name or company.id, company.established_in, company.executive_management_in
    return Holder(name, seat, managed, listed_as="party", ends_in=ends_in)


def _head(party: Party, chart: _Chart) -> str:
    """Whom the chain of majorities ends with; of a loop its first name, so that all in it have the same."""
    here, seen = party, [party.id]
    while True:
        hand = chart.hands.get(here.id)
        if hand is None:
            return here.id
        owner = hand.owner
        if owner.party is None:
            return _name(owner) if owner.name else here.id
        if owner.party in seen:
            return min(seen[seen.index(owner.party) :])
        seen.append(owner.party)
        here = chart.known[owner.party]


def _controlled(party: Party, chart: _Chart, perimeter: Container[str]) -> Controlled:
    chain, end, owner, because = _walk(party, chart)
    if owner is not None:  # the chain ends with an owner who is no party
        against = _against(end, owner)
        if owner.country is None or against:
            return Controlled(party.id, None, False, "undecidable", chain, because + (against or _no_country(owner)))
        return Controlled(party.id, owner.country, _is_person(owner), "controlled", chain, because)
    if len(set(chain)) < len(chain):
        return Controlled(party.id, None, False, "undecidable", chain, "majorities run in a loop: " + " < ".join(chain))
    if end.controlled_by:
        because = because or f"stated: controlled from {end.controlled_by}"
        # Of a party from outside its own country means what lies there: somebody of that country, or nobody.
        at_home = len(chain) == 1 and end.controlled_by == party.established_in
        if at_home and end.controlled_by in perimeter:
            return Controlled(party.id, end.controlled_by, False, "not controlled", chain, because)
        return Controlled(party.id, end.controlled_by, False, "controlled", chain, because)
    last = _dispersed(end, chart, perimeter)
    if len(chain) == 1:
        return last
    if last.status == "undecidable" or last.country is None:
        return Controlled(party.id, None, False, "undecidable", chain, f"{because}; {end.id}: {last.because}")
    return Controlled(party.id, last.country, False, "controlled", chain, because)


def _walk(party: Party, chart: _Chart) -> tuple[tuple[str, ...], Party, Owner | None, str]:
    """From majority owner to majority owner, to the party where it ends and the owner who is no party, if any.

    Each party has at most one majority owner, so the walk is a line or a loop; a loop shows as a party named twice.
    """
    chain, because = [party.id], ""
    while True:
        hand = chart.hands.get(party.id)
        if hand is None or (party.controlled_by and not _against(party, hand.owner)):
            return tuple(chain), party, None, because
        owner = hand.owner
        because = because or _told(hand)
        if owner.party is None:
            chain.append(_name(owner))
            return tuple(chain), party, owner, because
        chain.append(owner.party)
        party = chart.known[owner.party]
        if owner.party in chain[:-1]:
            return tuple(chain), party, None, because


def _against(party: Party, owner: Owner) -> str:
    """What to say where a stated controller and a majority owner from elsewhere contradict each other."""
    if party.controlled_by is None or owner.country in {None, party.controlled_by}:
        return ""
    return f", but {party.id} is stated to be controlled from {party.controlled_by}"


def _kind(owner: Owner, chart: _Chart) -> OwnerKind | None:
    """What holds an owner's part in the end: of one that is a party whoever ends its chain of majorities.

    None where nobody says; a company of whose owners none can have a majority is nobody's but its own.
    """
    if owner.party is None:
        return owner.kind
    _, end, last, _ = _walk(chart.known[owner.party], chart)
    if last is not None:
        return last.kind
    shares = [each.share for each in end.owners if each.share is not None]
    if end.controlled_by or not shares or len(shares) < len(end.owners):
        return None
    return "legal entity" if max(shares) + 1 - sum(shares) <= chart.presumption.majority else None


def _is_person(owner: Owner) -> bool | None:
    """Whether an owner is a natural person; None where nobody says what it is."""
    return None if owner.kind is None else owner.kind == "natural person"


def _no_country(owner: Owner) -> str:
    return "" if owner.country else ", whose country is not stated"


def _told(hand: _Hand) -> str:
    told = f"{_name(hand.owner)} holds {_per_cent(hand.owner.share)}"
    return told if len(hand.through) == 1 else f"{told} in {len(hand.through)} holdings together"


def _dispersed(party: Party, chart: _Chart, perimeter: Container[str]) -> Controlled:
    """No one holds a majority: free where those inside outvote the rest, or no one hand from elsewhere can have one.

    Whoever holds enough to have influence nevertheless is among the large holders, and a person is asked about it.
    """
    if not party.owners:
        return _undecidable(party, "neither its owners nor who controls it is stated")
    inside, largest_other, stated = Fraction(0), Fraction(0), Fraction(0)
    hands = dict[str, Fraction]()
    open_ = list[tuple[Fraction, frozenset[str] | None]]()  # what hands from elsewhere may hold beside that, and which
    for owner in party.owners:
        if owner.share is None:
            return _undecidable(party, f"the share of {_name(owner)} is not stated")
        stated += owner.share
        country = _country(owner, chart)
        if country is not None and country in perimeter:
            inside += owner.share
        else:
            largest_other = max(largest_other, owner.share)
        if country is None:
            open_.append((owner.share, _whose(owner, chart, perimeter)))
        if country is not None and country not in perimeter:
            hand = _last(owner, chart) or f"{country}, owner {len(hands)}"
            hands[hand] = hands.get(hand, Fraction(0)) + owner.share
    if inside > chart.presumption.majority:
        because = f"owners inside hold {_per_cent(inside)} together"
        return Controlled(party.id, party.established_in, False, "not controlled", (), because)
    if largest_other < chart.presumption.review and 1 - stated < chart.presumption.review:
        because = f"no owner from elsewhere holds {_per_cent(chart.presumption.review)} or more"
        return Controlled(party.id, party.established_in, False, "not controlled", (), because)
    open_.append((1 - stated, None))
    if _most(hands, open_) <= chart.presumption.majority:
        because = f"no owner holds a majority; those from elsewhere hold {_per_cent(stated - inside)} together"
        return Controlled(party.id, party.established_in, False, "not controlled", (), because)
    known_part = f"owners of {_per_cent(stated)} are stated, {_per_cent(inside)} of them inside"
    return _undecidable(party, f"nobody holds a majority; {known_part}")


def _whose(owner: Owner, chart: _Chart, perimeter: Container[str]) -> frozenset[str] | None:
    """Whose hands from elsewhere a minority holder may be; None where it may be anybody's.

    A company of which all is stated, and nobody holds a majority, may be in the hand of one of its own holders.
    """
    if owner.party is None:
        return None
    _, end, last, _ = _walk(chart.known[owner.party], chart)
    if last is not None or not end.owners or sum(each.share or Fraction(0) for each in end.owners) != 1:
        return None
    holders = [(each, _country(each, chart)) for each in end.owners]
    if any(country is None for _, country in holders):
        return None
    return frozenset(_last(each, chart) or _name(each) for each, country in holders if country not in perimeter)


def _most(hands: Mapping[str, Fraction], open_: Sequence[tuple[Fraction, frozenset[str] | None]]) -> Fraction:
    """The most that any one hand may hold, with what may be its own or, where nobody is named, anybody's."""
    names = {"", *hands, *(name for _, may in open_ if may for name in may)}
    return max(
        hands.get(name, Fraction(0)) + sum((share for share, may in open_ if may is None or name in may), Fraction(0))
        for name in names
    )


def _country(owner: Owner, chart: _Chart) -> Country | None:
    """Where a minority holder is controlled from; None where its own chain of majorities leads nowhere known."""
    if owner.party is None:
        return owner.country
    chain, end, last, _ = _walk(chart.known[owner.party], chart)
    if len(set(chain)) < len(chain):
        return None
    return last.country if last else end.controlled_by


def _undecidable(party: Party, because: str) -> Controlled:
    return Controlled(party.id, None, False, "undecidable", (), because)


def _name(owner: Owner) -> str:
    return owner.name or owner.party or owner.country or "an owner"


def _per_cent(share: Fraction | None) -> str:
    return f"{float((share or 0) * 100):.4g} %"
