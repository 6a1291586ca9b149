"""Article 27(5): freedom of design."""

from __future__ import annotations

from jointbuy.law.shared.edip import UKRAINE, free_to_design, unless_central
from jointbuy.rules import Expression, rule


@rule(
    title="Design authority",
    provision="Art. 27(5)",
    condition="design",
    checked="2026-11-27",
    leaves="Whether contracts and licences give the authority stated. That a state may hold it, or that its holder may "
    "still obtain it by 2033, is for industrial actions on ammunition and missiles (Art. 12(4)), not for a purchase.",
)
def design() -> Expression:
    """Of every product, recipients or contractors decide on the design, and nothing from outside stands in their way.

    Restrictions of Ukraine and of associated countries do no harm. A restricted component is no obstacle where it may
    be substituted or removed.

    The Commission as a central purchasing body is not bound by it (Art. 28).
    """
    return unless_central(UKRAINE, free_to_design(UKRAINE, "holder under 27(5)"))
