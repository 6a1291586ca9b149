"""The rules of SAFE as OpenFisca variables, our own writing; run in an environment of its own, never imported by ours.

Usage: python openfisca_rules.py members|flat INPUT.npz GROUPS.json OUTPUT.npz RUNS. Computes the outcome under the
default readings from the arrays of `purchases.Flat`; writes outcomes and CPU seconds a run. Two shapes of the rules:

members   as a country package has them: buyers, suppliers, the bill's further suppliers and end products are persons
          with roles in a purchase
flat      by hand: a purchase is a person without members, and each member's facts are variables of their own
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from openfisca_core.entities import Entity, GroupEntity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

NOT_MET, UNKNOWN, JUDGEMENT, MET, NOTHING = (np.int32(status) for status in range(5))  # as OpenFisca keeps integers
PERIOD = "2026"
LIMITS = {
    "max_outside_share": 0.35,
    "max_neither_share": 0.35,
    "min_inside_share": 0.20,
    "max_partner_share": 0.80,
    "min_buyers": 2,
    "single_buyer_last_signature": 20603,
    "last_decision": 20999,
    "availability_ends": 22279,
    "involved_share": 0.15,
    "derogation_top": 0.35,
    "study_years": 2,
    "entry_into_force": 20237,
    "screening_act_applies": 18546,
}
PLACES = {"buyers": 3, "entities": 3, "companies": 4, "end_products": 2, "source_countries": 3, "categories": 2}
MEMBERS = sys.argv[1] == "members"
ROLES = {"buyers": "buyer", "entities": "supplier", "further": "further_supplier", "end_products": "product"}
if MEMBERS:
    Member = Entity("member", "members", "A buyer, supplier or end product", "")
    Purchase = GroupEntity("purchase", "purchases", "A purchase", "", [{"key": role} for role in ROLES.values()])
else:
    Member = Purchase = Entity("purchase", "purchases", "A purchase", "")
GROUPS: dict[str, np.ndarray] = {}


# --- the chain of statuses ---


def low(*of):
    result = of[0]
    for each in of[1:]:
        result = np.minimum(result, each)
    return result


def high(*of):
    """The highest of statuses that all apply."""
    result = of[0]
    for each in of[1:]:
        result = np.maximum(result, each)
    return result


def better(one, other):
    """Of what applies the higher."""
    found = np.maximum(one, other)
    return np.where(found == NOTHING, np.minimum(one, other), found)


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


def volunteered(answered):
    """Of an answer that nobody is asked for, silence does not hold."""
    return np.where(answered == JUDGEMENT, NOT_MET, answered)


def stated_or(answers, asked):
    """What is stated decides; where nothing is, what a person says."""
    return np.where(answers >= 0, np.where(answers == 1, MET, NOT_MET), asked)


def by(days, last):
    return decided(days != 0, days <= last)


OWNERS = {
    "buyers_": "buyers",
    "entities_": "entities",
    "facilities_": "entities",
    "controllers_": "entities",
    "large_holders_": "entities",
    "companies_": "companies",
    "end_products_": "end_products",
    "amount_": "end_products",
}
"""Whose facts and conditions are called so."""


def of_member(name):
    """Whether a fact or condition is a member's own."""
    return name.startswith(tuple(OWNERS))


def places(purchase, period, collection, name, nothing):
    """A status of each place, replaced where the purchase has no such member."""
    for place in range(1, PLACES[collection] + 1):
        there = purchase(f"{collection}_there_{place}", period)
        yield np.where(there == 1, purchase(f"{name}_{place}", period), nothing)


def role(collection):
    return next(each for each in Purchase.flattened_roles if each.key == ROLES[collection])


def lowest(purchase, period, collection, name):
    """The lowest status of the members; nothing where there are none.

    By counting, as `at_least`: OpenFisca's own `min` goes over the places of the largest purchase one by one and took
    half of the time.
    """
    if MEMBERS:
        found = purchase.members(name, period)
        whose = None if collection == "companies" else role(collection)  # who is no company meets all that it asks
        counts = [purchase.sum((found <= most).astype(np.int32), role=whose) for most in (0, 1, 2, 3)]
        return sum((count == 0).astype(np.int32) for count in counts)
    return low(*places(purchase, period, collection, name, NOTHING))


