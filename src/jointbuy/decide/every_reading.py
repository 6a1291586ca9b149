"""What a verdict comes to under every combination of readings, and on which it hangs."""

from __future__ import annotations

from collections.abc import Callable, Container
from math import prod
from typing import cast

from jointbuy.decide import facts as facts_of
from jointbuy.decide.diagram import Diagram, Diagrams
from jointbuy.decide.looks import facts_by_view
from jointbuy.decide.tree import Place, Tree
from jointbuy.decide.verdict import MIXING, opened, outcome_by, standing
from jointbuy.law import Act
from jointbuy.model import Purchase
from jointbuy.parameters import View
from jointbuy.result import AllReadings, Combination, Content, Control, Leads, Outcome
from jointbuy.rules import S

_ORDER: tuple[Outcome, ...] = ("eligible", "undetermined", "not eligible")


def every_reading(
    purchase: Purchase,
    control: Control,
    contents: Callable[[View], Content | None],
    act: Act,
    view: View,
    apart: Container[str],
) -> AllReadings:
    """The outcomes of a purchase under every combination of the readings that nobody has fixed.

    `contents` gives the content under the readings of a view; `apart` are readings on kinds of cost that only add
    lines of end products or take them away. Raises Limit where there are too many combinations that differ.
    """
    facts_under = facts_by_view(purchase, control, contents, act, view)
    tree = Tree(facts_under, facts_of.statements(purchase), view, apart)
    outcome = outcome_of(tree, Place(facts_under(view)), act, view)
    diagrams, hangs_on = tree.diagrams, tree.diagrams.readings(outcome)
    asked = tuple(name for name in diagrams.options if name in tree.asked or name in hangs_on)
    return AllReadings(
        outcomes=_nearest(diagrams, outcome, {}),
        hangs_on=hangs_on,
        table=tuple(
            Leads(name, option, option == options[0], _nearest(diagrams, outcome, {name: option}))
            for name in hangs_on
            for options in (diagrams.options[name],)
            for option in options
        ),
        asked=asked,
        never=tuple(name for name in diagrams.options if name not in asked),
        fixed=tuple(sorted((name, option) for name, option in view.chosen.items() if name not in view.settled)),
        combinations=prod(len(diagrams.options[name]) for name in asked),
        evaluated=tree.evaluated,
        points=diagrams.size,
    )


def outcome_of(tree: Tree, at: Place, act: Act, view: View) -> Diagram:
    """The outcome as a diagram; whether conditions may mix routes is asked where the rules have spoken."""
    routes = opened(act, view)
    rules, diagrams = standing(act, routes), tree.diagrams
    # For the outcome a judgement is as good as met: what differs in that alone is one.
    statuses = [diagrams.combined(_passing, [tree.status(rule.expression, at)]) for rule in rules]

    def under(mixing: View) -> Diagram:
        return diagrams.combined(lambda *of: outcome_by(zip(rules, of, strict=True), routes, mixing), statuses)

    if MIXING not in diagrams.options:
        return under(view)
    ways = [view.reading_as(MIXING, option) for option in diagrams.options[MIXING]]
    return diagrams.branch(MIXING, [under(way) for way in ways])


def _passing(status: S) -> S:
    return S.JUDGEMENT if status is S.MET else status


def _nearest(diagrams: Diagrams, outcome: Diagram, fixed: dict[str, str]) -> tuple[Combination, ...]:
    """The outcomes that can come out, the nearest to what was chosen first."""
    found = [
        Combination(cast("Outcome", one), otherwise) for one, otherwise in diagrams.nearest(outcome, fixed).items()
    ]
    return tuple(sorted(found, key=lambda each: (len(each.otherwise), _ORDER.index(each.outcome))))
