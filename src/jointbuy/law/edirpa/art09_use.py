"""Article 9(10) and (11): restrictions on the use of the product."""

from __future__ import annotations

from jointbuy.law.edirpa.entities import INSIDE
from jointbuy.rules import Expression, all_of, any_of, before, for_each, judgement, no, rule, under, within, yes


@rule(
    title="No restriction on use",
    provision="Art. 9(10) and (11)",
    condition="use",
    checked="2026-11-26",
    leaves="Whether a restriction limits the ability to use the product. Authority over the design is not asked for.",
)
def use() -> Expression:
    """No third country that is not associated restricts how a Member State may use the product.

    Excepted are urgent and critical products that most of the buying states used before the war, where the buyers
    commit to study replacing what is restricted. Since when it is in use is a fact, so that silence leaves it open.
    """
    harmless = for_each("restrictions", any_of(no("limits_use"), within("imposed_by", INSIDE)))
    free = all_of(yes("restrictions_listed"), harmless)
    commitment = judgement(
        "edirpa-replacement",
        "Is the product urgent and critical, and have the buyers committed to study replacing the components that "
        "cause the restriction by free ones of Union origin?",
        who="buyers",
    )
    excepted = all_of(before("in_use_since", "art09.in_use_before"), commitment)
    return any_of(free, under("Art. 9(11)", excepted))
