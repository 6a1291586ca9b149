"""Facts about who buys. Law asks for countries, so the authorities of one count once, whatever the order of lines.

A state takes part once one of its authorities does, borrows once one of them does, and has one loan (SAFE, Art. 2(3),
5 and 8(2)); it was a party from the start if one of them was.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from jointbuy.decide import subcontracts
from jointbuy.decide.stated import fact
from jointbuy.model import Buyer, Country, Modification, Purchase
from jointbuy.rules import Fact, Facts

Numbered = Sequence[tuple[int, Buyer]]
"""The authorities of one country, each with its place in the file."""
LOAN = {"loan_requested": "requested", "loan_decided": "council_decision", "loan_in_force": "agreement_in_force"}
"""The days of a loan: the fact, and the field of the file."""


def of(purchase: Purchase, known_on: date, called: Callable[[Country], str]) -> tuple[Facts, ...]:
    """One member for each country; `called` names it."""
    return tuple(
        {"subject": Fact(called(country)), **_buyer(purchase, country, mine, known_on)}
        for country, mine in by_country(purchase).items()
    )


def by_country(purchase: Purchase) -> Mapping[Country, Numbered]:
    """The authorities of every country that buys, in the order of the file."""
    found: dict[Country, list[tuple[int, Buyer]]] = {}
    for index, buyer in enumerate(purchase.buyers):
        found.setdefault(buyer.country, []).append((index, buyer))
    return found


def from_the_start(purchase: Purchase) -> set[Country]:
    """The countries of which an authority was a party when the contract was concluded.

    Where a change adds a country, its authorities came by it unless the file tells another of them that joined.
    """
    added = _added(purchase)
    return {
        country
        for country, mine in by_country(purchase).items()
        if any(each.joined is None for _, each in mine)
        and (country not in added or any(each.joined is not None for _, each in mine))
    }


def so_far(purchase: Purchase, known_on: date) -> Purchase:
    """The purchase without the countries that are to come to it, and the changes to be made, after a day."""
    ahead = {country for country, mine in by_country(purchase).items() if _is_ahead(purchase, country, mine, known_on)}
    return replace(
        purchase,
        buyers=tuple(each for each in purchase.buyers if each.country not in ahead),
        modifications=tuple(each for each in purchase.modifications if each.on <= known_on),
    )


def signing(purchase: Purchase, inside: Container[str]) -> set[Country]:
    """The countries from inside that take part: who only joins in addition, or intends to, is none of them."""
    countries = {buyer.country for buyer in purchase.buyers if buyer.participation != "declared intention"}
    return {country for country in countries if country in inside}


def is_single(purchase: Purchase, inside: Container[str]) -> bool:
    """Whether at most one country from inside takes part."""
    return len(signing(purchase, inside)) < 2


def only_signing(purchase: Purchase, inside: Container[str]) -> Country | None:
    """The one country from inside that signs, where nobody says how others from inside take part; else None.

    Then it buys alone, if the others only intend to take part, or with them.
    """
    signed = {buyer.country for buyer in purchase.buyers if buyer.participation == "signed" and buyer.country in inside}
    return signed.pop() if len(signed) == 1 and not is_single(purchase, inside) else None


def concluded_alone(purchase: Purchase, inside: Container[str]) -> bool:
    """Whether several countries from inside take part, of which at most one did when the contract was concluded."""
    first = from_the_start(purchase)
    late = {each.country for each in purchase.buyers} | _added(purchase)
    here = {country for country in first if country in inside}
    came = any(country in inside for country in late - first)
    return len(here) < 2 and came and not is_single(purchase, inside)


def conductor_buys(purchase: Purchase) -> bool | None:
    """Whether the country that runs the procurement is among the buyers; None while the file is silent."""
    if purchase.conducted_by is None:
        return None
    return purchase.conducted_by in {buyer.country for buyer in purchase.buyers}


def conductor_is_alone(purchase: Purchase, inside: Container[str]) -> bool | None:
    """Whether the one country from inside that takes part runs the procurement; None while the file is silent.

    Where none signs, it is the one that intends to; where of others nobody says how they take part, the one that signs.
    """
    alone = signing(purchase, inside) or {buyer.country for buyer in purchase.buyers if buyer.country in inside}
    if one := only_signing(purchase, inside):
        alone = {one}
    return None if purchase.conducted_by is None else {purchase.conducted_by} == alone


def conductor_borrows(purchase: Purchase) -> bool | None:
    """Whether the country that runs the procurement is a buyer that borrows; None while the file is silent."""
    if purchase.conducted_by is None:
        return None
    mine = by_country(purchase).get(purchase.conducted_by)
    return subcontracts.in_any(each.borrows for _, each in mine) if mine else False


def bought_by_newcomers(purchase: Purchase, country: Country) -> Fraction | None:
    """How many end products the authorities of a country buy that came to the contract; None where one does not say.

    Where the file does not tell which of them came, all of them.
    """
    mine = [each for _, each in by_country(purchase).get(country, ())]
    numbers = [each.quantity for each in mine if each.joined is not None] or [each.quantity for each in mine]
    known = [each for each in numbers if each is not None]
    return Fraction(sum(known)) if known and len(known) == len(numbers) else None


def loan_days(mine: Iterable[Buyer], name: str) -> list[date]:
    """The days that a country's authorities state of its loan, without those that are silent."""
    return [day for each in mine if each.loan and (day := getattr(each.loan, name)) is not None]


