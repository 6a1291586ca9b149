"""What would turn a finding or a verdict does, and nothing less: tried on examples, files and random purchases."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from draws import draws
from flipping import CannotTell, after
from jointbuy import flow, law
from jointbuy.decide import changing, flip, needs
from jointbuy.decide.after import status
from jointbuy.decide.explain import explain
from jointbuy.decide.verdict import decided
from jointbuy.exact import exactly
from jointbuy.model import Contract, Currency, Purchase
from jointbuy.money import Money
from jointbuy.parameters import View
from jointbuy.places import Group
from jointbuy.result import Finding, Verdict
from jointbuy.rules import Expression, Fact, Facts, NumberLimit, Rule, S, When, walk
from jointbuy.turning import Turned, Turns, Way
from oracle import EXAMPLES
from random_facts import examples, near
from vocabulary import COUNTRIES, Kinds, Random, kinds

ACTS = [law.act(name) for name in law.ACTS]
EVERY_ACT = pytest.mark.parametrize("act", ACTS, ids=[act.name for act in ACTS])
LISTED = Group("contravening listed", "the purchase's list", frozenset({"CN"}), frozenset())
HOLDS, BELOW = {S.MET, S.NOT_APPLICABLE}, {S.NOT_MET, S.UNKNOWN, S.JUDGEMENT}
WORTH = Fraction(146_000_000)


@cache
def purchase() -> Purchase:
    """A purchase whose contract has a value, in which shares of it are told."""
    real = flow.check(EXAMPLES / "missile").purchase
    return replace(real, contract=Contract(value=Money(146_000_000_00, "EUR"), currency=Currency("EUR")))


def views(act: law.Act, rounds: int) -> Iterator[View]:
    """The act's law under readings at random."""
    choose = random.Random(3)
    on = act.period[1] - timedelta(days=1) if act.period[1] else date(2026, 9, 15)
    for _ in range(rounds):
        open_ = {name: reading for name, reading in act.readings.items() if name not in act.settled}
        chosen = {name: choose.choice(reading.options).name for name, reading in open_.items()}
        yield law.view(act, on, act.as_of, chosen, {LISTED.name: LISTED})


def maker_of(act: law.Act, seed: int) -> Random:
    dates = [value.value for each in act.parameters.values() for value in each.values if isinstance(value.value, date)]
    return Random(seed, [rule.expression for rule in act.rules], dates)


def drawn(act: law.Act, count: int, rounds: int, seed: int) -> Iterator[tuple[View, Facts, Mapping[str, Fact]]]:
    """Random purchases; of SAFE two in three are near the examples."""
    maker = maker_of(act, seed)
    for view in views(act, rounds):
        for place in range(count):
            yield view, *(near(maker, 0.05) if act.name == "safe" and place % 3 else maker.purchase())


def found(rule: Rule, view: View, facts: Facts, said: Mapping[str, Fact]) -> tuple[S, set[S], Turns]:
    """What a rule came to, what turns it to, and how."""
    seen: needs.Seen = {}
    now = explain(rule.expression, facts, said, view, seen)[0].status
    want = BELOW if now is S.MET else HOLDS
    at = needs.at(purchase(), facts, said, view, rule.expression, seen)
    return now, want, Turns(()) if now in want else flip.turns(rule.expression, want, at)


def hair(way: Way) -> Fraction | int | None:
    """A cent, a day, or as little of a number as is told; nothing where a way is not measured."""
    (step, *others) = way.steps
    if others or step.kind not in {"money", "date", "number"} or step.by is None:
        return None
    if step.kind == "date":
        return 1
    if step.kind == "money" or step.fact == "contract_value_cad":
        return Fraction(1, 100)
    return Fraction(1, 100) / WORTH if "EUR" in step.text else Fraction(1, 10**6)


