"""The rules of SAFE as OpenFisca variables, our own writing; run in an environment of its own, never imported by ours.

Usage: python openfisca_rules.py INPUT.npz GROUPS.json OUTPUT.npz RUNS. Reads flat arrays (see `purchases.Flat`), one
variable a fact and place, computes the outcome under the default readings, writes outcomes and seconds a run.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from openfisca_core.entities import Entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

NOT_MET, UNKNOWN, JUDGEMENT, MET, NOTHING = range(5)
PERIOD = "2026"
LIMITS = {
    "max_outside_share": 0.35,
    "max_neither_share": 0.35,
    "min_inside_share": 0.20,
    "max_canadian_share": 0.80,
    "min_buyers": 2,
    "single_buyer_last_signature": 20603,
    "last_decision": 20999,
    "availability_ends": 22279,
    "involved_share": 0.15,
    "derogation_top": 0.35,
    "study_years": 2,
    "entry_into_force": 20237,
}
PLACES = {"buyers": 3, "entities": 3, "end_products": 2, "source_countries": 3, "categories": 2}
Purchase = Entity("purchase", "purchases", "A purchase", "")
GROUPS: dict[str, np.ndarray] = {}


# --- the chain of statuses ---


def low(*of):
    result = of[0]
    for each in of[1:]:
        result = np.minimum(result, each)
    return result


def high(*of):
    """Of what applies the highest."""
    result = np.where(of[0] == NOTHING, -1, of[0])
    for each in of[1:]:
        result = np.maximum(result, np.where(each == NOTHING, -1, each))
    return np.where(result < 0, NOTHING, result)


def when(condition, then):
    open_ = np.where(then == NOTHING, NOTHING, np.maximum(condition, then))
    off = (condition == NOT_MET) | (condition == NOTHING)
    return np.where(off, NOTHING, np.where(condition == MET, then, open_))


def decided(known, holds):
    return np.where(known, np.where(holds, MET, NOT_MET), UNKNOWN)


def within(codes, group):
    return GROUPS[group][codes]


def outside(codes, group):
    return decided(codes != 0, GROUPS[group][codes] == NOT_MET)


def word(codes, *wanted):
    holds = codes == wanted[0]
    for each in wanted[1:]:
        holds = holds | (codes == each)
    return decided(codes != 0, holds)


def yes(answers):
    return decided(answers >= 0, answers == 1)


def no(answers):
    return decided(answers >= 0, answers == 0)


def stated(holds):
    return np.where(holds, MET, NOT_MET)


def said(answers):
    return np.where(answers < 0, JUDGEMENT, np.where(answers == 1, MET, NOT_MET))


def by(days, last):
    return decided(days != 0, days <= last)


def members(purchase, period, collection, name, nothing):
    """A status of each place, replaced where the purchase has no such member."""
    for place in range(1, PLACES[collection] + 1):
        there = purchase(f"{collection}_there_{place}", period)
        yield np.where(there == 1, purchase(f"{name}_{place}", period), nothing)


# --- variables ---

VARIABLES: list[type[Variable]] = []


def variable(name, formula=None, kind=int):
    content = {"value_type": kind, "entity": Purchase, "definition_period": DateUnit.YEAR, "label": name}
    if formula is not None:
        content["formula"] = formula
    VARIABLES.append(type(name, (Variable,), content))


def condition(name):
    """A formula as a variable."""

    def add(formula):
        variable(name, formula)
        return formula

    return add


def at(place):
    """A reader of one member's facts."""

    def read(purchase, period, name):
        return purchase(f"{name}_{place}", period)

    return read


def buyer_conditions(k):
    of = at(k)

    @condition(f"borrower_{k}")
    def borrower(purchase, period, parameters):
        country, borrows = of(purchase, period, "buyers_country"), of(purchase, period, "buyers_borrows")
        last = parameters(period).last_decision
        return low(within(country, "union"), yes(borrows), by(of(purchase, period, "buyers_loan_decided"), last))

    @condition(f"counted_{k}")
    def counted(purchase, period, parameters):
        takes, borrows = of(purchase, period, "buyers_participation"), of(purchase, period, "buyers_borrows")
        part = high(low(yes(borrows), stated(takes == 0)), word(takes, 1))
        return low(within(of(purchase, period, "buyers_country"), "inside"), part)

    @condition(f"admitted_{k}")
    def admitted(purchase, period, parameters):
        country = of(purchase, period, "buyers_country")
        union = when(yes(of(purchase, period, "buyers_borrows")), within(country, "union"))
        return low(high(within(country, "inside"), within(country, "may join as buyers")), union)

    @condition(f"loan_{k}")
    def loan(purchase, period, parameters):
        last = parameters(period).last_decision
        return low(yes(of(purchase, period, "buyers_borrows")), by(of(purchase, period, "buyers_loan_decided"), last))


