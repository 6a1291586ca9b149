"""Who may be contractor or subcontractor involved under EDIRPA (Art. 9(5) to (8) and (13))."""

from __future__ import annotations

from jointbuy.law.shared import entities
from jointbuy.law.shared.entities import not_controlled_from_outside, of_any_tier, seated_in_or_overseas
from jointbuy.law.shared.interests import (
    OF_THE_UNION,
    WITH_NEIGHBOURS,
    Interests,
    guarantees_assure,
    is_not_prohibited,
    screening_is_current,
)
from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    for_each,
    is_one_of,
    judgement,
    no_less_than,
    under,
    when,
    within,
    yes,
)

INSIDE = "inside edirpa"
INTERESTS = Interests("edirpa-", WITH_NEIGHBOURS, OF_THE_UNION, "Article 3")


def is_involved() -> Expression:
    """A contractor, or a subcontractor with a critical unique input and a share; access to secrets is not asked."""
    tests = all_of(
        is_one_of("role", "subcontractor"),
        yes("critical_input"),
        entities.its_share(no_less_than, "art09.involved_share"),
    )
    return any_of(is_one_of("role", "contractor"), under("Art. 9(13)", of_any_tier(tests)))


def suppliers() -> Expression:
    """Each is seated inside, and not controlled from outside unless screening or guarantees cure that."""
    asked = judgement(
        "edirpa-notification",
        "Has the procurement agent notified the Commission of the mitigation measures or guarantees?",
        who="procurement agent",
    )
    notified = under("Art. 9(8)", asked)
    guarantees = entities.gives_guarantees(
        within("guarantee_verified_by", INSIDE), provision="Art. 9(7)", in_tender=True, notified=notified
    )
    assured = all_of(guarantees, guarantees_assure(INTERESTS), is_not_prohibited(INTERESTS))
    current = screening_is_current(INTERESTS, "art09.screening_act_applies")
    elsewhere = judgement(
        "edirpa-screening-elsewhere",
        "It is established in an associated country, where Regulation (EU) 2019/452 does not apply: was it screened "
        "within the meaning of that act all the same?",
        who="contracting authority",
    )
    under_the_act = any_of(within("established_in", "union"), elsewhere)
    screened = all_of(entities.is_screened(notified, "edirpa-"), current, under_the_act)
    control = any_of(
        under("Art. 9(5)", any_of(not_controlled_from_outside(INSIDE, "edirpa-", "Art. 2(4)"), screened)),
        under("Art. 9(6)", assured),
    )
    return for_each("entities", when(is_involved(), all_of(under("Art. 9(5)", seated_in_or_overseas(INSIDE)), control)))
