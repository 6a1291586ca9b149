"""Units of measure in a bill: a part counts, and is priced, in one unit throughout."""

from __future__ import annotations

from fractions import Fraction

from jointbuy.formats.cells import Reader
from jointbuy.formats.problems import shown
from jointbuy.units import Unit, unit

Price = tuple[Fraction, Fraction]


def alike(reader: Reader, part: list[str], quantity: list[Fraction | None], price: list[Price | None]) -> None:
    """Bring quantities and prices to the unit of each part's first row that names one; what cannot be is a problem.

    A price is for one `cost_unit` where that is stated, otherwise for one `unit` of its own row.
    """
    units, cost_units = reader.table.column("unit"), reader.table.column("cost_unit")
    if units is None and cost_units is None:
        return
    blank = [""] * len(part)
    first: dict[str, tuple[str, int]] = {}
    for row, (name, cost_name) in enumerate(zip(units or blank, cost_units or blank, strict=True)):
        if cost_name and name and (priced := price[row]):
            one = _factor(reader, row, name, cost_name, "cost_unit", f"the quantity is in {shown(name)}")
            price[row] = priced[0] * one, priced[1] * one
        if not name:
            continue
        base, at = first.setdefault(part[row], (name, row))
        if name.casefold() != base.casefold():
            factor = _factor(
                reader, row, name, base, "unit", f"{reader.table.where(at, 'unit')} has it in {shown(base)}"
            )
            count, priced = quantity[row], price[row]
            quantity[row] = count * factor if count is not None else None
            price[row] = (priced[0] / factor, priced[1] / factor) if priced else None


def _factor(reader: Reader, row: int, name: str, other: str, column: str, why: str) -> Fraction:
    """How many of the other unit one is; one, and a problem, where that cannot be said."""
    if name.casefold() == other.casefold():
        return Fraction(1)
    one, two = unit(name), unit(other)
    if one and two and one.dimension == two.dimension:
        return one.factor / two.factor
    told = shown(other if column == "cost_unit" else name)
    what = f"the {'cost is for one' if column == 'cost_unit' else 'quantity is in'} {told}"
    strange = [shown(each) for each, known in ((name, one), (other, two)) if known is None]
    if strange:
        why, do = f"{why}, and {' and '.join(strange)} is not known here", "write both in the same unit"
    else:
        why, do = (
            f"{why}: {_measures(one)} is not {_measures(two)}",
            "correct one, or give the cost for the unit of the quantity",
        )
    reader.problems.add(what, reader.table.where(row, column), why, do)
    return Fraction(1)


def _measures(one: Unit | None) -> str:
    return one.dimension if one else ""
