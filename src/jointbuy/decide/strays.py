"""Statements that settle nothing, several things at once, or nothing any more: pointed out, since a slip misleads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby

from jointbuy.decide.content_facts import sites
from jointbuy.decide.unread import key_of
from jointbuy.errors import did_you_mean
from jointbuy.law import ACTS, Act
from jointbuy.law.inspect import walk
from jointbuy.model import Party, Purchase
from jointbuy.rules import Fact, Judgement

_PLANTS = frozenset({"facilities", "sites"})
_COMPANIES = frozenset({"entities", "companies"})


def strays(purchase: Purchase, asking: Sequence[Act], known_on: date) -> tuple[str, ...]:
    """Statements that settle nothing, since a key misspelt leaves its condition open, or that come from the future.

    So are those that name nobody and answer for several, and earlier ones that a later one of the other answer
    overtakes. `asking`: the acts whose questions the file may answer. Keys of others begin with their name.
    """
    asked = {key: of for act in asking for key, of in _questions(act).items()}
    keys = {*(key_of(act.name) for act in asking), *asked}
    names = {act.name for act in asking}
    found = []
    for each in purchase.statements:
        key, colon, subject = each.settles.partition(":")
        about = asked.get(key, "")
        if key not in keys:
            if _owner(key) in {None, *names}:
                advice = did_you_mean(each.settles, keys) or f"keys are: {', '.join(sorted(keys))}"
                found.append(f'the statement that settles "{each.settles}" settles nothing; {advice}')
        elif about in _PLANTS and colon and subject not in (plants := _plants(purchase)):
            found.append(
                f'the statement that settles "{each.settles}" settles nothing: a plant is named with the id of its '
                f"party, as in {' or '.join(f'{key}:{plant}' for plant in plants) or f'{key}:C, plant'}"
            )
        elif not colon and len(several := _members(about, purchase)) > 1:
            found.append(
                f'the statement that settles "{each.settles}" names none in particular and answers for every one that '
                f"is asked: {'; '.join(several)}"
            )
    ahead = [
        f'the statement that settles "{each.settles}" is of {each.on}, after {known_on}, by which this was decided'
        for each in purchase.statements
        if each.on > known_on
    ]
    return (*found, *ahead, *_overtaken(purchase))


@lru_cache
def _questions(act: Act) -> Mapping[str, str]:
    """The key of every question, with the collection whose members it is asked of; empty where it is asked once."""
    return {
        node.key: of.rstrip("[].").rpartition(".")[2]
        for rule in act.rules
        for node, of in walk(rule.expression)
        if isinstance(node, Judgement)
    }


def _owner(key: str) -> str | None:
    """The act whose name a key begins with, the longest where one begins with another; None for any."""
    named = [name for name in ACTS if key.startswith(f"{name.replace('_', '-')}-")]
    return max(named, key=len, default=None)


def _plants(purchase: Purchase, *, with_reason: bool = False) -> list[str]:
    """Every plant by the name that questions about it have, or only those with a reason why nothing else would do."""
    found = (site for party in purchase.parties for site in sites(purchase, party))
    return [
        str(subject.value)
        for site in found
        if isinstance(subject := site["subject"], Fact)
        and isinstance(reason := site["why_no_alternative"], Fact)
        and (reason.value is not None or not with_reason)
    ]


def _members(collection: str, purchase: Purchase) -> list[str]:
    """Of whom a question may be asked, where that can be told from the file."""
    if collection in _PLANTS:
        return _plants(purchase, with_reason=collection == "facilities")
    if collection in _COMPANIES:
        involved = {*purchase.contract.contractors, *(each.subcontractor for each in purchase.subcontracts or ())}
        return [_name(party) for party in purchase.parties if party.id in involved]
    return []


def _name(party: Party) -> str:
    return party.name or party.id


def _overtaken(purchase: Purchase) -> Iterator[str]:
    """Where the last word on a key is another than one before it."""
    ordered = sorted(purchase.statements, key=lambda each: (each.settles, each.on))
    for key, group in groupby(ordered, key=lambda each: each.settles):
        *before, last = group
        for each in before:
            if each.answer is not last.answer:
                yield (
                    f'of the statements that settle "{key}" that of {last.on}, {"yes" if last.answer else "no"}, '
                    f"counts and that of {each.on} does not"
                )
