"""Nobody does better by saying less: facts are taken out of purchases, one or two at a time, and findings held apart.

A fact that is not stated may leave a finding open. It never turns one decided answer into the other, nor something open
into something decided, save where a convention makes silence a statement of its own: those are listed, each with why.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import test_verdicts
from jointbuy import formats, law
from jointbuy.decide import facts as facts_of
from jointbuy.decide.verdict import decided
from jointbuy.errors import JointbuyError
from jointbuy.flow import case as flow_case
from jointbuy.flow.contents import contents_of
from jointbuy.law import Act
from jointbuy.model import Purchase
from jointbuy.money import Money
from jointbuy.parameters import View
from jointbuy.result import Content
from jointbuy.rules import S
from oracle import EXAMPLES

Place = tuple[str | int, ...]
"""Where a value stands: names of fields, and places in lists."""

NO_FACTS = frozenset(
    "id name title authority street place tax_authority vat_number product actions columns alternatives "
    "exchange_rates statements contravening_countries bill_of_materials end_products instrument where".split()
)
"""Fields that no rule compares, answers of persons and lists of a purchase's own, and what goes with the bill."""
NOT_CLAIMED = "a derogation of which nothing is stated is not claimed"
SILENCE: dict[str, str] = {
    "screening": NOT_CLAIMED,
    "guarantees": NOT_CLAIMED,
    "clearances": NOT_CLAIMED,
    "replacement_study": NOT_CLAIMED,
    "study_committed": NOT_CLAIMED,
    "why_no_alternative": NOT_CLAIMED,
    "in_use_since": NOT_CLAIMED,
    "joined": "a buyer of which no such day is stated is one from the start",
    "participation": "who is listed among the buyers is one, unless it is said only to intend to be",
    "union_procurement": "a state's authority runs it, unless a Union institution is said to",
    "prior_notice": "a notice is published, unless it is said that none was; the act makes no condition of it",
    "structure": "no structure carries it out, unless one is said to",
    "contractor": "a subcontract that names no awarder is the contractor's own",
    "holder": "who holds the authority over a design is the contractor or the consortium, unless another is named",
    "controlled_by": "what documents say of control comes before what shares tell, and without it shares tell",
    "tender": "the day of signature stands in where no day of the tender is stated",
}
"""Fields of which silence says something by convention, so that taking them away may decide otherwise; and why."""


class Filed(NamedTuple):
    """A purchase with what is needed to decide it again."""

    name: str
    purchase: Purchase
    act: Act
    view: View
    content: Content | None


def filed(name: str, folder: Path) -> Filed | None:
    """The purchase in a folder; None where it cannot be decided at all."""
    try:
        read = formats.read(folder, law.places())
        act, view = flow_case.seen(read.purchase, flow_case.paying(read.purchase))
    except JointbuyError:
        return None
    bom = flow_case.dated(read.bom, flow_case.members_of(view)) if read.bom else None
    control = flow_case.controlled(read.purchase, act, view)
    contents = contents_of(read.purchase, bom, control, act, view)
    return Filed(name, read.purchase, act, view, contents(view))


def statuses(of: Filed, purchase: Purchase) -> dict[str, S]:
    control = flow_case.controlled(purchase, of.act, of.view)
    inside = of.view.group(of.act.perimeter).members
    facts = facts_of.of(purchase, control, of.content, inside, of.view.places.states, of.view.known_on)
    return dict(decided(facts, facts_of.statements(purchase), of.act, of.view).status)


def stated(record: Any, at: Place = ()) -> Iterator[Place]:
    """Every place of a record where something is stated that need not be."""
    for item in fields(record):
        value = getattr(record, item.name)
        default = None if item.default is MISSING else item.default
        if item.name in NO_FACTS and not is_dataclass(value):
            continue
        if item.default is not MISSING and value != default:
            yield (*at, item.name)
        if isinstance(value, tuple):
            for place, each in enumerate(value):
                if is_dataclass(each):
                    yield from stated(each, (*at, item.name, place))
        elif is_dataclass(value) and not isinstance(value, Money):
            yield from stated(value, (*at, item.name))


