"""Each family of conditions, alone where it binds: without it the plan is cheaper, or possible; by hand.

Pieces of "cheap" cost 100.00, of "dear" 150.00 unless said; all states borrow and count.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

import plans
from jointbuy.joint import Dependence, Fleet, Partners, Plan, Planned, Systems, WorkShare
from jointbuy.plan import answer, limits
from jointbuy.plan.columns import columns
from jointbuy.report import plan as plan_words
from jointbuy.report import plan_charts
from plans import AT, TERMS, need, offer, plan, planned, state

CHEAP, DEAR = 100_00, 150_00


def two(needs: list[plans.Need] | None = None, **changes: object) -> Plan:
    """Poland and Latvia need two pieces each by 2028; cheap and dear offers may be bought alone."""
    made = plan(
        [state("PL"), state("LV")],
        needs or [need("PL", "a", 2028, 2), need("LV", "a", 2028, 2)],
        [offer("cheap", "a", {1: CHEAP}, alone=True), offer("dear", "a", {1: DEAR}, alone=True)],
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def changed(made: Plan, name: str, **changes: object) -> Plan:
    """The plan with an offer changed."""
    offers = tuple(replace(each, **changes) if each.id == name else each for each in made.offers)  # type: ignore[arg-type]
    return replace(made, offers=offers)


def pieces(found: Planned, name: str) -> int:
    return sum(each.quantity for each in found.deliveries if each.offer == name)


def binds(found: Planned, family: str) -> bool:
    return any(row.family == family and row.room == 0 for row in found.rows)


def test_nothing_binds() -> None:
    found = planned(two())
    assert (found.status, found.cost, pieces(found, "cheap")) == ("optimal", 4 * CHEAP, 4)


def test_needs_are_met_by_their_deadline() -> None:
    made = changed(two([need("PL", "a", 2027, 1)]), "cheap", capacity=(0, 9), earliest=2028)
    assert planned(made).cost == DEAR
    assert planned(replace(made, needs=(need("PL", "a", 2027, 1, latest=2028),))).cost == CHEAP


def test_capacity() -> None:
    found = planned(changed(two(), "cheap", capacity=(1, 2)))
    assert (found.cost, pieces(found, "cheap")) == (3 * CHEAP + DEAR, 3)
    assert binds(found, "capacity")


def test_tiers_are_reached_together() -> None:
    """Four pieces reach a price that three do not, and the price is for all of them."""
    made = changed(two(), "dear", tiers=offer("x", "a", {1: DEAR, 4: 99_00}).tiers)
    found = planned(made)
    assert (found.cost, [one.tier for one in found.contracts]) == (4 * 99_00, [1])
    fewer = replace(made, needs=(need("PL", "a", 2028, 2), need("LV", "a", 2028, 1)))
    assert planned(fewer).cost == 3 * CHEAP


def test_set_up_is_paid_once() -> None:
    assert planned(changed(two(), "cheap", set_up=199_00)).cost == 4 * CHEAP + 199_00
    assert planned(changed(two(), "cheap", set_up=201_00)).cost == 4 * DEAR


def test_an_offer_is_one_production_line_whoever_buys_and_when() -> None:
    """Three buyers in two years share one set-up; what a second line has to deliver takes a set-up of its own."""
    states = [state("PL"), state("LV"), state("EE")]
    needs = [need("PL", "a", 2027, 2), need("LV", "a", 2027, 1), need("EE", "a", 2028, 2)]
    line = offer("first line", "a", {1: CHEAP}, (3, 2), system="A", set_up=500_00)
    assert planned(plan(states, needs, [line])).cost == 5 * CHEAP + 500_00
    one = replace(line, capacity=(3, 0))
    other = offer("second line", "a", {1: CHEAP}, (0, 2), system="A", set_up=300_00, alone=True)
    found = planned(plan(states, needs, [one, other]))
    assert (found.cost, sorted(each.set_up for each in found.contracts)) == (5 * CHEAP + 800_00, [300_00, 500_00])


def test_present_value() -> None:
    """What is paid a year later counts 1/1.25: four pieces in 2028 cost 4 * 100 / 1.25."""
    assert planned(two(discount=Fraction(1, 4))).cost == 320_00


def test_budget() -> None:
    """Poland can just pay two cheap pieces; its budget of the other year helps, since it may buy earlier."""
    poor = (state("PL", budgets={2027: 0, 2028: 2 * CHEAP}), state("LV"))
    assert planned(two(states=poor)).cost == 4 * CHEAP
    poorer = replace(poor[0], budgets=((2027, 0), (2028, 2 * CHEAP - 1)))
    assert planned(two(states=(poorer, poor[1]))).status == "infeasible"
    split = replace(poor[0], budgets=((2027, CHEAP), (2028, CHEAP)))
    found = planned(two(states=(split, poor[1])))
    assert found.cost == 4 * CHEAP
    assert {(each.year, each.quantity) for each in found.deliveries if each.state == "PL"} == {(2027, 1), (2028, 1)}


@pytest.mark.parametrize("price", [10**5, 10**9, 10**11, 10**14])
@pytest.mark.parametrize(
    ("beyond", "cost"),
    [
        # Both buy A at 80 %, and Latvia pays 20 % more for each of its two.
        (0, lambda price: 4 * price * 4 // 5 + 2 * price // 5),
        # One A takes Latvia a cent beyond: it buys B, and so does Poland, which would be alone with A.
        (-2, lambda price: 4 * (price - 1)),
        (-3, lambda _price: None),
    ],
)
def test_a_cent_decides_however_dear_a_piece_is(price: int, beyond: int, cost: Callable[[int], int | None]) -> None:
    states = [state("PL"), state("LV", borrows=False, budgets={2027: 2 * price + beyond, 2028: 0})]
    needs = [need(code, "a", 2027, 2) for code in ("PL", "LV")]
    offers = [offer("A", "a", {1: price * 4 // 5}, extras={"LV": price // 5}), offer("B", "a", {1: price - 1})]
    found = planned(plan(states, needs, offers))
    assert (found.status, found.cost) == ("optimal" if cost(price) else "infeasible", cost(price))
    assert found.clash is None or ("budget", "LV's 2027 budget") in found.clash.conflict


def test_the_lead_pays_the_set_up_from_its_budget() -> None:
    """A set-up of 50 fits neither budget beside two pieces of 100, but Latvia's 250 takes it."""
    states = (state("PL", budgets={2027: 0, 2028: 249_99}), state("LV", budgets={2027: 0, 2028: 250_00}))
    made = changed(two(states=states), "cheap", set_up=50_00, earliest=2028, capacity=(0, 9))
    made = changed(made, "dear", capacity=(0, 0))
    found = planned(made)
    assert (found.cost, found.contracts[0].lead) == (450_00, "LV")


