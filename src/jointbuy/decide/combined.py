"""Statuses of several parts as one, with the words and values of who decides it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import TypeVar

from jointbuy.decide.node import Node
from jointbuy.rules import S

_T = TypeVar("_T")
CLOSED = "this reading closes it"
"""Why a way is not open that a reading takes away, or that nobody claims; said only where nothing else is."""
_OPEN, _WANTING = frozenset({S.UNKNOWN, S.JUDGEMENT}), frozenset({S.UNKNOWN, S.NOT_MET})


def combine(nodes: Sequence[Node], pick: Callable[[Iterable[S]], S], otherwise: S = S.NOT_APPLICABLE) -> Node:
    """The lowest or highest status of those that apply, with the words and values of who decided it."""
    applying = [node for node in nodes if node.status is not S.NOT_APPLICABLE]
    if not applying:
        first = nodes[0] if nodes else Node(otherwise, CLOSED)
        return Node(S.NOT_APPLICABLE if nodes else otherwise, first.because, sources=first.sources)
    status = pick([node.status for node in applying])
    decisive = [node for node in applying if node.status is status]
    if pick is max and status is S.MET and len(decisive) > 1:  # one suffices: the one that rests on least
        decisive = [min(decisive, key=lambda node: len(node.unverified))]
    speaking = decisive[0]
    because, unverified, by = speaking.because, speaking.unverified, speaking.by
    if len(decisive) > 1:
        speaking, because = _speaking(decisive), joined(_told(decisive, ways_out=pick is max and status is S.NOT_MET))
        by = unique(*(node.by for node in decisive))
    elif speaking.subject or "; " in because:
        because = joined(_pieces(speaking))
    # What a person may still confirm holds only if that holds which is met beside it, and rests on the same.
    carrying = applying if pick is min and status is S.JUDGEMENT else decisive
    if len(carrying) > 1:
        unverified = frozenset().union(*(node.unverified for node in carrying))
    if pick is min and status is S.NOT_MET and not all(node.unverified for node in decisive):
        unverified = frozenset()  # it fails by law that was read, whatever the rest says
    rest = decisive if pick is max else [node for node in applying if node.status in _OPEN]
    return Node(
        status,
        because,
        speaking.value,
        speaking.limit,
        speaking.unit,
        speaking.margin,
        speaking.margin_money,
        unique(*(node.sources for node in decisive)),
        unverified,
        missing=unique(*(node.missing for node in rest)) if status in _WANTING else (),
        questions=() if status is S.NOT_MET else unique(*(node.questions for node in rest)),
        by=by,
    )


def _told(decisive: Sequence[Node], *, ways_out: bool) -> list[str]:
    """What several nodes say that decide together; each by its provision where all are ways out that are closed."""
    telling = [node for node in decisive if node.because != CLOSED] or decisive
    several = len({node.cited for node in telling} - {""}) > 1 or any(map(_is_cited_way, telling))
    apart = ways_out and several and len(telling) > 1
    return [piece for node in telling for piece in (_closed_ways(node) if apart else _pieces(node))]


def _speaking(decisive: Sequence[Node]) -> Node:
    """Whose values stand for the whole of several: the tightest share's, or else nobody's."""
    shares = sorted(
        (node for node in decisive if node.margin_money is not None), key=lambda node: node.margin_money or 0
    )
    return shares[0] if shares else Node(decisive[0].status, "")


def _pieces(node: Node) -> list[str]:
    """What a node says; reasons without a subject apart, since two ways out may fail for the same reason."""
    return [f"{node.subject}: {node.because}"] if node.subject else node.because.split("; ")


def _is_cited_way(node: Node) -> bool:
    """Whether a node tells ways out itself, so that those beside it must be told by their provisions too."""
    return not node.cited and node.because.startswith("by ")


def _closed_ways(node: Node) -> list[str]:
    """The same of one of several ways out, none of which is open, by the provision that gives it."""
    first, *others = _pieces(node)
    return [f"by {node.cited}: {first}" if node.cited else first, *others]


def joined(told: Sequence[str]) -> str:
    """Reasons in a row, each once."""
    return "; ".join(dict.fromkeys(told))


def unique(*groups: tuple[_T, ...]) -> tuple[_T, ...]:
    """What stands in any of the groups, each once, in the order it comes."""
    told = [group for group in groups if group]
    if len(told) == 1 and len(told[0]) == 1:  # mostly; what is told once need not be compared
        return told[0]
    return tuple(dict.fromkeys(chain.from_iterable(told)))