def entity_conditions(k):
    of = at(k)

    @condition(f"involved_{k}")
    def involved(purchase, period, parameters):
        role = of(purchase, period, "entities_role")
        share = of(purchase, period, "entities_share")
        tests = low(
            word(role, 2),
            yes(of(purchase, period, "entities_critical_input")),
            stated(share >= parameters(period).involved_share),
            yes(of(purchase, period, "entities_classified_access")),
        )
        return high(word(role, 1), tests)

    @condition(f"excused_{k}")
    def excused(purchase, period, parameters):
        limits, share = parameters(period), of(purchase, period, "entities_share")
        study, since = of(purchase, period, "entities_study_years"), of(purchase, period, "entities_related_since")
        studied = low(stated(study >= 0), decided(study >= 0, study <= limits.study_years))
        band = low(
            word(of(purchase, period, "entities_role"), 2),
            stated(share >= limits.involved_share),
            stated(share <= limits.derogation_top),
        )
        return low(band, high(by(since, limits.entry_into_force - 1), studied))

    @condition(f"notified_{k}")
    def notified(purchase, period, parameters):
        known = stated(of(purchase, period, "entities_notified") >= 0)
        return high(known, said(purchase("notification", period)))

    @condition(f"screened_{k}")
    def screened(purchase, period, parameters):
        outcome = of(purchase, period, "entities_screening_outcome")
        mitigated = low(
            word(outcome, 2),
            yes(of(purchase, period, "entities_mitigation_in_place")),
            of(purchase, period, "notified"),
        )
        claimed = high(stated(of(purchase, period, "entities_screened") >= 0), stated(outcome != 0))
        return low(claimed, high(word(outcome, 1), mitigated))

    @condition(f"guaranteed_{k}")
    def guaranteed(purchase, period, parameters):
        control = of(purchase, period, "entities_guarantee_control")
        classified = of(purchase, period, "entities_guarantee_classified")
        tender = of(purchase, period, "entities_guarantee_in_tender")
        verified = of(purchase, period, "entities_guarantee_verified_by")
        home = of(purchase, period, "entities_guarantee_verified_at_home")
        offered = stated((control >= 0) | (classified >= 0) | (tender >= 0) | (verified != 0))
        at_home = high(stated(home < 0), yes(home))
        points = low(yes(control), yes(classified), yes(tender))
        return low(offered, points, within(verified, "union"), at_home, of(purchase, period, "notified"))

    @condition(f"cured_{k}")
    def cured(purchase, period, parameters):
        may = within(of(purchase, period, "entities_established_in"), "union")
        return low(may, high(of(purchase, period, "screened"), of(purchase, period, "guaranteed")))

    @condition(f"cleared_{k}")
    def cleared(purchase, period, parameters):
        earlier = of(purchase, period, "entities_cleared_earlier")
        claimed = stated((of(purchase, period, "entities_clearance_claimed") >= 0) | (earlier >= 0))
        return low(claimed, yes(earlier), said(purchase("earlier_clearance", period)))

    for group, tail in (("inside", ""), ("inside and canada", "_canada")):
        supplier_conditions(k, group, tail)


def supplier_conditions(k, group, tail):
    of = at(k)

    @condition(f"seat{tail}_{k}")
    def seat(purchase, period, parameters):
        established = within(of(purchase, period, "entities_established_in"), group)
        managed = within(of(purchase, period, "entities_managed_from"), group)
        return high(low(established, managed), of(purchase, period, "excused"))

    @condition(f"free{tail}_{k}")
    def free(purchase, period, parameters):
        own = high(
            no(of(purchase, period, "entities_controlled")),
            within(of(purchase, period, "entities_controlled_by"), group),
        )
        abroad = low(
            outside(of(purchase, period, "entities_established_in"), group), of(purchase, period, "excused")
        )
        return high(own, of(purchase, period, "cured"), abroad)

    @condition(f"supplier{tail}_{k}")
    def supplier(purchase, period, parameters):
        ordinary = low(of(purchase, period, f"seat{tail}"), of(purchase, period, f"free{tail}"))
        return when(of(purchase, period, "involved"), high(ordinary, of(purchase, period, "cleared")))

    @condition(f"facility{tail}_{k}")
    def facility(purchase, period, parameters):
        country = of(purchase, period, "facilities_country")
        reason = stated(of(purchase, period, "facilities_why_no_alternative") >= 0)
        lies = high(within(country, group), low(reason, said(purchase("facility", period))))
        there = of(purchase, period, "facilities_there") == 1
        listed = of(purchase, period, "entities_facilities_listed")
        used = low(
            when(yes(listed), np.where(there, lies, NOTHING)), when(no(listed), said(purchase("facilities", period)))
        )
        return when(of(purchase, period, "involved"), used)


