"""What a person should look at, and no rule judges: work just under the threshold of a subcontractor involved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from jointbuy.decide.facts import allocated
from jointbuy.errors import did_you_mean
from jointbuy.exact import Range, per_cent
from jointbuy.law import ACTS, Act
from jointbuy.model import Purchase
from jointbuy.parameters import View
from jointbuy.result import Control
from jointbuy.rules import Judgement, walk

GROUP = "companies of a group"
"""The reading under which companies of one group are added up, so that their sum is judged."""
_JUST_UNDER = Fraction(2, 100)
"""How near to the threshold is worth a look. Ours, not the law's: nothing is decided by it."""


def remarks(purchase: Purchase, control: Control, act: Act, view: View) -> tuple[str, ...]:
    """What looks like work split to stay below the threshold of a subcontractor involved; pointed out, never judged."""
    if "involved share" not in act.roles:
        return ()
    parameter = view.parameter(act.roles["involved share"])
    threshold, provision = parameter.value, parameter.provision
    if not isinstance(threshold, Fraction):
        raise TypeError(f"{act.roles['involved share']} must be a share")
    shares = {
        party: share
        for party in dict.fromkeys(each.subcontractor for each in purchase.subcontracts or ())
        if _may_be_involved(purchase, party) and (share := allocated(purchase, {party})) is not None
    }
    names = {party.id: party.name or party.id for party in purchase.parties}
    found = list(_just_under(shares, names, threshold, provision))
    if view.chosen.get(GROUP) != "together":
        found += _together(purchase, control, shares, names, threshold, provision)
    return tuple(found)


def _may_be_involved(purchase: Purchase, party: str) -> bool:
    """Unless every subcontract of it is said to fail one of the other two tests."""
    return any(
        each.critical_input is not False and each.classified_access is not False
        for each in purchase.subcontracts or ()
        if each.subcontractor == party
    )


def _just_under(
    shares: Mapping[str, Range], names: Mapping[str, str], threshold: Fraction, provision: str
) -> Iterator[str]:
    for party, share in shares.items():
        if threshold - _JUST_UNDER <= share.high < threshold:
            yield (
                f"{names[party]} is allocated {per_cent(share, threshold)} of the contract value, just under the "
                f"{per_cent(threshold)} at which it could be a subcontractor involved ({provision})"
            )


def _together(
    purchase: Purchase,
    control: Control,
    shares: Mapping[str, Range],
    names: Mapping[str, str],
    threshold: Fraction,
    provision: str,
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
            f"together; each by itself is under the {per_cent(threshold)} of {provision}"
        )


def unread(act: str) -> str:
    """Key of the statement that somebody has read the law of the act which is unverified here."""
    return "unverified-law" if act == "safe" else f"{act.replace('_', '-')}-unverified-law"


def _owner(key: str) -> str | None:
    """The act whose name a key begins with, the longest where one begins with another; None for any."""
    named = [name for name in ACTS if key.startswith(f"{name.replace('_', '-')}-")]
    return max(named, key=len, default=None)


def strays(purchase: Purchase, asking: Sequence[Act], known_on: date) -> tuple[str, ...]:
    """Statements that settle nothing, since a key misspelt leaves its condition open, or that come from the future.

    `asking`: the acts whose questions the file may answer. Keys of others begin with their name.
    """
    nodes = [node for act in asking for rule in act.rules for node in walk(rule.expression)]
    keys = {*(unread(act.name) for act in asking), *(node.key for node in nodes if isinstance(node, Judgement))}
    asked = {act.name for act in asking}
    nothing = [
        f'the statement that settles "{each.settles}" settles nothing; '
        + (did_you_mean(each.settles, keys) or f"keys are: {', '.join(sorted(keys))}")
        for each in purchase.statements
        if (key := each.settles.partition(":")[0]) not in keys and _owner(key) in {None, *asked}
    ]
    ahead = [
        f'the statement that settles "{each.settles}" is of {each.on}, after {known_on}, by which this was decided'
        for each in purchase.statements
        if each.on > known_on
    ]
    return (*nothing, *ahead)
