"""Published yields that ship as dated facts, each with its source: yields.yaml beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib import resources

from jointbuy.errors import LawError
from jointbuy.exact import parse_decimal
from jointbuy.lending import Curve
from jointbuy.yamltext import Fields, Node, Text, parse

FILE = "yields.yaml"


@dataclass(frozen=True, slots=True)
class Published:
    """Curves by issuer, and what they rest on."""

    curves: Mapping[str, Curve]
    says: str


@cache
def published() -> Published:
    """Every published curve. Raises LawError where the file is not as it must be: a mistake of ours."""
    tree = parse(resources.files("jointbuy.fund").joinpath(FILE).read_text(encoding="utf-8"), FILE)
    on = date.fromisoformat(_word(tree, "as_of"))
    curves = {
        name: Curve(f"published {name}", _word(tree, "currency"), on, "par", 1, _points(node))
        for name, node in _below(_below(tree, None)["yields"], None).items()
    }
    says = f"{_word(tree, 'source')}; {_word(tree, 'note')} ({_word(tree, 'confidence')})"
    return Published(curves, says)


def _below(tree: Node, key: str | None) -> Mapping[str, Node]:
    node = tree if key is None else _below(tree, None)[key]
    if not isinstance(node, Fields):
        raise LawError(f"{FILE}: keys are expected at {node.where}")
    return node.fields


def _word(tree: Node, key: str) -> str:
    node = _below(tree, None)[key]
    if not isinstance(node, Text):
        raise LawError(f"{FILE}: {key} is no text")
    return node.value


def _points(node: Node) -> tuple[tuple[Fraction, Fraction], ...]:
    return tuple(
        (Fraction(years), parse_decimal(_word(node, years).removesuffix("%")) / 100) for years in _below(node, None)
    )
