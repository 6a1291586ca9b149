"""Spending and dependence against targets as JSON; shares and amounts as docs/cli.md has them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, cast

from jointbuy.exact import Range
from jointbuy.lendingpool import Amount
from jointbuy.parameters import Standing
from jointbuy.report.json import amount, ends, share, word
from jointbuy.spending import Activation, Decided, Figure, Path, Position, State, Statement, Step, Targets

Json = dict[str, Any]


def json(found: Targets) -> Json:
    """The whole answer. The keys of one state stand at the top where one was asked for."""
    terms = found.terms
    states = [_state(found, state) for state in found.states]
    lone = states[0] if found.only and states else {}
    return {
        "country": found.only,
        "year": lone.get("year", found.year),
        "floor": share(cast(Fraction, terms.floor.value)),
        "ceiling": share(cast(Fraction, terms.ceiling.value)),
        "actual": lone.get("actual"),
        "gap": lone.get("gap"),
        "edition": lone.get("edition", " + ".join(edition.name for edition in found.editions) or None),
        "on": found.on.isoformat(),
        "terms": {
            name: _standing(one)
            for name, one in (
                ("floor", terms.floor),
                ("ceiling", terms.ceiling),
                ("equipment", terms.equipment),
                ("aim_year", terms.aim_year),
                ("review_year", terms.review_year),
            )
        },
        "states": states,
        "rearm": _rearm(found),
        "dependence": [_statement(one) for one in found.statements],
        "doubts": [{"kind": one.kind, "text": one.text, "statements": list(one.statements)} for one in found.doubts],
        "editions": [
            {"name": one.name, "title": one.title, "definition": one.definition or None, "credit": one.credit or None}
            | {"file": one.file or None, "digest": one.digest or None}
            for one in found.editions
        ],
        "notes": list(found.notes),
        "digests": dict(found.digests),
    }


def _standing(one: Standing) -> Json:
    value = one.value
    return {
        "value": share(value) if isinstance(value, Fraction) and value.denominator != 1 else int(str(value)),
        "since": one.since.isoformat(),
        "provision": one.provision,
        "reference": one.reference,
        "verified": word(one.verified),
    }


def _state(found: Targets, state: State) -> Json:
    return {
        "country": state.country,
        "title": state.title,
        "bound": word(state.bound),
        **_position(found, state.asked),
        "years": [_position(found, one) for one in state.years],
        "path": _path_json(state.path) if state.path else None,
        "loan": _loan(state.loan) if state.loan else None,
        "clause": _active(state.clause) if state.clause else None,
        "remarks": list(state.remarks),
    }


def _position(found: Targets, one: Position) -> Json:
    figure = one.share
    return {
        "year": one.year,
        "floor": share(cast(Fraction, found.terms.floor.value)),
        "ceiling": share(cast(Fraction, found.terms.ceiling.value)),
        "actual": share(figure.published) if figure else None,
        "actual_range": _ends(figure.value) if figure else None,
        "estimate": word(figure.estimate) if figure else None,
        "status": one.status,
        "gap": _ends(one.gap),
        "short": _money(one.short, one.gdp),
        "edition": " + ".join(figure.editions) if figure else None,
        "verified": word(figure.verified) if figure else None,
        "source": str(figure.where) if figure and figure.where else None,
        "cited": figure.source or None if figure else None,
        "related": share(one.related.published) if one.related else None,
        "counted": _ends(one.counted),
        "equipment": _equipment(one.equipment),
        "equipment_status": one.equipment_status,
        "spent": _spent(one.money),
    }


def _equipment(figure: Figure | None) -> Json | None:
    if figure is None:
        return None
    return {
        "actual": share(figure.published),
        "range": _ends(figure.value),
        "estimate": word(figure.estimate),
        "edition": " + ".join(figure.editions),
    }


def _money(value: Range | None, gdp: Figure | None) -> Json | None:
    """What is missing, in the currency and prices of GDP."""
    if value is None or gdp is None or gdp.currency is None:
        return None
    return {"amount": amount(value, gdp.currency), "currency": gdp.currency, "prices": gdp.prices}


def _spent(figure: Figure | None) -> Json | None:
    if figure is None or figure.currency is None:
        return None
    return {
        "amount": amount(figure.value, figure.currency),
        "currency": figure.currency,
        "prices": figure.prices,
        "estimate": word(figure.estimate),
        "edition": " + ".join(figure.editions),
    }


def _ends(value: Range | None) -> Json | None:
    """A share, or both its ends."""
    return share(value.low) if value and value.known else ends(value)


def _path_json(path: Path) -> Json:
    money = path.currency
    return {
        "profile": path.profile,
        "from": path.base.year,
        "from_share": share(path.base.published),
        "currency": money,
        "prices": path.prices or None,
        "review": _ends(path.review),
        "more": amount(path.more, money) if path.more and money else None,
        "assumed": list(path.assumed),
        "steps": [_step(step, money) for step in path.steps],
    }


def _step(step: Step, money: str | None) -> Json:
    return {
        "year": step.year,
        "share": _ends(step.share),
        "level": amount(step.level, money) if step.level and money else None,
        "more": amount(step.more, money) if step.more and money else None,
        "planned": [{"amount": one.minor, "currency": one.currency} for one in step.planned],
        "loans": [{"amount": one.minor, "currency": one.currency} for one in step.loans],
    }


def _rearm(found: Targets) -> Json:
    rearm = found.rearm
    return {
        "currency": "EUR",
        "total": rearm.total,
        "clause": {
            "amount": rearm.clause,
            "nature": "potential",
            "cap": share(rearm.cap),
            "years": list(rearm.years),
            "active": [_active(one) for one in rearm.active],
            "inactive": list(rearm.inactive),
        },
        "loans": {
            "amount": rearm.loans,
            "decided": _cents(rearm.decided),
            "decided_verified": _cents(rearm.verified),
            "decisions": [_loan(one) for one in rearm.decisions],
        },
    }


def _active(one: Activation) -> Json:
    return {
        "country": one.country,
        "since": one.since.isoformat(),
        "source": one.source,
        "verified": word(one.verified),
        "remark": one.remark or None,
    }


def _cents(amount: Amount) -> int | Json:
    return amount.low if amount.exact else {"low": amount.low, "high": amount.high}


def _loan(one: Decided) -> Json:
    return {
        "country": one.country,
        "amount": _cents(one.amount) if one.amount else None,
        "currency": "EUR",
        "on": one.on.isoformat(),
        "source": one.source,
        "verified": word(one.verified),
        "remark": one.remark or None,
    }


def _statement(one: Statement) -> Json:
    return {
        "id": one.id,
        "buyer": one.buyer,
        "supplier": one.supplier,
        "what": one.what,
        "base": one.base,
        "unit": one.unit,
        "since": one.since,
        "until": one.until,
        "share": _ends(one.share),
        "aim": word(one.aim),
        "said": one.said,
        "told": one.told.isoformat() if one.told else None,
        "source": one.source,
        "verified": word(one.verified),
    }