@pytest.mark.parametrize(("loan", "status"), [(150_00, "optimal"), (149_99, "infeasible")])
def test_loan(loan: int, status: str) -> None:
    """Of 200.00 Poland pays 50.00 by itself and 150.00 by its loan, which pays only what is bought in common."""
    states = (state("PL", loan=loan, budgets={2027: 0, 2028: 50_00}), state("LV"))
    made = changed(two(states=states), "cheap", alone=False)
    found = planned(made)
    assert found.status == status
    if status == "optimal":
        assert [(each.state, each.year, each.amount) for each in found.draws] == [("PL", 2028, 150_00)]


def test_loans_pay_until_a_year_and_only_what_passes() -> None:
    states = (state("PL", loan=200_00, budgets={2027: 0, 2028: 0}), state("LV"))
    made = changed(two(states=states), "cheap", alone=False)
    assert planned(made).cost == 4 * CHEAP
    assert planned(made, terms=replace(TERMS, last_year=2027)).cost == 4 * CHEAP, "both years may deliver"
    late = changed(made, "cheap", capacity=(0, 9), earliest=2028)
    assert planned(late, terms=replace(TERMS, last_year=2027)).status == "infeasible"
    assert planned(changed(made, "cheap", acts=())).status == "infeasible"
    assert planned(changed(made, "cheap", alone=True)).status == "infeasible"


