"""What of a product's cost is counted and what is left out, by kind of cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jointbuy.exact import ZERO, Range
from jointbuy.report import figures, words
from jointbuy.report.layout import table, wrap
from jointbuy.result import Case, ProductContent

_ONCE = {"engineering", "licence", "tooling"}
"""Kinds that are often paid once and not for each piece."""


class Kind(NamedTuple):
    """The cost of one kind in one piece, in the contract's currency, whether it is counted, and what decides that."""

    name: str
    amount: Range
    counted: bool
    why: str


def by_kind(case: Case, content: ProductContent) -> tuple[Kind, ...]:
    """The kinds of a product's cost, those counted first, as the bill's rows name them where they are counted."""
    readings = {each.id: each.chosen for each in case.verdict.readings}
    found: dict[tuple[bool, str], Range] = {}
    for counts, cells in ((True, content.cube), (False, content.left_out)):
        for cell in cells:
            key = counts, cell.cost_kind
            found[key] = found.get(key, ZERO) + cell.amount
    return tuple(
        Kind(kind, amount, counts, f"reading cost of {kind}" if f"cost of {kind}" in readings else "")
        for (counts, kind), amount in found.items()
    )


def rows(case: Case, content: ProductContent, width: int) -> list[str]:
    """The table, where there is more than components; and what to do about amounts that are paid once."""
    kinds = by_kind(case, content)
    if len(kinds) < 2 and all(kind.counted for kind in kinds):
        return []
    currency = words.currency(case)
    cells = [
        (
            kind.name,
            figures.amounts(kind.amount, currency),
            ("counted" if kind.counted else "left out") + (f" ({kind.why})" if kind.why else ""),
        )
        for kind in kinds
    ]
    return ["", *wrap("By kind of cost", width, 2), *table(cells, frozenset({1}), width), *_once(kinds, width)]


def _once(kinds: tuple[Kind, ...], width: int) -> Iterator[str]:
    once = [kind.name for kind in kinds if kind.name in _ONCE]
    if once:
        what = f"{' and '.join(once).capitalize()} count for each piece: what is paid once for all of them needs"
        yield from wrap(f"{what} the number of pieces under per.", width, 4)
