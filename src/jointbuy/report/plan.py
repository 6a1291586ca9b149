"""A joint plan for people, as JSON and as tables: who buys what from whom and when, and what proves it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from jointbuy.exact import decimal
from jointbuy.joint import (
    Clash,
    Contract,
    Delivery,
    Depends,
    Gives,
    Goal,
    Offer,
    Planned,
    Point,
    Reached,
    Row,
    called,
    delivers,
)
from jointbuy.money import DIGITS
from jointbuy.report.figures import NBSP, limit_percent
from jointbuy.report.json import share
from jointbuy.report.layout import dim, finish, heading, paint, table, wrap

_TOP, _BINDING, _SHORT, _MILLION = 4, 12, 100, 1_000_000
STATUS = {
    "optimal": "Optimal",
    "within the gap": "Found, within the gap asked for",
    "stopped": "Stopped: the best plan so far",
    "infeasible": "No plan keeps every condition",
    "none found": "No plan was found in time",
}
OUTSIDE = "outside the common procurement"
"""Of what is sold or bought apart: no number of buyers and no lead is asked for, and no loan pays."""
_ALONE = f"what is bought {OUTSIDE} needs no second buyer and no lead that borrows, and no loan pays for it"
_GIVES = (
    "All of it together makes the plan possible: there may be other conflicts than the one told, which it settles too."
)
_SHARES = (
    " A limit on a share of each state is one number in plan.yaml: write the loosest of these there, or name each "
    "state in a limit of its own."
)
FREE = ("need", "eligibility", "lead", "joint")
"""Families whose rows nearly always bind or say yes: they are not told among what binds."""


def title(found: Planned, code: str) -> str:
    """A country's name."""
    return found.plan.titles.get(code, code)


def money(found: Planned, minor: int | Fraction) -> str:
    """An amount in minor units, in millions where it is long, to the cent where it is short; for display only."""
    whole, places, unit = Fraction(minor) / 10 ** DIGITS[found.plan.currency], 0, ""
    if abs(whole) < _SHORT and whole.denominator > 1:
        places = DIGITS[found.plan.currency]
    if abs(whole) >= _MILLION:
        whole, places, unit = whole / _MILLION, 1, f"m{NBSP}"
    digits, _, rest = decimal(whole, places).partition(".")
    sign = "-" if digits.startswith("-") else ""
    return f"{sign}{int(digits.lstrip('-')):,}{'.' + rest if rest else ''}{NBSP}{unit}{found.plan.currency}"


def percent(part: Fraction | int, whole: Fraction | int = 1, places: int = 1) -> str:
    """A part of a whole in per cent; for display only."""
    return f"{decimal(Fraction(part) / Fraction(whole) * 100, places)}{NBSP}%" if whole else "–"


def names(found: Planned) -> Mapping[str, str]:
    """What each offer is called."""
    return called(found.plan.offers, found.plan.titles)


def listed(words: Sequence[str]) -> str:
    """Words after each other."""
    return ", ".join(words)


def gap_told(found: Planned) -> str:
    """The gap in words."""
    first = found.reached[0] if found.reached else None
    if found.gap is None:
        if first is None or first.goal == "cost":
            return "no bound is known" if found.bound is None else f"none below {money(found, found.bound)}"
        return f"the least that keeps {first.goal} as low" if found.status == "optimal" else f"{first.goal} goes first"
    if found.status == "optimal":
        return "no other plan costs less"
    return f"at most {percent(found.gap, places=3)} above the least possible"


# --- for a terminal -------------------------------------------------------------------------