def has_two_sides(way: Way, rule: Expression, view: View) -> bool:
    """Whether the limit that a number would just keep decides both if the rule asks anything and if what it asks holds.

    On either side of such a limit the rule may be content: of a subcontractor below it nothing is asked, and from it on
    an earlier contract may excuse it. At any other limit of the rule, such as the top of that band, it may not.
    """
    (step, *_) = way.steps
    name = step.fact.rpartition(".")[2]
    asks, asked = set[str](), set[str]()
    for each in walk(rule):
        if isinstance(each, When):
            asks |= limits_of(each.condition, name)
            asked |= limits_of(each.then, name)
    near_by = (view.parameter(limit).value for limit in asks & asked)
    return step.kind == "number" and any(
        isinstance(each, Fraction) and isinstance(step.to, Fraction) and abs(each - step.to) <= Fraction(1, 10**6)
        for each in near_by
    )


def limits_of(expression: Expression, fact: str) -> set[str]:
    """The limits that a number is held against."""
    return {leaf.limit for leaf in walk(expression) if isinstance(leaf, NumberLimit) and leaf.fact == fact}


@EVERY_ACT
def test_what_would_turn_a_finding_does_and_a_cent_or_a_day_less_does_not(act: law.Act) -> None:
    tried: dict[tuple[str, bool], int] = {}
    for view, facts, said in drawn(act, 25, 3, 11):
        for rule in act.rules:
            now, want, turns = found(rule, view, facts, said)
            assert turns.ways or now in want, f"{rule.id}: nothing turns it"
            for place, way in enumerate(turns.ways):
                try:
                    then = explain(rule.expression, *after(facts, said, way, view), view)[0].status
                    # Of several amounts the nearest: cost that moves may cross another limit before that of the rest.
                    less = hair(way) if not place else None
                    short = explain(rule.expression, *after(facts, said, way, view, less), view)[0] if less else None
                except CannotTell:
                    continue
                assert then in want, (rule.id, now, then, way)
                crossed = short is None or short.status not in want or has_two_sides(way, rule.expression, view)
                # What is to have come about is told up to the day by which things are known, wherever the limit lies.
                crossed = crossed or way.steps[0].to == view.known_on
                assert crossed, (rule.id, now, way)
                for step in way.steps:
                    tried[step.kind, now is S.MET] = tried.get((step.kind, now is S.MET), 0) + 1
    if act.name == "safe":
        every = {*"money date number place word answer fact member judgement".split()}
        assert {kind for kind, met in tried if not met} == every
        assert every - {"member", "fact"} <= {kind for kind, met in tried if met} <= every


_ASKED = draws(4)
"""How many findings are asked about; each is decided anew some thousand times."""


def singly(
    facts: Facts, said: Mapping[str, Fact], wanted: Kinds, maker: Random
) -> Iterator[tuple[Facts, Mapping[str, Fact]]]:
    """The purchase with one fact, or one answer of a person, otherwise."""
    for name, kind in wanted.items():
        there = facts.get(name)
        if isinstance(kind, dict):
            for place, member in enumerate(there if isinstance(there, tuple) else ()):
                for changed, _ in singly(member, {}, kind, maker):
                    yield {**facts, name: (*there[:place], changed, *there[place + 1 :])}, said
        elif (
            name not in changing.GIVEN | changing.CLOSED and kind != "composition"
        ):  # what a change rests on is law, no step
            values = {
                "country": COUNTRIES,
                "word": [*maker.words.get(name, []), "something else"],
                "yes": [True, False],
                "date": maker.dates,
                "stated": [date(2026, 1, 1)],
                "number": [exactly(Fraction(each, 100)) for each in (0, 14, 15, 16, 34, 35, 36, 100, 190, 210)],
            }[kind]
            for value in [*values, None]:
                yield {**facts, name: Fact(value)}, said
    for key in {key for key in maker.keys if said or wanted is maker.kinds}:
        for answer in (True, False):
            yield facts, {**said, key: Fact(answer)}


