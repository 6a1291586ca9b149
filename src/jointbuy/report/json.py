"""A case as one JSON object. The keys are a contract: add, never rename (docs/cli.md).

Amounts are integers in minor units of `currency`; an uncertain one is `{low, high}`. A share carries its decimal to
six places and its exact numerator and denominator as strings. Yes, no and unknown are words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from jointbuy.errors import Where
from jointbuy.exact import Range
from jointbuy.money import margin_minor, rounded_minor
from jointbuy.parameters import Overlay
from jointbuy.report import every_reading, figures, turning
from jointbuy.report.cautions import cautions
from jointbuy.report.kinds import by_kind
from jointbuy.result import Carried, Case, Finding, MissingDeclaration, ReadingUsed, RouteResult

if TYPE_CHECKING:
    from jointbuy.report.reference import Access

Json: TypeAlias = dict[str, Any]
_TOP = 10


def verdict(case: Case) -> Json:
    """Verdict, findings and content of a purchase."""
    found = case.verdict
    return {
        "purchase": found.purchase,
        "title": case.purchase.title,
        "act": found.act,
        "on": found.on.isoformat(),
        "known_on": found.known_on.isoformat(),
        "status": found.outcome,
        "summary": found.summary,
        "conditions": [
            {"key": one.key, "text": one.text, "who": one.who, "provision": one.provision, "rule": one.rule}
            for one in found.conditions
        ],
        "routes": [_route(route) for route in found.routes],
        "findings": [_finding(finding, _currency(case)) for finding in found.findings],
        "readings": {used.id: _reading(used) for used in sorted(found.readings, key=lambda used: used.id)},
        "missing": [_missing(line, _currency(case)) for line in figures.missing(case)],
        "checklist": [_carried(clause) for clause in found.checklist],
        "hangs_on": list(found.hangs_on),
        "turning": turning.json(found.turning, _currency(case)),
        "all_readings": every_reading.json(case.all_readings),
        "remarks": list(found.remarks),
        "unverified": sorted(found.unverified),
        "pays": found.pays,
        "content": content(case) if case.content else None,
        "notes": list(case.notes),
        "digests": dict(sorted(case.digests.items())),
        "overlay": overlay(case.overlay),
    }


def overlay(over: Overlay | None) -> Json | None:
    """What was laid over our law data; None where nothing was."""
    if over is None:
        return None
    return {
        "title": over.title,
        "by": over.by,
        "on": over.on.isoformat(),
        "source": over.source,
        "digest": over.digest,
        "changes": list(over.changes),
    }


def _carried(clause: Carried) -> Json:
    return {
        "id": clause.id,
        "document": clause.document,
        "text": clause.text,
        "provision": clause.provision,
        "required": word(clause.required),
        "about": list(clause.about),
        "open": list(clause.open),
    }


def content(case: Case) -> Json:
    """Where the value comes from: one of each end product taken together, then each by itself."""
    currency = _currency(case)
    whole = figures.overall(case)
    together: Json = {"total": None, "currency": currency, "outside": None, "undeclared": None}
    together |= {"by_origin": [], "by_group": [], "top": []}
    if whole:
        together |= _product(whole, currency)
    return together | {
        "purchase": case.verdict.purchase,
        "products": [
            {
                "product": product.id,
                "name": product.name,
                "quantity": _number(product.quantity) if product.quantity is not None else None,
                **_product(product, currency),
            }
            for product in figures.products(case)
        ],
        "missing": [_missing(line, currency) for line in figures.missing(case)],
        "cautions": list(cautions(case)),
        "kinds": [
            {
                "product": content.product,
                "kind": kind.name,
                "amount": amount(kind.amount, currency),
                "counted": "yes" if kind.counted else "no",
            }
            for content in figures.counted(case)
            for kind in by_kind(case, content)
        ],
    }


def control(case: Case) -> Json:
    """Who controls each party."""
    names = {party.id: party.name for party in case.purchase.parties}
    return {
        "purchase": case.verdict.purchase,
        "parties": [
            {
                "party": party,
                "name": names.get(party),
                "controlled_from_outside": figures.controlled_from_outside(case, party),
                "controlled_by": controlled.country,
                "natural_person": None if controlled.person is None else word(controlled.person),
                "inside_under": figures.inside_under(case, controlled.country),
                "chain": list(controlled.chain),
                "because": controlled.because,
            }
            for party, controlled in sorted(case.control.parties.items())
        ],
    }


def _base(product: figures.Product, currency: str) -> Json:
    """What the shares are of, and what of that is no component; nothing where they are of the cost of components."""
    if product.rest is None:
        return {}
    return {"base": product.base, "no_component": amount(product.beside, currency), "rest": ends(product.rest)}


def _product(product: figures.Product, currency: str) -> Json:
    standing = product.standing
    return {
        "total": amount(product.total, currency),
        "currency": currency,
        "method": product.method,
        "outside": ends(product.outside),
        "outside_amount": amount(product.outside_amount, currency),
        "undeclared": amount(product.undeclared, currency),
        "limit": share(standing.limit) if standing else None,
        "margin": ends(standing.margin) if standing else None,
        "margin_amount": margin_minor(standing.money, currency) if standing else None,
        "traced": ends(product.traced),
        **_base(product, currency),
        "by_origin": [
            {
                "origin": None if part.name == figures.UNDECLARED else part.name,
                "group": part.group,
                "amount": amount(part.amount, currency),
                "share": _shares(part.share),
                "countries": list(part.countries),
            }
            for part in product.by_origin
        ],
        "by_group": [
            {"group": part.group, "amount": amount(part.amount, currency), "share": _shares(part.share)}
            for part in product.by_group
        ],
        "top": [
            {
                "part": item.part,
                "name": item.name,
                "supplier": item.supplier,
                "origin": list(item.countries),
                "amount": amount(item.amount, currency),
                "share": _shares(item.share),
            }
            for item in product.top[:_TOP]
        ],
    }


def _finding(finding: Finding, currency: str) -> Json:
    money = finding.margin_money
    return {
        "rule": finding.rule,
        "title": finding.title,
        "condition": finding.condition,
        "route": finding.route,
        "status": finding.status,
        "provision": finding.provision,
        "subject": finding.subject,
        "value": _value(finding.value, finding.unit),
        "limit": _value(finding.limit, finding.unit),
        "unit": finding.unit,
        "margin": _value(finding.margin, finding.unit),
        "margin_amount": margin_minor(money, currency) if money is not None else None,
        "currency": currency,
        "because": finding.because,
        "sources": [where(source) for source in finding.sources],
        "verified": word(finding.verified),
        "readings": sorted(finding.readings),
        "missing": list(finding.missing),
        "parts": [_finding(part, currency) for part in finding.parts],
        "turns": turning.turns_json(finding.turns, currency),
    }


def _route(route: RouteResult) -> Json:
    return {
        "route": route.route,
        "title": route.title,
        "open": word(route.open),
        "status": route.outcome,
        "because": route.because,
        "verified": word(route.verified),
    }


def _reading(used: ReadingUsed) -> Json:
    return {
        "question": used.question,
        "chosen": used.chosen,
        "is_default": word(used.is_default),
        "alternatives": list(used.alternatives),
        "matters": word(used.matters),
        "outcomes": dict(used.outcomes),
    }


def _missing(line: MissingDeclaration, currency: str) -> Json:
    low, high = (rounded_minor(end, currency) for end in (line.amount.low, line.amount.high))
    return {
        "product": line.product,
        "part": line.part,
        "name": line.name,
        "supplier": line.supplier,
        "amount": {"low": low, "high": high},
        "currency": currency,
        "settles": word(line.settles),
        "source": where(line.row) if line.row else None,
    }


def where(place: Where) -> Json:
    """A place in a user's file."""
    return {"file": place.file, "line": place.line, "cell": place.cell}


