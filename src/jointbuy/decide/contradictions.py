"""What a file says in two places that cannot both be, of a contract's changes above all: pointed out, never judged."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from jointbuy.exact import decimal
from jointbuy.law import Act
from jointbuy.law.shared.products import DEFENCE
from jointbuy.model import Purchase


def contradictions(purchase: Purchase, act: Act) -> tuple[str, ...]:
    """What a person must straighten out before anything that rests on the changes can be relied on.

    Nothing under an act that has no condition on changes: it does not ask what is said here.
    """
    if "changes" not in dict(act.conditions):
        return ()
    return (
        *_two_conductors(purchase),
        *_quantities(purchase),
        *_newcomers(purchase),
        *_not_for_other_products(purchase),
    )


def sums(purchase: Purchase) -> Iterator[str]:
    """Quantities and prices that do not add up; changes of the contract are held against them apart."""
    products = purchase.end_products or ()
    ordered = [each.quantity for each in purchase.buyers]
    bought = products[0].quantity if len(products) == 1 else None
    if bought is not None and ordered and not purchase.modifications and None not in ordered:
        told = sum(filter(None, ordered), Fraction(0))
        if told != bought:
            yield (
                f"the buyers' quantities add up to {_number(told)}, and {_number(bought)} of {products[0].id} are "
                "bought; one of the two is off"
            )
    value = purchase.contract.value
    worth = [(each.price, each.quantity or 0) for each in products if each.price is not None]
    if value is None or any(price.currency != value.currency for price, _ in worth):
        return
    least = sum((price.major * quantity for price, quantity in worth), Fraction(0))
    if least > value.major:
        yield (
            f"all pieces cost {decimal(least, 2)} {value.currency} by the prices of the end products, more than the "
            f"contract value of {decimal(value.major, 2)}; one of the two is off"
        )


def _two_conductors(purchase: Purchase) -> Iterator[str]:
    """A Union institution carries it out for the buyers, or a state's authority does."""
    other = purchase.conducted_by
    if purchase.union_procurement and other is not None and other not in {each.country for each in purchase.buyers}:
        yield f"a Union institution is said to carry it out (Art. 16(15)), and {other}, which does not buy, to run it"


def _quantities(purchase: Purchase) -> Iterator[str]:
    """Each change starts where the one before ended; the last one ends with what is bought."""
    changes = sorted(purchase.modifications, key=lambda each: each.on)
    for first, then in pairwise(changes):
        ended, starts = first.quantity_after, then.quantity_before
        if ended is not None and starts is not None and ended != starts:
            yield (
                f"the change of {first.on} ends at {_number(ended)} end products, that of {then.on} starts from "
                f"{_number(starts)}"
            )
    last = changes[-1] if changes else None
    if last is None or last.quantity_after is None:
        return
    for name, numbers in (
        ("end products", [each.quantity for each in purchase.end_products or ()]),
        ("buyers", [each.quantity for each in purchase.buyers]),
    ):
        known = [each for each in numbers if each is not None]
        if known and len(known) == len(numbers) and sum(known) != last.quantity_after:
            yield (
                f"the change of {last.on} ends at {_number(last.quantity_after)} end products, while the quantities "
                f"of the {name} add up to {_number(Fraction(sum(known)))}"
            )


def _newcomers(purchase: Purchase) -> Iterator[str]:
    """Who is added as a party joins on that day, and signs."""
    for change in purchase.modifications:
        for buyer in purchase.buyers:
            if buyer.country not in (change.adds or ()):
                continue
            if buyer.joined is not None and buyer.joined != change.on:
                yield f"{buyer.country} joined on {buyer.joined}, while the change that adds it is of {change.on}"
            if buyer.participation == "declared intention":
                yield (
                    f"the change of {change.on} adds {buyer.country} as a party (Art. 18(2)), which is said to have "
                    "only declared an intention"
                )


def _not_for_other_products(purchase: Purchase) -> Iterator[str]:
    """Articles 18 and 19 concern defence products; of others they excuse nothing."""
    if purchase.product.kind in {None, DEFENCE}:
        return
    for change in purchase.modifications:
        if change.ground == "Article 18":
            yield (
                f"the change of {change.on} is said to rest on Article 18, which concerns defence products only "
                "(Art. 18(1)); it needs another ground"
            )
    if purchase.prior_notice is False:
        yield (
            "no contract notice was published first: Article 19 refers to Directive 2009/81/EC and so to defence "
            "products only; it needs another ground"
        )


def _number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else decimal(value, 3)
