"""How the pool of loans stands on a day: allocations, decisions, payments, the cap of the largest, what is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from jointbuy.lendingpool import (
    NOTHING,
    Allocation,
    Amount,
    Answer,
    Basis,
    Concentration,
    Deadline,
    Fact,
    Facts,
    Pool,
    PoolTerms,
    Status,
    Way,
    What,
)

_STEPS: tuple[What, ...] = ("decided", "open")
_AMOUNTS: tuple[What, ...] = ("tentative", "decided", "prefinancing paid", "instalment paid")
_PAID: tuple[What, ...] = ("prefinancing paid", "instalment paid")


def pool(facts: Facts, terms: PoolTerms, titles: Mapping[str, str], on: date, known_on: date) -> Pool:
    """The pool as it stood `on` a day, as known on another (§5); `titles` names countries."""
    known = [fact for fact in facts.facts if fact.on <= on and fact.known_since <= known_on]
    states = list(dict.fromkeys(fact.state for fact in known))
    allocations = [
        _allocation([fact for fact in known if fact.state == state], terms, titles.get(state, state))
        for state in states
    ]
    allocations.sort(key=lambda each: (-(each.amount or each.tentative or NOTHING).high, each.country))
    decided = _sum(each.decided for each in allocations)
    vague = [each.title for each in allocations if each.status == "decided, amount not known"]
    return Pool(
        on=on,
        known_on=known_on,
        facts=facts,
        terms=terms,
        allocations=tuple(allocations),
        tentative=_sum(each.tentative for each in allocations),
        decided=decided,
        prefinancing=_sum(each.prefinancing for each in allocations),
        drawn=_sum(each.drawn for each in allocations),
        freed=_sum(each.freed for each in allocations),
        expected=_sum(each.tentative.less(each.proposed) for each in allocations if each.tentative and each.proposed),
        undecided=_sum(each.tentative for each in allocations if each.status == "not decided"),
        unlent=None if vague else Amount(terms.maximum, terms.maximum).less(decided),
        concentration=tuple(_concentrations(allocations, terms)),
        deadlines=deadlines(terms, on),
        ways=ways(terms, on),
        notes=(*_breaches(allocations, decided, terms), *_notes(facts, allocations, vague, on)),
    )


def deadlines(terms: PoolTerms, on: date) -> tuple[Deadline, ...]:
    """The act's last days, in their order, as they look from a day."""
    named = {
        "last_request": ("requests for loans with a plan", terms.last_request),
        "last_call": ("a new call for expressions of interest, if money is left", terms.last_call),
        "last_decision": ("decisions of the Council on loans", terms.last_decision),
        "ends": ("payments of instalments approved", terms.ends),
    }
    return tuple(
        Deadline(what, day, (day - on).days, terms.provisions[key])
        for key, (what, day) in sorted(named.items(), key=lambda each: each[1][1])
    )


def ways(terms: PoolTerms, on: date) -> tuple[Way, ...]:
    """What money that is left over may be used for, and whether there is still time."""
    plan = "an amended request with an amended plan, justified by a change of expenditure, while loan amounts are left"
    call = "a new call for expressions of interest by the Commission"
    decision = terms.provisions["last_decision"]
    return (
        Way(
            f"{plan}; a new decision is needed in time",
            terms.last_decision,
            on <= terms.last_decision,
            f"Art. 7(5) and {decision}",
        ),
        Way(call, terms.last_call, on <= terms.last_call, terms.provisions["last_call"]),
    )


def at_the_top(loan: Amount | None, prefinancing: Amount | None, share: Fraction) -> bool | None:
    """Whether an advance is the highest share of a loan, rounded down to the cent, since it may not exceed it."""
    if loan is None or prefinancing is None or not (loan.exact and prefinancing.exact):
        return None
    return prefinancing.low == loan.low * share.numerator // share.denominator


def concentration(basis: Basis, amounts: Mapping[str, Amount | None], terms: PoolTerms) -> Concentration:
    """The largest states against the cap, decided exactly: share · maximum is compared with whole cents (§3).

    A state whose amount is None counts as nothing in the least case and as anything in the worst.
    """
    known = {state: amount for state, amount in amounts.items() if amount is not None}
    unknown = tuple(sorted(amounts.keys() - known.keys()))
    largest = sorted(known, key=lambda state: (-known[state].high, state))[: terms.largest]
    last = known[largest[-1]] if largest else None
    alike = tuple(sorted(state for state in known if known[state] == last and state not in largest))
    low = sum(sorted((each.low for each in known.values()), reverse=True)[: terms.largest])
    highs = sorted((each.high for each in known.values()), reverse=True)
    high = sum(highs[: terms.largest])
    part, whole = terms.share.numerator, terms.share.denominator
    within = [whole * end <= part * terms.maximum for end in (low, high)]
    limit = part * terms.maximum // whole
    status: Answer = "not met" if not within[0] else "met" if within[1] and not unknown else "unknown"
    # One state alone, beside the largest of the others, is the least that could break the cap.
    breaks = max(0, limit - sum(highs[: terms.largest - 1])) if unknown and within[1] else None
    return Concentration(basis, tuple(largest), alike, Amount(low, high), unknown, limit, status, breaks)