def at_least(purchase, period, collection, name, needed):
    """The n-th highest status of the members."""
    if MEMBERS:
        found = purchase.members(name, period)
        counts = [purchase.sum((found >= least).astype(np.int32), role=role(collection)) for least in (1, 2, 3)]
        return sum((count >= needed).astype(np.int32) for count in counts)
    return np.sort(np.array(list(places(purchase, period, collection, name, NOT_MET))), axis=0)[-needed]


def asked(population, period, key):
    """What a person said of the purchase, read by a member."""
    return said(population.purchase(key, period) if MEMBERS else population(key, period))


# --- variables ---

VARIABLES: list[type[Variable]] = []


def variable(name, formula=None, kind=int, entity=None):
    content = {"value_type": kind, "entity": entity or Purchase, "definition_period": DateUnit.YEAR, "label": name}
    if formula is not None:
        content["formula"] = formula
    VARIABLES.append(type(name, (Variable,), content))


def condition(name, place=0):
    """A formula as a variable, of a member where it has a place."""

    def add(formula):
        suffix = f"_{place}" if place and not MEMBERS else ""
        variable(name + suffix, formula, entity=Member if place else Purchase)
        return formula

    return add


def at(place):
    """A reader of one member's facts."""

    def read(purchase, period, name):
        return purchase(name if MEMBERS else f"{name}_{place}", period)

    return read


def buyer_conditions(k):
    of = at(k)

    @condition("borrower", k)
    def borrower(purchase, period, parameters):
        return low(within(of(purchase, period, "buyers_country"), "union"), of(purchase, period, "loan"))

    @condition("not_only_intends", k)
    def not_only_intends(purchase, period, parameters):
        takes = of(purchase, period, "buyers_participation")
        return high(stated(takes == 0), word(takes, 1))

    @condition("assisting", k)
    def assisting(purchase, period, parameters):
        return low(of(purchase, period, "borrower"), of(purchase, period, "not_only_intends"))

    @condition("paying", k)
    def paying(purchase, period, parameters):
        return low(of(purchase, period, "borrower"), of(purchase, period, "counted"))

    @condition("assisted_from_the_start", k)
    def assisted_from_the_start(purchase, period, parameters):
        there = stated(of(purchase, period, "buyers_joined") == 0)
        not_added = stated(of(purchase, period, "buyers_added_by_change") < 0)
        by_then = yes(of(purchase, period, "buyers_decided_at_start"))
        return low(there, not_added, of(purchase, period, "assisting"), by_then)

    @condition("counted", k)
    def counted(purchase, period, parameters):
        takes, borrows = of(purchase, period, "buyers_participation"), of(purchase, period, "buyers_borrows")
        runs_it = yes(of(purchase, period, "buyers_conducts"))
        silent = low(yes(borrows), stated(takes == 0), high(runs_it, asked(purchase, period, "participation")))
        return low(within(of(purchase, period, "buyers_country"), "inside"), high(silent, word(takes, 1)))

    @condition("admitted", k)
    def admitted(purchase, period, parameters):
        country, takes = of(purchase, period, "buyers_country"), of(purchase, period, "buyers_participation")
        only_intends = low(stated(takes != 0), word(takes, 2))
        return high(within(country, "inside"), within(country, "may join as buyers"), only_intends)

    @condition("joined_rightly", k)
    def joined_rightly(purchase, period, parameters):
        kind = (purchase.purchase if MEMBERS else purchase)("product_kind", period)
        added = stated(of(purchase, period, "buyers_added_by_change") == 1)
        later = stated(of(purchase, period, "buyers_joined") != 0)
        defence = when(later, high(added, asked(purchase, period, "joined_later")))
        other = when(high(later, added), asked(purchase, period, "joined_otherwise"))
        return np.where(kind == 2, other, defence)

    @condition("loan", k)
    def loan(purchase, period, parameters):
        last = parameters(period).last_decision
        return low(yes(of(purchase, period, "buyers_borrows")), by(of(purchase, period, "buyers_loan_decided"), last))


