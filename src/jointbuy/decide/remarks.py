"""What a person should look at, and no rule judges.

Work just under the threshold of a subcontractor involved, files that do not fit each other, loans that are late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

from jointbuy.decide.buyers import by_country, loan_days
from jointbuy.decide.content_facts import PART, is_settled, kind_of
from jointbuy.decide.contradictions import contradictions, sums
from jointbuy.decide.dates import notified_before
from jointbuy.decide.subcontracts import allocated, may_be_involved, oversubscribed
from jointbuy.exact import Range, per_cent
from jointbuy.law import Act, Route
from jointbuy.model import Purchase
from jointbuy.parameters import View
from jointbuy.result import Content, Control

GROUP = "companies of a group"
"""The reading under which companies of one group are added up, so that their sum is judged."""
_CONTRAVENING = "contravening sources"
"""The condition under which acts bar what comes from countries that contravene security and defence interests."""
_ADMITTED = ("inside", "may join as buyers", "announced partners")
"""Who may take part in a common procurement, or may once its partnership is signed."""
_REQUESTED = timedelta(days=91)
"""So near to the end of payments a last payment is worth a look. Ours, not the law's: nothing is decided by it."""
_JUST_UNDER = Fraction(2, 100)
"""How near to the threshold is worth a look. Ours, not the law's: nothing is decided by it."""


def remarks(purchase: Purchase, control: Control, content: Content | None, act: Act, view: View) -> tuple[str, ...]:
    """What looks like work split to stay below a threshold, like a slip, or like a loan that will not pay."""
    return (
        *_split_work(purchase, control, act, view),
        *dearer_than_the_contract(purchase, content),
        *_two_prices(purchase, content),
        *_brings_none(purchase, content, act),
        *_nobodys_parts(purchase, content, act),
        *contradictions(purchase, act),
        *sums(purchase),
        *_late_requests(purchase, act, view),
        *_undecided(purchase, act, view),
        *_of_no_account(purchase, act, view),
        *_still_to_come(purchase, act, view),
        *notified_before(purchase, act, view),
        *_beside_guarantees(purchase, act),
        *(oversubscribed(purchase) if "involved share" in act.roles else ()),
        *_near_the_end(purchase, act, view),
        *_opens_later(purchase, content, act, view),
        *_left_out(purchase, act, view),
        *_all_from_outside(purchase, control, act, view),
    )


def dearer_than_the_contract(purchase: Purchase, content: Content | None) -> Iterator[str]:
    """Components that cost more than the whole contract: one of the two figures is off."""
    value, number = purchase.contract.value, {each.id: each.quantity for each in purchase.end_products or ()}
    if content is None or value is None:
        return
    least = sum((product.total.low * (number.get(product.product) or 0) for product in content.products), Fraction(0))
    if least > value.major:
        yield (
            f"the components of all pieces cost at least {float(least):,.2f} {content.currency}, more than the "
            f"contract value of {float(value.major):,.2f}; one of the two is off"
        )


def _two_prices(purchase: Purchase, content: Content | None) -> Iterator[str]:
    """What an end product costs by the bill's own word, where the purchase file says another price."""
    prices = {each.id: each.price for each in purchase.end_products or () if each.price is not None}
    if content is None:
        return
    for product in content.products:
        price, value = prices.get(product.product), product.value
        if price is None or value is None or price.currency != content.currency:
            continue
        if not value.low <= price.major <= value.high:
            yield (
                f"the bill says that {product.product} costs {float(value.low):,.2f} {content.currency}, the purchase "
                f"file {float(price.major):,.2f}; where its value counts, the bill's word is taken"
            )


def _brings_none(purchase: Purchase, content: Content | None, act: Act) -> Iterator[str]:
    """A company said to bring no component, which the bill names as the supplier of one."""
    if content is None or _CONTRAVENING not in dict(act.conditions):
        return  # it does not ask what a company brings
    brings = {each.supplier for each in content.sourced if each.supplier and kind_of(each) == PART}
    names = {party.id: party.name or party.id for party in purchase.parties}
    listed = purchase.subcontracts or ()
    for company in dict.fromkeys(each.subcontractor for each in listed if each.components is False):
        if company in brings and not any(each.components for each in listed if each.subcontractor == company):
            yield (
                f"its subcontracts say that {names[company]} brings no component, and the bill names it as the "
                "supplier of one; one of the two is off"
            )