@pytest.mark.parametrize("name", ["safe", "edip", "edirpa"])
def test_no_single_fact_turns_what_is_said_to_need_two(name: str) -> None:
    """Every fact of the rule's vocabulary is changed by itself, to every value that tells values apart."""
    act, asked = law.act(name), 0
    for view, facts, said in drawn(act, draws(4), 2, 5):
        for rule in act.rules:
            _, want, turns = found(rule, view, facts, said)
            if not turns.ways or len({needs.about(step.fact) for step in turns.ways[0].steps}) < 2 or asked == _ASKED:
                continue
            asked += 1
            maker = maker_of(act, 1)
            maker.kinds, maker.keys = (
                kinds([rule.expression]),
                [step.fact for way in turns.ways for step in way.steps if step.kind == "judgement"],
            )
            for changed, spoken in singly(facts, said, maker.kinds, maker):
                then = explain(rule.expression, changed, spoken, view)[0].status
                assert then not in want, (rule.id, then, turns.ways[0])
    assert asked == _ASKED


@EVERY_ACT
def test_status_alone_is_that_of_the_explanation(act: law.Act) -> None:
    for view, facts, said in drawn(act, 20, 2, 7):
        for rule in act.rules:
            at = needs.at(purchase(), facts, said, view, rule.expression, {})._replace(first={})
            assert status(rule.expression, at) is explain(rule.expression, facts, said, view)[0].status, rule.id


# --- verdicts -------------------------------------------------------------------------------


def turned(
    facts: Facts, said: Mapping[str, Fact], some: tuple[Turned, ...], view: View
) -> tuple[Facts, Mapping[str, Fact]]:
    for one in some:
        facts, said = after(facts, said, one.turns.ways[0], view)
    return facts, said


def verdict_of(facts: Facts, said: Mapping[str, Fact], act: law.Act, view: View) -> flip.Turning:
    """What turns the verdict on facts alone, as `verdict` has it."""
    held = []
    open_routes = [route.id for route in act.routes if flow.case.is_open(route.opens, view)]
    for rule in act.rules:
        if rule.route in {None, *open_routes}:
            seen: needs.Seen = {}
            now = explain(rule.expression, facts, said, view, seen)[0].status
            held.append(flip.Held(rule, now, needs.at(purchase(), facts, said, view, rule.expression, seen)))
    mixed = bool(open_routes) and view.reading("mixing routes") == "each condition"
    return flip.of(flip.choices(held, open_routes, mixed=mixed))[1]


@EVERY_ACT
def test_smallest_set_turns_the_verdict_and_without_one_of_them_it_stays(act: law.Act) -> None:
    """Towards eligible all but one of the findings never suffice; towards no longer eligible every set does.

    Each finding is told for itself; seldom does what turns one of them stand in the way of another, or turn another
    rule too, so that a route opens that asks for less.
    """
    counted, clashes, helped = {"eligible": 0, "no longer eligible": 0}, 0, 0
    # Where money must move, which facts alone cannot show, nothing is counted: under other acts more are drawn.
    for view, facts, said in drawn(act, 15 if act.name == "safe" else 40, 3, 17):
        before, turning = decided(facts, said, act, view), verdict_of(facts, said, act, view)
        assert (turning.towards == "no longer eligible") == (before.outcome == "eligible")
        for some in turning.sets[:3]:
            for chosen in list(product(*(needed.findings for needed in some)))[:3]:
                try:
                    then = decided(*turned(facts, said, chosen, view), act, view).outcome
                except CannotTell:
                    continue
                if before.outcome != "eligible" and then != "eligible":
                    assert hindered(facts, said, chosen, act, view), (chosen, then)
                    clashes += 1
                    continue
                assert (then == "eligible") == (turning.towards == "eligible"), (chosen, then)
                counted[turning.towards] += 1
                for place in range(len(chosen)) if before.outcome != "eligible" else ():
                    fewer = (*chosen[:place], *chosen[place + 1 :])
                    left = decided(*turned(facts, said, fewer, view), act, view)
                    stays = left.status[chosen[place].rule] < S.JUDGEMENT
                    if left.outcome == "eligible" and stays:
                        others = left.status.keys() - {one.rule for one in chosen}
                        assert any(left.status[rule] > before.status[rule] for rule in others), chosen[place]
                        helped += 1
    assert counted["eligible"] > 8
    assert (clashes + helped) * 4 <= counted["eligible"]