def company_conditions(k):
    of = at(k)

    @condition("from_elsewhere", k)
    def from_elsewhere(purchase, period, parameters):
        held = of(purchase, period, "companies_controlled") == 1
        home, managed, holder = (elsewhere(of(purchase, period, f"companies_{name}")) for name in SEATS)
        nevertheless = asked(purchase, period, "contravening_company")
        supplies = of(purchase, period, "companies_supplies_components")
        seated = high(home, low(no(supplies), nevertheless))
        return low(seated, high(low(managed, np.where(held, holder, MET)), nevertheless))


SEATS = ("established_in", "managed_from", "controlled_by")


def elsewhere(codes):
    """No country that contravenes; met where none is stated."""
    return stated(within(codes, "contravening suggested") != MET)


def entity_conditions(k):
    of = at(k)

    @condition("involved", k)
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

    @condition("excused", k)
    def excused(purchase, period, parameters):
        limits, share = parameters(period), of(purchase, period, "entities_share")
        years, since = of(purchase, period, "entities_study_years"), of(purchase, period, "entities_related_since")
        early = no(of(purchase, period, "entities_studied_before_signature"))
        band = low(
            word(of(purchase, period, "entities_role"), 2),
            stated(share >= limits.involved_share),
            stated(share <= limits.derogation_top),
        )
        direct = high(yes(of(purchase, period, "entities_direct")), asked(purchase, period, "direct_relationship"))
        knows = low(by(since, limits.entry_into_force - 1), direct)
        studied = low(
            stated((years >= 0) & (years <= limits.study_years)), high(early, asked(purchase, period, "study"))
        )
        return low(band, high(knows, studied))

    def notified(purchase, period, parameters, of_it):
        day = of(purchase, period, of_it)  # before the act the Commission was told under another one
        told = stated((day != 0) & (day >= parameters(period).entry_into_force))
        return high(told, asked(purchase, period, "notification"))

    @condition("screened", k)
    def screened(purchase, period, parameters):
        outcome = of(purchase, period, "entities_screening_outcome")
        mitigated = low(
            word(outcome, 2),
            yes(of(purchase, period, "entities_mitigation_in_place")),
            notified(purchase, period, parameters, "entities_mitigation_notified"),
        )
        day, first = of(purchase, period, "entities_screened_on"), parameters(period).screening_act_applies
        untold_or_before = of(purchase, period, "entities_screened_before_control") != 0
        old = stated((day != 0) & (day < first) | untold_or_before)
        claimed = stated((of(purchase, period, "entities_screened") >= 0) | (outcome != 0))
        current = when(old, asked(purchase, period, "screening_current"))
        return low(claimed, high(word(outcome, 1), mitigated), current)

    @condition("guaranteed", k)
    def guaranteed(purchase, period, parameters):
        control = of(purchase, period, "entities_guarantee_control")
        classified = of(purchase, period, "entities_guarantee_classified")
        tender = of(purchase, period, "entities_guarantee_in_tender")
        verified = of(purchase, period, "entities_guarantee_verified_by")
        home = of(purchase, period, "entities_guarantee_verified_at_home")
        outcome = of(purchase, period, "entities_screening_outcome")
        offered = stated((control >= 0) | (classified >= 0) | (tender >= 0) | (verified != 0))
        points = low(yes(control), yes(classified), yes(tender), stated(home != 0))
        none = stated((of(purchase, period, "entities_screened") < 0) & (outcome == 0))
        not_prohibited = high(none, word(outcome, 1, 2), asked(purchase, period, "prohibited_screening"))
        assure = low(asked(purchase, period, "guarantees_assure"), not_prohibited)
        told = notified(purchase, period, parameters, "entities_guarantees_notified")
        return low(offered, points, within(verified, "union"), told, assure)

    @condition("cured", k)
    def cured(purchase, period, parameters):
        may = within(of(purchase, period, "companies_established_in"), "union")
        return low(may, high(of(purchase, period, "screened"), of(purchase, period, "guaranteed")))

    @condition("cleared", k)
    def cleared(purchase, period, parameters):
        earlier = of(purchase, period, "entities_cleared_earlier")
        claimed = stated((of(purchase, period, "entities_clearance_claimed") >= 0) | (earlier >= 0))
        established = within(of(purchase, period, "companies_established_in"), "inside edirpa")
        managed = within(of(purchase, period, "companies_managed_from"), "inside edirpa")
        given = word(of(purchase, period, "entities_cleared_under"), 1, 2, 3, 4)
        before = of(purchase, period, "entities_cleared_before_control")
        current = high(stated(before != 1), asked(purchase, period, "clearance_current"))
        return low(
            claimed, given, current, yes(earlier), established, managed, asked(purchase, period, "earlier_clearance")
        )

    for group, tail in (("inside", ""), ("inside and canada", "_canada")):
        supplier_conditions(k, group, tail)


