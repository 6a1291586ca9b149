"""Strategic raw materials by country beside the Union's benchmark, as text and JSON: an indicator, never a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from jointbuy.materials import Held, Holding, Minerals, Standing, Tally
from jointbuy.report import figures
from jointbuy.report import json as as_json
from jointbuy.report.figures import NBSP
from jointbuy.report.json import Json
from jointbuy.report.layout import bar, ends, heading, table, wrap

_SHOWN = 10
AGAINST = {"yes": "above", "no": "within", "unknown": "open"}
_CELLS = 20


def mass(value: Fraction) -> str:
    """A mass in kilograms, in grams below one; a very small one never looks like nothing."""
    if value >= 1:
        return f"{figures.number(value)}{NBSP}kg" if value >= 100 else f"{_plain(value)}{NBSP}kg"
    return f"{_plain(value * 1000)}{NBSP}g"


def _plain(value: Fraction) -> str:
    """A number with three decimals at most, more where it would look like nothing, less where they are nought."""
    digits = next((digits for digits in range(3, 30) if round(value * 10**digits)), 30)
    scaled = round(value * 10**digits)
    text = f"{scaled // 10**digits}.{scaled % 10**digits:0{digits}}"
    return text.rstrip("0").rstrip(".")


def name(holding: Holding) -> str:
    """A material with what the list asks for: as stated, or as an `if` that nobody has settled."""
    if holding.condition is None or holding.condition in holding.title or holding.title.endswith(holding.condition):
        return holding.title
    return f"{holding.title}, {'' if holding.fulfils else 'if '}{holding.condition}"


def stage(one: Tally) -> str:
    """A stage of the value chain."""
    return one.stage or "no stage stated"


def shares(one: Tally) -> list[tuple[str, Standing | None, Fraction]]:
    """Shares of the mass by country, third countries first, and what is not declared last."""
    whole = total(one)
    by = sorted(one.countries, key=lambda each: each[1] != "third country")
    rest = [("not declared", None, one.undeclared / whole)] if one.undeclared else []
    return [*((country, standing, amount / whole) for country, standing, amount in by), *rest]


def countries(one: Tally) -> str:
    """Where a stage was done, with shares of the mass."""
    return ", ".join(f"{country}{NBSP}{figures.percent(share)}" for country, _, share in shares(one))


def total(one: Tally) -> Fraction:
    """All of the mass."""
    return sum((amount for *_, amount in one.countries), one.undeclared)


def against(one: Tally, limit: Fraction) -> str:
    """The third country with most, its share, and how that stands to the benchmark."""
    if not one.share.high:
        return "no third country"
    return f"{one.largest or 'any third country'} {figures.percents(one.share, limit)}: {AGAINST[one.above]}"


def indicator(found: Minerals) -> str:
    """What the benchmark is, and what it is not."""
    act = found.materials.citation.partition(" of the")[0]
    return (
        f"An indicator, no verdict: {found.provision} of {act} aims for 2030 at no third country "
        f"with more than {figures.limit_percent(found.limit)} of the Union's annual consumption of a "
        "strategic raw material, at any relevant stage. What is bought here is not that consumption."
    )


def said(one: Held) -> str:
    """How much of the bill says what it holds."""
    rest = "; of the others nothing is known, which is not nothing" if one.said < one.lines else ""
    return f"{one.said:,} of {one.lines:,} lines of components and raw materials say what they hold{rest}."


def others(one: Held) -> Iterator[str]:
    """What is not on the list."""
    for each in one.others:
        more = " (critical, not strategic)" if each.critical else f" (is it {each.hint}?)" if each.hint else ""
        yield f"{each.name} {mass(each.mass)}{more}"


def unmeasured(one: Held, currency: str) -> Iterator[str]:
    """Raw materials of unknown mass, with what they cost."""
    for each in one.unmeasured:
        called = f"{each.part} ({each.name})" if each.name else each.part
        yield f"{called} {figures.amounts(each.cost, currency)}: {each.why}"


def remarks(found: Minerals) -> Iterator[str]:
    """What one should know of the answer."""
    holdings = [each for one in found.products for each in one.holdings]
    if any(not each.fulfils for each in holdings):
        yield (
            "With an if: the list has it in a grade, form or use that the bill does not state. "
            "State it with the name, such as nickel battery grade 2 kg, or leave it open."
        )
    if any(not each.verified for each in holdings):
        yield "The list says platinum group metals; which metals these are was not read in it."
    yield found.materials.caution
    yield found.materials.third_countries
    yield from found.notes


# --- as text ----------------------------------------------------------------------------------


def text(found: Minerals, currency: str, width: int) -> Iterator[list[str]]:
    """A section for each end product, one for all that is bought where it is several, and what to know of them."""
    for one, head in heads(found):
        yield [
            *heading(head),
            *(_held(found, one, currency, width) if one.product else _table(found, one, None, width)),
        ]
    lines = [line for each in (indicator(found), *remarks(found)) for line in [*wrap(each, width, 2), ""]]
    yield ["", *lines[:-1]]


def _held(found: Minerals, one: Held, currency: str, width: int) -> Iterator[str]:
    if one.holdings:
        yield from _table(found, one, one.quantity if len(found.products) == 1 else None, width)
    else:
        yield from wrap("The bill states none: see the column materials in docs/content.md.", width, 2)
    yield ""
    yield from wrap(said(one), width, 2)
    yield from _listed("Not on the list:", list(others(one)), len(one.others), width)
    if one.unmeasured_count:
        cost = figures.amounts(one.unmeasured_cost, currency)
        head = f"Raw materials of unknown mass, {cost} in each, counted nowhere above:"
        yield from _listed(head, list(unmeasured(one, currency)), one.unmeasured_count, width)


def _listed(head: str, told: list[str], count: int, width: int) -> Iterator[str]:
    if told:
        yield ""
        yield from wrap(head, width, 2)
        for each in told[:_SHOWN]:
            yield from wrap(f"· {each}", width, 4, 2)
        if count > _SHOWN:
            yield f"    and {count - _SHOWN:,} more"


def _table(found: Minerals, one: Held, times: Fraction | None, width: int) -> Iterator[str]:
    """A material a block, with a bar a stage: the third country with most, what is not declared, all others."""
    for holding in one.holdings:
        whole = f" · {mass(holding.mass * times)} in {figures.number(times)}" if times else ""
        yield from ends(
            name(holding), f"{mass(holding.mass)} in {'one' if one.product else 'all'}{whole}", width, indent=2
        )
        rows = [
            (
                stage(each).ljust(15),
                bar(each.share.low, each.share.high, found.limit, _CELLS)[0],
                AGAINST[each.above],
                countries(each),
            )
            for each in holding.stages
        ]
        yield from table(rows, frozenset(), width, 4)
    yield ""
    told = f"█ third country with most   ▒ not declared   ░ others   ┃ {figures.limit_percent(found.limit)}"
    yield from wrap(told, width, 2)


# --- as JSON ----------------------------------------------------------------------------------


def json(found: Minerals, currency: str) -> Json:
    """All of it; masses in kilograms as exact decimals, shares as elsewhere."""
    materials = found.materials
    return {
        "indicator": indicator(found),
        "benchmark": as_json.share(found.limit),
        "provision": found.provision,
        "citation": materials.citation,
        "reference": materials.reference,
        "list_checked": materials.as_of.isoformat(),
        "remarks": list(remarks(found)),
        "products": [_held_json(one, currency) for one in found.products],
        "whole": {"holdings": list(map(_holding, found.whole.holdings))} if found.whole else None,
    }


def _held_json(one: Held, currency: str) -> Json:
    return {
        "product": one.product,
        "quantity": figures.exact_decimal(one.quantity) if one.quantity is not None else None,
        "lines": one.lines,
        "lines_that_say": one.said,
        "holdings": list(map(_holding, one.holdings)),
        "not_on_the_list": [
            {
                "name": each.name,
                "kg": figures.exact_decimal(each.mass),
                "critical": as_json.word(each.critical),
                "perhaps": each.hint or None,
            }
            for each in one.others
        ],
        "unknown_mass": {
            "count": one.unmeasured_count,
            "cost": as_json.amount(one.unmeasured_cost, currency),
            "dearest": [
                {"part": each.part, "name": each.name, "why": each.why, "cost": as_json.amount(each.cost, currency)}
                for each in one.unmeasured
            ],
        },
    }


def _holding(one: Holding) -> Json:
    return {
        "material": one.title,
        "members": list(one.members),
        "provision": one.provision,
        "condition": one.condition,
        "condition_stated": as_json.word(one.fulfils),
        "verified": as_json.word(one.verified),
        "kg": figures.exact_decimal(one.mass),
        "stages": [
            {
                "stage": each.stage or None,
                "kind": each.kind or None,
                "kg_by_country": {country: figures.exact_decimal(amount) for country, _, amount in each.countries},
                "standing": {country: standing for country, standing, _ in each.countries},
                "kg_undeclared": figures.exact_decimal(each.undeclared),
                "largest_third_country": each.largest,
                "share": as_json.ends(each.share),
                "above_benchmark": each.above,
            }
            for each in one.stages
        ],
    }


def heads(found: Minerals) -> Iterable[tuple[Held, str]]:
    """What is shown apart, with its heading."""
    yield from ((one, f"Strategic raw materials in one {one.product}") for one in found.products)
    if found.whole and len(found.products) > 1:
        yield found.whole, "Strategic raw materials in all that is bought"
