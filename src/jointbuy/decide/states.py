"""Buyers as states: a territory with a code of its own is its Member State wherever states are counted or compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from jointbuy.model import Country, Party, Purchase

States = Mapping[str, str]
"""The Member State of each territory that has a code of its own; no other country is among them."""


def state_of(country: Country, states: States) -> Country:
    """The state that a country is, or is a part of."""
    return Country(states.get(country, country))


def as_states(purchase: Purchase, states: States) -> Purchase:
    """The purchase with the states of who buys, runs it, is added or was asked; the same one where all are states."""

    def state(country: Country) -> Country:
        return state_of(country, states)

    named = [*(each.country for each in purchase.buyers), *(each.country for each in purchase.outreach or ())]
    named += [country for change in purchase.modifications for country in change.adds or ()]
    if not states.keys() & {*named, purchase.conducted_by}:
        return purchase
    return replace(
        purchase,
        buyers=tuple(replace(each, country=state(each.country)) for each in purchase.buyers),
        conducted_by=state(purchase.conducted_by) if purchase.conducted_by else None,
        modifications=tuple(
            each if each.adds is None else replace(each, adds=tuple(map(state, each.adds)))
            for each in purchase.modifications
        ),
        outreach=None
        if purchase.outreach is None
        else tuple(replace(each, country=state(each.country)) for each in purchase.outreach),
    )


def territories(purchase: Purchase, state: Country, states: States) -> str:
    """A state's name as a buyer, with the territories of it that the file names."""
    parts = dict.fromkeys(each.country for each in purchase.buyers if states.get(each.country) == state)
    return f"{state} ({', '.join(parts)})" if parts else str(state)


def verified_at_home(party: Party, states: States) -> bool | None:
    """Whether guarantees were verified by the state of establishment (Art. 16(5)); None where either is not stated."""
    verified = party.guarantees.verified_by if party.guarantees else None
    if verified is None or party.established_in is None:
        return None
    return state_of(verified, states) == state_of(party.established_in, states)
