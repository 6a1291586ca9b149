"""Facts under one reading and another, and what an expression looks at of them: the rest is not worked out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jointbuy.decide import facts as facts_of
from jointbuy.decide.content_facts import of_content
from jointbuy.law import Act
from jointbuy.model import Purchase
from jointbuy.parameters import View
from jointbuy.result import Content, Control
from jointbuy.rules import AtLeast, Every, Expression, Facts, inner


def looks_at(expression: Expression) -> Iterator[str]:
    """The facts of a purchase that the expression names; of its collections their names, not those of members."""
    if isinstance(expression, Every | AtLeast):
        yield expression.collection  # what the member looks at is its own
        return
    fact: str | None = getattr(expression, "fact", None)
    if fact is not None:
        yield fact
    day: str | None = getattr(expression, "on", None)
    if day is not None:
        yield day
    for part in inner(expression):
        yield from looks_at(part)


def differing(facts: Facts, others: Facts) -> frozenset[str]:
    """The names of facts that are not the same in both; both have every name."""
    return frozenset(name for name, fact in facts.items() if fact is not others[name] and fact != others[name])


def facts_by_view(
    purchase: Purchase, control: Control, contents: Callable[[View], Content | None], act: Act, view: View
) -> Callable[[View], Facts]:
    """The facts of a purchase under the readings of a view that differs from this one in nothing else."""
    content = contents(view)
    stated = facts_of.stated(purchase, control, view.group(act.perimeter).members, view.places.states, view.known_on)
    facts = {**stated, **of_content(purchase, control, content)}
    known: dict[int, tuple[Content | None, Facts]] = {id(content): (content, facts)}
    by_lines: dict[tuple[int, ...], tuple[Content, Facts]] = {}  # measured against another base, lines are the same

    def under(view: View) -> Facts:
        other = contents(view)
        if id(other) not in known:
            key = tuple(id(product.lines) for product in other.products) if other else ()
            like = by_lines.get(key, (content, facts)) if content else None
            found = {**stated, **of_content(purchase, control, other, like)}
            known[id(other)] = other, found
            if other:
                by_lines.setdefault(key, (other, found))
        return known[id(other)][1]

    return under