def supplier_conditions(k, group, tail):
    of = at(k)

    @condition(f"seat{tail}", k)
    def seat(purchase, period, parameters):
        established = within(of(purchase, period, "companies_established_in"), group)
        managed = within(of(purchase, period, "companies_managed_from"), group)
        return high(low(established, managed), of(purchase, period, "excused"))

    def held(purchase, period, collection, otherwise):
        """Of who holds it, if there is any."""
        countries = within(of(purchase, period, f"{collection}_country"), group)
        return np.where(of(purchase, period, f"{collection}_there") == 1, high(countries, otherwise), NOTHING)

    @condition(f"free{tail}", k)
    def free(purchase, period, parameters):
        chain = held(purchase, period, "controllers", NOT_MET)
        holders = held(purchase, period, "large_holders", asked(purchase, period, "influence"))
        owner = low(within(of(purchase, period, "companies_controlled_by"), group), chain)
        own = low(high(no(of(purchase, period, "companies_controlled")), owner), holders)
        elsewhere = outside(of(purchase, period, "companies_established_in"), "inside")
        abroad = low(elsewhere, of(purchase, period, "excused"))
        return high(own, of(purchase, period, "cured"), abroad)

    @condition(f"supplier{tail}", k)
    def supplier(purchase, period, parameters):
        ordinary = low(of(purchase, period, f"seat{tail}"), of(purchase, period, f"free{tail}"))
        return when(of(purchase, period, "involved"), high(ordinary, of(purchase, period, "cleared")))

    @condition(f"lies_inside{tail}", k)
    def facility(purchase, period, parameters):
        country = of(purchase, period, "facilities_country")
        reason = stated(of(purchase, period, "facilities_why_no_alternative") >= 0)
        excuse = asked(purchase, period, "facility")
        lies = high(within(country, group), low(reason, excuse), volunteered(excuse))
        there = of(purchase, period, "facilities_there") == 1
        listed = of(purchase, period, "entities_facilities_listed")
        silent = high(np.full_like(country, UNKNOWN), volunteered(asked(purchase, period, "facilities")))
        used = low(when(yes(listed), np.where(there, lies, NOTHING)), when(no(listed), silent))
        return when(of(purchase, period, "involved"), used)


def product_conditions(k):
    of = at(k)

    def amounts(purchase, period):
        inside, canada, other, unknown = (of(purchase, period, f"amount_{name}") for name in ("de", "ca", "us", "open"))
        return inside, canada, other, unknown, inside + canada + other + unknown

    @condition("outside_share", k)
    def outside_share(purchase, period, parameters):
        _, canada, other, unknown, whole = amounts(purchase, period)
        limit = parameters(period).max_outside_share
        return between(canada + other, unknown, whole, limit)

    @condition("canada_shares", k)
    def canada_shares(purchase, period, parameters):
        inside, canada, other, unknown, whole = amounts(purchase, period)
        limits = parameters(period)
        enough = between(whole - inside - unknown, unknown, whole, 1 - limits.min_inside_share)
        return low(
            enough,
            between(canada, unknown, whole, limits.max_partner_share),
            between(other, unknown, whole, limits.max_neither_share),
        )


def between(part, unknown, whole, limit):
    """Met with all that is undeclared in the part, not met with none of it."""
    some = np.where(whole == 0, 1, whole)
    status = np.where((part + unknown) / some <= limit, MET, np.where(part / some <= limit, UNKNOWN, NOT_MET))
    return np.where(whole == 0, UNKNOWN, status)


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


@condition("any_assisting")
def any_assisting(purchase, period, parameters):
    return at_least(purchase, period, "buyers", "assisting", 1)


