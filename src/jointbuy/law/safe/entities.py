"""Who may be a contractor or subcontractor involved (Art. 16(3) to (9) and (12)), for a group that counts as inside."""

from __future__ import annotations

from jointbuy.law.shared import entities as shared
from jointbuy.law.shared.entities import in_band, its_share, of_any_tier, seated_in
from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    before,
    by_reading,
    for_each,
    is_one_of,
    judgement,
    never,
    no,
    no_less_than,
    no_more_than,
    not_before,
    outside,
    stated,
    under,
    unstated,
    when,
    within,
    yes,
)


def suppliers_from(group: str) -> Expression:
    """Every contractor and subcontractor involved is from the group and not controlled from outside, or is excused."""
    ordinary = all_of(has_its_seat_in(group), is_not_controlled_from_outside(group))
    ways = any_of(ordinary, was_cleared_earlier(), is_cured_with_its_management(group))
    return for_each("entities", when(is_involved(), ways))


def is_cured_with_its_management(group: str) -> Expression:
    """Established inside, managed outside, and screened or under guarantees; whether these cure both is a reading."""
    managed_outside = all_of(
        stated("established_in"),
        within("established_in", group),
        stated("managed_from"),
        outside("managed_from", group),
    )
    both = under("Art. 16(5)", all_of(may_be_cured(), any_of(is_screened(), gives_guarantees())))
    return when(
        managed_outside,
        by_reading("management and control", management_stays_required=never(), both_excused=both),
    )


def is_involved() -> Expression:
    """A contractor, or a subcontractor that passes the three tests together."""
    three_tests = all_of(
        is_one_of("role", "subcontractor"),
        yes("critical_input"),
        its_share(no_less_than, "art16.involved_share"),
        yes("classified_access"),
    )
    return any_of(is_one_of("role", "contractor"), under("Art. 16(12)", of_any_tier(three_tests)))


def has_its_seat_in(group: str) -> Expression:
    """Established and managed in the group, or a subcontractor from outside that is excused."""
    return any_of(under("Art. 16(3)", seated_in(group)), is_excused_subcontractor())


def is_excused_subcontractor() -> Expression:
    """A subcontractor within the band that worked with the contractor before, or whose replacement is studied."""
    knows_it = shared.worked_together("was the earlier relationship on this product with the contractor?")
    excuse = any_of(knows_it, its_replacement_is_studied())
    return under("Art. 16(4)", all_of(in_band("art16.involved_share", "art16.derogation_top"), excuse))


def its_replacement_is_studied() -> Expression:
    """The contractor commits itself to a study in time; from when on is a reading.

    A study due before signature, or before the commitment, is no commitment yet to come; a commitment that lies ahead
    is none yet.
    """
    commits = judgement(
        "study",
        "Its replacement was to be studied before signature, or before that was agreed: is the contractor still "
        "committed to such a study?",
        who="contractor",
    )
    by_start = by_reading(
        "start of the study",
        commitment=no_more_than("art16.study_years", "study_years"),
        signature=no_more_than("art16.study_years", "study_years_from_signature"),
    )
    # Asked only of whoever names a study, or a commitment to one.
    claimed = any_of(stated("study_years"), stated("study_claimed"))
    in_time = all_of(claimed, when(claimed, by_start))
    has_committed = when(claimed, is_one_of("study_commitment", "given"))
    return all_of(in_time, has_committed, any_of(no("studied_before_signature"), commits))


def is_not_controlled_from_outside(group: str) -> Expression:
    """Nobody outside the group controls it, or such control is cured.

    An entity from outside that holds it controls it, whoever holds that entity in turn, be it that nobody says who.
    """
    owner_is_no_entity = by_reading("natural person owner", counts=never(), does_not_count=yes("controller_is_person"))
    harmless_chain = by_reading(
        "chain of control",
        any_entity=for_each("controllers", any_of(within("country", group), shared.is_no_entity())),
        ultimate_owner=all_of(),
    )
    held_from_inside = by_reading("chain of control", any_entity=never(), ultimate_owner=within("ends_in", group))
    harmless_holders = shared.has_no_influence_from_outside(group, "", held_from_inside)
    controlled_from_there = all_of(any_of(within("controlled_by", group), owner_is_no_entity), harmless_chain)
    # Paragraph 4 speaks of the Union, EEA-EFTA states and Ukraine, whomever an agreement opens the conditions to.
    seated_elsewhere = outside("established_in", "inside")
    is_elsewhere = any_of(seated_elsewhere, outside("managed_from", "inside"))
    excused_with_its_control = by_reading(
        "subcontractor control",
        cured=all_of(seated_elsewhere, is_excused_subcontractor()),
        cured_for_management_too=all_of(is_elsewhere, is_excused_subcontractor()),
        not_cured=never(),
    )
    return any_of(
        under("Art. 16(3)", all_of(any_of(no("controlled"), controlled_from_there), harmless_holders)),
        under("Art. 16(5)", all_of(may_be_cured(), any_of(is_screened(), gives_guarantees()))),
        under("Art. 16(4)", excused_with_its_control),
    )


