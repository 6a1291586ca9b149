"""What a person should look at, and no rule judges: work that stays just under the threshold of Art. 16(12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from jointbuy.decide.facts import allocated
from jointbuy.exact import Range, per_cent
from jointbuy.model import Purchase
from jointbuy.parameters import View
from jointbuy.result import Control

GROUP = "companies of a group"
"""The reading under which companies of one group are added up, so that their sum is judged."""
_JUST_UNDER = Fraction(2, 100)
"""How near to the threshold is worth a look. Ours, not the law's: nothing is decided by it."""


def remarks(purchase: Purchase, control: Control, view: View) -> tuple[str, ...]:
    """What looks like work split to stay below the threshold of a subcontractor involved; pointed out, never judged."""
    threshold = view.parameter("art16.involved_share").value
    if not isinstance(threshold, Fraction):
        raise TypeError("art16.involved_share must be a share")
    shares = {
        party: share
        for party in dict.fromkeys(each.subcontractor for each in purchase.subcontracts or ())
        if _may_be_involved(purchase, party) and (share := allocated(purchase, {party})) is not None
    }
    names = {party.id: party.name or party.id for party in purchase.parties}
    found = list(_just_under(shares, names, threshold))
    if view.chosen.get(GROUP) != "together":
        found += _together(purchase, control, shares, names, threshold)
    return tuple(found)


def _may_be_involved(purchase: Purchase, party: str) -> bool:
    """Unless every subcontract of it is said to fail one of the other two tests."""
    return any(
        each.critical_input is not False and each.classified_access is not False
        for each in purchase.subcontracts or ()
        if each.subcontractor == party
    )


def _just_under(shares: Mapping[str, Range], names: Mapping[str, str], threshold: Fraction) -> Iterator[str]:
    for party, share in shares.items():
        if threshold - _JUST_UNDER <= share.high < threshold:
            yield (
                f"{names[party]} is allocated {per_cent(share, threshold)} of the contract value, just under the "
                f"{per_cent(threshold)} at which it could be a subcontractor involved (Art. 16(12))"
            )


def _together(
    purchase: Purchase, control: Control, shares: Mapping[str, Range], names: Mapping[str, str], threshold: Fraction
) -> Iterator[str]:
    """Companies of one group that pass the threshold only when they are added up."""
    groups: dict[str, list[str]] = {}
    for party in shares:
        groups.setdefault(control.parties[party].group, []).append(party)
    for members in groups.values():
        whole = allocated(purchase, set(members))
        alone = max(shares[each].high for each in members)
        if whole is None or whole.high < threshold or alone >= threshold:
            continue
        told = " and ".join((", ".join(names[each] for each in members[:-1]), names[members[-1]]))
        yield (
            f"{told} have one majority owner and are allocated {per_cent(whole, threshold)} of the contract value "
            f"together; each by itself is under the {per_cent(threshold)} of Art. 16(12)"
        )