def test_at_least_two_buyers_that_count() -> None:
    """What is bought in common has two buyers from inside; Canada may take part beside them."""
    made = changed(two([need("PL", "a", 2028, 2)]), "cheap", alone=False)
    assert planned(made).cost == 2 * DEAR
    states = (state("PL"), state("CA", borrows=False))
    canada = replace(made, states=states, needs=(need("PL", "a", 2028, 2), need("CA", "a", 2028, 2)))
    assert planned(canada).cost == 4 * DEAR
    assert planned(changed(two(), "cheap", alone=False)).cost == 4 * CHEAP


def test_what_a_state_buys_by_itself() -> None:
    """A contract of its own: the price of its own pieces, its own set-up, no loan; the capacity is the offer's."""
    prices = {1: CHEAP, 3: 60_00}
    joint = changed(changed(two(), "cheap", alone=False, set_up=50_00), "cheap", tiers=offer("x", "a", prices).tiers)
    own = replace(joint.offers[0], id="cheap / PL", alone=True, only="PL", source="cheap")
    made = replace(joint, offers=(*joint.offers, own))
    assert planned(made).cost == 4 * 60_00 + 50_00, "in common it is cheaper"
    poland = replace(made, needs=(need("PL", "a", 2028, 2),))
    found = planned(poland)
    assert (found.cost, found.contracts[0].offer, found.contracts[0].lead) == (2 * CHEAP + 50_00, "cheap / PL", "PL")
    latvia = replace(made, needs=(need("LV", "a", 2028, 2),))
    assert planned(latvia).cost == 2 * DEAR
    # One piece a year of the offer, in common and alone together: two of four needed until 2028.
    few = tuple(replace(each, capacity=(1, 1)) if each.system == "cheap" else each for each in made.offers)
    assert pieces(planned(replace(poland, offers=few)), "cheap / PL") == 2
    three = replace(poland, offers=few, needs=(need("PL", "a", 2028, 3),))
    assert planned(three).cost == 2 * CHEAP + 50_00 + DEAR
    lent = replace(poland, states=(state("PL", loan=500_00, budgets={2027: 0, 2028: 0}), state("LV")))
    assert planned(lent).status == "infeasible"


def test_a_lead_that_may_borrow() -> None:
    states = (state("PL", borrows=False), state("LV", borrows=False))
    made = changed(two(states=states), "cheap", alone=False)
    assert planned(made).cost == 4 * DEAR
    found = planned(replace(made, states=(state("PL", borrows=False), state("LV"))))
    assert (found.cost, found.contracts[0].lead) == (4 * CHEAP, "LV")


def test_eligibility_and_standards() -> None:
    made = changed(two(acts=("safe",)), "cheap", acts=("edip",))
    assert planned(made).cost == 4 * DEAR
    asked = two([need("PL", "a", 2028, 2, standards="x"), need("LV", "a", 2028, 2)])
    assert planned(changed(asked, "dear", standards=("x", "y"))).cost == 2 * DEAR + 2 * CHEAP


def test_commonality() -> None:
    """Capacity for three of each system: with one system alone four pieces are impossible, with two they are not."""
    made = changed(changed(two(), "cheap", capacity=(0, 3)), "dear", capacity=(0, 4))
    assert planned(made).cost == 3 * CHEAP + DEAR
    found = planned(replace(made, limits=(Systems(1, "a", ("PL", "LV"), AT),)))
    assert (found.cost, binds(found, "commonality")) == (4 * DEAR, True)
    assert planned(replace(made, limits=(Systems(1, "a", ("PL",), AT),))).cost == 3 * CHEAP + DEAR