def text(found: Planned, colour: bool, width: int) -> str:
    """The plan, for a terminal of so many columns."""
    style = {"optimal": "green", "within the gap": "green", "stopped": "yellow"}.get(found.status, "red")
    lines = [paint("bold", found.plan.title), *dim([f"{found.plan.id} · {', '.join(found.terms.says)}"]), ""]
    lines += [paint(style, STATUS[found.status])]
    if found.clash is not None:
        return finish([*lines, *_clash(found, found.clash, width)], colour=colour)
    if found.cost is None:
        more = f"give it more with --seconds; no condition was shown to be impossible; {gap_told(found)}"
        return finish([*lines, *wrap(more, width)], colour=colour)
    told = f"{money(found, found.cost)} present value at {percent(found.plan.discount)} a year; {gap_told(found)}"
    told += f"; {borrowing(found)}" if found.borrowing is not None else ""
    lines += wrap(told, width)
    lines += _goals(found)
    lines += [*heading("Who buys what"), *table(list(_contracts(found)), frozenset({1, 2}), width, 2)]
    lines += [*heading("When"), *table(list(_years(found)), frozenset(range(1, len(found.plan.years) + 2)), width, 2)]
    lines += [*heading("Who pays"), *table(list(_paid(found)), frozenset(range(1, 7)), width, 2)]
    numbers = frozenset(range(1, len(found.plan.years) + 2))
    lines += [*heading("When it is paid"), *table(list(_when(found)), numbers, width, 2)]
    if rows := binding(found):
        lines += [*heading("What binds"), *table(list(_binding(found, rows)), frozenset(), width, 2)]
    lines += [*heading("Dependence"), *table(list(_dependence(found)), frozenset(), width, 2)]
    if found.frontier:
        lines += [
            *heading("Cost against dependence"),
            *table(list(_frontier(found)), frozenset({0, 1, 2, 3, 4}), width, 2),
        ]
    lines += ["", *(line for note in notes(found) for line in dim(wrap(note, width)))]
    return finish(lines, colour=colour)


def borrowing(found: Planned) -> str:
    """What paying by loan adds to the cost, or takes from it."""
    amount = found.borrowing or Fraction(0)
    more = "more" if amount >= 0 else "less"
    return f"loans cost {money(found, abs(amount))} {more} than cash, which is in it"


def _goals(found: Planned) -> list[str]:
    said: dict[Goal, str] = {
        "dependence": f"from {listed(found.plan.depends_on)} or undeclared: {{}}",
        "delay": "waited for, pieces times years: {}",
        "systems": "systems: {}",
    }
    values = dict(found.goals)
    sought = {each.goal: each for each in found.reached}
    shown = [
        said[name].format(money(found, values[name]) if name == "dependence" else f"{int(values[name]):,}")
        + (least(found, sought[name]) if name in sought else "")
        for name in said
        if name in values and (name != "dependence" or found.plan.depends_on)
    ]
    return dim(["; ".join(shown)])


def least(found: Planned, one: Reached) -> str:
    """What is proved of a goal that was sought."""
    if one.bound is None:
        return " (no bound is known)"
    if one.bound >= one.value:
        return " (the least possible)"
    bound = money(found, one.bound) if one.goal in {"cost", "dependence"} else f"{one.bound:,}"
    return f" (none below {bound})"


def _contracts(found: Planned) -> Iterator[tuple[str, ...]]:
    offers, name = {each.id: each for each in found.plan.offers}, names(found)
    yield "System", "Pieces", "Price", "Buyers, the lead first"
    for one in sorted(found.contracts, key=lambda each: (offers[each.offer].capability, each.offer)):
        offer = offers[one.offer]
        others = sorted(title(found, code) for code in one.buyers if code != one.lead)
        buyers = [title(found, one.lead), *others]
        told = f"{OUTSIDE}: {', '.join(sorted(buyers))}" if offer.alone else ", ".join(buyers)
        price = money(found, offer.tiers[one.tier].price)
        yield f"{name[one.offer]} ({offer.capability})", f"{one.quantity:,}", price, told


def _years(found: Planned) -> Iterator[tuple[str, ...]]:
    name = names(found)
    yield ("Deliveries", *map(str, found.plan.years), "")
    for one in found.contracts:
        mine = [each for each in found.deliveries if each.offer == one.offer]
        counts = [sum(each.quantity for each in mine if each.year == year) for year in found.plan.years]
        yield (name[one.offer], *(f"{number:,}" if number else "·" for number in counts), "")