def _nobodys_parts(purchase: Purchase, content: Content | None, act: Act) -> Iterator[str]:
    """Components of undeclared source that name no supplier, where suppliers are said to have spoken for such parts."""
    said = any(each.settles == "undeclared-sources" and each.answer for each in purchase.statements)
    if content is None or not said or _CONTRAVENING not in dict(act.conditions):
        return
    parts = [each for each in content.sourced if kind_of(each) == PART and not each.supplier]
    rows = [each.row for each in parts if not is_settled(each, None)]
    if rows:
        first = f", the first at {rows[0]}" if rows[0] else ""
        yield (
            f"{len(rows)} {'part' if len(rows) == 1 else 'parts'} of undeclared source without a supplier{first}: the "
            "statement that settles undeclared-sources names no parts; see that it is of these too"
        )


def _late_requests(purchase: Purchase, act: Act, view: View) -> Iterator[str]:
    if "last request" not in act.roles:
        return
    last = view.parameter(act.roles["last request"]).value
    for buyer in purchase.buyers:
        requested = buyer.loan.requested if buyer.loan else None
        if requested is not None and isinstance(last, date) and requested > last:
            yield (
                f"the request of {buyer.country} is of {requested}, after {last} (Art. 7(1)); it counts only under a "
                "new call (Art. 8(7)), which the Council's decision would confirm (Art. 8(3))"
            )


def _undecided(purchase: Purchase, act: Act, view: View) -> Iterator[str]:
    """Borrowers without a decision in time beside one with it: the procurement may stand, their part hangs on it."""
    if "last decision" not in act.roles:
        return  # it lends nothing
    last = view.parameter(act.roles["last decision"]).value
    decided = {
        country: min(loan_days((each for _, each in mine), "council_decision"), default=None)
        for country, mine in by_country(purchase).items()
        if any(each.borrows for _, each in mine)
    }
    none = sorted(country for country, day in decided.items() if day is None)
    late = {country: day for country, day in decided.items() if day and isinstance(last, date) and day > last}
    if len(none) + len(late) in {0, len(decided)}:
        return
    told = [f"no Council decision is stated for {', '.join(none)}"] if none else []
    told += [f"that for {country} is stated for {day}, after {last} (Art. 8(8))" for country, day in late.items()]
    yield (
        f"{'; '.join(told)}: common procurement needs one borrower only (Art. 2(3)), but that a loan pays what the "
        "others buy is not shown"
    )


def _of_no_account(purchase: Purchase, act: Act, view: View) -> Iterator[str]:
    """Loans of states to which none is granted, and intentions of those that may not take part."""
    if "last decision" not in act.roles:
        return  # it lends nothing
    admitted = frozenset().union(*(view.group(name).members for name in _ADMITTED))
    for country, mine in by_country(purchase).items():
        if any(each.borrows for _, each in mine) and country not in view.group("union").members:
            yield (
                f"{country} is said to pay with a loan, and loans are granted to Member States only (Art. 4(1) "
                "and 5): it counts as a buyer that does not borrow"
            )
        if all(each.participation == "declared intention" for _, each in mine) and country not in admitted:
            yield (
                f"{country} has declared that it intends to take part, which Art. 2(3) does not let it: once it "
                "does, the common procurement is none"
            )


def _still_to_come(purchase: Purchase, act: Act, view: View) -> Iterator[str]:
    """Notifications and clearances after the day by which everything is known, and findings after signature."""
    if "last decision" not in act.roles:
        return  # its rules do not ask
    signed = purchase.events.signature
    for party in purchase.parties:
        name = party.name or party.id
        for told in (party.screening, party.guarantees):
            if told and told.notified and told.notified > view.known_on:
                yield (
                    f"the notification for {name} of {told.notified} lies ahead and does not count yet (Art. 16(7); "
                    "--known-on decides by a later day)"
                )
        found = [("screening", party.screening.on, "Art. 16(5)")] if party.screening else []
        found += [(f"clearance under {each.act}", each.on, "Art. 16(9)") for each in party.clearances]
        for what, day, provision in found:
            if day is not None and signed is not None and signed < day <= view.known_on:
                yield (
                    f"the {what} of {name} is of {day}, after signature on {signed}; whether it must come before the "
                    f"company takes part, {provision} does not say"
                )