@condition("all_admitted")
def all_admitted(purchase, period, parameters):
    return lowest(purchase, period, "buyers", "admitted")


@condition("run_by_a_buyer")
def run_by_a_buyer(purchase, period, parameters):
    conductor = purchase("conducted_by", period)
    silent = low(stated(conductor == 0), said(purchase("who_conducts", period)))
    own = high(yes(purchase("conducted_by_buyer", period)), said(purchase("through_agent", period)))
    buys, in_addition = yes(purchase("conducted_by_buyer", period)), within(conductor, "may join as buyers")
    partner = low(buys, in_addition, said(purchase("through_partner", period)))
    lead = high(low(within(conductor, "inside"), own), partner)
    return high(silent, lead, stated(purchase("union_procurement", period) == 1))


@condition("run_by_itself")
def run_by_itself(purchase, period, parameters):
    conductor = purchase("conducted_by", period)
    silent = low(stated(conductor == 0), said(purchase("who_conducts", period)))
    agent = low(within(conductor, "union"), said(purchase("single_through_agent", period)))
    union = stated(purchase("union_procurement", period) == 1)
    return high(silent, yes(purchase("conducted_by_single", period)), agent, union)


@condition("art02_common_procurement")
def art02_common_procurement(purchase, period, parameters):
    enough = at_least(purchase, period, "buyers", "counted", int(parameters(period).min_buyers))
    joined = lowest(purchase, period, "buyers", "joined_rightly")
    admitted, pays = purchase("all_admitted", period), at_least(purchase, period, "buyers", "paying", 1)
    in_time = by(purchase("events_signature", period), parameters(period).single_buyer_last_signature)
    alone = when(yes(purchase("concluded_alone", period)), high(in_time, said(purchase("opened_later", period))))
    return low(pays, enough, admitted, joined, purchase("run_by_a_buyer", period), alone)


@condition("art04_single_buyer")
def art04_single_buyer(purchase, period, parameters):
    last = parameters(period).single_buyer_last_signature
    amended = purchase("events_last_amendment", period)
    late = high(stated((amended == 0) | (amended <= last)), said(purchase("late_change", period)))
    union = purchase("union_procurement", period)
    by_itself = high(stated(union < 0), no(union), said(purchase("single_through_union", period)))
    step = (purchase("outreach_there_1", period) == 1) & (purchase("outreach_lies_ahead_1", period) < 0)
    reached = np.where(step, within(purchase("outreach_country_1", period), "inside"), NOT_MET)
    return when(
        yes(purchase("single_buyer", period)),
        low(
            purchase("any_assisting", period),
            purchase("all_admitted", period),
            purchase("run_by_itself", period),
            by_itself,
            by(purchase("events_signature", period), last),
            late,
            high(no(purchase("outreach_listed", period)), reached, said(purchase("no_step_yet", period))),
            said(purchase("steps_to_extend", period)),
        ),
    )


@condition("art08_decision")
def art08_decision(purchase, period, parameters):
    return at_least(purchase, period, "buyers", "assisting", 1)


@condition("art12_availability")
def art12_availability(purchase, period, parameters):
    last, signed = parameters(period).availability_ends, purchase("events_signature", period)
    paid = high(by(purchase("events_last_payment", period), last), said(purchase("last_payment", period)))
    return low(paid, stated(signed <= last))


@condition("art16_02_clauses")
def art16_02_clauses(purchase, period, parameters):
    return when(purchase("defence", period), said(purchase("participation_clauses", period)))


@condition("contravening")
def contravening(purchase, period, parameters):
    for k in (1, 2, 3):
        there = purchase(f"source_countries_there_{k}", period) == 1
        country = purchase(f"source_countries_country_{k}", period)
        kind = word(purchase(f"source_countries_cost_kind_{k}", period), 2, 4)  # transport counts, spares do not
        harmless = low(kind, said(purchase("contravening_cost", period)))
        each = np.where(there, high(outside(country, "contravening suggested"), harmless), NOTHING)
        result = each if k == 1 else np.minimum(result, each)  # noqa: F821
    declared = high(yes(purchase("all_sources_declared", period)), said(purchase("undeclared_sources", period)))
    companies = lowest(purchase, period, "companies", "from_elsewhere")
    return low(result, companies, stated(purchase("adverse_declaration", period) < 0), declared)


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
        return when(purchase("defence", period), lowest(purchase, period, collection, member))