def _paid(found: Planned) -> Iterator[tuple[str, ...]]:
    yield "State", "For pieces", "Set-up", "In all", "of it by loan", "Part of pieces", "Part of work", ""
    for one in found.work:
        work = percent(one.work, one.total)
        yield (title(found, one.state), *paid(found, one.state), percent(one.cost, one.total), work, "")


def paid(found: Planned, state: str) -> tuple[str, str, str, str]:
    """What a state pays: for pieces, for set-up, in all, and of it by loan."""
    mine = [each for each in found.payments if each.state == state]
    pieces, set_up = sum(each.pieces for each in mine), sum(each.set_up for each in mine)
    amounts = (pieces, set_up, pieces + set_up, sum(each.loan for each in mine))
    one, two, three, four = (money(found, each) if each else "–" for each in amounts)
    return one, two, three, four


def set_up_early(found: Planned) -> Iterator[tuple[Contract, int, int]]:
    """Contracts whose set-up is paid in a year before the first delivery, with both years."""
    for one in found.contracts:
        first = min((each.year for each in found.deliveries if each.offer == one.offer), default=0)
        paid_in = max(offer_of(found, one.offer).earliest, found.plan.years[0])
        if one.set_up and paid_in < first:
            yield one, paid_in, first


def notes(found: Planned) -> list[str]:
    """What a reader should know beside the numbers."""
    name = names(found)
    early = [
        f"{name[one.offer]}: {money(found, one.set_up)} in {year}, first delivery in {first}"
        for one, year, first in set_up_early(found)
    ]
    told = "set-up is paid in the first year in which an offer can deliver, be anything delivered then or not: "
    alone = any(offer_of(found, one.offer).alone for one in found.contracts)
    return [*found.plan.notes, *([told + "; ".join(early)] if early else []), *([_ALONE] if alone else [])]


def paid_by(found: Planned) -> Iterator[tuple[str, list[int]]]:
    """What each state pays in each year, set-up and what its loan pays included; the sum of all at last."""
    years = range(len(found.plan.years))
    sums = [0 for _ in years]
    for state in found.plan.states:
        mine = [each.pieces + each.set_up for each in found.payments if each.state == state.code]
        sums = [whole + each for whole, each in zip(sums, mine, strict=True)]
        yield title(found, state.code), mine
    yield "All", sums


def _when(found: Planned) -> Iterator[tuple[str, ...]]:
    yield ("State", *map(str, found.plan.years), "")
    for state, amounts in paid_by(found):
        yield (state, *(money(found, each) if each else "·" for each in amounts), "")


def binding(found: Planned) -> list[Row]:
    """Conditions without room that a planner could move, those that cost most first."""
    rows = [row for row in found.rows if not row.room and row.family not in FREE and row.limit]
    # A loan pays what a budget does not: only where more of it would save something does it bind.
    if any(row.price for row in rows):
        rows = [row for row in rows if row.price or row.family != "budget"]
    return sorted(rows, key=lambda row: (-(row.price or 0), row.family, row.name))