def without(record: Any, place: Place) -> Any:
    """The record with nothing stated at a place; as it is where the place is gone already."""
    name, *rest = place
    value = getattr(record, str(name))
    if not rest:
        default = next(item.default for item in fields(record) if item.name == name)
        return replace(record, **{str(name): default})
    if isinstance(value, tuple):
        number, *inner = rest
        if int(number) >= len(value):
            return record
        changed = (without(each, tuple(inner)) if n == number else each for n, each in enumerate(value))
        return replace(record, **{str(name): tuple(changed)})
    return record if value is None else replace(record, **{str(name): without(value, tuple(rest))})


def value_at(record: Any, place: Place) -> Any:
    for step in place:
        try:
            record = record[step] if isinstance(step, int) else getattr(record, step)
        except (IndexError, AttributeError):
            return None
    return record


def worse(before: S, after: S) -> bool:
    """Whether a finding was decided by saying less."""
    if before in {S.MET, S.NOT_APPLICABLE}:
        return after is S.NOT_MET
    if before is S.NOT_MET:
        return after in {S.MET, S.NOT_APPLICABLE}
    return after is S.NOT_MET or (before is S.UNKNOWN and after in {S.MET, S.NOT_APPLICABLE})


def excused(purchase: Purchase, taken: Sequence[Place]) -> bool:
    """Whether one of the facts taken away is one of which silence says something."""
    for place in taken:
        names = {str(step) for step in place if isinstance(step, str)}
        # A denial of one's own is evidence; without it the sources tell.
        denial = place[-1] == "none_from_contravening" and value_at(purchase, place) is False
        if denial or names & SILENCE.keys():
            return True
    return False


def tried(of: Filed, taken: Sequence[Place], before: dict[str, S]) -> list[str]:
    """What is decided otherwise without some facts; nothing where the file would be refused or silence speaks."""
    purchase = of.purchase
    for place in taken:
        purchase = without(purchase, place)
    after = statuses(of, purchase)
    if excused(of.purchase, taken):
        return []
    told = " and ".join(".".join(map(str, place)) for place in taken)
    return [
        f"{of.name}: {rule} was {before[rule].name} and is {status.name} without {told}"
        for rule, status in after.items()
        if worse(before[rule], status)
    ]


def signed(places: Sequence[Place]) -> list[Place]:
    """Without the day of signature, which chooses the law."""
    return [place for place in places if place != ("events", "signature")]


def test_examples_do_no_better_by_saying_less() -> None:
    """Every fact of every example alone, and pairs at random."""
    choose, found = random.Random(6), []
    for folder in sorted(EXAMPLES.iterdir()):
        of = filed(folder.name, folder) if (folder / "purchase.yaml").is_file() else None
        if of is None:
            continue
        places, before = signed(list(stated(of.purchase))), statuses(of, of.purchase)
        for place in places:
            found += tried(of, [place], before)
        for _ in range(20):
            found += tried(of, choose.sample(places, 2), before)
    assert not found, "\n".join(found)


def test_cases_do_no_better_by_saying_less(tmp_path: Path) -> None:
    """What each case of `verdicts.yaml` changes of the base, fact by fact, and with another fact of the whole."""
    choose, found, seen = random.Random(6), [], 0
    base = filed("base", test_verdicts.folder({}, tmp_path))
    assert base is not None
    for case in test_verdicts.CASES:
        of = filed(case["case"], test_verdicts.folder(case, tmp_path))
        if of is None:
            continue
        everything, before = signed(list(stated(of.purchase))), statuses(of, of.purchase)
        own = [each for each in everything if value_at(base.purchase, each) != value_at(of.purchase, each)]
        for place in choose.sample(own, min(6, len(own))):
            found += tried(of, [place], before)
            found += tried(of, [place, choose.choice(everything)], before)
            seen += 2
    assert seen > len(test_verdicts.CASES)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", sorted(SILENCE))
def test_every_exception_is_a_field(name: str) -> None:
    """An exception of a field that is gone would excuse nothing, and mislead."""
    from jointbuy import model

    records = [each for each in vars(model).values() if is_dataclass(each)]
    assert any(name in {item.name for item in fields(each)} for each in records)
