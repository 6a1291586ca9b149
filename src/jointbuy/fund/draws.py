"""What is drawn when: pre-financing cleared against requests, and other profiles of the same sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from jointbuy.lending import Clearing, Draw, Loan, Profile
from jointbuy.money import split


def cleared(loan: Loan) -> Loan:
    """The loan with its pre-financing cleared: each request pays what it claims less its part of what was paid ahead.

    What no request clears stays as `uncleared`: it was paid and nothing was claimed for it yet.
    """
    ahead = sum(draw.amount for draw in loan.draws if draw.prefinancing)
    requests = [draw for draw in loan.draws if not draw.prefinancing]
    if not ahead or loan.clearing is None:
        return loan
    parts = _parts(min(ahead, sum(draw.claimed for draw in requests)), requests, loan.clearing)
    net = [replace(draw, amount=draw.claimed - part) for draw, part in zip(requests, parts, strict=True)]
    kept = [draw for draw in loan.draws if draw.prefinancing] + net
    ordered = tuple(sorted((draw for draw in kept if draw.amount or draw.claimed), key=lambda draw: draw.on))
    return replace(loan, draws=ordered, uncleared=ahead - sum(parts))


def _parts(ahead: int, requests: Sequence[Draw], clearing: Clearing) -> tuple[int, ...]:
    if clearing == "pro rata":
        return split(ahead, [Fraction(draw.claimed) for draw in requests]) if ahead else (0,) * len(requests)
    found, left = [0] * len(requests), ahead
    order = range(len(requests)) if clearing == "first requests" else range(len(requests) - 1, -1, -1)
    for place in order:
        found[place] = min(left, requests[place].claimed)
        left -= found[place]
    return tuple(found)


def profiled(loan: Loan, profile: Profile) -> Loan:
    """The same sum drawn otherwise: all at once on the first day, or even, in equal parts twice a year to the last."""
    if profile == "as planned":
        return loan
    first, last = loan.draws[0].on, loan.draws[-1].on
    count = 1 if profile == "all at once" else max(1, 2 * round((last - first).days / 365)) + 1
    step = timedelta(days=(last - first).days // max(1, count - 1))
    total = sum(draw.amount for draw in loan.draws)
    model = replace(loan.draws[0], prefinancing=False, requested=None)
    parts = split(total, [Fraction(1)] * count)
    made = tuple(replace(model, on=first + step * place, amount=part, claimed=part) for place, part in enumerate(parts))
    return replace(loan, draws=made, uncleared=0)
