"""Nobody does better by saying less: facts are taken out of purchases, one or two at a time, and findings held apart.

A fact that is not stated may leave a finding open. It never turns one decided answer into the other, nor something open
into something decided, save where a convention makes silence a statement of its own: those are listed, each with why.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import test_verdicts
from jointbuy import formats, law
from jointbuy.decide import columns, subcontracts
from jointbuy.decide import facts as facts_of
from jointbuy.errors import JointbuyError
from jointbuy.flow import case as flow_case
from jointbuy.flow.contents import contents_of
from jointbuy.law import Act
from jointbuy.model import Purchase
from jointbuy.money import Money
from jointbuy.parameters import View
from jointbuy.result import Content
from jointbuy.rules import Facts, S
from oracle import EXAMPLES

Place = tuple[str | int, ...]
"""Where a value stands: names of fields, and places in lists."""

NO_FACTS = frozenset(
    "id name title authority street place tax_authority vat_number product actions columns alternatives "
    "exchange_rates statements contravening_countries bill_of_materials end_products instrument where".split()
)
"""Fields that no rule compares, answers of persons and lists of a purchase's own, and what goes with the bill."""
EVENTS = frozenset({"parties", "modifications"})
"""Lists that are not taken away as a whole: a company that others name, and changes that took place, are no silence."""
NOT_CLAIMED = "a derogation of which nothing is stated is not claimed"
SILENCE: dict[str, str] = {
    "screening": NOT_CLAIMED,
    "guarantees": NOT_CLAIMED,
    "clearances": NOT_CLAIMED,
    "replacement_study": NOT_CLAIMED,
    "study_committed": "a study without a day of the commitment to it is promised in the contract, and so at signature",
    "why_no_alternative": NOT_CLAIMED,
    "joined": "a buyer of which no such day is stated is one from the start",
    "participation": "who is listed among the buyers is one, unless it is said only to intend to be",
    "union_procurement": "a state's authority runs it, unless a Union institution is said to",
    "prior_notice": "a notice is published, unless it is said that none was; the act makes no condition of it",
    "contractor": "a subcontract that names no awarder is the contractor's own",
    "holder": "who holds the authority over a design is the contractor or the consortium, unless another is named",
    "controlled_by": "what documents say of control comes before what shares tell, and without it shares tell",
    "tender": "the day of signature stands in where no day of the tender is stated",
}
"""Fields of which silence says something by convention, so that taking them away may decide otherwise; and why."""


ELSEWHERE: dict[str, str] = {
    "subcontracts": "who is not listed is missed under Art. 16(12), which is open then; the outcome is held too",
    "contractors": "without a contractor nobody is looked at, and Art. 16(3) is open",
    "conducted_by": "who runs it is asked under Art. 2(3), and so is who changes the contract",
    "value": "what a subcontract is worth, alone or of the contract, is asked of its company, whose share is open then",
    "adds": "whom a change adds is asked under Art. 18; a buyer whom none is said to add is one from the start",
    "outreach": "what steps were taken is told by the answer to the question on them, which is asked in any case",
}
"""Fields whose silence is another finding's to tell: that one is open then, and so is the outcome."""


class Filed(NamedTuple):
    """A purchase with what is needed to decide it again."""

    name: str
    purchase: Purchase
    act: Act
    view: View
    content: Content | None


def filed(name: str, folder: Path, under: str = "", on: str | None = None) -> Filed | None:
    """The purchase in a folder, under the act that pays or another; None where it cannot be decided at all."""
    try:
        read = formats.read(folder, law.places())
        act, view = flow_case.seen(read.purchase, under or flow_case.paying(read.purchase), on=on)
    except JointbuyError:
        return None
    bom = flow_case.dated(read.bom, flow_case.members_of(view)) if read.bom else None
    control = flow_case.controlled(read.purchase, act, view)
    contents = contents_of(read.purchase, bom, control, act, view)
    return Filed(name, read.purchase, act, view, contents(view))


def facts(of: Filed, purchase: Purchase) -> Facts:
    control = flow_case.controlled(purchase, of.act, of.view)
    inside = of.view.group(of.act.perimeter).members
    return facts_of.of(purchase, control, of.content, inside, of.view.places.states, of.view.known_on)


def stated(record: Any, at: Place = ()) -> Iterator[Place]:
    """Every place of a record where something is stated that need not be."""
    for item in fields(record):
        value = getattr(record, item.name)
        default = None if item.default is MISSING else item.default
        if item.name in NO_FACTS and not is_dataclass(value):
            continue
        if item.default is not MISSING and value != default and item.name not in EVENTS:
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
    return after in {S.NOT_MET, S.MET, S.NOT_APPLICABLE}


def excused(purchase: Purchase, taken: Sequence[Place]) -> bool:
    """Whether one of the facts taken away is one of which silence says something: all of it, not a part."""
    for place in taken:
        committed = (*place[:-1], "study_committed")
        if place[-1] == "replacement_study" and value_at(purchase, committed) and committed not in taken:
            continue  # a study is claimed all the same
        # A denial of one's own is evidence; without it the sources tell.
        denial = place[-1] == "none_from_contravening" and value_at(purchase, place) is False
        # Owners that contradict what documents say leave it open; without one of the two the other tells.
        of = purchase.parties[int(place[1])] if place[0] == "parties" else None
        contradicts = of is not None and "owners" in place and of.controlled_by is not None
        if denial or contradicts or place[-1] in SILENCE:
            return True
    return False


