"""Answers about where the value comes from, beside the verdict: as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from jointbuy.asked import BreakEven, Carrier, Explored, Moved, Moves, Scenario, Stressed, Variant, Why
from jointbuy.exact import Range, decimal
from jointbuy.materials import Minerals
from jointbuy.report import figures, terminal, words
from jointbuy.report import json as as_json
from jointbuy.report.json import Json
from jointbuy.report.layout import finish, heading, table, wrap

_SHOWN = 10
KINDS = {
    "method": "By method",
    "base": "Measured against another base",
    "cost": "With other kinds of cost",
    "material": "With raw materials counted otherwise",
    "policy": "With what is undeclared counted otherwise",
}


def text(found: Explored, colour: bool, width: int, *, missing: bool = False) -> str:
    """Everything that was asked, below the content itself."""
    told = terminal.content(found.case, colour, width, missing=missing)
    lines = [line for part in _parts(found, max(60, min(width, 100))) for line in part]
    return told + finish(lines, colour=colour) if lines else told


def _parts(found: Explored, width: int) -> Iterable[list[str]]:
    currency = words.currency(found.case)
    several = len({each.product for each in found.variants}) > 1
    for kind, title in KINDS.items():
        if variants := [each for each in found.variants if each.kind == kind]:
            yield [
                *heading(title),
                *table([_variant(each, several, found.limit) for each in variants], frozenset({1}), width, 2),
            ]
    for why in found.why:
        yield _why(why, currency, width)
    if found.used:
        rows = [(figures.number(use.quantity), use.parent, _inside(use.inside), str(use.row)) for use in found.used]
        yield [*heading("Where it is used"), *table(rows, frozenset({0}), width, 2)]
    for moves in found.moves:
        before, after = share(moves.before, found.limit), share(moves.after, found.limit)
        yield [
            *heading(f"What moved the share from outside of {moves.product}"),
            *wrap(f"{before} before, {after} now; what is undeclared counts as outside", width, 2),
            "",
            *(
                table([_moved(each) for each in moves.lines[:_SHOWN]], frozenset({0}), width, 2)
                or ["  No line changed."]
            ),
            *_more(len(moves.lines)),
        ]
    if found.scenarios:
        several = len({one.product for one in found.scenarios}) > 1
        told = [_scenario(each, several, found.limit) for each in found.scenarios]
        yield [*heading("What if"), *table(told, frozenset({1}), width, 2)]
    if found.stressed:
        yield [*heading("What would just meet the limit"), *_break_evens(found.break_evens, width)]
    if found.minerals:
        # Imported on use: few ask for them.
        from jointbuy.report import minerals

        yield from minerals.text(found.minerals, currency, width)
    for stressed in found.stressed:
        yield [*heading(f"Under errors of price and rate: {stressed.product}"), *_stressed(stressed, width)]


def _variant(each: Variant, several: bool, limit: Fraction | None) -> tuple[str, str, str]:
    """Where several end products are told apart, the product stands before the name."""
    name = f"{each.product}: {each.name}" if several else each.name
    bound = " (a bound)" if each.bound else ""
    chosen = "→ " if each.chosen else "  "
    return chosen + name, figures.percents(each.outside, limit) if each.outside else "–", each.term + bound


def _why(why: Why, currency: str, width: int) -> list[str]:
    name = why.country or "undeclared"
    total = figures.amounts(why.total, currency)
    rows = [
        (figures.amounts(each.amount, currency), _part_of(each.amount, why.total), path(each)) for each in why.carriers
    ]
    told = f"{total} in one {why.product}, every part traced; the paths that carry most of it:"
    return [*heading(f"Why {name}"), *wrap(told, width, 2), "", *table(rows, frozenset({0, 1}), width, 2)]


def path(each: Carrier) -> str:
    """A path below the end product, with the name of the part at its end."""
    return " → ".join(each.path[1:]) + (f" ({each.name})" if each.name else "")


def _part_of(amount: Range, whole: Range) -> str:
    return figures.percents(Range(*(2 * [amount.high / whole.high]))) if whole.high else "–"


def _inside(inside: Sequence[tuple[str, Fraction]]) -> str:
    return ", ".join(f"{figures.number(number)} in {root}" for root, number in inside)


def share(value: Fraction | None, limit: Fraction | None = None) -> str:
    """A share in words, which there may not be; never the limit where it is another."""
    return figures.percent(value, limit) if value is not None else "no cost"


def points(by: Fraction) -> str:
    """A move of a share in points of a hundred, with its sign."""
    return f"{'+' if by > 0 else ''}{decimal(by * 100, 2)} points"


def _moved(each: Moved) -> tuple[str, str]:
    return points(each.by), f"{each.part}{f', {each.supplier}' if each.supplier else ''} ({changed(each)})"


def changed(each: Moved) -> str:
    """What became of a line, and what somebody changed."""
    told = "new" if not each.cost_before else "gone" if not each.cost_after else "changed"
    first, more = each.because[:_CAUSES], len(each.because) - _CAUSES
    return told + (f": {', '.join(first)}" if first else "") + (f" and {more} more" if more > 0 else "")


_CAUSES = 4


KEEPS = {"yes": "keeps the limit", "no": "breaks the limit", "unknown": "open: declarations are missing"}


def _scenario(each: Scenario, several: bool, limit: Fraction | None) -> tuple[str, str, str]:
    name = f"{each.product}: {each.name}" if several else each.name
    changes = f"{each.changes} change{'s' * (each.changes > 1)}"
    return name, figures.percents(each.outside, limit) if each.outside else "–", f"{KEEPS[each.keeps]}, {changes}"


def _more(lines: int) -> list[str]:
    return ["", f"  and {lines - _SHOWN} more; --json has them all"] if lines > _SHOWN else []


def told(each: BreakEven) -> str:
    """A break-even in words: a dollar 7.4 % dearer."""
    what = each.currency or f"{each.part}{f' of {each.supplier}' if each.supplier else ''}"
    return f"{what} {decimal(abs(each.change) * 100, 2)} % {'dearer' if each.change > 0 else 'cheaper'}"


OF_THE_BILL = (
    "Each by itself, of the price in the bill or of the rate; where a price or rate is not among them, no change of it "
    "alone meets the limit exactly."
)
"""What is said below break-evens."""


def _break_evens(found: Sequence[BreakEven], width: int) -> list[str]:
    rates, prices = ([each for each in found if bool(each.currency) == wanted] for wanted in (True, False))
    lines = [line for each in (*rates, *prices[:_SHOWN]) for line in wrap(f"· {told(each)}", width, 2, 2)]
    return [*lines, *_more(len(prices)), *([""] if lines else []), *wrap(OF_THE_BILL, width, 2)]


def often(found: Stressed) -> str:
    """How often the limit breaks."""
    return f"{found.broken:,} of {found.draws:,} draws break the limit of {figures.limit_percent(found.limit)}."


def assumed(found: Stressed) -> str:
    """What the draws assume."""
    others = ", those that weigh most; the others move with their rates alone" if found.others else ""
    return (
        f"Assumed: every price, and every exchange rate, is off by up to {decimal(found.error * 100, 2)} % either way, "
        f"each for itself, small errors likelier; {found.draws:,} draws from seed {found.seed}, {found.varied:,} lines "
        f"varied{others}; what is undeclared counts as outside."
    )


def _stressed(found: Stressed, width: int) -> list[str]:
    most = max(count for _, count in found.histogram)
    points = words.told_apart([point for _, point in found.quantiles])
    spread = ", ".join(
        f"{name} of draws below {point}" for (name, _), point in zip(found.quantiles, points, strict=True)
    )
    lows = words.told_apart([low for low, _ in found.histogram])
    counts = [count for _, count in found.histogram]
    bars = [
        (low, "█" * max(1, round(40 * count / most)) if count else "") for low, count in zip(lows, counts, strict=True)
    ]
    return [
        *wrap(often(found), width, 2),
        *wrap(spread, width, 2),
        "",
        *table(bars, frozenset({0}), width, 2),
        "",
        *wrap(assumed(found), width, 2),
    ]


# --- as JSON ----------------------------------------------------------------------------------


def json(found: Explored) -> Json:
    """The content of a purchase with everything that was asked."""
    currency = words.currency(found.case)
    return as_json.content(found.case) | {
        "variants": [
            {
                "product": each.product,
                "kind": each.kind,
                "name": each.name,
                "term": each.term,
                "outside": as_json.ends(each.outside),
                "bound": as_json.word(each.bound),
                "chosen": as_json.word(each.chosen),
            }
            for each in found.variants
        ],
        "why": [_why_json(why, currency) for why in found.why],
        "used": [
            {
                "parent": use.parent,
                "quantity": figures.exact_decimal(use.quantity),
                "inside": {root: figures.exact_decimal(number) for root, number in use.inside},
                "row": str(use.row),
            }
            for use in found.used
        ],
        "moves": [_moves_json(moves) for moves in found.moves],
        "scenarios": [
            {
                "scenario": each.name,
                "product": each.product,
                "outside": as_json.ends(each.outside),
                "keeps_limit": each.keeps,
                "bound": as_json.word(each.bound),
            }
            for each in found.scenarios
        ],
        "break_evens": [
            {
                "product": each.product,
                "currency": each.currency,
                "part": each.part,
                "supplier": each.supplier,
                "change": as_json.share(each.change),
            }
            for each in found.break_evens
        ],
        "stress": [_stressed_json(each) for each in found.stressed],
        "minerals": _minerals_json(found.minerals, currency) if found.minerals else None,
    }


def _minerals_json(found: Minerals, currency: str) -> Json:
    # Imported on use: few ask for them.
    from jointbuy.report import minerals

    return minerals.json(found, currency)


def _why_json(why: Why, currency: str) -> Json:
    paths = [
        {
            "path": list(each.path),
            "name": each.name,
            "quantity": figures.exact_decimal(each.quantity),
            "amount": as_json.amount(each.amount, currency),
        }
        for each in why.carriers
    ]
    total = as_json.amount(why.total, currency)
    return {"product": why.product, "country": why.country, "total": total, "paths": paths}


def _moves_json(moves: Moves) -> Json:
    return {
        "product": moves.product,
        "before": as_json.share(moves.before) if moves.before is not None else None,
        "after": as_json.share(moves.after) if moves.after is not None else None,
        "lines": [
            {
                "part": each.part,
                "supplier": each.supplier or None,
                "by": as_json.share(each.by),
                "because": list(each.because),
            }
            for each in moves.lines
        ],
    }


def _stressed_json(found: Stressed) -> Json:
    return {
        "product": found.product,
        "limit": as_json.share(found.limit),
        "error": as_json.share(found.error),
        "seed": found.seed,
        "draws": found.draws,
        "broken": found.broken,
        "lines_varied": found.varied,
        "others_move_with_rates": "yes" if found.others else "no",
        "quantiles": {name: decimal(point, 6) for name, point in found.quantiles},
        "histogram": [{"from": decimal(low, 6), "draws": count} for low, count in found.histogram],
    }
