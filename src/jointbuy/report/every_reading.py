"""A verdict under every combination of readings: what it hangs on, and what proves that nothing else matters."""

from __future__ import annotations

from jointbuy.report.layout import heading, table, wrap
from jointbuy.report.words import PAGE, count
from jointbuy.result import AllReadings, Combination, Leads


def headline(found: AllReadings) -> str:
    """The answer in one sentence."""
    if found.hangs_on:
        return f"The verdict hangs on {_and(found.hangs_on)}."
    return f"{found.outcomes[0].outcome.capitalize()} under every reading."


def ways(found: AllReadings) -> str:
    """Each outcome that is possible, with the fewest readings that lead to it."""
    first, *others = found.outcomes
    if not others:
        return f"Among {found.combinations:,} combinations of {count(len(found.asked), 'open reading')}."
    told = "; ".join(f"{way.outcome} with {_choices(way)}" for way in others)
    return f"As chosen it is {first.outcome}. The fewest other choices that change it: {told}."


def proof(found: AllReadings) -> list[str]:
    """What was looked into in place of every combination, and what never came up."""
    harmless = [name for name in found.asked if name not in found.hangs_on]
    told = [
        f"{count(found.evaluated, 'fact')} and limits were worked out for {found.combinations:,} combinations of "
        f"{count(len(found.asked), 'reading')}; at {count(found.points, 'place')} options come to something else."
    ]
    if harmless:
        told.append(f"Asked for, but no choice of the others lets them change the outcome: {', '.join(harmless)}.")
    if found.never:
        told.append(f"Never asked for, whatever the others are: {', '.join(found.never)}.")
    if found.fixed:
        told.append(f"Fixed, and not explored: {', '.join(f'{name}={option}' for name, option in found.fixed)}.")
    return told


def text(found: AllReadings | None, width: int) -> list[str]:
    """The lines for a terminal; none where it was not asked for."""
    if found is None:
        return []
    lines = [*heading(PAGE["all readings"]), *wrap(headline(found), width, 2)]
    lines += wrap(ways(found), width, 2, 2)
    if found.table:
        rows, before = [(PAGE["reading head"], PAGE["option"], PAGE["comes to"])], ""
        for name, option, comes in rows_of(found):
            rows.append(("" if name == before else name, option, "; ".join(comes)))
            before = name
        lines += ["", *table(rows, frozenset(), width, 2)]
    return [*lines, "", *(line for told in proof(found) for line in wrap(told, width, 2, 2))]


def json(found: AllReadings | None) -> dict[str, object] | None:
    """The same as one JSON object; None where it was not asked for."""
    if found is None:
        return None
    return {
        "outcomes": [_way(way) for way in found.outcomes],
        "hangs_on": list(found.hangs_on),
        "table": [
            {
                "reading": row.reading,
                "option": row.option,
                "chosen": "yes" if row.chosen else "no",
                "outcomes": [_way(way) for way in row.outcomes],
            }
            for row in found.table
        ],
        "asked": list(found.asked),
        "never": list(found.never),
        "fixed": dict(found.fixed),
        "combinations": found.combinations,
        "evaluated": found.evaluated,
        "points": found.points,
    }


def _way(way: Combination) -> dict[str, object]:
    return {"status": way.outcome, "with": dict(way.otherwise)}


def rows_of(found: AllReadings) -> list[tuple[str, str, list[str]]]:
    """The table: a reading, one of its options, and what that comes to.

    Where that is what the whole comes to, by the same choices, it is not told again.
    """
    return [
        (
            row.reading,
            row.option + (f" ({PAGE['as chosen']})" if row.chosen else ""),
            [PAGE["as above"]] if row.outcomes == found.outcomes else _comes(row),
        )
        for row in found.table
    ]


def _comes(row: Leads) -> list[str]:
    return [f"{way.outcome} with {_choices(way)}" if way.otherwise else way.outcome for way in row.outcomes]


def _choices(way: Combination) -> str:
    return _and([f"{name}={option}" for name, option in way.otherwise])


def _and(told: list[str] | tuple[str, ...]) -> str:
    *others, last = told
    return f"{', '.join(others)} and {last}" if others else last