class Try(NamedTuple):
    """A purchase, and which facts are taken out of it."""

    of: Filed
    taken: tuple[Place, ...]

    def __str__(self) -> str:
        return f"{self.of.name} without {' and '.join('.'.join(map(str, place)) for place in self.taken)}"

    def purchase(self) -> Purchase:
        made = self.of.purchase
        for place in self.taken:
            made = without(made, place)
        return made


def decided_by_less(tries: Sequence[Try]) -> list[str]:
    """What is decided otherwise without some facts. Purchases under one law are evaluated together, as columns."""
    by_law: dict[Any, list[Try]] = {}
    for each in tries:
        view = each.of.view
        law_of_it = (each.of.act.name, view.on, tuple(sorted(view.chosen.items())), repr(view.own_groups))
        by_law.setdefault(law_of_it, []).append(each)
    found = []
    for together in by_law.values():
        act, view = together[0].of.act, together[0].of.view
        whole = list({id(each.of): Try(each.of, ()) for each in together}.values())
        rows = [*whole, *together]
        said = [facts_of.statements(each.of.purchase) for each in rows]
        table = columns.table([facts(each.of, each.purchase()) for each in rows], said)
        base = {id(each.of): row for row, each in enumerate(whole)}
        answers = columns.verdicts(table, act, view)
        for rule, statuses in zip(answers.rules, answers.statuses, strict=True):
            for row, each in enumerate(together, start=len(whole)):
                before, after = S(int(statuses[base[id(each.of)]])), S(int(statuses[row]))
                elsewhere = any(place[-1] in ELSEWHERE for place in each.taken)
                if worse(before, after) and not elsewhere and not excused(each.of.purchase, each.taken):
                    found.append(f"{each}: {rule} was {before.name} and is {after.name}")
        for row, each in enumerate(together, start=len(whole)):
            first = base[id(each.of)]
            before, after = (columns.OUTCOMES[answers.outcomes[at]] for at in (first, row))
            # What a person is asked instead is a condition: nothing is decided by that.
            asked = ((answers.statuses[:, row] == S.JUDGEMENT) & (answers.statuses[:, first] != S.JUDGEMENT)).any()
            decided = after == "not eligible" or (after == "eligible" and not asked)
            if before != after and decided and not excused(each.of.purchase, each.taken):
                found.append(f"{each}: the outcome was {before} and is {after}")
    return found


def signed(places: Iterable[Place]) -> list[Place]:
    """Without the day of signature, which chooses the law."""
    return [place for place in places if place != ("events", "signature")]


def test_examples_do_no_better_by_saying_less() -> None:
    """Every fact of every example alone, and pairs at random."""
    choose, tries = random.Random(6), []
    for folder in sorted(EXAMPLES.iterdir()):
        of = filed(folder.name, folder) if (folder / "purchase.yaml").is_file() else None
        if of is not None:
            places = signed(stated(of.purchase))
            tries += [Try(of, (place,)) for place in places]
            tries += [Try(of, tuple(choose.sample(places, 2))) for _ in range(20)]
    assert len(tries) > 400
    found = decided_by_less(tries)
    assert not found, "\n".join(found)


def test_cases_do_no_better_by_saying_less(tmp_path: Path) -> None:
    """What each case of `verdicts.yaml` changes of the base, fact by fact, and with another fact of the whole."""
    choose, tries = random.Random(6), []
    base = filed("base", test_verdicts.folder({}, tmp_path))
    assert base is not None
    for case in test_verdicts.CASES:
        of = filed(case["case"], test_verdicts.folder(case, tmp_path))
        if of is None:
            continue
        everything = signed(stated(of.purchase))
        own = [each for each in everything if value_at(base.purchase, each) != value_at(of.purchase, each)]
        for place in own:
            tries += [Try(of, (place,)), Try(of, (place, choose.choice(everything)))]
    assert len(tries) > 2 * len(test_verdicts.CASES)
    found = decided_by_less(tries)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("under", "on"), [("edip", None), ("edip_ukraine", None), ("edirpa", "2025-12-30")])
def test_nor_under_the_neighbouring_acts(under: str, on: str | None, tmp_path: Path) -> None:
    """The same cases, fact by fact: owners, screenings, guarantees and designs are asked after there, too."""
    tries = []
    base = filed("base", test_verdicts.folder({}, tmp_path))
    assert base is not None
    for case in test_verdicts.CASES:
        of = filed(case["case"], test_verdicts.folder(case, tmp_path), under, on)
        if of is None:
            continue
        places = signed(stated(of.purchase))
        own = [each for each in places if value_at(base.purchase, each) != value_at(of.purchase, each)]
        tries += [Try(of, (place,)) for place in own]
    assert len(tries) > 200
    found = decided_by_less(tries)
    assert not found, "\n".join(found)


def test_a_missing_part_that_reads_as_silence_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was: a study whose day is not stated was none, so that what was open became a no."""
    name = "the study of a replacement is to be agreed only later"
    case = next(each for each in test_verdicts.CASES if each["case"] == name)
    of = filed(name, test_verdicts.folder(case, tmp_path))
    assert of is not None
    without_its_day = [Try(of, (("subcontracts", 0, "replacement_study"),))]
    assert not decided_by_less(without_its_day)
    monkeypatch.setattr(subcontracts, "study_claimed", lambda mine: None)
    assert any("art16_03_establishment was UNKNOWN and is NOT_MET" in each for each in decided_by_less(without_its_day))


@pytest.mark.parametrize("name", sorted(SILENCE | ELSEWHERE))
def test_every_exception_is_a_field(name: str) -> None:
    """An exception of a field that is gone would excuse nothing, and mislead."""
    from jointbuy import model

    records = [each for each in vars(model).values() if is_dataclass(each)]
    assert any(name in {item.name for item in fields(each)} for each in records)