def _binding(found: Planned, rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    for row in rows[:_BINDING]:
        yield row.family, row.name + (f"; {worth(found, row)}" if row.price else "")
    if len(rows) > _BINDING:
        yield "", f"and {len(rows) - _BINDING} more"


def worth(found: Planned, row: Row) -> str:
    """What one more of a limit would save, as far as the relaxation tells."""
    each = f"100 {found.plan.currency}" if row.unit == "money" else "one"
    return f"{each} more would save about {money(found, row.price or 0)}"


def _dependence(found: Planned) -> Iterator[tuple[str, ...]]:
    for state in [None, *(each.code for each in found.plan.states)]:
        mine = sorted((each for each in found.depends if each.state == state), key=lambda each: -each.amount)
        if mine:
            parts = [f"{title(found, each.country)} {percent(each.amount, each.total)}" for each in mine[:_TOP]]
            hidden = mine[0].undeclared
            more = [f"undeclared {percent(hidden, mine[0].total)}"] if hidden else []
            yield ("All" if state is None else title(found, state)), ", ".join([*parts, *more])


def _frontier(found: Planned) -> Iterator[tuple[str, ...]]:
    yield f"From {listed(found.plan.depends_on)} or undeclared", "of value", "Cost", "dearer by", "gap at most"
    least = min(point.cost for point in found.frontier)
    for point in found.frontier:
        yield (
            money(found, point.amount),
            percent(point.amount, point.total),
            money(found, point.cost),
            percent(point.cost - least, least),
            point_gap(point),
        )


def point_gap(point: Point) -> str:
    """By how much the cost of a point may lie above the least possible."""
    return "unknown" if point.bound is None else percent(point.cost - point.bound, point.cost or 1, 2)


def conflict(found: Planned, clash: Clash) -> tuple[str, ...]:
    """Why nothing can be planned: needs that no offer can meet, or the conflict in one sentence."""
    return clash.unmet or (_conflict(phrases(found, clash)),)


def _conflict(told: Sequence[str]) -> str:
    if not told:
        return "What cannot hold together was not found in time."
    if len(told) == 1:
        return f"{told[0]}: that alone is impossible."
    return f"{'; '.join(told[:-1])}; and {told[-1]} cannot all hold."


def phrases(found: Planned, clash: Clash) -> list[str]:
    """The conditions of a conflict in words; what an offer delivers in several years is one phrase."""
    name, capacity = names(found), dict[str, tuple[str, int, int]]()
    for offer in found.plan.offers:
        for year, most in zip(found.plan.years, offer.capacity, strict=True):
            capacity[delivers(offer, name[offer.id], year, most)] = offer.id, year, most
    told: dict[str, list[tuple[str, int, int]]] = {}
    for family, one in clash.conflict:
        of = capacity.get(one) if family == "capacity" else None
        told.setdefault(of[0] if of else one, []).append((one, *of[1:]) if of else (one, 0, 0))
    return [_phrase(name.get(key, key), sorted(rows, key=lambda row: row[1])) for key, rows in told.items()]


def _phrase(name: str, rows: Sequence[tuple[str, int, int]]) -> str:
    if len(rows) == 1:
        return rows[0][0]
    years, most = [year for _, year, _ in rows], ", ".join(f"{most:,}" for *_, most in rows)
    through = years == list(range(years[0], years[-1] + 1)) and len(years) > 2
    told = f"{years[0]} to {years[-1]}" if through else f"{', '.join(map(str, years[:-1]))} and {years[-1]}"
    return f"{name}'s deliveries {told} (at most {most})"


def proof(clash: Clash) -> str:
    """What was shown of the conflict."""
    if clash.unmet:
        return (
            "No money and no other condition changes that; what else stands in the way is looked at once it is settled."
        )
    return (
        "Without any one of them the others are possible together; there may be other conflicts."
        if clash.minimal
        else "Whether all of them are needed for that was not shown in time."
    )


def _clash(found: Planned, clash: Clash, width: int) -> Iterator[str]:
    yield ""
    for told in conflict(found, clash):
        yield from wrap(told, width, 2, 2)
    yield from dim(wrap(proof(clash), width, 2))
    if clash.gives:
        yield from heading(way(clash))
        yield from table([("Gives by", "What"), *given(found, clash)], frozenset({0}), width, 2)
        yield from dim(wrap(settles(clash), width, 2))


def way(clash: Clash) -> str:
    """What the list of what gives is."""
    return "The cheapest way to make it possible" if clash.least else "What would have to give, perhaps not the least"


def settles(clash: Clash) -> str:
    """What the list of what gives is good for."""
    return _GIVES + (_SHARES if any(each.share for each in clash.gives) else "")


def given(found: Planned, clash: Clash) -> list[tuple[str, str]]:
    """What gives, and by how much."""
    return [
        (
            money(found, each.by) if each.unit == "money" else f"{each.by:,}",
            f"{each.family}: {each.name}{_loosened(each)}",
        )
        for each in clash.gives
    ]


def _loosened(each: Gives) -> str:
    """To which percentage a limit on a share would have to be written, where it is one."""
    if each.share is None:
        return ""
    old, new = each.share
    return f": from {limit_percent(old)} to {'at least' if new > old else 'at most'} {limit_percent(new)}"


# --- as JSON --------------------------------------------------------------------------------


def json(found: Planned, digests: Any) -> dict[str, Any]:
    """The whole answer; amounts in minor units."""
    return {
        "plan": found.plan.id,
        "status": found.status,
        "interrupted": "yes" if found.interrupted else "no",
        "minimised": list(found.minimised),
        "currency": found.plan.currency,
        "cost": found.cost,
        "bound": found.bound,
        "gap": share(found.gap) if found.gap is not None else None,
        "loans_beyond_cash": None if found.borrowing is None else _rounded(found.borrowing),
        "goals": {name: whole(value) for name, value in found.goals},
        "reached": [{"goal": each.goal, "value": each.value, "bound": each.bound} for each in found.reached],
        "allocation": [_delivery(found, each) for each in found.deliveries],
        "contracts": [
            {
                "offer": each.offer,
                "lead": each.lead,
                "buyers": list(each.buyers),
                "quantity": each.quantity,
                "unit_price": offer_of(found, each.offer).tiers[each.tier].price,
                "value": each.value,
                "set_up": each.set_up,
                "common": "no" if offer_of(found, each.offer).alone else "yes",
            }
            for each in found.contracts
        ],
        "payments": [dataclasses.asdict(each) for each in found.payments],
        "draws": [{"state": each.state, "year": each.year, "amount": each.amount} for each in found.draws],
        "binding": [_row(row) for row in found.rows if not row.room],
        "dependence": [_depends(each) for each in found.depends],
        "work_share": [
            {
                "state": each.state,
                "work": whole(each.work),
                "cost": each.cost,
                "work_share": share(each.work / each.total) if each.total else None,
                "cost_share": share(Fraction(each.cost, each.total)) if each.total else None,
            }
            for each in found.work
        ],
        "frontier": [
            {
                "cost": each.cost,
                "bound": each.bound,
                "dependence": whole(each.amount),
                "value": each.total,
                "within_gap": "yes" if each.within else "no",
            }
            for each in found.frontier
        ],
        "conflict": _clash_json(found, found.clash),
        "terms": list(found.terms.says),
        "notes": notes(found),
        "digests": dict(digests),
    }


def offer_of(found: Planned, name: str) -> Offer:
    """The offer of a name."""
    return next(each for each in found.plan.offers if each.id == name)


def whole(value: Fraction) -> int:
    """An exact amount in whole minor units, half up."""
    return int(value + Fraction(1, 2))


def _rounded(value: Fraction) -> int:
    """The same where it may be below zero."""
    return whole(value) if value >= 0 else -whole(-value)


def _delivery(found: Planned, each: Delivery) -> dict[str, Any]:
    offer = offer_of(found, each.offer)
    return {
        "state": each.state,
        "capability": offer.capability,
        "offer": each.offer,
        "system": offer.system,
        "supplier": offer.supplier,
        "year": each.year,
        "quantity": each.quantity,
        "unit_price": each.price,
        "amount": each.amount,
    }


def _row(row: Row) -> dict[str, Any]:
    named = {"family": row.family, "name": row.name, "left": row.left, "limit": row.limit, "unit": row.unit}
    return {**named, "saves": row.price}


def _depends(each: Depends) -> dict[str, Any]:
    return {
        "state": each.state or "all",
        "country": each.country,
        "amount": whole(each.amount),
        "undeclared": whole(each.undeclared),
        "total": each.total,
        "share": share(each.amount / each.total) if each.total else None,
    }


def _clash_json(found: Planned, clash: Clash | None) -> dict[str, Any] | None:
    if clash is None:
        return None
    return {
        "unmet": list(clash.unmet),
        "conditions": [{"family": family, "name": name} for family, name in clash.conflict],
        "told": phrases(found, clash),
        "minimal": "yes" if clash.minimal else "no",
        "cheapest": "yes" if clash.least else "no",
        "relaxation": [
            {"family": each.family, "name": each.name, "by": each.by, "unit": each.unit}
            | ({} if each.share is None else {"from": share(each.share[0]), "to": share(each.share[1])})
            for each in clash.gives
        ],
    }