@condition("subcontractors_named")
def subcontractors_named(purchase, period, parameters):
    large = stated(purchase("unlisted_suppliers_share_1", period) >= parameters(period).involved_share)
    unlisted = when(large, said(purchase("unlisted_supplier", period)))
    there = purchase("unlisted_suppliers_there_1", period) == 1
    none = volunteered(said(purchase("subcontractors", period)))
    listed = high(yes(purchase("subcontracts_told", period)), none)
    return low(listed, np.where(there, unlisted, NOTHING))


@condition("art18_modification")
def art18_modification(purchase, period, parameters):
    def settled(name, key):
        return stated_or(purchase(f"modifications_{name}_1", period), said(purchase(key, period)))

    joins, raises = purchase("modifications_adds_buyers_1", period), purchase("modifications_raises_quantity_1", period)
    country = purchase("newcomers_country_1", period)
    may = high(within(country, "inside"), within(country, "may join as buyers"))
    comes_in = low(yes(purchase("newcomers_buys_1", period)), may)
    newcomer = np.where(purchase("newcomers_there_1", period) == 1, comes_in, NOTHING)
    changed, first = purchase("modifications_changed_on_1", period), parameters(period).entry_into_force
    changer = purchase("modifications_changed_by_1", period)
    allowed = low(
        decided(changed != 0, changed >= first),
        high(stated(changer == 0), within(changer, "union"), said(purchase("change_by_member_state", period))),
        high(no(purchase("modifications_changed_by_newcomer_1", period)), said(purchase("change_by_newcomer", period))),
        yes(joins),
        newcomer,
        high(no(raises), settled("only_for_newcomers", "strictly_necessary")),
        settled("agreed_before", "undertaking_agreed"),
        settled("notice_published", "change_notice"),
        settled("equal_terms", "equal_terms"),
    )
    ground = purchase("modifications_ground_1", period)
    weighty = high(yes(joins), stated(raises == 1))
    rests_on_it = when(word(ground, 1), allowed)
    provided = when(low(stated(ground == 2), weighty), said(purchase("contract_provides", period)))
    small = when(low(stated(ground == 3), weighty), said(purchase("not_substantial", period)))
    there = purchase("modifications_there_1", period) == 1
    return when(purchase("defence", period), np.where(there, low(rests_on_it, provided, small), NOTHING))


@condition("art19_procedure")
def art19_procedure(purchase, period, parameters):
    signed, first = purchase("events_signature", period), parameters(period).entry_into_force
    urgent = low(
        decided(signed != 0, signed >= first), at_least(purchase, period, "buyers", "assisted_from_the_start", 1)
    )
    without = low(stated(purchase("prior_notice", period) == 0), purchase("defence", period))
    return when(without, high(urgent, said(purchase("without_notice", period))))


@condition("other_product_conditions")
def other_product_conditions(purchase, period, parameters):
    return when(word(purchase("product_kind", period), 2), said(purchase("other_products", period)))


@condition("outcome")
def outcome(purchase, period, parameters):
    """0 not eligible, 1 undetermined, 2 eligible: each condition by the better of the ordinary and Canada's rule."""
    common = [
        purchase("art01_category", period),
        better(purchase("art02_common_procurement", period), purchase("art04_single_buyer", period)),
        said(purchase("aim", period)),
        said(purchase("plan", period)),
        purchase("art08_decision", period),
        purchase("art12_availability", period),
        purchase("art16_02_clauses", period),
        purchase("subcontractors_named", period),
        purchase("contravening", period),
        purchase("other_product_conditions", period),
        purchase("art18_modification", period),
        purchase("art19_procedure", period),
    ]
    routed = [
        better(purchase(name, period), purchase(f"{name}_canada", period))
        for name in ("suppliers", "facilities_used", "components", "design")
    ]
    lowest = low(*common, *routed)
    return np.where(lowest == NOT_MET, 0, np.where(lowest == UNKNOWN, 1, 2))