def test_fleets_share() -> None:
    """Cheap guns and cheap tubes use different ammunition; a fleet that shares it buys the dear tubes."""
    made = plan(
        [state("PL")],
        [need("PL", "gun", 2028, 1), need("PL", "tube", 2028, 1)],
        [
            offer("g", "gun", {1: 100}, shared={"ammunition": "155"}, alone=True),
            offer("t", "tube", {1: 10}, shared={"ammunition": "152"}, alone=True),
            offer("u", "tube", {1: 20}, shared={"ammunition": "155"}, alone=True),
            offer("v", "tube", {1: 15}, alone=True),
        ],
    )
    assert planned(made).cost == 110
    fleet = Fleet("fleet", "ammunition", ("PL",), ("gun", "tube"), AT)
    assert planned(replace(made, limits=(fleet,))).cost == 120, "what does not say what it uses shares with nobody"


def test_dependence_counts_what_is_undeclared() -> None:
    """Half of cheap is American: of a value at most a quarter may be, so two pieces of the two kinds: 50/250 <= 1/4."""
    made = changed(two(), "cheap", origin=(("PL", Fraction(1, 2)), ("US", Fraction(1, 2))))
    made = changed(made, "dear", origin=(("PL", Fraction(1)),))
    quarter = Dependence(Fraction(1, 4), ("US",), "US", ("PL", "LV"), True, AT)
    found = planned(replace(made, limits=(quarter,)))
    assert found.cost == 2 * CHEAP + 2 * DEAR
    hidden = changed(made, "cheap", origin=(("PL", Fraction(1, 2)),))
    assert planned(replace(hidden, limits=(quarter,))).cost == 2 * CHEAP + 2 * DEAR
    # All together, 3 cheap and 1 dear: 150 of 450 is a third.
    third = Dependence(Fraction(1, 3), ("US",), "US", ("PL", "LV"), False, AT)
    assert planned(replace(made, limits=(third,))).cost == 3 * CHEAP + DEAR
    under = Dependence(Fraction(33, 100), ("US",), "US", ("PL", "LV"), False, AT)
    assert planned(replace(made, limits=(under,))).cost == 2 * CHEAP + 2 * DEAR


@pytest.mark.parametrize("odd", [2**31 - 1, 2**61 - 1], ids=["machine words", "more than they hold"])
def test_shares_of_any_denominators_are_exact(odd: int) -> None:
    """Each factor is the float nearest to its fraction, as one share after the other gives it."""
    limit = Dependence(Fraction(2, 7), ("US", "CA"), "US", ("PL", "LV"), False, AT)
    made = changed(two(), "cheap", origin=(("PL", Fraction(1, 3)), ("US", Fraction(1, 7)), ("CA", Fraction(1, odd))))
    made = changed(made, "dear", origin=(("PL", Fraction(1)),))
    of = columns(replace(made, limits=(limit,)), TERMS, whole=False)
    assert limits.parted(of, limits.exposed(of, limit.countries)).tolist() == [float(Fraction(2, 3)), 0.0]
    assert limits.parted(of, limits.declared(of, ("US", "CA"))).tolist() == [
        float(Fraction(1, 7) + Fraction(1, odd)),
        0,
    ]
    factors = [Fraction(2, 3) - limit.most, -limit.most]
    family = limits.dependence(of)
    assert sorted(set(family.value.tolist())) == sorted(map(float, factors))
    assert family.upper.tolist() == [0.5 / 21 / of.unit]


def test_partner_share_counts_what_is_declared() -> None:
    made = changed(two(), "cheap", origin=(("PL", Fraction(1, 2)),))
    made = changed(made, "dear", origin=(("PL", Fraction(1)),))
    half = Partners(Fraction(1, 2), ("PL",), "PL", ("PL", "LV"), False, AT)
    assert planned(replace(made, limits=(half,))).cost == 4 * CHEAP
    # 3 cheap and 1 dear: 150 + 150 of 450 is two thirds.
    more = Partners(Fraction(2, 3), ("PL",), "PL", ("PL", "LV"), False, AT)
    assert planned(replace(made, limits=(more,))).cost == 3 * CHEAP + DEAR


