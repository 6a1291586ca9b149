"""Who may be a contractor or subcontractor, and where they may work: what the acts put in nearly the same words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
    stated,
    under,
    unstated,
    when,
    within,
    yes,
)


def takes_part() -> Expression:
    """A buyer takes part in the procurement; what that asks for is a reading."""
    return by_reading(
        "second buyer",
        formal_participation=is_one_of("participation", "signed"),
        declared_intention=is_one_of("participation", "signed", "declared intention"),
    )


def of_any_tier(tests: Expression) -> Expression:
    """A subcontractor that passes the tests; whether one that no contractor engages itself can is a reading."""
    return by_reading("subcontractor tiers", any_tier=tests, direct_only=all_of(yes("direct"), tests))


def its_share(compared: Callable[[str, str], Expression], limit: str, of: str = "share") -> Expression:
    """Its part of the contract value against a limit; whether companies of its group count with it is a reading.

    `of`: all that it is allocated (`share`), or for `tasks` only.
    """
    return by_reading(
        "companies of a group",
        each_for_itself=compared(limit, f"{of}_of_contract"),
        together=compared(limit, f"{of}_of_group"),
    )


def states_enough(collection: str, key: str, limit: str) -> Expression:
    """No subcontract states less than the threshold where the bill shows that much of its supplier, or that is right.

    `collection`: those of which the bill shows more than they state. `key` stands before the key of the question.
    """
    right = judgement(
        f"{key}understated-subcontract",
        "By the bill its part of the contract value reaches the threshold, and its subcontracts state less: is what "
        "they state right?",
        who="contractor",
    )
    reaches = any_of(no_less_than(limit, "share_of_contract"), right)
    return for_each(collection, when(no_less_than(limit, "share_in_bill"), reaches))


def in_band(bottom: str, top: str, of: str = "share") -> Expression:
    """A subcontractor whose part of the contract value lies from one limit to another, both included."""
    share = (its_share(no_less_than, bottom, of), its_share(no_more_than, top, of))
    return all_of(is_one_of("role", "subcontractor"), *share)


def worked_together(question: str, key: str = "") -> Expression:
    """A direct contract with the contractor before the act.

    Of several members of a consortium that award it subcontracts each must have had one. Where that is told of some
    only, where another party awards it or nobody says which member does, somebody must say so. `question`: what of the
    earlier contract is asked; `key` stands before the key.
    """
    asked = judgement(
        f"{key}direct-relationship",
        "Another party or several contractors award its subcontracts, or nobody says which contractor does: "
        f"{question}",
        who="contractor",
    )
    first = "act.entry_into_force"
    each = when(stated("related_to_each_since"), before("related_to_each_since", first))
    return all_of(
        when(yes("relationships_told"), before("related_since", first)),
        any_of(all_of(yes("direct"), yes("award_known"), each), asked),
    )


def seated_in(group: str) -> Expression:
    """Established and managed in the group."""
    return all_of(within("established_in", group), within("managed_from", group))


def seated_in_or_overseas(group: str) -> Expression:
    """The same; whether an overseas country or territory associated with the Union is inside for that is a reading."""

    def there(fact: str) -> Expression:
        return any_of(within(fact, group), within(fact, "associated overseas"))

    return by_reading(
        "overseas seat",
        where_treaties_apply=seated_in(group),
        overseas_too=all_of(there("established_in"), there("managed_from")),
    )


def not_controlled_from_outside(group: str, key: str, defined: str) -> Expression:
    """Nobody outside the group controls it; whether a natural person can be meant is a reading.

    An entity is one from outside, as `defined` there, where it is established outside, or inside and managed from
    outside, whoever holds it in turn. `key` stands before the keys of the questions.
    """
    owner_is_no_entity = by_reading("natural person owner", counts=never(), does_not_count=yes("controller_is_person"))
    inside = any_of(all_of(within("country", group), *_is_managed_in(group, key)), is_no_entity())
    entities_inside = under(defined, for_each("controllers", inside))
    controlled_from_there = all_of(any_of(within("controlled_by", group), owner_is_no_entity), entities_inside)
    return all_of(
        any_of(no("controlled"), controlled_from_there), has_no_influence_from_outside(group, key, managed_too=True)
    )


def _is_managed_in(group: str, key: str) -> tuple[Expression, Expression]:
    """Where a holder is managed: a party states it; of an owner who is only named a person says it; a state is not."""
    asked = judgement(
        f"{key}holder-management",
        "Is its executive management inside as well, so that it is no entity from outside (a state or a person has "
        "none)?",
        who="contracting authority",
    )
    return (
        when(is_one_of("listed_as", "party"), within("managed_from", group)),
        when(is_one_of("listed_as", "owner"), asked),
    )


def is_no_entity() -> Expression:
    """A holder is a natural person, where such do not count; of whom nobody says what it is, it may be one."""
    return by_reading("natural person owner", counts=never(), does_not_count=yes("is_person"))


def has_no_influence_from_outside(
    group: str, key: str = "", *ways: Expression, managed_too: bool = False
) -> Expression:
    """Who holds much from outside, though no majority, has no decisive influence; a person says that.

    A natural person is none to ask about where such do not count; `ways`: by what else a holder is none.
    `managed_too`: a company inside that is managed from outside is one from outside.
    """
    no_influence = judgement(
        f"{key}influence",
        "Has nobody from outside decisive influence through this holding, by votes, vetoes, agreements, golden shares "
        "or others' absence?",
        who="contracting authority",
    )
    inside: Expression = within("country", group)
    if managed_too:
        inside = all_of(inside, when(is_one_of("listed_as", "party"), within("managed_from", group)))
    return for_each("large_holders", any_of(inside, is_no_entity(), *ways, no_influence))


def has_mitigation_in_place() -> Expression:
    """A screening cleared it with measures that are in place."""
    return all_of(is_one_of("screening_outcome", "cleared with mitigation"), yes("mitigation_in_place"))


def is_screened(notified: Expression, key: str = "") -> Expression:
    """Cleared by a screening, with its mitigation in place. Who is silent on a screening claims none.

    One that is said to have cleared it without measures, beside a mitigation that is missing, says two things:
    somebody must answer. `key` stands before the key of the question.
    """
    none_needed = judgement(
        f"{key}no-mitigation",
        "A screening is said to have cleared it, and mitigation not to be in place: was none necessary?",
        who="contracting authority",
    )
    nothing_missing = any_of(unstated("mitigation_in_place"), yes("mitigation_in_place"), none_needed)
    mitigated = all_of(has_mitigation_in_place(), notified)
    return all_of(
        any_of(stated("screened"), stated("screening_outcome")),
        any_of(all_of(is_one_of("screening_outcome", "cleared"), nothing_missing), mitigated),
    )


def gives_guarantees(verified: Expression, *, provision: str, in_tender: bool, notified: Expression) -> Expression:
    """Guarantees on both points, verified by the state of establishment; for some acts also in the specifications.

    Who is silent on all of it offers none; who states a part, be it that the Commission was told, leaves the rest open.
    """
    offered = any_of(
        stated("guarantees_offered"),
        stated("guarantee_control"),
        stated("guarantee_classified"),
        stated("guarantee_in_tender"),
        stated("guarantee_verified_by"),
    )
    points = [yes("guarantee_control"), yes("guarantee_classified")]
    points += [yes("guarantee_in_tender")] if in_tender else []
    at_home = any_of(unstated("guarantee_verified_at_home"), yes("guarantee_verified_at_home"))
    return all_of(offered, under(provision, all_of(*points)), verified, at_home, notified)


def facilities_in(
    group: str,
    is_involved: Expression,
    key: str = "",
    excused: Expression | None = None,
    *,
    territories: tuple[str, ...] = ("overseas",),
    its_use: str = "contravene no security and defence interest",
    must_be_listed: bool = False,
) -> Expression:
    """What each contractor and subcontractor involved uses lies in the group, or outside for a reason judged.

    Of whoever is `excused` it is not asked. `territories`: groups that are inside by a reading only. `its_use`: what
    the act wants of a use outside. Where nothing is listed that leaves it open if all `must_be_listed`, unless somebody
    speaks of their own accord; else somebody is asked.
    `key` stands before the keys of the questions, since inside is not the same place in every act.
    """
    excuse = judgement(
        f"{key}facility",
        f"Is nothing inside readily available, and does its use {its_use}?",
        who="contracting authority",
    )
    there = by_reading(
        "overseas territories",
        where_treaties_apply=within("country", group),
        of_a_state=any_of(within("country", group), *(within("country", each) for each in territories)),
    )
    # The paragraph asks for no text: whoever says yes of their own accord has answered what it does ask.
    lies = any_of(there, all_of(stated("why_no_alternative"), excuse), replace(excuse, volunteered=True))
    silent = judgement(f"{key}facilities", "Does all that it uses for this purchase lie inside?", who="contractor")
    unlisted = any_of(yes("facilities_told"), replace(silent, volunteered=True)) if must_be_listed else silent
    used = all_of(when(yes("facilities_listed"), for_each("facilities", lies)), when(no("facilities_listed"), unlisted))
    asked = used if excused is None else any_of(used, excused)
    return for_each("entities", when(is_involved, asked))
