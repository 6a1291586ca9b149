"""No component from a country that contravenes security and defence interests: the bar of each act, in its own words.

What a company established there supplies is sourced there. Control from there, services and plants move no source, and
what is no component is none: whether they may be nevertheless is for a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from jointbuy.law.shared.interests import Interests
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
    outside,
    under,
    unstated,
    when,
    yes,
)

NO_COMPONENTS = ("duty", "final assembly", "engineering", "test", "overhead", "profit", "services")
"""Kinds of cost that are no component, whichever of them count as its cost."""
PERHAPS = ("transport", "licence", "tooling", "spares")
"""Kinds that are components where their cost counts as that of components."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What an act bars, and the provisions by which a company or a plant may take part all the same."""

    interests: Interests
    company: str
    plant: str
    materials: bool = True
    """Whether a raw material is a component."""


def nothing_from_contravening_countries(bar: Bar) -> Expression:
    """No component comes from, or is supplied from, such a country, and no company or plant from there takes part."""
    question = "Do the suppliers state that no component of undeclared source comes from a contravening country?"
    asked = judgement("undeclared-sources", question, who="suppliers")
    nothing_open = by_reading(
        "undeclared sources",
        condition=any_of(yes("all_sources_declared"), asked),
        strict=yes("all_sources_declared"),
    )
    return all_of(
        for_each("source_countries", _is_harmless(bar)),
        for_each("open_sources", comes_from_none_of_them(_is_harmless(bar), bar.interests.key)),
        for_each("companies", all_of(_comes_from_elsewhere(bar), for_each("sites", _lies_elsewhere(bar)))),
        unstated("adverse_declaration"),
        nothing_open,
    )


def is_no_component() -> Expression:
    """What comes from a country is no component; of some kinds the reading on their cost tells."""
    by_its_cost = (
        when(
            is_one_of("cost_kind", kind),
            by_reading(f"cost of {kind}", left_out=is_one_of("cost_kind", kind), counted=never()),
        )
        for kind in PERHAPS
    )
    return any_of(is_one_of("cost_kind", *NO_COMPONENTS), *by_its_cost)


def comes_from_none_of_them(harmless: Expression, key: str) -> Expression:
    """Of the countries of which a line names one as its source, each is `harmless`, or a person says that this one is.

    Where none of them is, it comes from such a country whichever it is. What suppliers state of undeclared sources does
    not undo what the bill names. `key` stands before that of the question.
    """
    asked = judgement(
        f"{key}possible-source",
        "The bill names a country that contravenes among those that these parts may come from: do they come from none "
        "such?",
        who="suppliers",
    )
    another = any_of(yes("may_be_elsewhere"), for_any("possible", harmless))
    return any_of(for_each("possible", harmless), all_of(another, asked))


def _is_harmless(bar: Bar) -> Expression:
    """Nothing comes from such a country, or what does is no component and a person finds that it does no harm."""
    none = is_no_component() if bar.materials else any_of(is_one_of("cost_kind", "raw material"), is_no_component())
    nevertheless = judgement(
        f"{bar.interests.key}contravening-cost",
        "It comes from a country that contravenes and is no component: may the purchase hold it and contravene "
        f"{bar.interests.contravened}?",
        who="contracting authority",
    )
    return any_of(_is_none("country", bar), all_of(none, nevertheless))


def _is_none(fact: str, bar: Bar) -> Expression:
    """The country is none of those that contravene; which those are is a reading.

    A list of the purchase's own that leaves out a country we suggest has that for a person to answer for.
    """
    left_out = judgement(
        f"{bar.interests.key}left-out-country",
        "The purchase's own list of contravening countries leaves it out: does it not contravene "
        f"{bar.interests.barred.rstrip(',')}?",
        who="contracting authority",
    )
    return by_reading(
        "contravening countries",
        suggested=outside(fact, "contravening suggested"),
        wider=outside(fact, "contravening wider"),
        listed=all_of(outside(fact, "contravening listed"), any_of(outside(fact, "contravening suggested"), left_out)),
    )


def _comes_from_elsewhere(bar: Bar) -> Expression:
    """A company that is neither established in such a country nor managed or controlled from one."""
    asked = judgement(
        f"{bar.interests.key}contravening-company",
        "It is established in, or managed or controlled from, a country that contravenes: does its part in the "
        f"purchase contravene {bar.interests.contravened}?",
        who="contracting authority",
    )
    nevertheless = under(bar.company, asked)

    def elsewhere(fact: str) -> Expression:
        return any_of(unstated(fact), _is_none(fact, bar))

    supplies = "supplies_components" if bar.materials else "supplies_parts"
    seated = any_of(elsewhere("established_in"), all_of(no(supplies), nevertheless))
    between = for_each("controllers", elsewhere("country"))
    steered = any_of(all_of(elsewhere("managed_from"), elsewhere("controlled_by"), between), nevertheless)
    return all_of(seated, steered)


def _lies_elsewhere(bar: Bar) -> Expression:
    """A plant that is used and does not lie in such a country; of one that does, a person must say that it may be."""
    asked = judgement(
        f"{bar.interests.key}contravening-facility",
        f"It lies in a country that contravenes: does its use {bar.interests.use}?",
        who="contracting authority",
    )
    return any_of(unstated("country"), _is_none("country", bar), under(bar.plant, asked))