def may_be_cured() -> Expression:
    """Established where screening and guarantees are open to it."""
    return by_reading(
        "screening perimeter",
        follow_article=within("established_in", "union"),
        follow_recital=within("established_in", "inside"),
    )


def is_screened() -> Expression:
    """Cleared by a screening, with its mitigation in place and notified.

    A screening older than the control of today, or than the act on screening, says little of it: somebody must answer.
    So they must where one of the two days is not stated, as nobody can tell.
    """
    still_speaks = judgement(
        "screening-current",
        "The screening is older than the control of today or than Regulation (EU) 2019/452, or its day or that of the "
        "control is not stated: is it one within the meaning of that act, of those who control the company now?",
        who="contracting authority",
    )
    untold = unstated("screened_before_control")
    older_than_the_act = all_of(stated("screened_on"), before("screened_on", "art16.screening_act_applies"))
    older_than_control = all_of(stated("screened_before_control"), yes("screened_before_control"))
    current = when(any_of(untold, older_than_the_act, older_than_control), still_speaks)
    return all_of(shared.is_screened(commission_is_notified("mitigation_notified")), current)


def gives_guarantees() -> Expression:
    """Guarantees on both points, verified by the state of establishment, set in the tender specifications, notified.

    They must assure that its part in the purchase contravenes no security interest: the two points are only the least.
    """
    verified = by_reading(
        "screening perimeter",
        follow_article=within("guarantee_verified_by", "union"),
        follow_recital=within("guarantee_verified_by", "inside"),
    )
    assure = judgement(
        "guarantees-assure",
        "Do the guarantees assure that its part in the purchase contravenes no security and defence interest of the "
        "Union and its Member States?",
        who="contracting authority",
    )
    despite_prohibition = judgement(
        "prohibited-screening",
        "A screening prohibited it: can guarantees stand against that finding?",
        who="contracting authority",
    )
    not_prohibited = any_of(
        all_of(unstated("screened"), unstated("screening_outcome")),
        is_one_of("screening_outcome", "cleared", "cleared with mitigation"),
        despite_prohibition,
    )
    notified = commission_is_notified("guarantees_notified")
    given = shared.gives_guarantees(verified, provision="Art. 16(6)", in_tender=True, notified=notified)
    return all_of(given, under("Art. 16(5)", all_of(assure, not_prohibited)))


def commission_is_notified(of_it: str) -> Expression:
    """The Commission has been told `of_it`, on a stated day or by somebody's word.

    Article 16(7) has it told of what the company relies on: of the mitigation, or of the guarantees. What it was told
    before the act was in force it was told under another one.
    """
    question = "Has the Commission been notified of the mitigation measures or guarantees?"
    asked = judgement("notification", question, who="contracting authority")
    return under("Art. 16(7)", any_of(all_of(stated(of_it), not_before(of_it, "act.entry_into_force")), asked))


def was_cleared_earlier() -> Expression:
    """Cleared under a sister act; whether that stands in is for the buyers to say. Silence claims no clearance.

    One that is to come is none yet. The sister acts ask for seat and management in the Union or an associated country:
    who has them elsewhere now has not fulfilled equivalent conditions, or has changed since. Who has come under other
    control since has changed, so that somebody must answer for it.
    """
    question = "May the earlier clearance stand in for Article 16(3) to (7), nothing having changed since?"
    asked = judgement("earlier-clearance", question, who="contracting authority")
    claimed = any_of(stated("clearance_claimed"), stated("cleared_earlier"))
    other_control = judgement(
        "clearance-current",
        "Who controls it now came after the earlier clearance: does it fulfil the conditions all the same, so that "
        "this change calls nothing into question?",
        who="contracting authority",
    )
    current = any_of(unstated("cleared_before_control"), no("cleared_before_control"), other_control)
    given = is_one_of("cleared_under", "EDIDP", "EDF", "ASAP", "EDIRPA")
    return under(
        "Art. 16(9)", all_of(claimed, given, yes("cleared_earlier"), current, seated_in("inside edirpa"), asked)
    )


def facilities_in(group: str) -> Expression:
    """What each contractor and subcontractor involved uses lies in the group, or outside for a reason judged.

    Paragraph 8 speaks of territory of Member States and of EEA-EFTA states alike.
    """
    territories = ("overseas", "eea-efta territories")
    return shared.facilities_in(group, is_involved(), territories=territories, must_be_listed=True)