def hindered(facts: Facts, said: Mapping[str, Fact], chosen: tuple[Turned, ...], act: law.Act, view: View) -> bool:
    """Whether one of the findings turns by its own way, and no longer does where the others have turned as well."""
    then = decided(*turned(facts, said, chosen, view), act, view).status
    alone = {one.rule: decided(*turned(facts, said, (one,), view), act, view).status[one.rule] for one in chosen}
    before = decided(facts, said, act, view).status
    return any(then[rule] < S.JUDGEMENT <= max(alone.get(rule, S.NOT_MET), before[rule]) for rule in then)


def test_examples_turn_by_what_they_are_told() -> None:
    """The examples as they are, each by every way of every set it is told."""
    folders = [folder for folder in sorted(flow.examples().iterdir()) if (folder / "purchase.yaml").is_file()]
    for folder, (facts, said) in zip(folders, examples(), strict=True):
        case = flow.check(folder)
        verdict, act = case.verdict, law.act(case.verdict.act)
        view = law.view(act, verdict.on, verdict.known_on, {used.id: used.chosen for used in verdict.readings},
                        flow.case.own_groups(case.purchase))  # fmt: skip
        assert verdict.turning is not None
        assert verdict.turning.sets, folder.name
        for some in verdict.turning.sets:
            for chosen in product(*(needed.findings for needed in some)):
                for way in chosen[0].turns.ways if len(chosen) == 1 else [None]:
                    by = (replace(chosen[0], turns=Turns((way,))),) if way else chosen
                    then = decided(*turned(facts, said, by, view), act, view).outcome
                    assert (then == "eligible") == (verdict.turning.towards == "eligible"), (folder.name, by)


# --- files ----------------------------------------------------------------------------------

DEARER = {"IL,380.00": "IL,1500.00"}
"""With a thermal core at 1,500 EUR, 1,920 of 4,920 EUR come from outside: 198 too much, as 35 % is 1,722."""
TUBE = "1450.00,EUR,\n"


def swapped(amount: str, rest: str) -> dict[str, str]:
    """Some of the tube's cost from Korea instead of France."""
    return {f"FR,{TUBE}": f"FR,{rest},EUR,\nNS-409,Tube part,NS-4,1,pc,Sample,KR,{amount},EUR,\n"}


def core(rest: str, amount: str) -> dict[str, str]:
    """Some of the dear thermal core's cost from Germany."""
    return {"IL,380.00,EUR,\n": f"IL,{rest},EUR,\nNS-409,Core part,NS-4,1,pc,Sample,DE,{amount},EUR,\n"}


FILES = [
    # 800 of 3,800 EUR come from outside, and 1,330 may: 530 more still pass, 530.01 do not (Art. 16(10)).
    ("night-sight", swapped("530.00", "920.00"), "eligible"),
    ("night-sight", swapped("530.01", "919.99"), "not eligible"),
    # Added and replacing nothing: (800 + 815.38) / (3,800 + 815.38) is below 35 %, with a cent more above.
    ("night-sight", {TUBE: f"{TUBE}NS-409,Tube part,NS-4,1,pc,Sample,KR,815.38,EUR,\n"}, "eligible"),
    ("night-sight", {TUBE: f"{TUBE}NS-409,Tube part,NS-4,1,pc,Sample,KR,815.39,EUR,\n"}, "not eligible"),
    ("night-sight", DEARER, "not eligible"),
    ("night-sight", core("1302.00", "198.00"), "eligible"),
    ("night-sight", core("1302.01", "197.99"), "not eligible"),
    # Dropped and not replaced: 198 / (1 - 35 %) is 304.615…
    ("night-sight", {"IL,380.00": "IL,1195.38"}, "eligible"),
    ("night-sight", {"IL,380.00": "IL,1195.39"}, "not eligible"),
    ("drones-1-june", {"signature: 2026-06-01": "signature: 2026-05-30"}, "eligible"),
    ("drones-1-june", {"signature: 2026-06-01": "signature: 2026-05-31"}, "not eligible"),
    ("missile-new-supplier", {"value: 29200000.00": "value: 21899999.99"}, "eligible"),
    ("missile-new-supplier", {"value: 29200000.00": "value: 21900000.00"}, "not eligible"),
    ("missile-new-supplier", {"relationship_since: 2026-08-27": "relationship_since: 2025-05-28"}, "eligible"),
    ("missile-new-supplier", {"relationship_since: 2026-08-27": "relationship_since: 2025-05-29"}, "not eligible"),
    ("missile-new-supplier", {"critical_input: yes": "critical_input: no"}, "eligible"),
    ("radar", {"hold: removable in fact": "hold: removable by right"}, "eligible"),
    ("canadian-vehicle-us-owned", {"country: US": "country: CA"}, "eligible"),
]  # fmt: skip
"""Example, words of its files and what stands there instead, outcome: worked out by hand from the law."""


