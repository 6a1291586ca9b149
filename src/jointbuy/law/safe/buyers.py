"""What a buyer must be, for the rules on common procurement and on purchases by one Member State."""

from __future__ import annotations

from jointbuy.law.safe.products import OTHER
from jointbuy.law.shared.products import DEFENCE
from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    by_reading,
    for_any,
    for_each,
    is_one_of,
    judgement,
    never,
    no,
    on_or_before,
    outside,
    stated,
    under,
    unstated,
    when,
    within,
    yes,
)

LAST_DAY = "art04.single_buyer_last_signature"
_AUTHORITY = "contracting authority"


def is_assisted() -> Expression:
    """The buyer receives financial assistance; from when on is a reading.

    Each date is held against the last day on which it can still lead to a payment, so that a date
    that nobody stated leaves the answer open. A request after its own last day counts under a new call only.
    """
    new_call = judgement(
        "new-call",
        "Was the loan requested under a new call for expressions of interest?",
        who="borrowing Member State",
    )
    under_a_call = under("Art. 8(7)", all_of(on_or_before("loan_requested", "art08.last_decision"), new_call))
    return by_reading(
        "receiving assistance",
        council_decision_in_place=on_or_before("loan_decided", "art08.last_decision"),
        loan_agreement_in_force=on_or_before("loan_in_force", "art12.availability_ends"),
        requested=any_of(
            on_or_before("loan_requested", "art07.last_request"),
            under_a_call,
            under("Art. 8(3)", on_or_before("loan_decided", "art08.last_decision")),  # the Council decides on requests
        ),
    )


def borrower() -> Expression:
    """A Member State that receives financial assistance and pays with it."""
    return all_of(within("country", "union"), yes("borrows"), is_assisted())


def takes_part() -> Expression:
    """The buyer takes part in the procurement; what that asks for is a reading.

    To pay with a loan is not yet to take part: where the file is silent on it, somebody must say so, save of the
    state that runs the procurement.
    """
    asked = judgement(
        "participation", "Does it take part in the procurement procedure and in the contracts?", who="buyer"
    )
    silent = all_of(yes("borrows"), unstated("participation"), any_of(yes("conducts"), asked))
    return any_of(silent, _joins())


def paying_buyer() -> Expression:
    """A borrower that takes part: the text has the procurement carried out by a state that receives assistance."""
    return all_of(borrower(), takes_part())


def does_not_only_intend() -> Expression:
    """Silence on how it takes part is asked about elsewhere; a mere intention counts by the reading only."""
    return any_of(unstated("participation"), _joins())


def _joins() -> Expression:
    return by_reading(
        "second buyer",
        formal_participation=is_one_of("participation", "signed"),
        declared_intention=is_one_of("participation", "signed", "declared intention"),
    )


def nothing_was_added_late() -> Expression:
    """Not changed after the last day of signature, or only by what belonged to the contract (law.md §7, 22)."""
    belongs = judgement(
        "late-change",
        "Is what was changed or called off after the last day of signature part of the contract signed in time?",
        who=_AUTHORITY,
    )
    return any_of(unstated("events.last_amendment"), on_or_before("events.last_amendment", LAST_DAY), belongs)


def was_offered() -> Expression:
    """Where the file logs the steps taken, one of them reached another state inside, or somebody says that one will.

    The duty has no day, and the operational arrangement tells the steps (recital 30): none yet is not never.
    """
    reached = all_of(unstated("lies_ahead"), within("country", "inside"))
    none_yet = judgement(
        "no-step-yet",
        "The file logs no step taken towards another Member State, an EEA-EFTA state or Ukraine: does the operational "
        "arrangement leave the necessary ones to come?",
        who=_AUTHORITY,
    )
    return any_of(no("outreach_listed"), for_any("outreach", reached), none_yet)


def admitted() -> Expression:
    """Every buyer is from inside, or one of the countries that may join.

    Who may not join and has only declared that it intends to takes no part, where an intention does not count.
    """
    only_intends = by_reading(
        "second buyer",
        formal_participation=all_of(stated("participation"), is_one_of("participation", "declared intention")),
        declared_intention=never(),
    )
    return for_each("buyers", any_of(may_take_part(), only_intends))


def may_take_part() -> Expression:
    """The country is inside, or may join; of a partnership that was only announced somebody says that it is signed.

    It must be such a country on the day on which it became a party: that of signature, or of its coming to a contract
    that others had signed (Art. 2(3) and 18(2)), whatever law is asked. Whether a partnership that came later still
    makes up for that is a reading.
    """
    signed = judgement(
        "partnership",
        "A Security and Defence Partnership with it was announced, and no day of signature was found: has the Union "
        "entered into it?",
        who=_AUTHORITY,
    )
    announced = all_of(within("country", "announced partners", on="party_since"), signed)
    inside, may_join = (within("country", group, on="party_since") for group in ("inside", "may join as buyers"))
    since = all_of(
        *(outside("country", group, on="party_since") for group in ("inside", "may join as buyers")),
        within("country", "may join as buyers", on="known_by"),
    )
    later = by_reading(
        "later partnership",
        does_not_count=never(),
        counts=within("country", "may join as buyers", on="known_by"),
    )
    return any_of(inside, may_join, announced, when(since, later))