def test_work_share() -> None:
    """Poland pays half and makes only what is dear: its work may lie 20 points of the whole behind its cost."""
    made = changed(two(), "dear", origin=(("PL", Fraction(1)),))
    found = planned(replace(made, limits=(WorkShare(Fraction(1, 5), None, ("PL",), AT),)))
    # Poland cheap twice: (200 - 150) / 450 = 11 points; one dear piece, wherever it goes, is enough.
    assert found.cost == 3 * CHEAP + DEAR
    ahead = changed(two(), "cheap", origin=(("PL", Fraction(1)),))
    # All cheap: Poland makes 400 and pays 200, half the whole ahead; with a limit of 30 points it may not.
    kept = planned(replace(ahead, limits=(WorkShare(None, Fraction(3, 10), ("PL",), AT),)))
    assert kept.cost == 3 * CHEAP + DEAR  # (300 - 250) / 450, Poland paying the dear piece


def test_goals_one_after_another() -> None:
    """Two plans cost the same; the second goal chooses between them, and the first is kept."""
    made = changed(two([need("PL", "a", 2027, 1, latest=2028)]), "dear", tiers=offer("x", "a", {1: CHEAP}).tiers)
    made = changed(made, "cheap", origin=(("US", Fraction(1)),))
    made = changed(made, "dear", origin=(("PL", Fraction(1)),))
    found = planned(made, "cost", "dependence", "delay", "systems")
    assert [int(value) for _, value in found.goals] == [CHEAP, 0, 0, 1]
    assert [(each.goal, each.value, each.bound) for each in found.reached] == [
        ("cost", CHEAP, CHEAP),
        ("dependence", 0, 0),
        ("delay", 0, 0),
        ("systems", 1, 1),
    ]
    assert [(each.offer, each.year) for each in found.deliveries] == [("dear", 2027)]
    least = planned(changed(made, "dear", tiers=offer("x", "a", {1: DEAR}).tiers), "dependence", "cost")
    assert (least.cost, dict(least.goals)["dependence"]) == (DEAR, 0)


def test_frontier_has_every_trade() -> None:
    """Each of two cheap pieces may be exchanged: three plans, none of which another beats at both."""
    made = changed(two([need("PL", "a", 2028, 2)]), "cheap", origin=(("US", Fraction(1)),))
    made = changed(made, "dear", origin=(("PL", Fraction(1)),))
    found = planned(made, points=True)
    assert [(each.amount, each.cost) for each in found.frontier] == [
        (0, 2 * DEAR),
        (CHEAP, CHEAP + DEAR),
        (2 * CHEAP, 2 * CHEAP),
    ]


def test_pictures_have_an_axis_of_costs_and_tell_set_up_apart() -> None:
    """Plans of 200, 250 and 300 EUR lie on the lines of those amounts, the middle one half way between the others."""
    made = changed(two([need("PL", "a", 2028, 2)]), "cheap", origin=(("US", Fraction(1)),))
    made = changed(made, "dear", origin=(("PL", Fraction(1)),))
    found = planned(made, points=True)
    assert "From US or undeclared" in plan_words.text(found, False, 100)
    drawn = str(plan_charts.frontier(found))
    lines = dict(re.findall(r'y2="([\d.]+)" class="grid"/>\s*<text[^>]*>(\d+)<', drawn))
    points = re.findall(r'<circle[^>]* cy="([\d.]+)"', drawn)
    assert [lines[each] for each in points] == ["300", "250", "200"]
    top, middle, floor = map(float, points)
    assert middle == (top + floor) / 2
    assert "Cost, present value, EUR" in drawn
    assert "value from US or undeclared" in drawn
    bars = str(plan_charts.years(planned(changed(two(), "cheap", set_up=40_00))))
    assert "set-up is apart, 40\u00a0EUR in all" in bars


