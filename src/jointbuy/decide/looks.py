"""What an expression looks at, so that what it came to is not worked out again where none of that differs."""

from __future__ import annotations

from collections.abc import Iterator

from jointbuy.rules import AtLeast, Every, Expression, Facts, inner


def looks_at(expression: Expression) -> Iterator[str]:
    """The facts of a purchase that the expression names; of its collections their names, not those of members."""
    if isinstance(expression, Every | AtLeast):
        yield expression.collection  # what the member looks at is its own
        return
    fact: str | None = getattr(expression, "fact", None)
    if fact is not None:
        yield fact
    for part in inner(expression):
        yield from looks_at(part)


def differing(facts: Facts, others: Facts) -> frozenset[str]:
    """The names of facts that are not the same in both; both have every name."""
    return frozenset(name for name, fact in facts.items() if fact is not others[name] and fact != others[name])
