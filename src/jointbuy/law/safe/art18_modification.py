"""Article 18: changes of framework agreements and contracts after signature."""

from __future__ import annotations

from jointbuy.law.safe.buyers import may_take_part
from jointbuy.law.shared.entities import seated_in
from jointbuy.law.shared.products import DEFENCE
from jointbuy.rules import (
    Expression,
    Judgement,
    all_of,
    any_of,
    by_reading,
    for_any,
    for_each,
    is_one_of,
    judgement,
    no,
    not_before,
    rule,
    stated,
    under,
    unstated,
    when,
    within,
    yes,
)


def adds_what_is_needed() -> Expression:
    """It raises no quantity, or by no more than the countries added buy; what is tested then is a reading."""
    question = "Do the added quantities, taken by themselves, keep the conditions of Article 16?"
    for_itself = _asked("added-quantities", question)
    necessary = _asked("strictly-necessary", "Is what it adds strictly necessary for the countries that it adds?")
    tested = by_reading("amended quantities", whole_contract=all_of(), added_quantities=for_itself)
    needed = _stated_or("only_for_newcomers", necessary)
    return any_of(no("raises_quantity"), all_of(needed, tested))


def _stated_or(name: str, asked: Expression) -> Expression:
    """The file says so, or a person does where the file is silent; what they say then decides."""
    return any_of(all_of(stated(name), yes(name)), all_of(unstated(name), asked))


def _once_it_is(ahead: str, asked: Judgement) -> Expression:
    """What is asked of a change that was made; of what lies ahead somebody says how it is going to be."""
    to_come = _asked(
        "change-to-come",
        "It lies ahead: will the undertaking have agreed to the change beforehand, and a notice of it appear in the "
        "Official Journal?",
    )
    return any_of(all_of(stated(ahead), to_come), all_of(unstated(ahead), asked))


def _asked(key: str, question: str) -> Judgement:
    return judgement(key, question, who="contracting authority")


def is_confirmed() -> Expression:
    """A change that adds parties or raises the quantity needs no derogation only where a person confirms its ground.

    That it is not substantial, or that the contract provides for it, is a conclusion of law and no fact.
    """
    provided = _asked(
        "contract-provides", "Does the contract itself provide for this change, so that it needs no other ground?"
    )
    small = _asked(
        "not-substantial",
        "Is this change not substantial, though it adds parties or raises the quantity (Directive 2009/81/EC, Art. "
        "29(2))?",
    )
    weighty = any_of(yes("adds_buyers"), all_of(stated("raises_quantity"), yes("raises_quantity")))
    grounds = {"the contract provides for it": provided, "not substantial": small}
    return all_of(
        *(
            when(all_of(stated("ground"), is_one_of("ground", ground), weighty), asked)
            for ground, asked in grounds.items()
        )
    )


def undertaking_is_from_inside() -> Expression:
    """Where a change rests on Article 18; whether an undertaking under an agreement is one it means is a reading.

    Agreements are open to countries that may join as buyers, so that no undertaking from elsewhere can be under one.
    """
    rests_on_it = is_one_of("ground", "Article 18")
    cured = _asked("undertaking-cured", "Is its control cured by Article 16 itself, and not by an agreement?")
    ordinary = all_of(seated_in("inside"), any_of(no("controlled"), within("controlled_by", "inside"), cured))
    each = for_each("entities", when(is_one_of("role", "contractor"), under("Art. 18(2)", ordinary)))
    perhaps_under_one = all_of(
        *(
            any_of(within(where, "inside"), within(where, "may join as buyers"))
            for where in ("established_in", "managed_from")
        )
    )
    possible = for_each("entities", when(is_one_of("role", "contractor"), under("Art. 18(2)", perhaps_under_one)))
    criteria = by_reading("undertaking under an agreement", counts=possible, ordinary_only=each)
    return when(for_any("modifications", rests_on_it), criteria)


@rule(
    title="Changes of the contract",
    provision="Art. 18",
    condition="changes",
    checked="2026-11-27",
    leaves="Whether the undertaking met criteria equivalent to Art. 16(3) to (13) when the contract was concluded: the "
    "other rules tell of the day on which they are asked. Whether the value, indexed where the contract has a clause "
    "(Art. 18(4)), is above the thresholds of Art. 8 of Directive 2009/81/EC: below them no derogation is needed.",
)
def modification() -> Expression:
    """Each change that rests on Article 18 adds buyers, and only the quantities that they need.

    The undertaking agreed beforehand, a notice has appeared, and all authorities have equal rights and duties. What
    the contract itself provides for, or is not substantial, needs no derogation; a person confirms that where it adds
    parties or raises the quantity. Who is added may take part in the procurement (Art. 2(3)). The contracting authority
    of a Member State that concluded the contract makes the change, and none could rest on the article before it was in
    force. Of other products than defence products it says nothing.
    """
    comes_in = all_of(yes("buys"), may_take_part())
    joins = all_of(yes("adds_buyers"), for_each("newcomers", comes_in))
    agreed = _asked("undertaking-agreed", "Had the undertaking agreed to it beforehand?")
    notice = _asked("change-notice", "Has a notice of it appeared in the Official Journal?")
    terms = "Have all authorities equal rights and duties, also on what added quantities cost?"
    by_a_member = _asked("change-by-member-state", "Does a contracting authority of a Member State make the change?")
    by_the_first = _asked(
        "change-by-newcomer",
        "A country that a change adds is said to run the procurement: does the authority that concluded the contract "
        "make the change?",
    )
    allowed = all_of(
        under("Art. 23", not_before("changed_on", "act.entry_into_force")),
        under("Art. 18(2)", any_of(unstated("changed_by"), within("changed_by", "union"), by_a_member)),
        under("Art. 18(1)", any_of(no("changed_by_newcomer"), by_the_first)),
        under("Art. 18(2)", joins),
        under("Art. 18(3)", adds_what_is_needed()),
        under("Art. 18(1)", _stated_or("agreed_before", _once_it_is("agreement_to_come", agreed))),
        under("Art. 18(5)", _stated_or("notice_published", _once_it_is("to_come", notice))),
        under("Art. 18(6)", _stated_or("equal_terms", _asked("equal-terms", terms))),
    )
    rests_on_it = when(is_one_of("ground", "Article 18"), allowed)
    each = for_each("modifications", all_of(rests_on_it, is_confirmed()))
    return when(is_one_of("product.kind", DEFENCE), all_of(each, undertaking_is_from_inside()))