def is_run_by_a_buyer() -> Expression:
    """One of the buyers runs it, or a Union institution for them; of a silent file somebody must say that they do.

    The text names no agent and bars none: of another state from inside that runs it somebody must answer, and of a
    buyer that only joins in addition.
    """
    question = "Do the buyers themselves carry the procurement out?"
    asked = judgement("who-conducts", question, who=_AUTHORITY)
    agent = judgement(
        "through-agent",
        "A state that does not buy runs it for the buyers: do they carry the procurement out all the same (Art. 2(3))?",
        who=_AUTHORITY,
    )
    partner = judgement(
        "through-partner",
        "A buyer that takes part in addition runs it: do the Member State that receives assistance and the others from "
        "inside carry the procurement out all the same (Art. 2(3))?",
        who=_AUTHORITY,
    )
    one_of_them = all_of(within("conducted_by", "inside"), any_of(yes("conducted_by_buyer"), agent))
    in_addition = all_of(yes("conducted_by_buyer"), within("conducted_by", "may join as buyers"), partner)
    lead = by_reading(
        "who runs it",
        any_of_the_buyers=any_of(one_of_them, in_addition),
        a_borrower=all_of(within("conducted_by", "union"), yes("conducted_by_borrower")),
    )
    by_the_union = under("Art. 16(15)", all_of(stated("union_procurement"), yes("union_procurement")))
    return any_of(all_of(unstated("conducted_by"), asked), lead, by_the_union)


def is_run_by_itself() -> Expression:
    """The one buyer carries it out; for an agent inside the Union somebody must answer, and nobody else may.

    A Union institution has a question of its own, as Article 4(3) does not refer to Article 16(15).
    """
    asked = judgement(
        "who-conducts", "Does the buyer itself, or a body of its own, carry the procurement out?", who=_AUTHORITY
    )
    agent = judgement(
        "single-through-agent",
        "Another Member State runs it as agent: is it still carried out by one Member State (Art. 4(3), recital 30)?",
        who=_AUTHORITY,
    )
    through_agent = by_reading(
        "who runs it",
        any_of_the_buyers=all_of(within("conducted_by", "union"), agent),
        a_borrower=all_of(within("conducted_by", "union"), yes("conducted_by_borrower"), agent),
    )
    by_the_union = all_of(stated("union_procurement"), yes("union_procurement"))
    return any_of(all_of(unstated("conducted_by"), asked), yes("conducted_by_single"), through_agent, by_the_union)


def did_not_start_alone_too_late() -> Expression:
    """A contract that one state concluded after the last day for such, and to which others came: somebody must say.

    Article 4(3) ends contracts of one state on that day; Article 18 adds parties to a contract that SAFE supports.
    """
    asked = judgement(
        "opened-later",
        "One state alone concluded the contract after the last day for contracts of one Member State: did it become a "
        "common procurement when others were added to it?",
        who=_AUTHORITY,
    )
    return when(yes("concluded_alone"), under("Art. 4(3)", any_of(on_or_before("events.signature", LAST_DAY), asked)))


def joined_lawfully() -> Expression:
    """A buyer that came to a contract others had signed was added by a change of it, or somebody says as much.

    Article 18 opens contracts for defence products; into one for other products nobody comes on that ground.
    """
    asked = judgement(
        "joined-later",
        "Is the contract opened to it as Article 18 allows: by prior agreement of an undertaking that meets criteria "
        "equivalent to Article 16(3) to (13)?",
        who=_AUTHORITY,
    )
    otherwise = judgement(
        "joined-otherwise",
        "Article 18 opens contracts for defence products only: may it come to this contract on another ground, and "
        "on which?",
        who=_AUTHORITY,
    )
    added = all_of(stated("added_by_change"), yes("added_by_change"))
    of_defence = when(stated("joined"), under("Art. 18(1) and (2)", any_of(added, asked)))
    of_others = when(any_of(stated("joined"), added), otherwise)
    other = all_of(stated("product.kind"), is_one_of("product.kind", OTHER))
    return all_of(
        when(any_of(unstated("product.kind"), is_one_of("product.kind", DEFENCE)), for_each("buyers", of_defence)),
        when(other, for_each("buyers", of_others)),
    )
