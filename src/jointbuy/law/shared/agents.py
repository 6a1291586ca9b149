"""The procurement agent, whom EDIP and EDIRPA ask for in nearly the same words."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, judgement, stated, under, when, within


def agent_is_appointed(group: str, key: str, defined: str) -> Expression:
    """The buyers appointed an agent, and one that may be it.

    An authority of a country outside the group may not; where one is said to run the procurement, the agent may still
    be an international organisation. `key` stands before the keys of the questions; `defined` there is who may be one.
    """
    appointed = judgement(
        f"{key}agent",
        "Have the buyers unanimously appointed a procurement agent, and signed the agreement that governs the "
        "procurement with it?",
        who="buyers",
    )
    another = judgement(
        f"{key}agent-seat",
        "The country that is said to run the procurement (conducted_by) is none whose authorities may be procurement "
        "agent: is the agent another that may be, such as an international organisation?",
        who="buyers",
    )
    seated = under(defined, when(stated("conducted_by"), any_of(within("conducted_by", group), another)))
    return all_of(appointed, seated)