def _added(purchase: Purchase) -> set[Country]:
    return {country for change in purchase.modifications for country in change.adds or ()}


def _buyer(purchase: Purchase, country: Country, mine: Numbered, known_on: date) -> Facts:
    def day(name: str) -> Fact:
        """The loan is the state's: what one authority says of it holds for all. Of several days the first."""
        days = loan_days((each for _, each in mine), name)
        where = next((index for index, each in mine if loan_days([each], name) == [min(days)]), None) if days else None
        index, found = (mine[0][0], None) if where is None else (where, min(days))
        stated = fact(purchase, found, f"buyers[{index}].loan.{name}", f"buyers[{index}]")
        return replace(stated, ahead=found is not None and found > known_on)

    loan = {each: day(name) for each, name in LOAN.items()}
    joined = [(each.joined, index) for index, each in mine if each.joined is not None]
    first_joined, at = min(joined) if joined else (None, mine[0][0])
    came_on, participation = _came_on(purchase, country, mine), _participation(purchase, mine)
    return {
        "country": fact(purchase, country, f"buyers[{mine[0][0]}].country", f"buyers[{mine[0][0]}]"),
        "borrows": _borrows(purchase, mine),
        **loan,
        # Who has yet to come takes no part until then; that it intends to come it may do now.
        "participation": replace(
            participation, ahead=participation.value == "signed" and _is_ahead(purchase, country, mine, known_on)
        ),
        "joined": replace(
            fact(purchase, first_joined, f"buyers[{at}].joined", f"buyers[{at}]"),
            ahead=first_joined is not None and first_joined > known_on,
        ),
        "came_on": came_on,
        "party_since": came_on if came_on.value else fact(purchase, purchase.events.signature, "events.signature"),
        "known_by": Fact(known_on),
        "decided_at_start": _by_start(purchase, loan["loan_decided"]),
        "in_force_at_start": _by_start(purchase, loan["loan_in_force"]),
        "requested_at_start": _by_start(purchase, loan["loan_requested"]),
        "conducts": fact(
            purchase, None if purchase.conducted_by is None else purchase.conducted_by == country, "conducted_by"
        ),
        "added_by_change": Fact(any(country in (each.adds or ()) for each in purchase.modifications) or None),
    }


def _borrows(purchase: Purchase, mine: Numbered) -> Fact:
    """Whether an authority of a country borrows; that one does not says nothing of another that is silent."""
    value = subcontracts.in_any(each.borrows for _, each in mine)
    index = next((index for index, each in mine if each.borrows is value), mine[0][0])
    return fact(purchase, value, f"buyers[{index}].borrows", f"buyers[{index}]")


def _participation(purchase: Purchase, mine: Numbered) -> Fact:
    """One signature is the state's. Beside a mere intention silence is not one: whoever is silent may have signed."""
    said = {each.participation for _, each in mine}
    value = next(each for each in ("signed", None, "declared intention") if each in said)
    index = next(index for index, each in mine if each.participation == value)
    return fact(purchase, value, f"buyers[{index}].participation", f"buyers[{index}]")


def _came_on(purchase: Purchase, country: Country, mine: Numbered) -> Fact:
    """The first day on which a country that came to a contract of others was a party; None of one from the start."""
    if country in from_the_start(purchase):
        return Fact(None)
    days = [
        *((each.joined, f"buyers[{index}].joined") for index, each in mine if each.joined is not None),
        *(_adding(purchase.modifications, country) if all(each.joined is None for _, each in mine) else ()),
    ]
    day, path = min(days)
    return fact(purchase, day, path, f"buyers[{mine[0][0]}]")


def _is_ahead(purchase: Purchase, country: Country, mine: Numbered, known_on: date) -> bool:
    """Whether a country is to come to the contract after a day."""
    day = _came_on(purchase, country, mine).value
    return isinstance(day, date) and day > known_on


def _adding(changes: Sequence[Modification], country: Country) -> list[tuple[date, str]]:
    return [(each.on, f"modifications[{n}].on") for n, each in enumerate(changes) if country in (each.adds or ())]


def _by_start(purchase: Purchase, day: Fact) -> Fact:
    """Whether a day had come when the procedure began, or at signature where nobody says when that was (Art. 19)."""
    start = purchase.events.tender or purchase.events.signature
    come = day.value <= start if isinstance(day.value, date) and start is not None else None
    return replace(day, value=come, ahead=False)
