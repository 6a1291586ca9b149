"""The cheapest change that makes a purchase pass, as text and as JSON; each amount over all that is bought."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from jointbuy.exact import Origin, Range, named, undeclared
from jointbuy.money import DIGITS, rounded_minor
from jointbuy.remedy import Change, Fix, Frontier, Limit, Nearest, Point, Runner, Standing, Taken, Verified
from jointbuy.report import figures, words
from jointbuy.report import json as as_json
from jointbuy.report.layout import dim, ends, finish, heading, labelled, paint, table, wrap

_WIDEST = 120
_SHOWN = 12
NOT_STATED = "cost not stated"


def text(found: Fix, colour: bool, width: int) -> str:
    """What to change and its price, what it rests on, and what else was looked at."""
    width = max(60, min(width, _WIDEST))
    first = found.before[0]
    acts = ", ".join(each.verdict.act.upper().replace("_", " ") for each in found.before)
    lines = [*ends(first.purchase.title or first.purchase.id, first.purchase.id, width), *wrap(f"Fix · {acts}", width)]
    lines += ["═" * width, "", "  " + headline(found), ""]
    for told in summary(found):
        lines += wrap(told, width, 2)
    for title, made in _sections(found, width):
        lines += [*heading(title), *made]
    lines += [
        "",
        *dim(wrap("Not legal advice. A choice among what the files offer; prices are as stated there.", width)),
    ]
    return finish(lines, colour=colour)


def headline(found: Fix) -> str:
    """The answer in a few words, painted."""
    told = headline_plain(found)
    return paint({"✓": "green", "✗": "red"}.get(told[0], "yellow"), told.upper())


def headline_plain(found: Fix) -> str:
    """The answer in a few words."""
    if not passes(found):
        return "? not settled" if found.stopped else "✗ nothing offered passes"
    if not found.changes and not found.actions:
        return "✓ nothing has to change"
    if found.passed:
        return f"✓ passes already; the cheapest that still passes {price(found).removeprefix('and ')}"
    return f"✓ passes {price(found)}"


def passes(found: Fix) -> bool:
    """Whether some choice passes."""
    return found.cost is not None


def price(found: Fix) -> str:
    """What the change costs, or saves: a range where prices are open, an end of it where a cost is not stated."""
    high, low = found.cost or 0, found.cost_low or 0
    most, least = amount(abs(high), found.currency), amount(abs(low), found.currency)
    if high < 0:  # where prices are highest, least is saved
        told = f"and saves {most}" if low == high else f"and saves {most} to {least}"
        return f"{told}, less a cost that is not stated" if found.unpriced else told
    if low < 0:
        told = f"for {most} at most, or saves up to {least}"
    else:
        told = f"for {most}" if low == high else f"for {least} to {most}"
    return f"{told} and more: a cost is not stated" if found.unpriced else told


def summary(found: Fix) -> Iterator[str]:
    """The answer in sentences."""
    if not passes(found):
        if found.stopped:
            yield "The search was stopped before a choice was found. Give it more time with --seconds."
        elif found.standing:
            names = sorted({f"{each.title} ({each.provision})" for each in found.standing})
            yield f"What stands in the way is not met by anything offered: {'; '.join(names)}."
        elif found.nearest:
            alone = (
                " Each can be kept by itself, and all together cannot."
                if all(each.keeps for each in found.nearest)
                else ""
            )
            of, few = "", ""
            if found.most_changes is not None:
                of = f" with at most {words.count(found.most_changes, 'change')}"
                few = " More changes than --max-changes allows may."
            if found.bare:
                yield f"{found.bare[0].upper()}{found.bare[1:]}, and as it is the purchase does not keep every limit."
                return
            yield f"No combination of the sources offered keeps every limit{of}.{alone}{few}"
        return
    if found.passed and (found.changes or found.actions):
        yield "The purchase passes as it is. What follows is offered for less, and still passes."
    if not found.changes and not found.actions:
        yield "The purchase passes as it is, and costs nothing more."
    if found.certificate or found.changes or found.actions:
        yield proof(found)
    elif found.bare:
        yield f"Nothing cheaper was looked for: {found.bare}."
    for case in found.after:
        yield f"{case.verdict.act.upper()} then: {case.verdict.summary}"


def proof(found: Fix) -> str:
    """How sure it is that nothing is cheaper."""
    if found.unpriced:
        return (
            "Nothing passes for stated costs alone: an action was taken whose cost nobody states. Beside it, "
            f"no choice {_less(found.bound or 0, found.currency)}."
        )
    if found.gap == 0:
        return "No cheaper choice among what is offered passes: the bound equals the cost."
    least, over = found.bound or 0, amount((found.cost or 0) - (found.bound or 0), found.currency)
    gap = figures.percent(found.gap or Fraction(0))
    told = f"No choice {_less(least, found.currency)}. The cost found may lie {over} above the least"
    told += f", {gap} of itself." if found.cost else "."
    return f"{told} The search was stopped." if found.stopped else told


def _less(bound: int, currency: str) -> str:
    """What no choice does: cost less than a bound, or save more where that is below zero."""
    return f"saves more than {amount(-bound, currency)}" if bound < 0 else f"costs less than {amount(bound, currency)}"


def _sections(found: Fix, width: int) -> Iterator[tuple[str, list[str]]]:
    if found.changes:
        yield "What to buy elsewhere", _changes(found.changes, found.currency, width)
    if found.actions:
        yield "What else to do", [line for each in found.actions for line in _action(each, found.currency, width)]
    if conditions := [(each, case) for case in found.after for each in case.verdict.conditions]:
        yield (
            "If these are settled",
            [
                line
                for each, _ in conditions
                for line in wrap(f"◆ {each.text} ({each.who}; {each.provision})", width, 2, 2)
            ],
        )
    if found.limits:
        yield "Limits", [line for each in found.limits for line in _limit(each, found.currency, width)]
    if found.loosened:
        yield (
            "Dearer without being better",
            wrap(loosened(found), width, 2),
        )
    if found.frontiers:
        yield (
            "Cost against share",
            [line for each in found.frontiers for line in _frontier(each, found.currency, width)],
        )
    if found.runners_up:
        made = [line for each in found.runners_up for line in wrap(runner(each, found.currency), width, 2, 2)]
        yield "Nearly as cheap", made
    if found.standing:
        yield "What stands in the way", [line for each in found.standing for line in _standing(each, width)]
    if found.nearest:
        yield "How near the offers come", [line for each in found.nearest for line in wrap(near(each), width, 2, 2)]
    if found.too_late:
        yield (
            "Not offered",
            [line for each in found.too_late for line in wrap(f"{each.what}: {each.because}", width, 2, 2)],
        )
    if found.refused and passes(found):
        yield "Cheaper, but refused", [line for each in found.refused[:_SHOWN] for line in wrap(each, width, 2, 2)]
    if found.notes:
        yield "Notes", [line for each in found.notes for line in wrap(each, width, 2, 2)]


def loosened(found: Fix) -> str:
    """The trap of a ratio, where it bites."""
    return _LOOSENED.format(parts=", ".join(each.part for each in found.loosened))


_LOOSENED = (
    "{parts}: the new source is dearer and no better for any limit that binds. A share is a ratio, and dearer parts "
    "from inside make the whole larger: here that is cheaper than moving another part. Who checks it may not follow."
)


def _changes(changes: Iterable[Change], currency: str, width: int) -> list[str]:
    lines = []
    for each in changes:
        name = f"{each.name} ({each.part})" if each.name else each.part
        lines += ends(name, amount(each.cost, currency), width, indent=2)
        lines += wrap(
            f"from {source(each.supplier_before, each.origin_before)} to {source(each.supplier, each.origin)}",
            width,
            4,
            2,
        )
        lines += dim(wrap(detail(each, currency), width, 4, 2))
    return lines


def source(supplier: str | None, origin: Origin) -> str:
    """Who supplies, and from where."""
    return f"{supplier or 'a supplier without a name'} [{of_origin(origin)}]"


def of_origin(origin: Origin) -> str:
    """An origin in one line."""
    told = [
        named(place) if share == 1 else f"{named(place)} {figures.percent(share)}" for place, share in origin if place
    ]
    return ", ".join(told + (["not declared"] if undeclared(origin) else []))


def detail(each: Change, currency: str) -> str:
    """What a change is made of: price of one before and after, pieces, qualification, days."""
    told = [
        f"{figures.amounts(each.each_before, currency)} to {figures.amounts(each.each, currency)} each, "
        f"{figures.number(each.number)} times"
    ]
    if each.qualification:
        told.append(f"qualification {amount(each.qualification, currency)}")
    if each.available_from:
        told.append(f"from {each.available_from}")
    if each.lead_time:
        told.append(f"{words.count(each.lead_time, 'day')} to delivery")
    if each.together:
        told.append(f'together with "{each.together}"')
    return "; ".join([*told, *([str(each.row)] if each.row else [])])


def _action(each: Taken, currency: str, width: int) -> list[str]:
    cost = NOT_STATED if each.cost is None else amount(each.cost, currency)
    lines = ends(each.action.what or each.action.id, cost, width, indent=2)
    told = [f"for {', '.join(each.provisions)}"] if each.provisions else []
    told += [f"from {each.action.available_from}"] if each.action.available_from else []
    return lines + dim(wrap("; ".join([each.action.id, *told]), width, 4, 2))


def _limit(each: Limit, currency: str, width: int) -> list[str]:
    lines = wrap(each.name, width, 2, 2)
    side = "at most" if each.at_most else "at least"
    before, after = share(each.before, each.limit), share(each.after, each.limit)
    lines += labelled(
        "share", f"{before} before, {after} after; {side} {figures.limit_percent(each.limit)}", width, indent=4
    )
    if each.room is not None:
        lines += labelled("room", f"{amount(each.room, currency)} in each piece", width, indent=4)
    if each.point is not None:
        lines += labelled("price", point(each, currency), width, indent=4)
    return lines


def point(each: Limit, currency: str) -> str:
    """The price of one percentage point."""
    return f"{amount(round(each.point or 0), currency)} for each percentage point of this limit, where it binds"


def share(found: Range | None, limit: Fraction) -> str:
    """A share, or that there is none."""
    return figures.percents(found, limit) if found else "no share"


def _frontier(frontier: Frontier, currency: str, width: int) -> list[str]:
    side = "at most" if frontier.at_most else "at least"
    rows = [
        (
            f"{side} {figures.percent(each.share, frontier.limit)}",
            amount(each.cost, currency),
            words.count(each.changes, "change"),
        )
        for each in spread(frontier.points)
    ]
    return [*wrap(frontier.name, width, 2, 2), *table(rows, frozenset({1}), width, 4)]


def spread(points: Sequence[Point]) -> Sequence[Point]:
    """At most a dozen of many points, the first and the last among them."""
    if len(points) <= _SHOWN:
        return points
    return [points[round(at * (len(points) - 1) / (_SHOWN - 1))] for at in range(_SHOWN)]


def runner(each: Runner, currency: str) -> str:
    """A choice that is nearly as cheap."""
    parts = ", ".join(f"{one.part} from {one.supplier or 'another source'}" for one in each.changes)
    told = f"saves {amount(-each.cost, currency)}" if each.cost < 0 else amount(each.cost, currency)
    does = f"; {', '.join(one.what or one.id for one in each.actions)}" if each.actions else ""
    return f"{told}: {parts or 'nothing bought elsewhere'}{does}"


def _standing(each: Standing, width: int) -> list[str]:
    lines = [*ends(each.title, each.provision, width, indent=2), *wrap(each.because, width, 4, 2)]
    for remedy in each.remedies:
        lines += wrap(
            f"→ would hold with: {remedy} ({NOT_STATED}; state it under actions: to have it weighed)", width, 4, 2
        )
    return lines


def near(each: Nearest) -> str:
    """How near to one limit the offers come."""
    parts = ", ".join(f"{one.part} from {one.supplier or 'another source'}" for one in each.changes)
    side = "at most" if each.at_most else "at least"
    told = f"{figures.percents(each.share, each.limit)} against {side} {figures.limit_percent(each.limit)}"
    return f"{each.name}: at best {told}" + (f", with {parts}" if parts else ", as it is")


def amount(minor: int, currency: str) -> str:
    """Minor units for people."""
    return figures.amount(Fraction(minor, 10 ** DIGITS[currency]), currency)


def verified(found: Verified, colour: bool, width: int) -> str:
    """Whether a certificate holds, and what it proves."""
    sign = paint("green", "✓ SAME") if found.result == "same" else paint("red", f"✗ {found.result.upper()}")
    lines = ["", "  " + sign, "", *wrap(": ".join(filter(None, (found.where, found.because))), width, 2)]
    if found.result == "same" and found.cost is not None:
        rest = "." if found.proven else "; what is claimed beyond that rests on the solver."
        verb = "saves" if found.cost < 0 else "costs"
        told = f"The choice {verb} {amount(abs(found.cost), found.currency)}. Proven again without a solver: "
        lines += wrap(f"{told}none {_less(found.bound or 0, found.currency)}{rest}", width, 2)
    if found.result == "same" and not found.posed:
        lines += wrap(_NOT_POSED, width, 2)
    lines += [line for name, said in found.files for line in wrap(f"{name}: {said}", width, 4)]
    return finish(lines, colour=colour)


_NOT_POSED = (
    "Not rechecked without --purchase: that the ways, offers, weights, files and verdicts are those of the purchase."
)


def verified_json(found: Verified) -> dict[str, Any]:
    """The same as one object."""
    return {
        "result": found.result,
        "where": found.where,
        "because": found.because,
        "cost": found.cost,
        "bound": found.bound,
        "proven": as_json.word(found.proven),
        "posed": as_json.word(found.posed),
        "currency": found.currency,
        "files": [{"file": name, "digest": said} for name, said in found.files],
    }


# --- JSON -----------------------------------------------------------------------------------


def json(found: Fix) -> dict[str, Any]:
    """The whole answer as one object; `cost` is None where nothing passes."""
    currency = found.currency
    return {
        "purchase": found.before[0].verdict.purchase,
        "acts": [case.verdict.act for case in found.before],
        "status": found.status,
        "currency": currency,
        "passes_as_it_is": as_json.word(found.passed),
        "cost": found.cost,
        "cost_low": found.cost_low,
        "cost_complete": "no" if found.unpriced else "yes",
        "bound": found.bound,
        "gap": None if found.gap is None else as_json.share(found.gap),
        "stopped": "yes" if found.stopped else "no",
        "changes": [_change_json(each, currency) for each in found.changes],
        "actions": [
            {"id": each.action.id, "what": each.action.what, "cost": each.cost, "provisions": list(each.provisions)}
            for each in found.actions
        ],
        "shadow_prices": [
            {"limit": each.name, "per_point": None if each.point is None else round(each.point), "currency": currency}
            for each in found.limits
        ],
        "limits": [_limit_json(each) for each in found.limits],
        "frontiers": [_frontier_json(each) for each in found.frontiers],
        "runners_up": [
            {
                "cost": each.cost,
                "changes": [_change_json(one, currency) for one in each.changes],
                "actions": [one.id for one in each.actions],
            }
            for each in found.runners_up
        ],
        "loosened": [each.part for each in found.loosened],
        "too_late": [{"what": each.what, "because": each.because} for each in found.too_late],
        "standing": [_standing_json(each) for each in found.standing],
        "nearest": [
            {
                "limit": each.name,
                "share": _share(each.share),
                "at": as_json.share(each.limit),
                "changes": [_change_json(one, currency) for one in each.changes],
            }
            for each in found.nearest
        ],
        "refused": list(found.refused),
        "notes": list(found.notes),
        "before": [{"act": case.verdict.act, "status": case.verdict.outcome} for case in found.before],
        "verdict": as_json.verdict(found.after[0]) if found.after else None,
        "verdicts": [as_json.verdict(case) for case in found.after],
    }


def _standing_json(each: Standing) -> dict[str, Any]:
    return {
        "act": each.act,
        "title": each.title,
        "provision": each.provision,
        "because": each.because,
        "remedies": [{"what": remedy, "cost": None} for remedy in each.remedies],
    }


def _change_json(each: Change, currency: str) -> dict[str, Any]:
    return {
        "part": each.part,
        "name": each.name,
        "from": each.supplier_before,
        "origin_before": of_origin(each.origin_before),
        "to": each.supplier,
        "origin": of_origin(each.origin),
        "each_before": _each(each.each_before, currency),
        "each": _each(each.each, currency),
        "number": figures.exact_decimal(each.number),
        "qualification": each.qualification,
        "cost": each.cost,
        "cost_low": each.cost_low,
        "currency": currency,
        "lead_time": each.lead_time,
        "available_from": each.available_from.isoformat() if each.available_from else None,
        "together": each.together,
        "where": str(each.row) if each.row else None,
    }


def _each(price_: Range, currency: str) -> int | dict[str, int]:
    low, high = rounded_minor(price_.low, currency), rounded_minor(price_.high, currency)
    return low if price_.known else {"low": low, "high": high}


def _share(found: Range | None) -> dict[str, Any] | None:
    return as_json.share(found.low) if found and found.known else as_json.ends(found)


def _limit_json(each: Limit) -> dict[str, Any]:
    return {
        "limit": each.name,
        "act": each.act,
        "provision": each.provision,
        "product": each.product,
        "side": "at most" if each.at_most else "at least",
        "at": as_json.share(each.limit),
        "before": _share(each.before),
        "after": _share(each.after),
        "binds": "yes" if each.binds else "no",
        "room": each.room,
    }


def _frontier_json(each: Frontier) -> dict[str, Any]:
    return {
        "name": each.name,
        "side": "at most" if each.at_most else "at least",
        "limit": as_json.share(each.limit) if each.limit is not None else None,
        "points": [
            {
                "share": as_json.share(one.share),
                "cost": one.cost,
                "changes": one.changes,
                "exact": "yes" if one.exact else "no",
            }
            for one in each.points
        ],
    }
