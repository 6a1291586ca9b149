"""Published shares of what a buyer gets from one country, and why some cannot be set beside each other.

Nothing is averaged or chosen: what does not agree is shown as such, each share with its base.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from jointbuy.exact import Range, decimal
from jointbuy.spending import Doubt, Statement

_WHOLE = {"contracts", "capital spending"}
"""Kinds of money that reports use for each other, so that shares of them get added up."""


def doubts(statements: Sequence[Statement]) -> tuple[Doubt, ...]:
    """Every reason for which shares cannot be compared as they stand; aims are no figures and are left out."""
    real = [one for one in statements if not one.aim]
    return (*_beyond(real), *_apart(real), *_volumes(real))


def _beyond(statements: Sequence[Statement]) -> Iterator[Doubt]:
    """Shares of one buyer from different countries that together are more than the whole."""
    for one, other in combinations(statements, 2):
        if one.buyer != other.buyer or one.supplier == other.supplier or not _overlap(one, other):
            continue
        alike = one.what == other.what or {one.what, other.what} <= _WHOLE
        least = one.share.low + other.share.low
        if alike and one.unit == other.unit and least > 1:
            bases = "the same base by name" if one.base == other.base else f'"{one.base}" and "{other.base}"'
            text = (
                f"{told(one.share)} from {one.supplier} and {told(other.share)} from {other.supplier} make at least "
                f"{_percent(least)} of {one.buyer}: they cannot be shares of one base; stated: {bases}"
            )
            yield Doubt("more than the whole", text, (one.id, other.id))


def _apart(statements: Sequence[Statement]) -> Iterator[Doubt]:
    """Shares of one kind, buyer and country, of years that overlap, that cannot all be true of one base."""
    by: dict[tuple[str, str, str], list[Statement]] = {}
    for one in statements:
        by.setdefault((one.buyer, one.supplier, one.what), []).append(one)
    for (buyer, supplier, what), group in by.items():
        clash = [
            one
            for one in group
            if any(_overlap(one, other) and not _meet(one.share, other.share) for other in group if other is not one)
        ]
        if clash:
            each = "; ".join(f"{told(one.share)} of {one.base} ({one.said})" for one in clash)
            differ = "their bases differ" if len({one.base for one in clash}) > 1 else "their base is the same"
            text = f"{what} of {buyer} from {supplier}: {each}: no two of them need agree, for {differ}"
            yield Doubt("do not agree", text, tuple(one.id for one in clash))


def _volumes(statements: Sequence[Statement]) -> Iterator[Doubt]:
    """Volumes of arms, which are no money."""
    found = [one for one in statements if one.unit == "volume"]
    if found:
        text = (
            "shares of volumes (trend-indicator values, TIV) are no shares of money: not to be set against contracts, "
            "budgets or prices"
        )
        yield Doubt("not money", text, tuple(one.id for one in found))


def _overlap(one: Statement, other: Statement) -> bool:
    """Whether two statements may speak of the same years; one without years may speak of any."""
    if one.since is None or other.since is None:
        return True
    return one.since <= (other.until or other.since) and other.since <= (one.until or one.since)


def _meet(one: Range, other: Range) -> bool:
    return one.low <= other.high and other.low <= one.high


def told(share: Range) -> str:
    """A stated share in words: `52 %`, `more than 70 %`, `less than 20 %`."""
    if share.known:
        return _percent(share.low)
    if share.high == 1:
        return f"more than {_percent(share.low)}"
    return f"less than {_percent(share.high)}" if not share.low else f"{_percent(share.low)} to {_percent(share.high)}"


def _percent(share: Fraction) -> str:
    return f"{decimal(share * 100, 1).removesuffix('.0')} %"
