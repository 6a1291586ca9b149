"""The pool of loans goes from its facts to how it stands on a day: facts, the law's numbers, sums and caps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from jointbuy import fund, law
from jointbuy.errors import JointbuyError, NotInForce
from jointbuy.flow.case import day_of
from jointbuy.formats import pool as reader
from jointbuy.formats.files import Content
from jointbuy.fund.pool import pool as stands
from jointbuy.lendingpool import CENTS, Facts, Pool, PoolTerms

LENDS = "safe"
"""The act whose loans these are."""
HERE = Path(fund.__file__).parent


def pool(*, on: str | date | None = None, known_on: str | date | None = None, facts: str | Path | None = None) -> Pool:
    """How the pool stands `on` a day (by default that of the facts), as known on another, never by today's clock.

    `facts` is a file of the user's that is laid over ours. Raises Unusable with every problem of that file, NotInForce
    for a day before the act.
    """
    every = facts_of(facts)
    day, known = day_of(on) or every.as_of, day_of(known_on) or every.as_of
    if known > every.as_of:
        raise JointbuyError(f"the facts end on {every.as_of}; nothing is known as of {known}")
    return stands(every, terms_of(day, known), law.places().titles, day, known)


def facts_of(file: str | Path | None = None) -> Facts:
    """Our facts, with a file of the user's laid over them. Raises Unusable."""
    act = law.act(LENDS)
    lenders = tuple(sorted(law.view(act, act.as_of, act.as_of).group("union").members))
    ours = replace(reader.read(HERE / "allocations.yaml", law.places(), lenders), laid_over="")
    return reader.laid_over(ours, reader.read(Path(file), law.places(), lenders)) if file else ours


def digests_of_facts(file: str | Path | None = None) -> Mapping[str, str]:
    """Digests of our facts, and of a user's that is laid over them, by what they are."""
    named = {"facts": HERE / "allocations.yaml", **({Path(file).name: Path(file)} if file else {})}
    return {name: Content(name, path.read_bytes()).digest for name, path in named.items()}


def terms_of(on: date, known_on: date | None = None) -> PoolTerms:
    """What the act says on a day about all loans together. Raises NotInForce before its first day."""
    act = law.act(LENDS)
    since, _ = act.period
    if on < since:
        raise NotInForce(f"{act.title} applies from {since}; there is no pool of loans on {on}")
    view = law.view(act, on, min(known_on or act.as_of, act.as_of))
    found = {name: view.parameter(act.roles[role]) for name, role in _ROLES.items()}
    days = {name: date.fromisoformat(str(found[name].value)) for name in _DAYS}
    return PoolTerms(
        maximum=_count(found["maximum"].value) * CENTS,
        largest=_count(found["largest"].value),
        share=Fraction(str(found["share"].value)),
        prefinancing=Fraction(str(found["prefinancing"].value)),
        requests=_count(found["requests"].value),
        assessment_months=_count(found["assessment_months"].value),
        study_years=_count(found["study_years"].value),
        last_request=days["last_request"],
        last_call=days["last_call"],
        last_decision=days["last_decision"],
        ends=days["ends"],
        provisions={name: standing.provision for name, standing in found.items()},
        lenders=tuple(sorted(view.group("union").members)),
    )


_DAYS = {
    "last_request": "last request",
    "last_call": "last call",
    "last_decision": "last decision",
    "ends": "availability ends",
}
_ROLES = {
    "maximum": "most lent",
    "largest": "largest states",
    "share": "share of the largest",
    "prefinancing": "pre-financing share",
    "requests": "requests a year",
    "assessment_months": "assessment months",
    "study_years": "study years",
    **_DAYS,
}
"""The roles of the act's parameters by their names in `PoolTerms`."""


def _count(value: Fraction | date | str) -> int:
    return int(str(value))
