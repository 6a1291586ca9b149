"""Agreement with Canada under Article 17: who may supply."""

from __future__ import annotations

from jointbuy.law.safe.entities import suppliers_from
from jointbuy.law.safe.products import for_defence_products
from jointbuy.rules import Expression, rule


@rule(
    title="Contractors and subcontractors from inside or Canada",
    provision="Agreement under Art. 17 (text not seen)",
    condition="who supplies",
    route="canada",
    checked="2026-11-23",
    leaves="The agreement's text was not seen: its conditions on management, on control of Canadian entities by "
    "others, on facilities and on subcontractors may differ from those of Article 16, which are applied here with "
    "Canada counted as inside.",
)
def establishment() -> Expression:
    """Every contractor and subcontractor involved is established, managed and controlled inside or in Canada.

    Or it is excused in the same ways as under Article 16.
    """
    return for_defence_products(suppliers_from("inside and canada"))
