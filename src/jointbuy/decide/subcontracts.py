"""Facts about subcontracts: who awards them, what part of the contract they are, and what the bill shows beside."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from jointbuy.decide.stated import fact
from jointbuy.exact import ZERO, Range, exactly, per_cent
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
    """What companies are allocated of the contract in all their subcontracts together (Art. 16(12): a legal entity).

    Where one of several states nothing, it is at least what the others come to.
    """
    if companies is None:
        return None
    shares = [
        _share_of_contract(purchase, each) for each in purchase.subcontracts or () if each.subcontractor in companies
    ]
    return _at_least([share for share in shares if share is not None], stated=None not in shares)


def _at_least(known: Sequence[Range], *, stated: bool) -> Range | None:
    """What is known of some shares, or up to all of the contract where not all of them are stated."""
    whole = sum(known, ZERO)
    if stated or not known:
        return whole if stated else None
    return Range(whole.low, max(whole.high, Fraction(1)))


def all_stated(purchase: Purchase, companies: Container[str] | None, *, tasks: bool) -> bool:
    """Whether every subcontract of companies, or each that may be for tasks, says what it is allocated."""
    return companies is None or all(
        _share_of_contract(purchase, each) is not None
        for each in purchase.subcontracts or ()
        if each.subcontractor in companies and not (tasks and each.own_components)
    )


def for_tasks(purchase: Purchase, companies: Container[str] | None) -> Range | None:
    """The same for tasks alone, without components of their own (EDIP, Art. 2(31)).

    A subcontract of which nobody says what it is for may be for tasks, or not.
    """
    if companies is None:
        return None
    shares = [
        share if share is None or each.own_components is False else Range(Fraction(0), share.high)
        for each in purchase.subcontracts or ()
        if each.subcontractor in companies and each.own_components is not True
        for share in [_share_of_contract(purchase, each)]
    ]
    return _at_least([share for share in shares if share is not None], stated=None not in shares)


def of_entity(purchase: Purchase, subcontract: Subcontract | None) -> tuple[Subcontract, ...]:
    """Every subcontract of the company that has this one: Art. 16(12) asks what a legal entity does in all of them."""
    if subcontract is None:
        return ()
    return tuple(each for each in purchase.subcontracts or () if each.subcontractor == subcontract.subcontractor)


def in_any(answers: Iterable[bool | None]) -> bool | None:
    """Yes where one answer is, no where all are; else nobody has said it."""
    found = set(answers)
    return True if True in found else None if None in found or not found else False


def earliest(purchase: Purchase, mine: Sequence[Subcontract]) -> Subcontract | None:
    """The subcontract that tells since when a company works with the contractor: the first day stated.

    Of those that the contractor itself awards, if any states a day: what others award is another relationship. Without
    any day, the first.
    """
    dated = [each for each in mine if each.relationship_since is not None]

    def order(each: Subcontract) -> tuple[bool, date]:
        return not is_direct(purchase, each), each.relationship_since or date.max

    return min(dated, key=order, default=mine[0] if mine else None)


def awarded_by_contractor(purchase: Purchase, mine: Sequence[Subcontract]) -> bool | None:
    """Whether it is plain that the contractor awards the subcontract that tells since when they work together.

    Of a consortium of which several members award it subcontracts, each must tell that of itself.
    """
    telling = earliest(purchase, mine)
    if telling is None:
        return None
    told = _since_when(purchase, mine)
    of_each = len(told) < 2 or (None not in told and None not in told.values())
    return bool(is_direct(purchase, telling) and award_known(purchase, telling) and of_each)


def related_to_each_since(purchase: Purchase, mine: Sequence[Subcontract]) -> date | None:
    """The day by which each of several contractors that award it subcontracts worked with it; None where none tells."""
    told = _since_when(purchase, mine)
    return max((day for day in told.values() if day is not None), default=None) if len(told) > 1 else None


def relationships_told(purchase: Purchase, mine: Sequence[Subcontract]) -> bool | None:
    """None where of several contractors that award it subcontracts one tells no day: an earlier one may come."""
    told = _since_when(purchase, mine)
    return None if len(told) > 1 and None in told.values() else True


def _since_when(purchase: Purchase, mine: Sequence[Subcontract]) -> Mapping[str | None, date | None]:
    """By contractor that awards it subcontracts, the first day stated of their relationship.

    Under None what one of a consortium awards, and the file does not say which.
    """
    members = purchase.contract.contractors
    found: dict[str | None, list[date]] = {}
    for each in mine:
        if is_direct(purchase, each):
            awarder = each.contractor or (members[0] if len(members) == 1 else None)
            days = found.setdefault(awarder, [])
            days += [each.relationship_since] if each.relationship_since else []
    return {awarder: min(days, default=None) for awarder, days in found.items()}


def studied(mine: Sequence[Subcontract]) -> tuple[Subcontract, ...]:
    """The subcontracts whose input is to be replaced, all of a company that may be critical; none unless each is."""
    inputs = _inputs(mine)
    return inputs if all(each.replacement_study for each in inputs) else ()


def _inputs(mine: Sequence[Subcontract]) -> tuple[Subcontract, ...]:
    """Article 16(4)(b) speaks of the input that the subcontractor provides: all that may be critical."""
    return tuple([each for each in mine if each.critical_input is not False] or mine)


def study_claimed(mine: Sequence[Subcontract]) -> bool | None:
    """Whether a study is named, by its day or by that of the commitment to it, of every input said to be critical.

    None where not. Of inputs that may be critical, and are not said to be, it may still come.
    """
    named = {each: bool(each.replacement_study or each.study_committed) for each in _inputs(mine)}
    every = all(told for each, told in named.items() if each.critical_input)
    return True if every and any(named.values()) else None


def study_years(purchase: Purchase, mine: Sequence[Subcontract]) -> Range | None:
    """Years from the commitment, or from signature where its day is not stated, to the day the study must be done.

    Of several studies the longest time.
    """
    return _longest(_years(each.study_committed or purchase.events.signature, each) for each in studied(mine))


def study_years_from_signature(purchase: Purchase, mine: Sequence[Subcontract]) -> Range | None:
    """The same from signature, whenever the contractor committed itself."""
    return _longest(_years(purchase.events.signature, each) for each in studied(mine))


def _longest(found: Iterable[Range | None]) -> Range | None:
    years = list(found)
    known = [each for each in years if each is not None]
    return max(known, key=lambda each: each.high) if known and len(known) == len(years) else None


def _years(start: date | None, subcontract: Subcontract) -> Range | None:
    """Whole years at anniversaries."""
    study = subcontract.replacement_study
    if study is None or start is None:
        return None
    anniversary = date(study.year, start.month, min(start.day, 28))
    first = date(start.year, start.month, min(start.day, 28))
    days = (study - anniversary).days - (start - first).days
    return exactly(study.year - start.year + Fraction(days, 366))


def studied_before(purchase: Purchase, mine: Sequence[Subcontract]) -> bool | None:
    """Whether a study was due before signature, or before its commitment; None where its day is not stated."""
    answers = []
    for each in studied(mine):
        starts = [day for day in (purchase.events.signature, each.study_committed) if day is not None]
        answers.append(each.replacement_study < max(starts) if starts and each.replacement_study else None)
    return in_any(answers)


def commitment(mine: Sequence[Subcontract], known_on: date) -> tuple[str | None, bool]:
    """Whether the contractor has committed itself to the studies, and whether that still lies ahead.

    A study that is agreed on a day to come is promised by nobody yet; one without a day is part of the contract.
    """
    inputs = _inputs(mine)
    ahead = any(each.study_committed is not None and each.study_committed > known_on for each in inputs)
    return ("given" if study_claimed(mine) else None), ahead


def _share_of_contract(purchase: Purchase, subcontract: Subcontract) -> Range | None:
    """The subcontract's part of the contract value, exactly; the reader refuses a value in another currency."""
    if subcontract.share is not None:
        return exactly(subcontract.share)
    value, whole = subcontract.value, purchase.contract.value
    if value is None or whole is None or not whole.minor:
        return None
    return exactly(value.major / whole.major)