def _value(value: Range | Fraction | date | int | str | None, unit: str) -> Any:
    """A compared value in its unit: share, count, day, word."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Range):
        return _shares(value) if unit == "share" else _number_range(value)
    if isinstance(value, Fraction):
        return share(value) if unit == "share" else _number(value)
    return value


def share(value: Fraction) -> Json:
    """A share to six places beside its exact numerator and denominator."""
    millionths = int(abs(value) * 10**6 + Fraction(1, 2))
    sign = "-" if value < 0 and millionths else ""
    return {
        "decimal": f"{sign}{millionths // 10**6}.{millionths % 10**6:06}",
        "numerator": str(value.numerator),
        "denominator": str(value.denominator),
    }


def _shares(value: Range | None) -> Json | None:
    """One share, or both ends where it is not known."""
    return share(value.low) if value and value.known else ends(value)


def ends(value: Range | None) -> Json | None:
    """Both ends of a share."""
    return {"low": share(value.low), "high": share(value.high)} if value else None


def _number(value: Fraction) -> int | Json:
    return value.numerator if value.denominator == 1 else share(value)


def _number_range(value: Range) -> int | Json:
    return _number(value.low) if value.known else {"low": _number(value.low), "high": _number(value.high)}


def amount(value: Range, currency: str) -> int | Mapping[str, int]:
    """An amount in minor units, or both its ends."""
    low, high = rounded_minor(value.low, currency), rounded_minor(value.high, currency)
    return low if value.known else {"low": low, "high": high}


def word(answer: bool) -> str:
    """Yes or no."""
    return "yes" if answer else "no"


def _currency(case: Case) -> str:
    return case.content.currency if case.content else case.purchase.contract.currency


def access(answer: Access, unseen: Iterable[str]) -> Json:
    """What a country may do on a date; `unseen` are agreements it rests on whose text was not read."""
    return {
        "act": answer.act,
        "country": answer.country,
        "title": answer.title,
        "on": answer.on.isoformat(),
        "groups": sorted(answer.groups),
        "may_buy": answer.may_buy,
        "may_supply": answer.may_supply,
        "may_borrow": answer.may_borrow,
        "because": list(answer.because),
        "unverified": [*unseen, *answer.unverified],
    }
