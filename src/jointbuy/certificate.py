"""The VAT exemption certificate of a purchase (Regulation (EU) 2025/1106, Art. 20(2) and Annex), as far as it is known.

One for each authority of a Member State and each contractor: the authority declares that what it acquires is financed
under SAFE, its tax authority stamps that, and the supplier keeps it. Nobody else is exempt: the tax is the Union's.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from fractions import Fraction

from jointbuy.model import Buyer, Country, Currency, EndProduct, Party, Purchase
from jointbuy.money import Money, to_money


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the products: what the file does not state is None, and is filled in by hand."""

    product: str
    quantity: Fraction | None
    price: Money | None
    total: Money | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What one certificate says, in the order of the form."""

    purchase: str
    authority: str | None
    street: str | None
    place: str | None
    country: Country
    tax_authority: str | None
    supplier: str
    supplier_street: str | None
    supplier_place: str | None
    supplier_country: Country | None
    vat_number: str | None
    items: tuple[Item, ...]
    currency: Currency
    borrows: bool | None
    """Whether the authority's state pays with a SAFE loan, which the declaration is about."""
    id: str
    """Tells it from the others of the purchase: number, country and supplier."""

    @property
    def blanks(self) -> tuple[str, ...]:
        """What is left to be filled in by hand, named as in the purchase file."""
        mine = {
            "buyers authority": self.authority,
            "buyers street": self.street,
            "buyers place": self.place,
            "buyers tax_authority": self.tax_authority,
            "parties street": self.supplier_street,
            "parties place": self.supplier_place,
            "parties vat_number": self.vat_number,
            "buyers quantity": all(item.quantity is not None for item in self.items) or None,
            "end_products price": all(item.price is not None for item in self.items) or None,
            "end_products": self.items or None,
        }
        return tuple(name for name, value in mine.items() if value is None)


def certificates(purchase: Purchase, union: Container[str]) -> tuple[Certificate, ...]:
    """One for each buying authority of a Member State, which the group `union` tells, and each contractor.

    None for who has only declared that it will take part: under the contract nothing is supplied to it yet.
    """
    return tuple(_certificates(purchase, union))


def _certificates(purchase: Purchase, union: Container[str]) -> Iterator[Certificate]:
    parties = {party.id: party for party in purchase.parties}
    buyers = [
        buyer for buyer in purchase.buyers if buyer.country in union and buyer.participation != "declared intention"
    ]
    number = 0
    for buyer in buyers:
        for name in purchase.contract.contractors:
            number += 1
            yield _certificate(purchase, buyer, parties[name], f"{number}-{buyer.country}-{name}")


def _certificate(purchase: Purchase, buyer: Buyer, supplier: Party, id_: str) -> Certificate:
    return Certificate(
        purchase=purchase.title or purchase.id,
        authority=buyer.authority,
        street=buyer.street,
        place=buyer.place,
        country=buyer.country,
        tax_authority=buyer.tax_authority,
        supplier=supplier.name or supplier.id,
        supplier_street=supplier.street,
        supplier_place=supplier.place,
        supplier_country=supplier.established_in,
        vat_number=supplier.vat_number,
        items=tuple(_item(purchase, buyer, product) for product in purchase.end_products or ()),
        currency=purchase.contract.currency,
        borrows=buyer.borrows,
        id=id_,
    )


def _item(purchase: Purchase, buyer: Buyer, product: EndProduct) -> Item:
    """How many an authority buys of it is known only where there is one product and one contractor."""
    alone = len(purchase.end_products or ()) == 1 and len(purchase.contract.contractors) == 1
    quantity = buyer.quantity if alone else None
    total = None
    if product.price is not None and quantity is not None:
        total = _whole(product.price.major * quantity, product.price.currency)
    return Item(product.name or product.id, quantity, product.price, total)


def _whole(amount: Fraction, currency: str) -> Money | None:
    """An amount as money; None where it is no whole number of minor units, which an invoice cannot show."""
    try:
        return to_money(amount, currency)
    except ValueError:
        return None