@pytest.mark.parametrize(("name", "changes", "outcome"), FILES)
def test_file_changed_as_told_is_decided_as_told(
    name: str, changes: dict[str, str], outcome: str, tmp_path: Path
) -> None:
    assert checked(name, changes, tmp_path).outcome == outcome


def checked(name: str, changes: Mapping[str, str], at: Path, act: str | None = None) -> Verdict:
    folder = at / name
    shutil.copytree(EXAMPLES / name, folder)
    for words, others in changes.items():
        file = next(path for path in sorted(folder.glob("[bps]*")) if words in path.read_text("utf-8"))
        file.write_text(file.read_text("utf-8").replace(words, others, 1), encoding="utf-8")
    return flow.check(folder, act=act).verdict


TOLD = [
    ("night-sight", {}, "components", "money", None, Fraction("530.01"), Fraction("815.39")),
    ("night-sight", DEARER, "components", "money", None, Fraction(198), Fraction("304.62")),
    ("drones-1-june", {}, "buyers", "date", date(2026, 5, 30), 2, None),
    ("missile-new-supplier", {}, "who supplies", "number", Fraction("21899999.99") / 146_000_000, None, None),
    ("missile-new-supplier", {}, "who supplies", "date", date(2025, 5, 28), 456, None),
    ("missile-new-supplier", {}, "who supplies", "answer", False, None, None),
    ("radar", {}, "design", "word", "without effect", None, None),
]
"""What the verdict is told to turn by, in the figures of FILES: condition, kind, nearest value, how far, alone."""


@pytest.mark.parametrize(("name", "changes", "condition", "kind", "to", "by", "alone"), TOLD)
def test_verdict_names_the_change(
    name: str, changes: dict[str, str], condition: str, kind: str, to: object, by: object, alone: object, tmp_path: Path
) -> None:
    turning = checked(name, changes, tmp_path).turning
    assert turning is not None
    rules = [
        one for some in turning.sets for needed in some if needed.condition == condition for one in needed.findings
    ]
    steps = [step for one in rules if one.route is None for way in one.turns.ways for step in way.steps]
    assert any(
        step.kind == kind and to in {None, step.to} and by in {None, step.by} and alone in {None, step.alone}
        for step in steps
    ), steps


def test_what_only_opens_the_verdict_is_not_told_to_refuse_it(tmp_path: Path) -> None:
    """Without its list of subcontracts nothing is known of them: no longer eligible, and not refused either."""
    turning = checked("night-sight", {}, tmp_path).turning
    assert turning is not None
    told = [step for some in turning.sets for one in some[0].findings for way in one.turns.ways for step in way.steps]
    assert "subcontracts_told" in {step.fact for step in told}
    assert turning.towards == "no longer eligible"
    assert checked("night-sight", {"subcontracts: []\n": ""}, tmp_path / "silent").outcome == "undetermined"


LOAN = {"council_decision: 2026-02-17": "council_decision: 2026-02-17\n      agreement_in_force: 2026-04-01"}
MOVED = [
    (
        "signed on 2031-01-01 or later (1678 days later), with the last payment made no earlier than that",
        {"signature: 2026-05-29": "signature: 2031-01-01", "last_payment: 2028-03-31": "last_payment: 2031-01-01"},
    ),
    (
        "Council decision on the loan of 2027-07-01 or later (499 days later), with the loan agreement in force no "
        "earlier than that",
        {"decision: 2026-02-17": "decision: 2027-07-01", "in_force: 2026-04-01": "in_force: 2027-07-01"},
    ),
]
"""Ways of the drones of 29 May, their loan in force, and their file with both days as told."""


