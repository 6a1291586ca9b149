"""Needs that no offer can meet, whatever is paid and whatever limits give: told before anything is searched.

A need is looked at with the offers of its capability that meet its standards and pass the plan's acts. By the end of a
year they deliver at most the sum of their capacities up to it. Whole numbers throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jointbuy.joint import Need, Offer, Plan, called
from jointbuy.plan.columns import lacks

_NEAREST = 3


def unmet(plan: Plan) -> tuple[str, ...]:
    """A sentence for each state and capability whose needs (pieces) no offer can meet; or else all states together."""
    groups: dict[str, dict[str, list[Need]]] = {}
    for need in plan.needs:
        groups.setdefault(need.capability, {}).setdefault(need.state, []).append(need)
    told: list[str] = []
    for capability, by_state in groups.items():
        # What a state buys by itself is of the same offers, with the same capacity.
        offered = [each for each in plan.offers if each.capability == capability and not each.only]
        alone = [why for needs in by_state.values() if (why := _alone(plan, needs, offered))]
        told += alone or _together(plan, by_state, offered)
    return tuple(told)


def _alone(plan: Plan, needs: Sequence[Need], offered: Sequence[Offer]) -> str:
    """Why the offers cannot meet what one state needs of a capability, as if all they have were its own."""
    first = needs[0]
    state, suitable = plan.titles.get(first.state, first.state), _suitable(plan, first, offered)
    if suitable:
        return _short(plan, state, needs, suitable)
    asked = [f"{verb} {_and(words)}" for verb, words in (("meets", first.standards), ("passes", plan.acts)) if words]
    total = sum(each.quantity for each in needs)
    told = f"{state} needs {total:,} of {first.capability} ({first.where})"
    told += f" of an offer that {_and(asked)}, and none does" if asked else ", and nobody offers it"
    nearest = sorted(offered, key=lambda each: len(_missing(plan, first, each)))[:_NEAREST]
    names = called(plan.offers, plan.titles)
    lacking = [f"{names[each.id]} ({each.where}) lacks {_and(_missing(plan, first, each))}" for each in nearest]
    return f"{told}; nearest: {'; '.join(lacking)}." if lacking else f"{told}."


def _together(plan: Plan, by_state: dict[str, list[Need]], offered: Sequence[Offer]) -> list[str]:
    """The same of all states that need a capability, where each by itself could be served."""
    if len(by_state) < 2:
        return []
    suitable = [each for each in offered if any(_suitable(plan, needs[0], [each]) for needs in by_state.values())]
    why = _short(plan, "All states together", [need for needs in by_state.values() for need in needs], suitable)
    return [why] if why else []


def _suitable(plan: Plan, need: Need, offered: Sequence[Offer]) -> list[Offer]:
    return [each for each in offered if not _missing(plan, need, each)]


def _missing(plan: Plan, need: Need, offer: Offer) -> list[str]:
    """The standards, and the acts, that a need asks for and an offer does not have."""
    return [each for each in need.standards if each not in offer.standards] + [
        f"a verdict that it passes {act}" for act in lacks(plan, offer)
    ]


def _short(plan: Plan, who: str, needs: Sequence[Need], offers: Sequence[Offer]) -> str:
    """The year by which most pieces are missing, in words; "" where capacity is enough for each."""
    worst = max(_missed(plan, needs, offers), key=lambda each: each[0] - each[1])
    asked, most, year = worst
    if asked <= most:
        return ""
    where = next(each.where for each in needs if each.latest == year)
    names, until = called(plan.offers, plan.titles), plan.years.index(year) + 1
    parts = [f"{names[each.id]} {sum(each.capacity[:until]):,}" for each in offers[:_NEAREST]]
    more = f" and {len(offers) - _NEAREST} more" if len(offers) > _NEAREST else ""
    verb = "need" if len({each.state for each in needs}) > 1 else "needs"
    return (
        f"{who} {verb} {asked:,} of {needs[0].capability} by {year} ({where}), and all offers that would do deliver at "
        f"most {most:,} until then ({', '.join(parts)}{more}): {asked - most:,} too few."
    )


def _missed(plan: Plan, needs: Sequence[Need], offers: Sequence[Offer]) -> Iterator[tuple[int, int, int]]:
    """By year: pieces due at the latest by its end, pieces delivered by then at most, and the year."""
    for place, year in enumerate(plan.years):
        asked = sum(each.quantity for each in needs if each.latest <= year)
        yield asked, sum(sum(each.capacity[: place + 1]) for each in offers), year


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
