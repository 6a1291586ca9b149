"""Origins that nobody declared and on which a limit hangs: the heaviest first, and the fewest that would settle it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from jointbuy.exact import ADDED, assumed, divided, split, worst_excess
from jointbuy.parameters import View
from jointbuy.result import Content, Line, MissingDeclaration, ProductContent
from jointbuy.rules import Rule, ShareLimit, walk


def missing(content: Content | None, deciding: Iterable[Rule], view: View) -> tuple[MissingDeclaration, ...]:
    """Origins that are open, heaviest first; the fewest that settle the limit when they are inside are marked."""
    leaf = next(_share_limits(deciding), None)
    if content is None or leaf is None:
        return ()
    method = view.reading("components")
    return tuple(entry for product in content.by(method) for entry in rank(product, leaf, view))


def _share_limits(rules: Iterable[Rule]) -> Iterator[ShareLimit]:
    for rule in rules:
        for expression in walk(rule.expression):
            if isinstance(expression, ShareLimit) and expression.others and expression.at_most:
                yield expression


def rank(product: ProductContent, leaf: ShareLimit, view: View) -> list[MissingDeclaration]:
    """What is open of an end product's lines, heaviest first, and whether each is among the fewest that settle it."""
    limit, members = view.parameter(leaf.limit).value, view.group(leaf.group).members
    if not isinstance(limit, Fraction):
        raise TypeError(f"{leaf.limit} must be a share")
    excess = worst_excess(split(product.composition, members, others=True), limit)
    found = [(_relief(line, members, limit), line) for line in product.lines if _open(line, members)]
    entries = []
    for relief, line in sorted(found, key=lambda each: (-each[0], each[1].part, each[1].supplier or "")):
        settles = excess > 0 and relief > 0
        excess -= relief
        amount = line.amount.times(_open(line, members))
        entries.append(
            MissingDeclaration(product.product, line.part, line.name, line.supplier, amount, settles, line.row)
        )
    # By absorption one declaration may turn an assembly, and an uncertain price in several places moves them all: then
    # which are the fewest is not told.
    lines = {line.origin for line in product.lines} | {ADDED}
    together = product.counted == len(product.lines) and not product.composition.keys() <= lines
    unclear = excess > 0 or together or product.method.startswith("absorption")
    return [replace(entry, settles=False) for entry in entries] if unclear else entries


def _open(line: Line, members: Container[str]) -> Fraction:
    """The share of a line that may be from the members or not."""
    return divided(line.origin, members)[2]


def _relief(line: Line, members: Container[str], limit: Fraction) -> Fraction:
    """By how much the worst case falls when what is open of a line is declared to be inside."""
    parts = split({line.origin: line.amount}, members, others=True)
    return worst_excess(parts, limit) - worst_excess(assumed(parts, counts=False), limit)