def product_conditions(k):
    of = at(k)

    def amounts(purchase, period):
        inside, canada, other, unknown = (of(purchase, period, f"amount_{name}") for name in ("de", "ca", "us", "open"))
        return inside, canada, other, unknown, inside + canada + other + unknown

    @condition(f"outside_share_{k}")
    def outside_share(purchase, period, parameters):
        _, canada, other, unknown, whole = amounts(purchase, period)
        limit = parameters(period).max_outside_share
        return between(canada + other, unknown, whole, limit)

    @condition(f"canada_shares_{k}")
    def canada_shares(purchase, period, parameters):
        inside, canada, other, unknown, whole = amounts(purchase, period)
        limits = parameters(period)
        enough = between(whole - inside - unknown, unknown, whole, 1 - limits.min_inside_share)
        return low(
            enough,
            between(canada, unknown, whole, limits.max_canadian_share),
            between(other, unknown, whole, limits.max_neither_share),
        )


def between(part, unknown, whole, limit):
    """Met with all that is undeclared in the part, not met with none of it."""
    status = np.where((part + unknown) / whole <= limit, MET, np.where(part / whole <= limit, UNKNOWN, NOT_MET))
    return np.where(whole == 0, NOTHING, status)


# --- rules ---


@condition("defence")
def defence(purchase, period, parameters):
    return word(purchase("product_kind", period), 1)


@condition("art01_category")
def art01_category(purchase, period, parameters):
    for k in (1, 2):
        there = purchase(f"categories_there_{k}", period) == 1
        each = np.where(there, stated_or_open(purchase(f"categories_heading_{k}", period)), NOT_MET)
        result = each if k == 1 else np.maximum(result, each)  # noqa: F821
    return result


def stated_or_open(codes):
    return np.where(codes == 0, UNKNOWN, MET)


@condition("art02_common_procurement")
def art02_common_procurement(purchase, period, parameters):
    borrowers = high(*members(purchase, period, "buyers", "borrower", NOT_MET))
    counted = np.sort(np.array(list(members(purchase, period, "buyers", "counted", NOT_MET))), axis=0)
    enough = counted[-int(parameters(period).min_buyers)]
    admitted = low(*members(purchase, period, "buyers", "admitted", NOTHING))
    conductor = purchase("conducted_by", period)
    carries = high(
        stated(conductor == 0), low(within(conductor, "union"), yes(purchase("conducted_by_borrower", period)))
    )
    return low(borrowers, enough, admitted, carries)


@condition("art04_single_buyer")
def art04_single_buyer(purchase, period, parameters):
    last = parameters(period).single_buyer_last_signature
    amended = purchase("events_last_amendment", period)
    late = high(stated(amended == 0), by(amended, last), said(purchase("late_change", period)))
    there = purchase("outreach_there_1", period) == 1
    offered = np.where(there, within(purchase("outreach_country_1", period), "inside"), NOT_MET)
    return when(
        yes(purchase("single_buyer", period)),
        low(
            high(*members(purchase, period, "buyers", "borrower", NOT_MET)),
            by(purchase("events_signature", period), last),
            late,
            high(no(purchase("outreach_listed", period)), offered),
            said(purchase("steps_to_extend", period)),
        ),
    )


@condition("art08_decision")
def art08_decision(purchase, period, parameters):
    decided_ = high(*members(purchase, period, "buyers", "loan", NOT_MET))
    return high(decided_, said(purchase("council_decision", period)))


@condition("art12_availability")
def art12_availability(purchase, period, parameters):
    last = purchase("events_last_payment", period)
    return high(by(last, parameters(period).availability_ends), said(purchase("last_payment", period)))


@condition("contravening")
def contravening(purchase, period, parameters):
    for k in (1, 2, 3):
        there = purchase(f"source_countries_there_{k}", period) == 1
        country = purchase(f"source_countries_country_{k}", period)
        each = np.where(there, outside(country, "contravening suggested"), NOTHING)
        result = each if k == 1 else np.minimum(result, each)  # noqa: F821
    declared = high(yes(purchase("all_sources_declared", period)), said(purchase("undeclared_sources", period)))
    return low(result, stated(purchase("adverse_declaration", period) < 0), declared)


