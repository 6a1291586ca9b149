"""What control, plants and parts from outside must not contravene, in the extent that each act gives it."""

from __future__ import annotations

from dataclasses import dataclass

from jointbuy.rules import Expression, all_of, any_of, before, is_one_of, judgement, stated, unstated, when, yes

OF_THE_UNION = "the security and defence interests of the Union and its Member States"
WITH_NEIGHBOURS = f"{OF_THE_UNION}, respect for good neighbourly relations included,"


@dataclass(frozen=True, slots=True)
class Interests:
    """The interests and objectives that an act names; `key` stands before the keys of its questions."""

    key: str
    barred: str
    """What a country contravenes from which no component may be sourced."""
    own: str
    """What a company's part and a plant's use must not contravene."""
    objectives: str
    """The article whose objectives they must not contravene either."""
    points: str = ""
    """What the points of the guarantees reach beyond what the purchase file states of them."""

    @property
    def contravened(self) -> str:
        """What a part in the purchase may contravene, as it stands in a question."""
        return f"neither {self.own} nor the objectives of {self.objectives}"

    @property
    def use(self) -> str:
        """What must be true of the use of a plant outside; follows "does its use"."""
        return f"contravene none of {self.own} and is it consistent with the objectives of {self.objectives}"


def guarantees_assure(interests: Interests) -> Expression:
    """Guarantees must assure that its part contravenes no interest: the points they must substantiate are the least."""
    question = f"Do its guarantees assure that its part in the purchase contravenes {interests.contravened}"
    return judgement(
        f"{interests.key}guarantees-assure", f"{question}{interests.points}?", who="state of establishment"
    )


def is_not_prohibited(interests: Interests) -> Expression:
    """No screening prohibited it, or a person says that guarantees can stand against that."""
    despite_prohibition = judgement(
        f"{interests.key}prohibited-screening",
        "A screening prohibited it: can guarantees stand against that finding?",
        who="contracting authority",
    )
    return any_of(
        all_of(unstated("screened"), unstated("screening_outcome")),
        is_one_of("screening_outcome", "cleared", "cleared with mitigation"),
        all_of(is_one_of("screening_outcome", "prohibited"), despite_prohibition),
    )


def screening_is_current(interests: Interests, act_applies: str) -> Expression:
    """A screening older than the control of today, or than the act on screening, says little of it.

    Where one of the two days is not stated nobody can tell, so that somebody must answer.
    """
    still_speaks = judgement(
        f"{interests.key}screening-current",
        "The screening is older than the control of today or than Regulation (EU) 2019/452, or its day or that of the "
        "control is not stated: is it one within the meaning of that act, of those who control the company now?",
        who="contracting authority",
    )
    untold = unstated("screened_before_control")
    older_than_the_act = all_of(stated("screened_on"), before("screened_on", act_applies))
    older_than_control = all_of(stated("screened_before_control"), yes("screened_before_control"))
    return when(any_of(untold, older_than_the_act, older_than_control), still_speaks)
