"""Every combination of readings: held against going through them all, one verdict each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats_kit import GOOD, write
from golden import check_golden
from jointbuy import cli, flow, formats, law
from jointbuy.decide import content_facts, diagram, sums, tree
from jointbuy.decide import facts as facts_of
from jointbuy.decide.after import status_under
from jointbuy.decide.diagram import Diagrams
from jointbuy.decide.every_reading import outcome_of
from jointbuy.decide.explain import Seen, explain
from jointbuy.decide.tree import Place, Tree
from jointbuy.decide.verdict import LISTED_GROUP, MIXING, decided
from jointbuy.exact import ADDED, Composition, Origin, Range, assumed, best_excess, exactly, split, worst_excess
from jointbuy.flow import case as flow_case
from jointbuy.flow.contents import contents_of
from jointbuy.places import Group
from jointbuy.report import html, terminal
from jointbuy.report import json as as_json
from jointbuy.result import AllReadings, Case
from jointbuy.rules import UNKNOWN_ORIGIN, ShareLimit
from random_facts import near
from test_verdicts import CASES, folder
from vocabulary import Random

EXAMPLES = sorted(path for path in flow.examples().iterdir() if (path / "purchase.yaml").is_file())
Choices = tuple[str, ...]


@cache
def every(name: str) -> AllReadings:
    found = flow.check(flow.examples() / name, all_readings=True).all_readings
    assert found is not None
    return found


# --- against one verdict for each combination ---------------------------------------------

FREE = {
    "bridge": ("unknown origin", "base", "components", "cost of transport"),
    "canadian-vehicle": ("components", "unknown origin", "undeclared sources", "receiving assistance"),
    "missile": ("subcontractor control", "base", "cost of test", "cost of final assembly", "unknown origin"),
    "night-sight": ("base", "unknown origin", "cost of engineering", "cost of final assembly", "cost of overhead"),
    "radar": ("removal of restrictions", "undeclared sources", "receiving assistance", "mixed systems"),
}


@pytest.mark.parametrize("name", FREE)
def test_it_says_what_going_through_all_combinations_says(name: str) -> None:
    assert len(held(formats.read(flow.examples() / name, law.places()), FREE[name])) > 1, "nothing is shown"


def test_so_it_does_where_nobody_says_what_the_contract_is_worth() -> None:
    """Of a product whose value nobody knows the share is open under one base, and told under another."""
    read = formats.read(flow.examples() / "night-sight", law.places())
    assert read.purchase.contract.value is not None
    contract = replace(read.purchase.contract, value=None)
    held(replace(read, purchase=replace(read.purchase, contract=contract)), FREE["night-sight"])


def test_so_it_does_where_two_end_products_are_tested_apart_or_together(tmp_path: Path) -> None:
    """Ten of A with 40 of 100 from outside break the limit, with thirty of B with 20 of 100 they do not."""
    products = "  - id: A\n    quantity: 10\n  - id: B\n    quantity: 30\n"
    rows = ["A1,A,1,60,PL", "A2,A,1,40,US", "B1,B,1,80,PL", "B2,B,1,20,US"]
    write(
        tmp_path,
        GOOD.replace("  - id: VEHICLE\n", products),
        "\n".join(["part,parent,quantity,unit_cost,origin", *rows]),
    )
    free = ("unit of test", "base", "unknown origin", "components")
    assert len(held(formats.read(tmp_path, law.places()), free)) > 1


def held(read: formats.Read, names: tuple[str, ...]) -> set[str]:
    """Hold it against all combinations of some readings; the outcomes that there are."""
    act = flow.paying(read.purchase)
    readings = law.act(act).readings
    fixed = {
        each: readings[each].default for each in readings if each not in names and each != "contravening countries"
    }
    found = flow.decided(read, act, readings=fixed, all_readings=True).all_readings
    assert found is not None
    assert {each for each, _ in found.fixed} - {"contravening countries"} == set(fixed)
    free = [each for each in readings if each in names]
    options = [[option.name for option in readings[each].options] for each in free]
    outcomes = {
        chosen: one_outcome(read, act, {**fixed, **dict(zip(free, chosen, strict=True))})
        for chosen in product(*options)
    }
    defaults = tuple(each[0] for each in options)

    def fewest(given: Mapping[str, str]) -> dict[str, int]:
        far = [
            (outcome, sum(a != b and each not in given for each, a, b in zip(free, chosen, defaults, strict=True)))
            for chosen, outcome in outcomes.items()
            if all(given.get(each, a) == a for each, a in zip(free, chosen, strict=True))
        ]
        return {outcome: min(way for other, way in far if other == outcome) for outcome, _ in far}

    def leads(outcome: str, choices: Mapping[str, str]) -> bool:
        return outcomes[tuple(choices.get(each, a) for each, a in zip(free, defaults, strict=True))] == outcome

    assert {way.outcome: len(way.otherwise) for way in found.outcomes} == fewest({})
    assert all(leads(way.outcome, dict(way.otherwise)) for way in found.outcomes)
    assert set(found.hangs_on) == set(differing(free, options, outcomes))
    for row in found.table:
        given = {row.reading: row.option}
        assert {way.outcome: len(way.otherwise) for way in row.outcomes} == fewest(given)
        assert all(leads(way.outcome, {**dict(way.otherwise), **given}) for way in row.outcomes)
    return {*outcomes.values()}


def one_outcome(read: formats.Read, act: str, readings: Mapping[str, str]) -> str:
    """What the verdict under one choice of readings comes to, without what it tells beside that."""
    legislation, view = flow_case.seen(read.purchase, act, readings=readings)
    bom = flow_case.dated(read.bom, flow_case.members_of(view)) if read.bom else None
    control = flow_case.controlled(read.purchase, legislation, view)
    content = contents_of(read.purchase, bom, control, legislation, view)(view)
    inside = view.group(legislation.perimeter).members
    facts = facts_of.of(read.purchase, control, content, inside, view.places.states, view.known_on)
    return decided(facts, facts_of.statements(read.purchase), legislation, view).outcome


def differing(free: list[str], options: list[list[str]], outcomes: Mapping[Choices, str]) -> Iterator[str]:
    """Readings in which two combinations alone differ and have different outcomes."""
    for place, name in enumerate(free):
        for chosen, outcome in outcomes.items():
            others = {(*chosen[:place], option, *chosen[place + 1 :]) for option in options[place]}
            if any(outcomes[other] != outcome for other in others):
                yield name
                break


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
def test_one_reading_alone_does_what_the_verdict_says_of_it(folder: object) -> None:
    case = flow.check(str(folder), all_readings=True)
    found = case.all_readings
    assert found is not None
    assert found.outcomes[0].outcome == case.verdict.outcome
    assert found.outcomes[0].otherwise == ()
    assert beside(case) <= {each.outcome for each in found.outcomes}
    alone = {(row.reading, row.option): row.outcomes[0] for row in found.table}
    for used in case.verdict.readings:
        for option, outcome in used.outcomes:
            if used.id in found.hangs_on:
                assert alone[used.id, option].otherwise == ()
                assert alone[used.id, option].outcome == outcome
            elif used.id in found.asked:
                assert outcome == case.verdict.outcome


@pytest.mark.parametrize("seed", range(16))
def test_so_it_does_of_two_end_products(seed: int, tmp_path: Path) -> None:
    """What one other reading alone is said to come to is among what all of them are said to come to."""
    drawn_ = random.Random(seed)
    quantities = [drawn_.choice(["", "    quantity: 10\n", "    quantity: 30\n"]) for _ in "AB"]
    products = "".join(f"  - id: {name}\n{often}" for name, often in zip("AB", quantities, strict=True))
    purchase = GOOD.replace("  - id: VEHICLE\n", products) + "contravening_countries: [RU, BY]\n"
    if drawn_.choice([True, False]):
        purchase = purchase.replace("  value: ", "  # value: ")
    rows = [
        f"{name}{n},{name},1,{drawn_.randint(1, 60)},{drawn_.choice(['PL', 'PL', 'US', 'RU', ''])}"
        for name in "AB"
        for n in range(2)
    ]
    write(tmp_path, purchase, "\n".join(["part,parent,quantity,unit_cost,origin", *rows]))
    case = flow.check(tmp_path, all_readings=True)
    assert case.all_readings is not None
    assert case.verdict.outcome in (told := {each.outcome for each in case.all_readings.outcomes})
    assert beside(case) <= told, rows


def beside(case: Case) -> set[str]:
    """What a verdict says that one other option of a reading comes to."""
    return {outcome for used in case.verdict.readings for _, outcome in used.outcomes}


def test_two_readings_together_flip_what_neither_does_alone() -> None:
    case = flow.check(flow.examples() / "canadian-vehicle")
    assert all(outcome != "not eligible" for used in case.verdict.readings for _, outcome in used.outcomes)
    (way,) = [way for way in every("canadian-vehicle").outcomes if way.outcome == "not eligible"]
    assert len(way.otherwise) == 2
    both = flow.check(flow.examples() / "canadian-vehicle", readings=dict(way.otherwise))
    assert both.verdict.outcome == "not eligible"


def test_what_is_fixed_is_not_explored() -> None:
    lifted = {"removal of restrictions": "in fact", "undeclared sources": "condition", "proof of origin": "as stated"}
    found = flow.check(flow.examples() / "radar", readings=lifted, all_readings=True).all_readings
    assert found is not None
    assert "removal of restrictions" in every("radar").hangs_on
    assert set(lifted.items()) <= set(found.fixed)
    assert not set(lifted) & {*found.hangs_on, *found.asked, *found.never}
    assert [way.outcome for way in found.outcomes] == ["eligible", "undetermined"]


def test_under_every_reading_alike() -> None:
    found = every("drones-1-june")
    assert (found.hangs_on, found.table) == ((), ())
    assert found.combinations > 1_000_000 > 10_000 * found.points
    assert "cost of duty" in found.never  # no component, whichever way it is read


# --- rules against their explanation ------------------------------------------------------


@pytest.mark.parametrize("name", law.ACTS)
def test_statuses_are_those_of_explaining_each_combination(name: str) -> None:
    act = law.act(name)
    day = act.as_of if act.period[1] is None else act.period[0]
    maker = Random(7, [rule.expression for rule in act.rules], [day])
    pick = maker.random
    for _ in range(5):
        facts, said = near(maker, 0.3)
        open_ = [each for each in act.readings if each not in act.settled]
        free = sorted({*pick.sample(open_, min(3, len(open_))), *({MIXING} & {*open_})})
        fixed = {each: pick.choice(act.readings[each].options).name for each in open_ if each not in free}
        listed = {LISTED_GROUP: Group(LISTED_GROUP, "", frozenset({"US", "RU"}), frozenset())}
        view = law.view(act, day, act.as_of, fixed, listed)
        found_by = Tree(lambda _, facts=facts: facts, said, view, ())
        for rule in act.rules:
            found = found_by.status(rule.expression, Place(facts))
            for chosen in product(*(found_by.diagrams.options[each] for each in free)):
                choices = dict(zip(free, chosen, strict=True))
                node, _ = explain(rule.expression, facts, said, replace(view, chosen={**fixed, **choices}))
                assert found_by.diagrams.nearest(found, choices) == {node.status: ()}, (rule.id, choices)
        outcome = outcome_of(found_by, Place(facts), act, view)
        for chosen in product(*(found_by.diagrams.options[each] for each in free)):
            choices = dict(zip(free, chosen, strict=True))
            plain = decided(facts, said, act, replace(view, chosen={**fixed, **choices}))
            assert found_by.diagrams.nearest(outcome, choices) == {plain.outcome: ()}


@pytest.mark.parametrize("name", law.ACTS)
def test_one_reading_tried_is_as_explaining_anew(name: str) -> None:
    """Also where some facts are others: what was seen before counts only where nothing it looks at has changed."""
    act = law.act(name)
    day = act.as_of if act.period[1] is None else act.period[0]
    maker = Random(11, [rule.expression for rule in act.rules], [day])
    view = law.view(act, day, act.as_of, {}, {LISTED_GROUP: Group(LISTED_GROUP, "", frozenset({"US"}), frozenset())})
    open_ = sorted(each for each in act.readings if each not in act.settled)
    for _ in range(8):
        (facts, said), (more, _) = near(maker, 0.3), near(maker, 0.3)
        others = {**facts, **{each: more[each] for each in more if maker.random.random() < 0.3}}
        reading = maker.random.choice(open_)
        other = view.reading_as(reading, maker.random.choice(act.readings[reading].options).name)
        weights: dict[int, sums.Weights] = {}
        for rule in act.rules:
            seen: Seen = {}
            explain(rule.expression, facts, said, view, seen)
            before = facts, {} if reading == UNKNOWN_ORIGIN else seen
            found = status_under(rule.expression, others, said, other, before=before, weights=weights)
            assert found is explain(rule.expression, others, said, other)[0].status, rule.id


# --- diagrams -----------------------------------------------------------------------------

OPTIONS = {"a": ("1", "2"), "b": ("1", "2", "3"), "c": ("1", "2")}
TABLES = st.lists(st.integers(0, 2), min_size=12, max_size=12).map(
    lambda values: dict(zip(product(*OPTIONS.values()), values, strict=True))
)


def drawn(diagrams: Diagrams, table: Mapping[Choices, int], order: str) -> int:
    """A table as a diagram, its readings branched on in any order."""

    def below(chosen: Mapping[str, str], names: str) -> int:
        if not names:
            return diagrams.value(table[tuple(chosen[name] for name in OPTIONS)])
        first, rest = names[0], names[1:]
        return diagrams.branch(first, [below({**chosen, first: option}, rest) for option in OPTIONS[first]])

    return below({}, order)


@given(TABLES, TABLES, st.permutations("abc").map("".join))
def test_a_diagram_is_the_table_and_has_no_reading_too_many(
    one: dict[Choices, int], other: dict[Choices, int], order: str
) -> None:
    diagrams = Diagrams(OPTIONS)
    first, second = drawn(diagrams, one, order), drawn(diagrams, other, "abc")
    assert (first == second) == (one == other)
    both = diagrams.combined(lambda x, y: 3 * x + y, (first, second))
    wanted = {chosen: 3 * one[chosen] + other[chosen] for chosen in one}
    for chosen, value in wanted.items():
        assert diagrams.nearest(both, dict(zip(OPTIONS, chosen, strict=True))) == {value: ()}
    names = {
        name
        for place, name in enumerate(OPTIONS)
        for chosen in wanted
        for option in OPTIONS[name]
        if wanted[(*chosen[:place], option, *chosen[place + 1 :])] != wanted[chosen]
    }
    assert set(diagrams.readings(both)) == names
    for value, way in diagrams.nearest(both, {"b": "3"}).items():
        assert len(way) == min(
            (a != "1") + (c != "1") for (a, b, c), each in wanted.items() if each == value and b == "3"
        )


@pytest.mark.parametrize(("module", "what"), [(diagram, "decision points"), (tree, "shares of components")])
def test_too_much_is_refused_with_how_far_it_came(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], module: ModuleType, what: str
) -> None:
    monkeypatch.setattr(module, "MOST", 20)
    assert cli.main(["check", str(flow.examples() / "bridge"), "--all-readings"]) == 3
    told = capsys.readouterr().err
    assert f"20 {what} were looked at, for up to" in told
    assert "--reading" in told


def test_what_hangs_on_the_bill_is_told_apart() -> None:
    case = flow.check(flow.examples() / "bridge")
    assert set(content_facts.of_content(case.purchase, case.control, case.content)) == {
        *content_facts.VALUED,
        *content_facts.OF_SOURCES,
    }


# --- sums ---------------------------------------------------------------------------------

INSIDE = frozenset({"DE", "FR"})
PLACES: tuple[Origin, ...] = (
    (("DE", Fraction(1)),), (("US", Fraction(1)),), (), (("FR", Fraction(1, 2)), ("US", Fraction(1, 4))),
)  # fmt: skip
AMOUNTS = st.tuples(st.integers(0, 30), st.integers(0, 3)).map(lambda ends: Range(*map(Fraction, (ends[0], sum(ends)))))
KIND = st.dictionaries(st.sampled_from(PLACES), AMOUNTS, max_size=3)
LEAVES = st.builds(
    ShareLimit,
    fact=st.just("components"),
    group=st.just("inside"),
    others=st.booleans(),
    at_most=st.booleans(),
    limit=st.just("limit"),
    strictly=st.booleans(),
)


def added(parts: list[Composition], value: Range | None) -> Composition:
    """Costs together; measured against a value, with what lies beyond them, which is never less than nothing."""
    whole: dict[Origin, Range] = {}
    for part in parts:
        for origin, amount in part.items():
            whole[origin] = whole.get(origin, exactly(0)) + amount
    if value is not None:
        low, high = (sum((getattr(one, end) for one in whole.values()), Fraction(0)) for end in ("low", "high"))
        whole[ADDED] = Range(max(Fraction(0), value.low - high), max(Fraction(0), value.high - low))
    return whole


def in_currency(excess: sums.Excess, per: int) -> tuple[Fraction, ...]:
    return tuple(Fraction(number, per) for number in excess)


@settings(max_examples=100)
@given(KIND, st.none() | st.integers(0, 120).map(exactly), LEAVES, st.integers(1, 9))
def test_an_excess_is_that_of_the_composition_split(
    kind: Composition, value: Range | None, leaf: ShareLimit, tenths: int
) -> None:
    composition, limit = added([kind], value), Fraction(tenths, 10)
    parts = split(composition, INSIDE, others=leaf.others)
    ways = (parts, assumed(parts, counts=True), assumed(parts, counts=False))
    ends = [end for way in ways for end in (worst_excess(way, limit), best_excess(way, limit))]
    found = sums.excess(sums.in_units(composition), sums.Weights(leaf, INSIDE, limit))
    assert in_currency(found.excess, found.per) == (*ends, parts.total.high)


@settings(max_examples=100)
@given(st.lists(KIND, min_size=2, max_size=5), LEAVES, st.none() | st.integers(0, 120).map(exactly), st.integers(1, 9))
def test_no_choice_of_costs_crosses_what_the_sum_says_none_can(
    kinds: list[Composition], leaf: ShareLimit, value: Range | None, tenths: int
) -> None:
    always, *switched = kinds
    limit, names = Fraction(tenths, 10), [str(place) for place in range(len(switched))]

    def at(counted: object) -> sums.Measured:
        parts = [always, *(switched[int(name)] for name in names if name in counted)]  # type: ignore[operator]
        return sums.excess(sums.in_units(added(parts, value)), sums.Weights(leaf, INSIDE, limit))

    subsets = [
        [name for name, yes in zip(names, each, strict=True) if yes] for each in product((0, 1), repeat=len(names))
    ]
    found = sums.terms(at, names)
    if found is None:
        assert value is not None, "without a floor an excess is always a sum"
        return
    for counted in subsets:
        rest = found
        for name in names:
            rest = rest.counting(name) if name in counted else rest.without(name)
        assert in_currency(rest.none, rest.per) == in_currency(at(counted).excess, at(counted).per)

    def agree(rest: sums.Terms, chosen: dict[str, bool]) -> None:
        number = sums.open_number(rest, leaf)
        if number is not None:
            kind = sums.heaviest(rest, number)
            agree(rest.counting(kind), {**chosen, kind: True})
            agree(rest.without(kind), {**chosen, kind: False})
            return
        for counted in subsets:
            if all((name in counted) == yes for name, yes in chosen.items()):
                for counts in (None, True, False):
                    assert sums.status(at(counted).excess, leaf, counts) is sums.status(rest.none, leaf, counts)
                assert sums.asks(at(counted).excess, leaf) == sums.asks(rest.none, leaf)

    agree(found, {})


# --- told ---------------------------------------------------------------------------------


def test_the_terminal_tells_it() -> None:
    case = flow.check(flow.examples() / "radar", all_readings=True)
    check_golden("all-readings-radar.txt", terminal.verdict(case, colour=False, width=100))


def test_json_and_page_tell_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(flow.examples() / "night-sight"), "--all-readings", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["all_readings"]
    assert told["outcomes"][0] == {"status": "eligible", "with": {}}
    assert set(told["hangs_on"]) == {row["reading"] for row in told["table"]}
    case = flow.check(flow.examples() / "night-sight", all_readings=True)
    page = html.page(case)
    assert all(page.count(f"<code>{name}</code>") for name in told["hangs_on"])
    assert "--all-readings" in page
    assert as_json.verdict(replace(case, all_readings=None))["all_readings"] is None


def test_of_every_act_it_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(flow.examples() / "bridge"), "--all-acts", "--all-readings"]) == 2
    assert "choose one with --act" in capsys.readouterr().err


def test_readings_beside_a_verdict_that_a_statement_opened_are_said_to_go_by_the_law_as_it_is_used_here(
    tmp_path: Path,
) -> None:
    """Who has read the agreement states that it is otherwise: that opens the verdict, and no reading knows of it."""
    case = next(
        each for each in CASES if each["case"] == "the same, and who has read the agreement says that it is otherwise"
    )
    found = flow.check(folder(case, tmp_path), all_readings=True)
    assert found.verdict.outcome == "undetermined"
    assert any("which unverified-law states to be otherwise" in each for each in found.verdict.remarks)
