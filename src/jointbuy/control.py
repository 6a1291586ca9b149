"""Who controls a party: the ability to exercise decisive influence, directly or through others (SAFE, recital 16).

The law gives no percentage; which holding is presumed to control, and which needs a person to look,
is a reading (law.md §7, 13) that the caller hands over. A party's own documented statement of who
controls it comes before its owners' shares. Chains of majorities are followed to their end.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from jointbuy.model import Country, Owner, Party
from jointbuy.result import Control, Controlled, Holder


@dataclass(frozen=True, slots=True)
class Presumption:
    """More than `majority` is presumed to control; below `review` a holding is presumed not to matter."""

    majority: Fraction
    review: Fraction


def of(parties: Sequence[Party], perimeter: Container[str], presumption: Presumption) -> Control:
    """Control of every party. Owners within `perimeter` are added up: together they may outvote the rest.

    They are not one hand, though: who holds much from outside beside them is named, for a person to judge.
    """
    known = {party.id: party for party in parties}
    return Control(
        {
            party.id: replace(
                _controlled(party, known, perimeter, presumption),
                group=_head(party, known, presumption),
                entities=_entities(party, known, presumption),
                large=_large(party, known, perimeter, presumption),
            )
            for party in parties
        }
    )


def _entities(party: Party, known: Mapping[str, Party], presumption: Presumption) -> tuple[Holder, ...]:
    """The states and legal entities of its chain of majorities, each where it is established."""
    chain, _, last, _ = _walk(party, known, presumption)
    between = [known[name] for name in dict.fromkeys(chain[1:]) if name in known]
    found = [Holder(each.name or each.id, each.established_in) for each in between]
    if last is not None and last.party is None and last.kind != "natural person":
        found.append(Holder(_name(last), last.country))
    return tuple(found)


def _large(
    party: Party, known: Mapping[str, Party], perimeter: Container[str], presumption: Presumption
) -> tuple[Holder, ...]:
    """Whoever from outside holds enough to be looked at, or more than anybody else, along the chain of majorities.

    A majority inside in one hand outvotes a company or a person, not the influence of a state.
    """
    chain, *_ = _walk(party, known, presumption)
    found: dict[str, Holder] = {}
    for here in (known[name] for name in dict.fromkeys(chain) if name in known):
        if here.controlled_by:
            continue  # its own documented statement comes before its owners' shares
        majority = _majority_owner(here, presumption)
        for owner in here.owners:
            country = _country(owner, known, presumption)
            if owner is majority or owner.share is None or (country is not None and country in perimeter):
                continue
            others = [each.share or Fraction(0) for each in here.owners if each is not owner]
            largest = owner.share > max(others, default=Fraction(0))
            much = owner.share >= presumption.review and (majority is None or owner.kind == "state")
            if much or largest:
                found.setdefault(_name(owner), Holder(_name(owner), country))
    return tuple(found.values())


def _head(party: Party, known: Mapping[str, Party], presumption: Presumption) -> str:
    """Whom the chain of majorities ends with; of a loop its first name, so that all in it have the same."""
    here, seen = party, [party.id]
    while True:
        owner = _majority_owner(here, presumption)
        if owner is None:
            return here.id
        if owner.party is None:
            return _name(owner) if owner.name else here.id
        if owner.party in seen:
            return min(seen[seen.index(owner.party) :])
        seen.append(owner.party)
        here = known[owner.party]


def _controlled(
    party: Party, known: Mapping[str, Party], perimeter: Container[str], presumption: Presumption
) -> Controlled:
    chain, end, owner, because = _walk(party, known, presumption)
    if owner is not None:  # the chain ends with an owner who is no party
        against = _against(end, owner)
        if owner.country is None or against:
            return Controlled(party.id, None, False, "undecidable", chain, because + (against or _no_country(owner)))
        person = owner.kind == "natural person"
        return Controlled(party.id, owner.country, person, "controlled", chain, because)
    if len(set(chain)) < len(chain):
        return Controlled(party.id, None, False, "undecidable", chain, "majorities run in a loop: " + " < ".join(chain))
    if end.controlled_by:
        because = because or f"stated: controlled from {end.controlled_by}"
        # Of a party from outside its own country means what lies there: somebody of that country, or nobody.
        at_home = len(chain) == 1 and end.controlled_by == party.established_in
        if at_home and end.controlled_by in perimeter:
            return Controlled(party.id, end.controlled_by, False, "not controlled", chain, because)
        return Controlled(party.id, end.controlled_by, False, "controlled", chain, because)
    last = _dispersed(end, known, perimeter, presumption)
    if len(chain) == 1:
        return last
    if last.status == "undecidable" or last.country is None:
        return Controlled(party.id, None, False, "undecidable", chain, f"{because}; {end.id}: {last.because}")
    return Controlled(party.id, last.country, False, "controlled", chain, because)


def _walk(
    party: Party, known: Mapping[str, Party], presumption: Presumption
) -> tuple[tuple[str, ...], Party, Owner | None, str]:
    """From majority owner to majority owner, to the party where it ends and the owner who is no party, if any.

    Each party has at most one majority owner, so the walk is a line or a loop; a loop shows as a party named twice.
    """
    chain, because = [party.id], ""
    while True:
        owner = _majority_owner(party, presumption)
        if owner is None or (party.controlled_by and not _against(party, owner)):
            return tuple(chain), party, None, because
        because = because or f"{_name(owner)} holds {_per_cent(owner.share)}"
        if owner.party is None:
            chain.append(_name(owner))
            return tuple(chain), party, owner, because
        chain.append(owner.party)
        party = known[owner.party]
        if owner.party in chain[:-1]:
            return tuple(chain), party, None, because


def _against(party: Party, owner: Owner) -> str:
    """What to say where a stated controller and a majority owner from elsewhere contradict each other."""
    if party.controlled_by is None or owner.country in {None, party.controlled_by}:
        return ""
    return f", but {party.id} is stated to be controlled from {party.controlled_by}"


def _no_country(owner: Owner) -> str:
    return "" if owner.country else ", whose country is not stated"


def _dispersed(
    party: Party, known: Mapping[str, Party], perimeter: Container[str], presumption: Presumption
) -> Controlled:
    """No one holds a majority: free only where those inside outvote the rest, or nobody holds enough to matter."""
    if not party.owners:
        return _undecidable(party, "neither its owners nor who controls it is stated")
    inside, largest_other, stated = Fraction(0), Fraction(0), Fraction(0)
    for owner in party.owners:
        if owner.share is None:
            return _undecidable(party, f"the share of {_name(owner)} is not stated")
        stated += owner.share
        country = _country(owner, known, presumption)
        if country is not None and country in perimeter:
            inside += owner.share
        else:
            largest_other = max(largest_other, owner.share)
    if inside > presumption.majority:
        because = f"owners inside hold {_per_cent(inside)} together"
        return Controlled(party.id, party.established_in, False, "not controlled", (), because)
    if largest_other < presumption.review and 1 - stated < presumption.review:
        because = f"no owner from elsewhere holds {_per_cent(presumption.review)} or more"
        return Controlled(party.id, party.established_in, False, "not controlled", (), because)
    known_part = f"owners of {_per_cent(stated)} are stated, {_per_cent(inside)} of them inside"
    return _undecidable(party, f"nobody holds a majority; {known_part}")


def _country(owner: Owner, known: Mapping[str, Party], presumption: Presumption) -> Country | None:
    """Where a minority holder is controlled from; None where its own chain of majorities leads nowhere known."""
    if owner.party is None:
        return owner.country
    chain, end, last, _ = _walk(known[owner.party], known, presumption)
    if len(set(chain)) < len(chain):
        return None
    return last.country if last else end.controlled_by


def _majority_owner(party: Party, presumption: Presumption) -> Owner | None:
    for owner in party.owners:
        if owner.share is not None and owner.share > presumption.majority:
            return owner
    return None


def _undecidable(party: Party, because: str) -> Controlled:
    return Controlled(party.id, None, False, "undecidable", (), because)


def _name(owner: Owner) -> str:
    return owner.name or owner.party or owner.country or "an owner"


def _per_cent(share: Fraction | None) -> str:
    return f"{float((share or 0) * 100):.4g} %"
