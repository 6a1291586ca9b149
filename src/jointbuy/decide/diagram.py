"""Decision diagrams: what a choice of readings comes to, with every choice that makes no difference left out.

A diagram is a value, or a reading with one diagram for each of its options. Readings stand in one order on every way
down, equal diagrams are one object, and a reading whose options all come to the same is left out. So two diagrams are
equal only where they are the same, and a reading stands in one exactly where some two choices that differ in it alone
come to different values (Bryant 1986, for readings of any number of options).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from math import prod
from typing import TypeAlias

from jointbuy.errors import Limit

MOST = 200_000
"""Decision points that one exploration may have."""
Diagram: TypeAlias = int
Deviations: TypeAlias = tuple[tuple[str, str], ...]


class Diagrams:
    """All diagrams over some readings; `options` names for each of these its options, the chosen one first."""

    def __init__(self, options: Mapping[str, Sequence[str]]) -> None:
        self.options = options
        self._rank = {name: rank for rank, name in enumerate(options)}
        self._nodes: list[tuple[str, tuple[Diagram, ...]] | None] = []
        self._values: dict[Diagram, Hashable] = {}
        self._known: dict[Hashable, Diagram] = {}

    def value(self, value: Hashable) -> Diagram:
        """The diagram that is one value, whatever is chosen."""
        return self._one(("value", value), None, value)

    def branch(self, reading: str, options: Sequence[Diagram]) -> Diagram:
        """For each option of a reading another diagram, whatever readings stand in these."""
        known: dict[tuple[Diagram, ...], Diagram] = {}

        def of(parts: tuple[Diagram, ...]) -> Diagram:
            if parts not in known:
                top = self._top((reading, *(name for part in parts if (name := self._reading(part)) is not None)))
                if top == reading:
                    below = tuple(self._option(part, reading, number) for number, part in enumerate(parts))
                else:
                    below = tuple(of(each) for each in self._each(parts, top))
                known[parts] = self._node(top, below)
            return known[parts]

        return of(tuple(options))

    def combined(self, function: Callable[..., Hashable], parts: Sequence[Diagram]) -> Diagram:
        """What a function of several values comes to."""
        known: dict[tuple[Diagram, ...], Diagram] = {}

        def of(parts: tuple[Diagram, ...]) -> Diagram:
            if parts not in known:
                tops = [name for part in parts if (name := self._reading(part)) is not None]
                if tops:
                    top = self._top(tops)
                    known[parts] = self._node(top, tuple(of(each) for each in self._each(parts, top)))
                else:
                    known[parts] = self.value(function(*(self._values[part] for part in parts)))
            return known[parts]

        return of(tuple(parts))

    def readings(self, diagram: Diagram) -> tuple[str, ...]:
        """The readings on which the value depends, in their order."""
        found, ahead = set[Diagram](), [diagram]
        while ahead:
            here = ahead.pop()
            if here not in found:
                found.add(here)
                node = self._nodes[here]
                ahead += node[1] if node else ()
        names = {node[0] for here in found if (node := self._nodes[here])}
        return tuple(name for name in self.options if name in names)

    def nearest(self, diagram: Diagram, fixed: Mapping[str, str]) -> Mapping[Hashable, Deviations]:
        """Every value that can come out while the `fixed` readings stay, with the fewest others not as chosen."""
        known: dict[Diagram, dict[Hashable, Deviations]] = {}

        def of(here: Diagram) -> dict[Hashable, Deviations]:
            node = self._nodes[here]
            if node is None:
                return {self._values[here]: ()}
            if here not in known:
                reading, below = node
                best: dict[Hashable, Deviations] = {}
                for option, part in zip(self.options[reading], below, strict=True):
                    if fixed.get(reading, option) != option:
                        continue
                    as_chosen = reading in fixed or option == self.options[reading][0]
                    for value, others in of(part).items():
                        told = others if as_chosen else ((reading, option), *others)
                        if value not in best or len(told) < len(best[value]):
                            best[value] = told
                known[here] = best
            return known[here]

        return of(diagram)

    def unfinished(self, explored: str) -> Limit:
        """That it was too much, how far it came, and what to do."""
        every = prod(map(len, self.options.values()))
        return Limit(
            f"the readings could not be explored to the end: {explored} were looked at, for up to {every:,} "
            "combinations, and there are more; choose some readings with --reading"
        )

    @property
    def size(self) -> int:
        """How many decision points there are in all diagrams together."""
        return sum(node is not None for node in self._nodes)

    def _reading(self, diagram: Diagram) -> str | None:
        node = self._nodes[diagram]
        return node[0] if node else None

    def _top(self, readings: Sequence[str]) -> str:
        return min(readings, key=self._rank.__getitem__)

    def _option(self, diagram: Diagram, reading: str, number: int) -> Diagram:
        node = self._nodes[diagram]
        return node[1][number] if node and node[0] == reading else diagram

    def _each(self, parts: tuple[Diagram, ...], reading: str) -> list[tuple[Diagram, ...]]:
        """The diagrams under each option of a reading that stands above all others in them."""
        return [
            tuple(self._option(part, reading, number) for part in parts) for number in range(len(self.options[reading]))
        ]

    def _node(self, reading: str, below: tuple[Diagram, ...]) -> Diagram:
        if len(set(below)) == 1:
            return below[0]
        return self._one((reading, below), (reading, below), None)

    def _one(self, key: Hashable, node: tuple[str, tuple[Diagram, ...]] | None, value: Hashable) -> Diagram:
        if key not in self._known:
            if len(self._nodes) >= MOST:
                raise self.unfinished(f"{MOST:,} decision points")
            self._known[key] = len(self._nodes)
            self._values[len(self._nodes)] = value
            self._nodes.append(node)
        return self._known[key]