def oversubscribed(purchase: Purchase) -> Iterator[str]:
    """Subcontracts that cannot all be: of more than the contract, of more than their awarder has, or in a circle."""
    listed = purchase.subcontracts or ()
    names = {party.id: party.name or party.id for party in purchase.parties}
    by: dict[str | None, list[Subcontract]] = {}
    for each in listed:
        by.setdefault(None if is_direct(purchase, each) else each.contractor, []).append(each)
    for awarder, awarded in by.items():
        known = [share.low for each in awarded if (share := _share_of_contract(purchase, each)) is not None]
        whole = exactly(Fraction(1)) if awarder is None else allocated(purchase, {awarder})
        unlisted_itself = awarder is not None and all(each.subcontractor != awarder for each in listed)
        if whole is None or unlisted_itself or not known or sum(known) <= whole.high:
            continue
        told = per_cent(exactly(sum(known, Fraction(0))))
        if awarder is None:
            yield f"what contractors subcontract adds up to {told} of the contract value; one of the figures is off"
        else:
            yield (
                f"{names[awarder]} awards {told} of the contract value, and is allocated {per_cent(whole)} of it; one "
                "of the figures is off"
            )
    for circle in _circles(listed):
        yield f"{' and '.join(names[each] for each in circle)} award subcontracts to each other; one of them is off"


