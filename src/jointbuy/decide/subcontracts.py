"""Facts about subcontracts: who awards them, what part of the contract they are, and what the bill shows beside."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import date
from fractions import Fraction

from jointbuy.decide.stated import fact
from jointbuy.exact import ZERO, Range, Sum, exactly
from jointbuy.model import Purchase, Subcontract
from jointbuy.result import Content
from jointbuy.rules import Fact, Facts


def is_direct(purchase: Purchase, subcontract: Subcontract | None) -> bool | None:
    """Whether a contractor awards it; a subcontract that names nobody is the contractor's."""
    if subcontract is None:
        return None
    return subcontract.contractor is None or subcontract.contractor in purchase.contract.contractors


def award_known(purchase: Purchase, subcontract: Subcontract | None) -> bool | None:
    """Whether it is plain who awards it; of several contractors a subcontract must name the one."""
    if subcontract is None:
        return None
    return subcontract.contractor is not None or len(purchase.contract.contractors) < 2


def allocated(purchase: Purchase, companies: Container[str] | None) -> Range | None:
    """What companies are allocated of the contract in all their subcontracts together (Art. 16(12): a legal entity)."""
    if companies is None:
        return None
    all_of_it = [
        _share_of_contract(purchase, each) for each in purchase.subcontracts or () if each.subcontractor in companies
    ]
    known = [share for share in all_of_it if share is not None]
    return sum(known, ZERO) if len(known) == len(all_of_it) else None


def for_tasks(purchase: Purchase, companies: Container[str] | None) -> Range | None:
    """The same for tasks alone, without components of their own (EDIP, Art. 2(31)).

    A subcontract of which nobody says what it is for may be for tasks, or not.
    """
    if companies is None:
        return None
    whole = ZERO
    for each in purchase.subcontracts or ():
        if each.subcontractor in companies and each.own_components is not True:
            share = _share_of_contract(purchase, each)
            if share is None:
                return None
            whole += share if each.own_components is False else Range(Fraction(0), share.high)
    return whole


def related_since(purchase: Purchase, subcontract: Subcontract | None) -> tuple[date | None, int | None]:
    """Since when subcontractor and contractor have had direct contracts, by all subcontracts between the two.

    With the place of the subcontract that says so. A relationship is one of two companies: what another subcontract of
    the same two says of it holds for this one.
    """
    if subcontract is None:
        return None, None
    pair = subcontract.subcontractor, _awarded_by(purchase, subcontract)
    known = [
        (each.relationship_since, place)
        for place, each in enumerate(purchase.subcontracts or ())
        if (each.subcontractor, _awarded_by(purchase, each)) == pair and each.relationship_since is not None
    ]
    return min(known, default=(None, None))


def _awarded_by(purchase: Purchase, subcontract: Subcontract) -> str | None:
    """Who awards it; one that names nobody is the contractor's, where there is one only."""
    contractors = purchase.contract.contractors
    return subcontract.contractor or (contractors[0] if len(contractors) == 1 else None)


def study_years(purchase: Purchase, subcontract: Subcontract | None) -> Range | None:
    """Years from the commitment, or from signature where its day is not stated, to the day the study must be done."""
    committed = subcontract.study_committed if subcontract else None
    return _years(committed or purchase.events.signature, subcontract)


def study_years_from_signature(purchase: Purchase, subcontract: Subcontract | None) -> Range | None:
    """The same from signature, whenever the contractor committed itself."""
    return _years(purchase.events.signature, subcontract)


def _years(start: date | None, subcontract: Subcontract | None) -> Range | None:
    """Whole years at anniversaries."""
    study = subcontract.replacement_study if subcontract else None
    if study is None or start is None:
        return None
    anniversary = date(study.year, start.month, min(start.day, 28))
    first = date(start.year, start.month, min(start.day, 28))
    days = (study - anniversary).days - (start - first).days
    return exactly(study.year - start.year + Fraction(days, 366))


def studied_before(purchase: Purchase, subcontract: Subcontract | None) -> bool | None:
    """Whether the study was due before signature, or before the commitment; None where its day is not stated."""
    study, signed = (subcontract.replacement_study if subcontract else None), purchase.events.signature
    starts = [day for day in (signed, subcontract.study_committed if subcontract else None) if day is not None]
    return None if study is None or not starts else study < max(starts)


def _share_of_contract(purchase: Purchase, subcontract: Subcontract) -> Range | None:
    """The subcontract's part of the contract value, exactly; the reader refuses a value in another currency."""
    if subcontract.share is not None:
        return exactly(subcontract.share)
    value, whole = subcontract.value, purchase.contract.value
    if value is None or whole is None or not whole.minor:
        return None
    return exactly(value.major / whole.major)


def unlisted(purchase: Purchase, shown: Mapping[str, Fraction]) -> tuple[Facts, ...]:
    """Suppliers of the bill that no subcontract names, each with what the bill has `shown` of the contract value."""
    listed = {*purchase.contract.contractors, *(each.subcontractor for each in purchase.subcontracts or ())}
    names = {party.id: party.name or party.id for party in purchase.parties}
    return tuple(
        {
            "subject": Fact(names.get(supplier, supplier)),
            "share_of_contract": fact(purchase, exactly(share), "bill_of_materials"),
        }
        for supplier, share in shown.items()
        if supplier not in listed
    )


def may_be_involved(subcontract: Subcontract) -> bool:
    """Unless it is said to fail a test of SAFE, Art. 16(12), other than that of its share."""
    return may_be_critical(subcontract) and subcontract.classified_access is not False


def may_be_critical(subcontract: Subcontract) -> bool:
    """The same of EDIRPA, Art. 9(13), which does not ask for access to secrets."""
    return subcontract.critical_input is not False


def may_have_tasks(subcontract: Subcontract) -> bool:
    """The same of EDIP, Art. 2(31), which leaves out suppliers of components of their own."""
    return subcontract.own_components is not True and subcontract.classified_access is not False


def understated(
    purchase: Purchase, shown: Mapping[str, Fraction], may_be: Callable[[Subcontract], bool]
) -> tuple[Facts, ...]:
    """Subcontractors of which the bill has `shown` more than subcontracts state, and of which an act may ask more."""
    names = {party.id: party.name or party.id for party in purchase.parties}
    found: list[Facts] = []
    for supplier, share in shown.items():
        mine = [each for each in purchase.subcontracts or () if each.subcontractor == supplier]
        stated = allocated(purchase, {supplier}) if mine else None
        if not any(map(may_be, mine)) or stated is None or stated.high >= share:
            continue
        facts: Facts = {
            "subject": Fact(names.get(supplier, supplier)),
            "share_in_bill": fact(purchase, exactly(share), "bill_of_materials"),
            "share_of_contract": fact(purchase, stated, "subcontracts"),
        }
        found.append(facts)
    return tuple(found)


def shown(purchase: Purchase, content: Content | None) -> Mapping[str, Fraction]:
    """What the bill shows each supplier brings of the contract value, at least; by supplier."""
    value = purchase.contract.value
    if content is None or value is None or not value.minor or purchase.subcontracts is None:
        return {}
    number = {each.id: each.quantity or Fraction(0) for each in purchase.end_products or ()}
    whole: dict[str, Sum] = {}
    for product in content.products:
        times = number.get(product.product, Fraction(0))
        for line in product.lines:
            if line.supplier:
                whole.setdefault(line.supplier, Sum()).add(line.amount, times)
    return {supplier: sum_.total().low / value.major for supplier, sum_ in sorted(whole.items())}