@pytest.mark.parametrize(("told", "changes"), MOVED)
def test_a_day_moves_with_those_that_cannot_lie_before_it(told: str, changes: dict[str, str], tmp_path: Path) -> None:
    turning = checked("drones-29-may", LOAN, tmp_path).turning
    assert turning is not None
    assert told in {step.text for some in turning.sets for one in some[0].findings for step in one.turns.ways[0].steps}
    assert checked("drones-29-may", LOAN | changes, tmp_path / "moved").outcome == "not eligible"


JOINED = "  - {country: LV, authority: Example Office, quantity: 100, participation: signed, joined: 2026-10-20}\n"
CHANGED = """conducted_by: EE
modifications:
  - on: 2026-10-20
    ground: Article 18
    adds: [LV]
    quantity_before: 600
    quantity_after: 700
    agreed: 2026-10-10
    equal_terms: yes
    notice: 2026-11-05
"""


def test_a_change_moves_before_the_act_only_with_the_contract(tmp_path: Path) -> None:
    """SAFE, Art. 18 asks nothing of a change older than the act; nobody changes a contract before signing it."""
    verdict = checked("drones-29-may", {"conducted_by: EE\n": JOINED + CHANGED}, tmp_path)
    finding = next(each for each in verdict.findings if each.rule == "safe.art18_modification")
    assert finding.turns is not None
    told = {step.text for way in finding.turns.ways for step in way.steps if step.kind == "date"}
    assert told == {
        "changed on 2025-05-28 or earlier (510 days earlier), with its tender published and the contract signed by then"
    }


CANADA = "  - {country: CA, authority: Example Office, quantity: 100, borrows: no, participation: signed}\n"
CANADA_RUNS_IT = {"conducted_by: EE": f"{CANADA}conducted_by: CA"}


def test_who_takes_the_place_of_the_buyer_that_runs_it_runs_it(tmp_path: Path) -> None:
    """SAFE, Art. 2(3): two from inside, of whom one conducts; no answer about a partner's lead is needed beside."""
    verdict = checked("drones-29-may", CANADA_RUNS_IT, tmp_path)
    finding = next(each for each in verdict.findings if each.rule == "safe.art02_common_procurement")
    assert finding.turns is not None
    told = [[step.text for step in way.steps] for way in finding.turns.ways]
    assert told == [["in its place a country of the Union, EEA-EFTA states and Ukraine, which then runs it"]]
    assert verdict.outcome == "not eligible"
    finland = {"country: CA": "country: FI", "conducted_by: CA": "conducted_by: FI"}
    assert checked("drones-29-may", CANADA_RUNS_IT | finland, tmp_path / "replaced").outcome == "eligible"


def test_one_place_that_suffices_is_not_told_with_a_second(tmp_path: Path) -> None:
    """Beside a buyer from inside a second one suffices, wherever it may join otherwise (Art. 2(3))."""
    switzerland = CANADA.replace("CA", "CH")
    verdict = checked("drones-29-may", {"conducted_by: EE": f"{switzerland}conducted_by: EE"}, tmp_path)
    finding = next(each for each in verdict.findings if each.rule == "safe.art02_common_procurement")
    assert finding.turns is not None
    told = [[step.text for step in way.steps] for way in finding.turns.ways]
    assert told == [["in its place a country of the Union, EEA-EFTA states and Ukraine"]]
    finland = {"conducted_by: EE": f"{CANADA.replace('CA', 'FI')}conducted_by: EE"}
    assert checked("drones-29-may", finland, tmp_path / "replaced").outcome == "eligible"


