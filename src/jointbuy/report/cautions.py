"""What makes a right sum of a wrong bill: said beside the verdict and the share, before either is believed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from jointbuy.exact import ZERO, Range, share_range, split
from jointbuy.report import figures, words
from jointbuy.report.figures import Product
from jointbuy.result import Case, Line, ProductContent


def cautions(case: Case) -> tuple[str, ...]:
    """An end product with one part directly in it, and assemblies that cost less than what stands in them.

    Only where the verdict counts first-level components whole: traced, neither would bear on it.
    """
    if case.content is None or figures.counted(case) is not case.content.products:
        return ()
    return tuple(
        told
        for place, content in enumerate(case.content.products)
        for told in (*_wrapped(case, content, place), *_cheap(case, content, place))
    )


def _wrapped(case: Case, content: ProductContent, place: int) -> Iterator[str]:
    """The commonest slip of exports: the bill begins with the end product under another id, as if it were a part."""
    parts = {line.part for line in content.lines}
    if len(parts) == 1 and content.below:
        (only,), product = parts, figures.products(case)[place]
        beside = f"; traced, {figures.percents(product.traced)} comes from outside" if product.traced else ""
        yield (
            f"{only} is the only part directly in {content.product}, so the share is that of {only} alone, whole, and "
            f"what stands in it is not looked at{beside}. If {only} is {content.product} itself, give both the same id"
        )


def _cheap(case: Case, content: ProductContent, place: int) -> Iterator[str]:
    """Assemblies whose price is below that of their parts: the row, the gap, and whether the answer hangs on it."""
    below: dict[str, Range] = {}
    for line in content.below:
        below[line.path[-2]] = below.get(line.path[-2], ZERO) + line.amount
    mine: dict[str, list[Line]] = {}
    for line in content.lines:
        mine.setdefault(line.part, []).append(line)
    currency = words.currency(case)
    for part, lines in mine.items():
        paid = sum((line.amount for line in lines), ZERO)
        gap = below.get(part, ZERO).low - paid.high
        if gap > 0:
            what = f"{part} ({lines[0].row})" if lines[0].row else part
            yield (
                f"{what} costs {figures.amounts(Range(gap, gap), currency)} less than its own parts do: "
                f"{figures.amounts(paid, currency)} against {figures.amounts(below[part], currency)}; "
                f"one of these prices is off{_flips(case, content, figures.products(case)[place], lines, gap)}"
            )


def _flips(case: Case, content: ProductContent, product: Product, lines: list[Line], gap: Fraction) -> str:
    """What the share would be with the assembly at the cost of its parts, where the limit then says otherwise."""
    if product.standing is None or product.outside is None:
        return ""
    whole = sum((line.amount.high for line in lines), Fraction(0))
    raised = dict(content.composition)
    for line in lines:
        part = line.amount.high / whole if whole else Fraction(1, len(lines))
        raised[line.origin] = raised.get(line.origin, ZERO) + Range(gap * part, gap * part)
    share = share_range(split(raised, figures.inside(case), others=True))
    limit = product.standing.limit
    if share is None or _side(share, limit) == _side(product.outside, limit):
        return ""
    told = figures.percents(share, limit)
    return f". At what its parts cost, {told} would come from outside, and the limit would be answered otherwise"


def _side(share: Range, limit: Fraction) -> tuple[bool, bool]:
    """Whether the limit is kept for certain, and whether it is broken for certain."""
    return share.high <= limit, share.low > limit