def _beside_guarantees(purchase: Purchase, act: Act) -> Iterator[str]:
    """Guarantees of a company of which a screening asked for measures that are missing; the text has either do."""
    if "last decision" not in act.roles:
        return
    for party in purchase.parties:
        screening = party.screening
        if (
            party.guarantees
            and screening
            and screening.mitigation_in_place is False
            and screening.outcome != "prohibited"
        ):
            yield (
                f"{party.name or party.id} gives guarantees, and its screening has mitigation that is not in place: "
                "Art. 16(5) lets either do; whether the guarantees assure its part all the same is asked of a person"
            )


def _near_the_end(purchase: Purchase, act: Act, view: View) -> Iterator[str]:
    """A payment so late that no request for it may be approved in time."""
    last, role = purchase.events.last_payment, act.roles.get("availability ends")
    ends = view.parameter(role).value if role else None
    if last is not None and isinstance(ends, date) and ends - _REQUESTED <= last <= ends:
        yield (
            f"the last payment is due on {last}, and payments to the Member State may be approved until {ends} only "
            "(Art. 12(1)); requests come twice a year, and assessing one may take two months (Art. 12(2) and (3))"
        )


def _opens_later(purchase: Purchase, content: Content | None, act: Act, view: View) -> Iterator[str]:
    """That an agreement applies from a later day only."""
    for route, first in opening_later(purchase, content, act, view):
        yield (
            f"{route.title}: applies from {first}, after {view.on}, by whose "
            f"law this was decided; whether it covers earlier contracts is open (try --on {first})"
        )


def opening_later(purchase: Purchase, content: Content | None, act: Act, view: View) -> Iterator[tuple[Route, date]]:
    """Agreements that apply from a later day than the one decided by, where something is their partner's."""
    for route in act.routes:
        days = [each.since for each in act.parameters[route.opens].values]
        if days and min(days) > view.on and is_of_a_partner(route, purchase, content, view):
            yield route, min(days)


def is_of_a_partner(route: Route, purchase: Purchase, content: Content | None, view: View) -> bool:
    """Whether a party or a component comes from the partner of an agreement; no for a route that has no partner."""
    here = {each.established_in for each in purchase.parties}
    here |= {country for each in (content.sourced if content else ()) for country in each.countries}
    return not here.isdisjoint(each.country for each in view.places.memberships.get(route.id, ()))


def _all_from_outside(purchase: Purchase, control: Control, act: Act, view: View) -> Iterator[str]:
    """Contractors and subcontractors nobody of whose owners is inside, though none of them holds a majority."""
    if "control majority" not in act.roles:
        return  # it does not ask who controls
    inside = view.group(act.perimeter).members
    involved = {*purchase.contract.contractors, *(each.subcontractor for each in purchase.subcontracts or ())}
    for party in purchase.parties:
        owners = [each.country for each in party.owners if each.party is None]
        if (
            party.id in involved
            and not party.controlled_by
            and len(owners) == len(party.owners) > 1
            and control.parties[party.id].status == "not controlled"
            and all(country is not None and country not in inside for country in owners)
        ):
            yield (
                f"all stated capital of {party.name or party.id} is held from outside, by nobody with a majority: "
                "unless a person finds that none of the holders has decisive influence, alone or jointly, it is "
                "controlled from outside"
            )


def _left_out(purchase: Purchase, act: Act, view: View) -> Iterator[str]:
    """Countries that nobody doubts and that the purchase's own list does not name."""
    provision = next((rule.provision for rule in act.rules if rule.condition == _CONTRAVENING), None)
    if purchase.contravening_countries is None or provision is None:
        return
    missing = sorted(view.group("contravening suggested").members - set(purchase.contravening_countries))
    if missing:
        yield (
            f"the purchase's list of contravening countries leaves out {', '.join(missing)}, which {provision} is "
            "commonly taken to mean"
        )


def _split_work(purchase: Purchase, control: Control, act: Act, view: View) -> tuple[str, ...]:
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
        if may_be_involved([each for each in purchase.subcontracts or () if each.subcontractor == party])
        and (share := allocated(purchase, {party})) is not None
    }
    names = {party.id: party.name or party.id for party in purchase.parties}
    found = list(_just_under(shares, names, threshold, provision))
    if view.chosen.get(GROUP) != "together":
        found += _together(purchase, control, shares, names, threshold, provision)
    return tuple(found)


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
