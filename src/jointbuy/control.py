"""Who controls a party: the ability to exercise decisive influence, directly or through others (SAFE, recital 16).

The law gives no percentage; which holding is presumed to control, and which needs a person to look,
is a reading (law.md §7, 13) that the caller hands over. A party's own documented statement of who
controls it comes before its owners' shares. Chains of majorities are followed to their end.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from jointbuy.model import Country, Owner, Party
from jointbuy.result import Control, Controlled


@dataclass(frozen=True, slots=True)
class Presumption:
    """More than `majority` is presumed to control; below `review` a holding is presumed not to matter."""

    majority: Fraction
    review: Fraction


@dataclass(frozen=True, slots=True)
class _Apex:
    """Where a chain of majorities ends. `country` is None where the end is not known."""

    country: Country | None
    person: bool
    chain: tuple[str, ...]
    because: str


def of(parties: Sequence[Party], perimeter: Container[str], presumption: Presumption) -> Control:
    """Control of every party. Owners within `perimeter` are added up, since any of them may control."""
    known = {party.id: party for party in parties}
    return Control({party.id: _controlled(party, known, perimeter, presumption) for party in parties})


def _controlled(
    party: Party, known: Mapping[str, Party], perimeter: Container[str], presumption: Presumption
) -> Controlled:
    if party.controlled_by or _majority_owner(party, presumption):
        apex = _apex(party, known, presumption)
        if apex.country is None:
            return Controlled(party.id, None, False, "undecidable", apex.chain, apex.because)
        home = apex.chain == (party.id,) and apex.country == party.established_in
        return Controlled(
            party.id,
            apex.country,
            apex.person,
            "not controlled" if home else "controlled",
            apex.chain,
            apex.because,
        )
    if not party.owners:
        return _undecidable(party, "neither its owners nor who controls it is stated")
    return _dispersed(party, known, perimeter, presumption)


def _apex(party: Party, known: Mapping[str, Party], presumption: Presumption) -> _Apex:
    """Walk from majority owner to majority owner; each party has at most one, so the walk is a line or a loop."""
    chain, because = [party.id], ""
    while True:
        if party.controlled_by:
            because = because or f"stated: controlled from {party.controlled_by}"
            return _Apex(party.controlled_by, False, tuple(chain), because)
        owner = _majority_owner(party, presumption)
        if owner is None:
            return _Apex(party.established_in, False, tuple(chain), because)
        because = because or f"{_name(owner)} holds {_per_cent(owner.share)}"
        if owner.party is None:
            chain.append(_name(owner))
            because += "" if owner.country else ", whose country is not stated"
            return _Apex(owner.country, owner.kind == "natural person", tuple(chain), because)
        if owner.party in chain:
            return _Apex(None, False, (*chain, owner.party), "majorities run in a loop: " + " < ".join(chain))
        party = known[owner.party]
        chain.append(party.id)


def _dispersed(
    party: Party, known: Mapping[str, Party], perimeter: Container[str], presumption: Presumption
) -> Controlled:
    """No one holds a majority: free only where those inside outvote the rest, or nobody holds enough to matter."""
    inside, largest_other, stated = Fraction(0), Fraction(0), Fraction(0)
    for owner in party.owners:
        if owner.share is None:
            return _undecidable(party, f"the share of {_name(owner)} is not stated")
        stated += owner.share
        country = _apex(known[owner.party], known, presumption).country if owner.party else owner.country
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