def design_under(tail, *partners):
    @condition(f"design{tail}")
    def design(purchase, period, parameters):
        holder, hold = purchase("design_holder", period), purchase("restrictions_hold_1", period)
        imposed = purchase("restrictions_imposed_by_1", period)
        free = high(word(hold, 1, 2), within(imposed, "union"), *(within(imposed, each) for each in partners))
        there = purchase("restrictions_there_1", period) == 1
        two = [
            np.where(
                purchase(f"categories_there_{k}", period) == 1,
                word(purchase(f"categories_heading_{k}", period), *range(8, 15)),
                NOT_MET,
            )
            for k in (1, 2)
        ]
        held = high(stated(holder == 0), word(holder, 1, 2))
        then = low(yes(purchase("design_authority", period)), held, np.where(there, free, NOTHING))
        return when(purchase("defence", period), when(np.maximum(*two), then))


def collected(name, member, collection):
    @condition(name)
    def rule(purchase, period, parameters):
        return when(purchase("defence", period), low(*members(purchase, period, collection, member, NOTHING)))


@condition("subcontractors_named")
def subcontractors_named(purchase, period, parameters):
    return high(yes(purchase("subcontracts_listed", period)), said(purchase("subcontractors", period)))


@condition("other_product_conditions")
def other_product_conditions(purchase, period, parameters):
    return when(word(purchase("product_kind", period), 2), said(purchase("other_products", period)))


@condition("outcome")
def outcome(purchase, period, parameters):
    """0 not eligible, 1 undetermined, 2 eligible: each condition by the better of the ordinary and Canada's rule."""
    common = [
        purchase("art01_category", period),
        high(purchase("art02_common_procurement", period), purchase("art04_single_buyer", period)),
        said(purchase("aim", period)),
        said(purchase("plan", period)),
        purchase("art08_decision", period),
        purchase("art12_availability", period),
        purchase("subcontractors_named", period),
        purchase("contravening", period),
        purchase("other_product_conditions", period),
    ]
    routed = [
        high(purchase(name, period), purchase(f"{name}_canada", period))
        for name in ("suppliers", "facilities_used", "components", "design")
    ]
    lowest = low(*common, *routed)
    return np.where(lowest == NOT_MET, 0, np.where(lowest == UNKNOWN, 1, 2))


for _k in (1, 2, 3):
    buyer_conditions(_k)
    entity_conditions(_k)
for _k in (1, 2):
    product_conditions(_k)
design_under("")
design_under("_canada", "canada")
for _tail in ("", "_canada"):
    collected(f"suppliers{_tail}", f"supplier{_tail}", "entities")
    collected(f"facilities_used{_tail}", f"facility{_tail}", "entities")
collected("components", "outside_share", "end_products")
collected("components_canada", "canada_shares", "end_products")


# --- running ---


def inputs(arrays):
    """Columns by the names of variables: float32 for money and shares, int32 for the rest, as OpenFisca keeps them."""
    found = {}
    for full, values in arrays.items():
        name = full.replace(".", "_").replace("-", "_")
        for place, column in enumerate(values if values.ndim == 2 else [values], start=1):
            kind = np.float32 if values.dtype.kind == "f" else np.int32
            found[f"{name}_{place}" if values.ndim == 2 else name] = column.astype(kind)
    return found


def system(columns):
    made = TaxBenefitSystem([Purchase])
    for name, values in columns.items():
        variable(name, kind=float if values.dtype == np.float32 else int)
    for each in VARIABLES:
        made.add_variable(each)
    data = {name: {"values": {"2020-01-01": value}} for name, value in LIMITS.items()}
    made.parameters = ParameterNode("", data=data)
    return made


def run(made, columns, rows):
    """One simulation: seconds for the outcome, its inputs being there, and the outcome."""
    simulation = SimulationBuilder().build_default_simulation(made, count=rows)
    for name, values in columns.items():
        simulation.set_input(name, PERIOD, values)
    start = time.perf_counter()
    found = simulation.calculate("outcome", PERIOD)
    return time.perf_counter() - start, np.asarray(found, dtype=np.int8)


def main(source, groups, target, runs):
    with open(groups, encoding="utf-8") as file:
        GROUPS.update({name: np.array(table, dtype=np.int32) for name, table in json.load(file).items()})
    with np.load(source) as arrays:
        columns = inputs(dict(arrays))
    conditions = len(VARIABLES)
    made, rows = system(columns), len(columns["product_kind"])
    seconds, found = zip(*(run(made, columns, rows) for _ in range(int(runs))), strict=True)
    np.savez(target, outcomes=found[0], seconds=np.array(seconds), variables=conditions)


if __name__ == "__main__":
    main(*sys.argv[1:])
