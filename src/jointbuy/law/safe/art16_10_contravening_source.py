"""Article 16(10), second sentence: components from countries that contravene security interests."""

from __future__ import annotations

from jointbuy.rules import Expression, all_of, any_of, by_reading, for_each, judgement, outside, rule, unstated, yes


@rule(
    title="No component from a contravening country",
    provision="Art. 16(10)",
    condition="contravening sources",
    checked="2026-11-23",
    leaves="Which countries contravene the security and defence interests of the Union and its Member States: no text "
    "lists them.",
)
def contravening_source() -> Expression:
    """No component is sourced from a third country that contravenes security and defence interests.

    No share is small enough. The bar covers every purchase the instrument supports, and both the origin of a component
    and the country that supplies it.
    """
    acceptable = by_reading(
        "contravening countries",
        suggested=outside("country", "contravening suggested"),
        wider=outside("country", "contravening wider"),
        listed=outside("country", "contravening listed"),
    )
    question = "Do the suppliers state that no component of undeclared source comes from a contravening country?"
    asked = judgement("undeclared-sources", question, who="suppliers")
    nothing_open = by_reading(
        "undeclared sources",
        condition=any_of(yes("all_sources_declared"), asked),
        strict=yes("all_sources_declared"),
    )
    return all_of(for_each("source_countries", acceptable), unstated("adverse_declaration"), nothing_open)