for _k in (1,) if MEMBERS else (1, 2, 3):
    buyer_conditions(_k)
    entity_conditions(_k)
for _k in (1,) if MEMBERS else (1, 2, 3, 4):
    company_conditions(_k)
for _k in (1,) if MEMBERS else (1, 2):
    product_conditions(_k)
design_under("")
design_under("_canada", "canada")
for _tail in ("", "_canada"):
    collected(f"suppliers{_tail}", f"supplier{_tail}", "entities")
    collected(f"facilities_used{_tail}", f"lies_inside{_tail}", "entities")
collected("components", "outside_share", "end_products")
collected("components_canada", "canada_shares", "end_products")


# --- running ---


def inputs(arrays):
    """Columns by the names of variables: float32 for money and shares, int32 for the rest, as OpenFisca keeps them.

    Also, where members are persons, the purchase and the role of each.
    """
    found = {}
    flat = {full.replace(".", "_").replace("-", "_"): values for full, values in arrays.items()}
    there = whole = {}
    if MEMBERS:
        whole = {name: flat.pop(f"{name}_there").astype(bool) for name in {*OWNERS.values()}}
        there = {**whole, "further": whole["companies"][3:]}
        there = {name: there[name] for name in ROLES}
    for name, values in flat.items():
        kind = np.float32 if values.dtype.kind == "f" else np.int32
        if MEMBERS and of_member(name):
            own = whose_facts(name, values)
            parts = [own[each][here] if each in own else np.zeros(here.sum()) for each, here in there.items()]
            found[name] = np.concatenate(parts).astype(kind)
            continue
        for place, column in enumerate(values if values.ndim == 2 else [values], start=1):
            found[f"{name}_{place}" if values.ndim == 2 else name] = column.astype(kind)
    whose = [np.nonzero(each)[1] for each in there.values()]
    roles = [np.full(each.sum(), ROLES[collection]) for collection, each in there.items()]
    return found, (np.concatenate(whose), np.concatenate(roles)) if MEMBERS else None


def whose_facts(name, values):
    """A fact's places by whose they are: companies are the suppliers and one further."""
    owner = next(owner for start, owner in OWNERS.items() if name.startswith(start))
    return {"entities": values[:3], "further": values[3:]} if owner == "companies" else {owner: values}


def system(columns):
    made = TaxBenefitSystem([Member, Purchase] if MEMBERS else [Purchase])
    for name, values in columns.items():
        entity = Member if MEMBERS and of_member(name) else Purchase
        variable(name, kind=float if values.dtype == np.float32 else int, entity=entity)
    for each in VARIABLES:
        made.add_variable(each)
    data = {name: {"values": {"2020-01-01": value}} for name, value in LIMITS.items()}
    made.parameters = ParameterNode("", data=data)
    return made


def simulation(made, rows, belongs):
    builder = SimulationBuilder()
    if not MEMBERS:
        return builder.build_default_simulation(made, count=rows)
    whose, roles = belongs
    builder.create_entities(made)
    builder.declare_person_entity("member", np.arange(len(whose)))
    purchases = builder.declare_entity("purchase", np.arange(rows))
    builder.join_with_persons(purchases, whose, roles)
    return builder.build(made)


def run(simulation, formulas):
    """CPU seconds for the outcome, the inputs being there and nothing else, and the outcome."""
    for name in formulas:
        simulation.delete_arrays(name)
    start = time.process_time()
    found = simulation.calculate("outcome", PERIOD)
    return time.process_time() - start, np.asarray(found, dtype=np.int8)


def main(source, groups, target, runs):
    with open(groups, encoding="utf-8") as file:
        GROUPS.update({name: np.array(table, dtype=np.int32) for name, table in json.load(file).items()})
    with np.load(source) as arrays:
        columns, belongs = inputs(dict(arrays))
    formulas = [each.__name__ for each in VARIABLES]
    made = simulation(system(columns), len(columns["product_kind"]), belongs)
    for name, values in columns.items():
        made.set_input(name, PERIOD, values)
    seconds, found = zip(*(run(made, formulas) for _ in range(int(runs))), strict=True)
    np.savez(target, outcomes=found[0], seconds=np.array(seconds))


if __name__ == "__main__":
    main(*sys.argv[2:])
