"""Small bills of materials for tests, written as rows a reader can check by hand."""

from __future__ import annotations

from fractions import Fraction

from jointbuy.errors import Where
from jointbuy.model import Bom, CostKind, Country, Currency, Sources

Number = int | str | Fraction


def origins(text: str) -> tuple[tuple[Country, Fraction], ...]:
    """`DE` is all from there, `DE 60 US 40` shares in per cent, nothing is undeclared."""
    words = text.split()
    if len(words) == 1:
        return ((Country(words[0]), Fraction(1)),)
    return tuple(
        (Country(country), Fraction(share) / 100) for country, share in zip(words[::2], words[1::2], strict=True)
    )


def row(
    parent: str,
    part: str,
    quantity: Number,
    cost: Number | tuple[Number, Number] | None = None,
    origin: str = "",
    *,
    currency: str = "EUR",
    kind: CostKind = "component",
    awarded: Number = 1,
    supplier: str | None = None,
    supplied_from: str | None = None,
) -> dict[str, object]:
    """One row: so many of a part in one parent."""
    low, high = cost if isinstance(cost, tuple) else (cost, cost)
    return {
        "parent": parent,
        "part": part,
        "quantity": Fraction(quantity),
        "low": None if low is None else Fraction(low),
        "high": None if high is None else Fraction(high),
        "origin": origins(origin),
        "currency": Currency(currency),
        "kind": kind,
        "awarded": Fraction(awarded),
        "supplier": supplier,
        "supplied_from": supplied_from,
    }


def bill(*rows: dict[str, object], root: str = "PRODUCT") -> Bom:
    """The rows as a bill. A part's first row for a supplier gives its price and origin."""
    ids = [root]
    for each in rows:
        for name in (each["parent"], each["part"]):
            if name not in ids:
                ids.append(str(name))
    index = {name: place for place, name in enumerate(ids)}
    edges: dict[tuple[int, int], Fraction] = {}
    sources: dict[tuple[int, object], dict[str, object]] = {}
    for each in rows:
        edge = (index[str(each["parent"])], index[str(each["part"])])
        if edge not in edges:
            edges[edge] = each["quantity"]  # type: ignore[assignment]
        sources.setdefault((edge[1], each["supplier"]), each)
    table = list(sources.values())
    return Bom(
        parts=tuple(ids),
        names=tuple(None for _ in ids),
        roots=(0,),
        parent=tuple(edge[0] for edge in edges),
        child=tuple(edge[1] for edge in edges),
        quantity=tuple(edges.values()),
        edge_row=tuple(Where("bill.csv", line + 2) for line in range(len(edges))),
        sources=Sources(
            part=tuple(part for part, _ in sources),
            supplier=tuple(each["supplier"] for each in table),  # type: ignore[misc]
            origin=tuple(each["origin"] for each in table),  # type: ignore[misc]
            supplied_from=tuple(each["supplied_from"] for each in table),  # type: ignore[misc]
            price_low=tuple(each["low"] for each in table),  # type: ignore[misc]
            price_high=tuple(each["high"] for each in table),  # type: ignore[misc]
            currency=tuple(each["currency"] for each in table),  # type: ignore[misc]
            cost_kind=tuple(each["kind"] for each in table),  # type: ignore[misc]
            awarded=tuple(each["awarded"] for each in table),  # type: ignore[misc]
            declaration=tuple(None for _ in table),
            evidence=tuple(None for _ in table),
            row=tuple(Where("bill.csv", line + 2) for line in range(len(table))),
        ),
    )