def _circles(listed: Sequence[Subcontract]) -> Iterator[tuple[str, ...]]:
    """Parties that award subcontracts in a circle, each circle once."""
    awards: dict[str, set[str]] = {}
    for each in listed:
        if each.contractor is not None:
            awards.setdefault(each.contractor, set()).add(each.subcontractor)

    def reached(start: str) -> set[str]:
        found, waiting = set[str](), [start]
        while waiting:
            new = awards.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    below = {each: reached(each) for each in awards}
    circles = {tuple(sorted(one for one in found if each in below.get(one, ()))) for each, found in below.items()}
    yield from sorted(circle for circle in circles if circle)


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


def may_be_involved(mine: Sequence[Subcontract]) -> bool:
    """Unless a company fails a test of SAFE, Art. 16(12), other than that of its share, in all its subcontracts."""
    return may_be_critical(mine) and any(each.classified_access is not False for each in mine)


def may_be_critical(mine: Sequence[Subcontract]) -> bool:
    """The same of EDIRPA, Art. 9(13), which does not ask for access to secrets."""
    return any(each.critical_input is not False for each in mine)


def may_have_tasks(mine: Sequence[Subcontract]) -> bool:
    """The same of EDIP, Art. 2(31), which leaves out suppliers of components of their own."""
    tasks = [each for each in mine if each.own_components is not True]
    return any(each.classified_access is not False for each in tasks)


def stands_for_company(mine: Sequence[Subcontract], subcontract: Subcontract | None) -> bool | None:
    """Whether it is the first subcontract of its company that may be for tasks: companies are counted by that one."""
    if subcontract is None:
        return None
    return next((each is subcontract for each in mine if each.own_components is not True), False)


def understated(
    purchase: Purchase, shown: Mapping[str, Fraction], may_be: Callable[[Sequence[Subcontract]], bool]
) -> tuple[Facts, ...]:
    """Subcontractors of which the bill has `shown` more than subcontracts state, and of which an act may ask more."""
    names = {party.id: party.name or party.id for party in purchase.parties}
    found: list[Facts] = []
    for supplier, share in shown.items():
        mine = [each for each in purchase.subcontracts or () if each.subcontractor == supplier]
        stated = allocated(purchase, {supplier}) if mine else None
        if not may_be(mine) or stated is None or stated.high >= share:
            continue
        facts: Facts = {
            "subject": Fact(names.get(supplier, supplier)),
            "share_in_bill": fact(purchase, exactly(share), "bill_of_materials"),
            "share_of_contract": fact(purchase, stated, "subcontracts"),
        }
        found.append(facts)
    return tuple(found)


def shown(purchase: Purchase, content: Content | None) -> Mapping[str, Fraction]:
    """What the bill shows each supplier brings of the contract value, at least and at any level; by supplier."""
    value = purchase.contract.value
    if content is None or value is None or not value.minor or purchase.subcontracts is None:
        return {}
    return {supplier: amount / value.major for supplier, amount in content.suppliers.items()}
