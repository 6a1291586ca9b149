"""Article 16(10), second sentence: components from countries that contravene security interests."""

from __future__ import annotations

from jointbuy.law.shared.contravening import comes_from_none_of_them, is_no_component
from jointbuy.rules import (
    Expression,
    all_of,
    any_of,
    by_reading,
    for_each,
    judgement,
    no,
    outside,
    rule,
    under,
    unstated,
    yes,
)


def is_no_contravening_country(fact: str) -> Expression:
    """The country is none of those that contravene; which those are is a reading.

    A list of the purchase's own that leaves out a country we suggest has that for a person to answer for.
    """
    left_out = judgement(
        "left-out-country",
        "The purchase's own list of contravening countries leaves it out: does it not contravene the security and "
        "defence interests of the Union and its Member States?",
        who="contracting authority",
    )
    return by_reading(
        "contravening countries",
        suggested=outside(fact, "contravening suggested"),
        wider=outside(fact, "contravening wider"),
        listed=all_of(outside(fact, "contravening listed"), any_of(outside(fact, "contravening suggested"), left_out)),
    )


def is_harmless() -> Expression:
    """Nothing comes from such a country, or what does is no component and a person finds that it does no harm.

    The bar names components. Whether a service, a levy or a spare part from there may be paid is not said.
    """
    nevertheless = judgement(
        "contravening-cost",
        "It comes from a country that contravenes and is no component: may the purchase hold it without contravening "
        "a security and defence interest of the Union and its Member States?",
        who="contracting authority",
    )
    return any_of(is_no_contravening_country("country"), all_of(is_no_component(), nevertheless))


def lies_elsewhere() -> Expression:
    """A plant that is used and does not lie in such a country; of one that does, a person must say that it may be."""
    nevertheless = judgement(
        "contravening-facility",
        "It lies in a country that contravenes: does its use contravene no security and defence interest of the Union "
        "and its Member States?",
        who="contracting authority",
    )
    there = any_of(unstated("country"), is_no_contravening_country("country"))
    return any_of(there, under("Art. 16(8)", nevertheless))


def comes_from_elsewhere() -> Expression:
    """A company that is neither established in such a country nor managed or controlled from one.

    What a company established there supplies is sourced there. Control from there moves no source, and Article 16(5)
    may cure it: whether the company may take part nevertheless is for a person, as it is where only services come.
    """
    nevertheless = judgement(
        "contravening-company",
        "It is established in, or managed or controlled from, a country that contravenes: does its part in the "
        "purchase contravene no security and defence interest of the Union and its Member States?",
        who="contracting authority",
    )

    def elsewhere(fact: str) -> Expression:
        return any_of(unstated(fact), is_no_contravening_country(fact))

    seated = any_of(elsewhere("established_in"), all_of(no("supplies_components"), nevertheless))
    between = for_each("controllers", elsewhere("country"))
    steered = any_of(all_of(elsewhere("managed_from"), elsewhere("controlled_by"), between), nevertheless)
    return all_of(seated, steered)


@rule(
    title="No component from a contravening country",
    provision="Art. 16(10)",
    condition="contravening sources",
    checked="2026-11-27",
    leaves="Which countries contravene the security and defence interests of the Union and its Member States: no text "
    "lists them. What a company supplies that is only controlled from such a country, and what is no component.",
)
def contravening_source() -> Expression:
    """No component is sourced from a third country that contravenes security and defence interests.

    No share is small enough. The bar covers every purchase the instrument supports, the origin of a component, the
    country that supplies it, and the countries of contractors, subcontractors and suppliers, whether or not the bill
    names them. An assembly that names such a country is sourced there, whether or not it has a price of its own, at
    whatever level. A line that names one among several is asked about by itself, and so is a part that may be used
    instead of another. What comes from there and is no component, such as a test or a duty, is for a person.
    Paragraph 8 lets no plant be used where that contravenes these interests.
    """
    question = "Do the suppliers state that no component of undeclared source comes from a contravening country?"
    asked = judgement("undeclared-sources", question, who="suppliers")
    nothing_open = by_reading(
        "undeclared sources",
        condition=any_of(yes("all_sources_declared"), asked),
        strict=yes("all_sources_declared"),
    )
    return all_of(
        for_each("source_countries", is_harmless()),
        for_each("open_sources", comes_from_none_of_them(is_harmless(), "")),
        for_each("companies", all_of(comes_from_elsewhere(), for_each("sites", lies_elsewhere()))),
        unstated("adverse_declaration"),
        nothing_open,
    )