def test_frontier_begins_at_the_cheapest_whatever_the_goal() -> None:
    """Each point is the cheapest of its dependence, proved; asked for the least dependence first, it is the same."""
    made = changed(two([need("PL", "a", 2028, 2)]), "cheap", origin=(("US", Fraction(1)),))
    made = changed(made, "dear", origin=(("PL", Fraction(1)),))
    found = planned(made, "dependence", "cost", points=True)
    assert [(each.cost, each.bound, each.within) for each in found.frontier] == [
        (cost, cost, True) for cost in (2 * DEAR, CHEAP + DEAR, 2 * CHEAP)
    ]


def test_what_is_proved_of_more_dependence_holds_of_less() -> None:
    """Points that another beats are left out; the bound of a looser limit counts for a tighter one."""
    point = answer.Point(100, 90, Fraction(10), 100, within=False)
    points = [point, answer.Point(120, 80, Fraction(5), 120, within=False)]
    beaten = answer.Point(121, 95, Fraction(6), 120, within=False)
    found = answer._lowest([*points, beaten], 0.1)
    assert [(each.amount, each.cost, each.bound, each.within) for each in found] == [
        (5, 120, 95, False),
        (10, 100, 90, True),
    ]


def unmet(made: Plan) -> tuple[str, ...]:
    found = planned(made)
    assert found.status == "infeasible"
    assert found.clash is not None
    assert (found.clash.conflict, found.clash.gives) == ((), ())
    return found.clash.unmet


def test_standards_that_no_offer_meets_are_told_without_budgets() -> None:
    """Poland asks for two standards: cheap has one of them and is not said to pass SAFE, dear has neither."""
    made = two([need("PL", "a", 2028, 2, standards="N1 N2"), need("LV", "a", 2028, 2)], acts=("safe",))
    made = changed(changed(made, "cheap", standards=("N1",), acts=()), "dear", acts=("safe",))
    poor = (state("PL", budgets={2027: 0, 2028: 0}), state("LV"))
    (told,) = unmet(replace(made, states=poor))
    assert told == (
        "PL needs 2 of a (plan.yaml:1) of an offer that meets N1 and N2 and passes safe, and none does; nearest: "
        "cheap (plan.yaml:1) lacks N2 and a verdict that it passes safe; dear (plan.yaml:1) lacks N1 and N2."
    )


def test_a_need_beyond_all_capacity_is_told_with_the_sum() -> None:
    """Two offers of 9 a year deliver 18 by the end of 2027 and 36 by that of 2028."""
    assert unmet(two([need("PL", "a", 2028, 10**12), need("LV", "a", 2028, 2)])) == (
        "PL needs 1,000,000,000,000 of a by 2028 (plan.yaml:1), and all offers that would do deliver at most 36 until "
        "then (cheap 18, dear 18): 999,999,999,964 too few.",
    )
    (told,) = unmet(two([need("PL", "a", 2027, 19, latest=2028), need("LV", "a", 2028, 18)]))
    assert told.startswith("All states together need 37 of a by 2028")
    assert planned(two([need("PL", "a", 2027, 18), need("LV", "a", 2028, 18)])).status == "optimal"


def test_a_smallest_conflict_and_the_cheapest_relaxation() -> None:
    """Latvia's budget is 10.00 short; what Poland may pay has nothing to do with it."""
    states = (state("PL", budgets={2027: 0, 2028: 900_00}), state("LV", budgets={2027: 0, 2028: 190_00}))
    found = planned(two(states=states))
    assert found.status == "infeasible"
    assert found.clash is not None
    assert found.clash.minimal
    names = {name for _, name in found.clash.conflict}
    assert names == {"LV's 2 of a by 2028", "LV's 2027 budget", "LV's 2028 budget"}
    assert [(each.name, each.by) for each in found.clash.gives] == [("LV's 2028 budget", 10_00)]
    for dropped in names - {"LV's 2 of a by 2028"}:
        free = {2027: 0, 2028: 190_00} | {int(dropped.split()[1]): 10**9}
        assert planned(two(states=(states[0], state("LV", budgets=free)))).status == "optimal"


def test_stops_in_time_with_what_it_has() -> None:
    found = planned(two(), seconds=0.0)
    assert found.status in {"stopped", "none found"}