def test_a_share_of_a_stated_value_turns_by_the_value_itself(tmp_path: Path) -> None:
    """EDIRPA, Art. 9(12): 3,000 of 5,200 EUR come from inside. 3,380 must, or the value be 3,000 / 65 % = 4,615.384…"""

    def components(price: str, at: str) -> Finding:
        verdict = checked("night-sight", {"6240.00": price}, tmp_path / at, "edirpa")
        return next(each for each in verdict.findings if each.rule == "edirpa.art09_components")

    turns = components("5200.00", "stated").turns
    assert turns is not None
    (step,) = turns.ways[0].steps
    assert (step.by, step.alone) == (Fraction(380), Fraction("584.62"))
    assert "or the value 584.62\N{NO-BREAK SPACE}EUR lower, with no less from the Union" in step.text
    assert components("4615.38", "lower").status == "met"
    assert components("4615.39", "a cent more").status == "not met"


def test_a_share_next_to_its_limit_is_not_told_to_be_no_points_away(tmp_path: Path) -> None:
    """A cent above 15 % of 146 million EUR is less than a hundredth of a point too much."""
    verdict = checked("missile-new-supplier", {"value: 29200000.00": "value: 21900000.00"}, tmp_path)
    texts = [
        step.text for each in verdict.findings for way in (each.turns.ways if each.turns else ()) for step in way.steps
    ]
    assert any("less than 15.00 %" in text and "(less than 0.01 points less)" in text for text in texts)
    assert not any("(0.00 points" in text for text in texts)


def test_two_conditions_turn_together_or_not_at_all(tmp_path: Path) -> None:
    """A dear core, and a maker managed from the United States: Art. 16(3) and 16(10), not one of them alone."""
    managed = {"executive_management_in: EE": "executive_management_in: US"}
    verdict = checked("night-sight", DEARER | managed, tmp_path)
    assert verdict.turning is not None
    assert [[needed.condition for needed in some] for some in verdict.turning.sets] == [["who supplies", "components"]]
    assert checked("night-sight", core("1302.00", "198.00") | managed, tmp_path / "one").outcome == "not eligible"


TWICE = """subcontracts:
  - {subcontractor: X, share: 10, critical_input: yes, classified_access: yes}
  - {subcontractor: X, share: FIRST, critical_input: CRITICAL, classified_access: yes}
"""
FIRM = "parties:\n  - {id: X, name: Firm, established_in: CH, executive_management_in: CH, controlled_by: CH}\n"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "undetermined"),  # 20 % together, and whether they worked together before is not stated
        ({"share: 10, critical": "share: 4.999999, critical"}, "eligible"),  # either part, as the company is below 15 %
        ({"share: 10.0, critical": "share: 4.999999, critical"}, "eligible"),
        ({"share: 10.0, critical": "share: 5, critical"}, "undetermined"),
        # Critical and secret is what the company does, by whichever of its subcontracts.
        ({"10.0, critical_input: yes": "10.0, critical_input: no"}, "undetermined"),
        (
            {"critical_input: yes": "critical_input: no", "10.0, critical_input: yes": "10.0, critical_input: no"},
            "eligible",
        ),
    ],
)
def test_what_turns_a_company_with_two_subcontracts_is_said_of_the_company(
    changes: dict[str, str], outcome: str, tmp_path: Path
) -> None:
    """SAFE, Art. 16(12) asks what a legal entity provides, is allocated and has access to."""
    listed = TWICE.replace("FIRST", "10.0").replace("CRITICAL", "yes")
    verdict = checked("night-sight", {"subcontracts: []\n": listed, "parties:\n": FIRM} | changes, tmp_path)
    assert verdict.outcome == outcome
    if not changes:
        finding = next(each for each in verdict.findings if each.rule == "safe.art16_03_establishment")
        assert finding.turns is not None
        told = [way.steps for way in finding.turns.ways]
        assert all(len(steps) == 1 for steps in told)
        assert {steps[0].fact.rpartition(".")[2] for steps in told} >= {"critical_input", "classified_access"}
        assert all(steps[0].fact.startswith("entities[1].") for steps in told)


def test_nothing_turns_where_nothing_is_asked() -> None:
    read = flow.case.formats.read(EXAMPLES / "howitzer", law.places())
    verdict = flow.decided(read, "safe", tried=False).verdict
    assert verdict.turning is None
    assert all(finding.turns is None for finding in verdict.findings)