# --- one state ------------------------------------------------------------------------------


def _allocation(facts: Sequence[Fact], terms: PoolTerms, title: str) -> Allocation:
    """One state's loan from its facts; of each kind the latest counts, of payments all."""
    last: dict[What, Fact] = {}
    for fact in sorted(facts, key=lambda each: each.on):
        last[fact.what] = fact
    step = max((last[what] for what in _STEPS if what in last), key=lambda each: each.on, default=None)
    decision = step if step and step.what == "decided" else None
    decided = decision.amount if decision else None
    status: Status = "not decided" if decision is None else "decided" if decided else "decided, amount not known"
    tentative = last["tentative"].amount if "tentative" in last else None
    proposed = last["proposed"].amount if "proposed" in last and not decision else None
    payments = [fact.amount for fact in facts if fact.what in _PAID]
    drawn = _sum(payments) if payments and all(payments) else None
    prefinancing = decision.prefinancing if decision else None
    return Allocation(
        country=facts[0].state,
        title=title,
        status=status,
        tentative=tentative,
        proposed=proposed,
        decided=decided,
        decided_on=decision.on if decision else None,
        prefinancing=prefinancing,
        at_the_top=at_the_top(decided, prefinancing, terms.prefinancing),
        drawn=drawn,
        left=decided.less(drawn) if decided and drawn else None,
        freed=tentative.less(decided) if tentative and decided else None,
        facts=tuple(sorted(facts, key=lambda each: each.on)),
    )


# --- all of them ----------------------------------------------------------------------------


def _sum(amounts: Iterable[Amount | None]) -> Amount:
    whole = NOTHING
    for amount in amounts:
        whole = whole.plus(amount) if amount else whole
    return whole


def _concentrations(allocations: Sequence[Allocation], terms: PoolTerms) -> Iterable[Concentration]:
    decided = {each.country: each.decided for each in allocations if each.status != "not decided"}
    tentative = {each.country: each.tentative for each in allocations if each.tentative}
    if decided:
        yield concentration("decided", decided, terms)
    if tentative:
        yield concentration("tentative", tentative, terms)
    if decided:
        both = {each.country: each.decided or each.tentative for each in allocations}
        yield concentration("decided, else tentative", both, terms)


def _breaches(allocations: Sequence[Allocation], decided: Amount, terms: PoolTerms) -> Iterable[str]:
    """Facts that the act does not allow: they are shown as they are, and this is said of them."""
    if decided.low > terms.maximum:
        yield f"more is decided than may be lent in all ({terms.provisions['maximum']}): look at these facts again"
    for each in allocations:
        if each.prefinancing and each.decided:
            # What a round figure leaves open is not held against it: the most that was decided counts.
            share = terms.prefinancing
            if each.prefinancing.low * share.denominator > each.decided.high * share.numerator:
                yield (
                    f"pre-financing of {each.title} is more than {share * 100} % of its loan "
                    f"({terms.provisions['prefinancing']}): look at this fact again"
                )


def _notes(facts: Facts, allocations: Sequence[Allocation], vague: Sequence[str], on: date) -> Iterable[str]:
    if facts.laid_over:
        yield f"facts laid over ours: {facts.laid_over}"
    if on > facts.as_of:
        yield f"the facts end on {facts.as_of}: what happened after that is not in them"
    if vague:
        yield f"decided, but the amount is in no source: {', '.join(vague)}; sums leave it out"
    silent = [each.title for each in allocations if each.status != "not decided" and each.drawn is None]
    if silent:
        yield f"no payment is known, which does not mean that none was made: {', '.join(silent)}"
    weak = [each.title for each in allocations if any(fact.confidence == "low" for fact in each.facts)]
    if weak:
        yield f"rests on a weak source: {', '.join(weak)}"
    for what in _AMOUNTS:
        if names := ", ".join(each.title for each in allocations if _not_primary(each, what)):
            yield f"{what}, but not seen in a primary source or a figure of it that others reproduce: {names}"


def _not_primary(each: Allocation, what: What) -> bool:
    """Whether the amount that is shown of a kind has less than high confidence."""
    found = [fact for fact in each.facts if fact.what == what and fact.amount]
    return bool(found) and found[-1].confidence != "high"
