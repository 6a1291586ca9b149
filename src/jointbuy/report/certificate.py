"""The VAT exemption certificate as a page to print, sign and have stamped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jointbuy.certificate import Certificate, Item
from jointbuy.money import DIGITS, Money
from jointbuy.report import figures
from jointbuy.report.certificate_words import CERTIFICATE
from jointbuy.report.markup import Markup, tag
from jointbuy.report.pieces import document, quiet
from jointbuy.result import Case


def pages(case: Case, found: Iterable[Certificate]) -> dict[str, str]:
    """File name to page, one for each certificate."""
    return {f"vat-certificate-{_harmless(one.id)}.html": page(case, one) for one in found}


def page(case: Case, one: Certificate) -> str:
    """One certificate; what stands above the form is not printed."""
    form = tag(
        "main",
        tag("h1", CERTIFICATE["title"]),
        tag("p", CERTIFICATE["under"], class_="law"),
        _field("serial", None),
        _box(
            "entity",
            _field("name", one.authority),
            _field("street", one.street),
            _field("place", one.place),
            _field("member state", _country(one.country)),
        ),
        _box("stamp authority", _field("name and address", one.tax_authority)),
        _box(
            "declaration",
            tag("p", CERTIFICATE["declares"]),
            tag("p", CERTIFICATE["undertakes"]),
            _signature("signatory"),
        ),
        _box(
            "products",
            _field("supplier", one.supplier),
            _field("street", one.supplier_street),
            _field("place", one.supplier_place),
            _field("state", _country(one.supplier_country)),
            _field("vat number", one.vat_number),
            _field("contract", f"{one.purchase} ({case.purchase.id})"),
            _items(one),
        ),
        _box("stamp", tag("p", CERTIFICATE["confirms"]), _signature("officer"), _field("stamp here", None)),
        class_="certificate",
    )
    return document(f"{CERTIFICATE['title']}: {one.supplier}", _before(case, one), form)


def _before(case: Case, one: Certificate) -> Markup:
    """What to do before it is signed; not printed."""
    open_ = [f"{condition.text} ({condition.provision}; {condition.key})" for condition in case.verdict.conditions]
    first = [] if case.verdict.outcome == "eligible" else [case.verdict.summary]
    first += [CERTIFICATE["no loan"].format(country=one.country)] if one.borrows is not True else []
    return tag(
        "aside",
        tag("h2", CERTIFICATE["before"], id="before"),
        tag("p", CERTIFICATE["text"]),
        tag("h3", CERTIFICATE["blanks"]),
        _listed(one.blanks),
        tag("h3", CERTIFICATE["points"]),
        _listed([*first, *open_]),
        class_="before",
        aria_labelledby="before",
    )


def _listed(told: Sequence[str]) -> Markup:
    return tag("ul", *(tag("li", each) for each in told)) if told else quiet(CERTIFICATE["none"])


def _box(key: str, *inside: Markup) -> Markup:
    return tag("section", tag("h2", CERTIFICATE[key]), *inside)


def _field(key: str, value: str | None) -> Markup:
    """A field with its value, or a line to write on."""
    shown = tag("span", class_="write") if value is None else tag("span", value)
    return tag("p", tag("span", CERTIFICATE[key], class_="label"), " ", shown, class_="field")


def _signature(key: str) -> Markup:
    return tag("div", _field("place and date", None), _field(key, None), _field("signature", None))


def _items(one: Certificate) -> Markup:
    """The products: number, what, how many, price of one, total, currency."""
    heads = [CERTIFICATE[key] for key in ("no", "description", "quantity", "unit value", "total value", "currency")]
    rows = [_row(number, item, one) for number, item in enumerate(one.items, 1)] or [_row(1, None, one)]
    whole = [item.total for item in one.items]
    total = sum(each.minor for each in whole if each) if whole and None not in whole else None
    shown = _money(Money(total, one.currency)) if total is not None else "\u2009"
    end = tag("tr", tag("th", CERTIFICATE["sum"], colspan=4, scope="row"), tag("td", shown), tag("td", one.currency))
    head = tag("thead", tag("tr", *(tag("th", each, scope="col") for each in heads)))
    made = tag("table", tag("caption", CERTIFICATE["caption"]), head, tag("tbody", *rows, end))
    return tag("div", made, class_="table", tabindex=0)


def _row(number: int, item: Item | None, one: Certificate) -> Markup:
    quantity = figures.number(item.quantity) if item and item.quantity is not None else "\u2009"
    cells = [item.product if item else "\u2009", quantity]
    cells += [_money(item.price if item else None), _money(item.total if item else None), one.currency]
    return tag("tr", tag("th", str(number), scope="row"), *(tag("td", cell) for cell in cells))


def _money(value: Money | None) -> str:
    if value is None:
        return "\u2009"
    digits = DIGITS[value.currency]
    whole, part = divmod(value.minor, 10**digits)
    return f"{whole:,}".replace(",", "\u202f") + (f".{part:0{digits}}" if digits else "")


def _country(code: str | None) -> str | None:
    from jointbuy import law

    return None if code is None else f"{law.places().titles.get(code, code)} ({code})"


def _harmless(name: str) -> str:
    """A part of a file name that is one on every system."""
    return re.sub(r"[^A-Za-z0-9-]+", "_", name)[:60]
