"""Every figure a report prints, defined once. Exact; the words at the end round for display only (conventions §3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import partial
from operator import eq
from typing import Literal, NamedTuple

from jointbuy.errors import Where
from jointbuy.exact import ZERO, Origin, Parts, Place, Range, countries_of, divided, share_range, worst_excess
from jointbuy.model import Country
from jointbuy.money import DIGITS
from jointbuy.report import measured
from jointbuy.result import Case, Finding, Line, MissingDeclaration, ProductContent, Status

INSIDE = "inside"
OUTSIDE = "outside"
UNDECLARED = "undeclared"
NBSP = "\N{NO-BREAK SPACE}"
WORST_FIRST: tuple[Status, ...] = ("not met", "unknown", "for judgement", "met", "not applicable")
"""The order in which a reader wants to meet findings."""


class Slice(NamedTuple):
    """Part of a product's component cost: its amount in the contract's currency and its share of the whole.

    `name` is a country, several that it may be from, a group or "undeclared"; `share` is None when there may be no
    cost at all; `countries` are those that an origin names.
    """

    name: str
    group: str
    amount: Range
    share: Range | None
    countries: tuple[str, ...] = ()


class Item(NamedTuple):
    """What one part from one supplier brings in from outside, per end product."""

    part: str
    name: str | None
    supplier: str | None
    countries: tuple[str, ...]
    amount: Range
    share: Range | None


class Block(NamedTuple):
    """A part as the bill is drawn, or `several` small ones together: amounts for one end product.

    `slices` split it by group; `countries` are its declared origins; `inner` what stands directly in it.
    """

    part: str
    name: str | None
    several: int
    amount: Range
    share: Range | None
    slices: tuple[Slice, ...]
    countries: tuple[str, ...]
    inner: tuple[Block, ...] = ()


class Standing(NamedTuple):
    """A share against its limit: room left in points of one (worst to best completion) and in money (worst)."""

    limit: Fraction
    margin: Range
    money: Fraction
    status: Status


class Product(NamedTuple):
    """The figures of one end product; amounts for one piece, in the contract's currency."""

    id: str
    name: str | None
    quantity: Fraction | None
    method: str
    total: Range
    undeclared: Range
    outside: Range | None
    outside_amount: Range
    standing: Standing | None
    by_group: tuple[Slice, ...]
    by_origin: tuple[Slice, ...]
    top: tuple[Item, ...]
    traced: Range | None
    base: str
    """What the shares are of."""
    beside: Range
    """What of that is no component."""
    rest: Range | None
    """The same as a share; None where the shares are of the cost of components."""
    bound: bool
    """Whether the true share may lie within a narrower range."""


# --- shares ---------------------------------------------------------------------------------


def products(case: Case) -> tuple[Product, ...]:
    """Figures of every end product, in the order of the bill; none without a bill of materials."""
    traced = {content.product: content for content in (case.content.traced if case.content else ())}
    return tuple(_product(case, content, traced.get(content.product)) for content in counted(case))


def counted(case: Case) -> tuple[ProductContent, ...]:
    """The content of every end product by the method that the verdict rests on."""
    return case.content.by(measured.chosen(case, "components", "first level")) if case.content else ()


def overall(case: Case) -> Product | None:
    """One of each end product taken together; the only one, where there is but one. No limit bears on a mixture."""
    contents = counted(case)
    if case.content is None or not contents:
        return None
    if len(contents) == 1:
        return products(case)[0]
    mixed = _mixture(contents)
    return _product(case, mixed, _mixture(case.content.traced) if case.content.traced else None)


def _mixture(contents: tuple[ProductContent, ...]) -> ProductContent:
    mixed: dict[Origin, Range] = {}
    for content in contents:
        for origin, amount in content.composition.items():
            mixed[origin] = mixed.get(origin, ZERO) + amount
    return ProductContent(
        "",
        contents[0].method,
        mixed,
        tuple(line for content in contents for line in content.lines),
        sum(content.counted for content in contents),
        tuple(cell for content in contents for cell in content.cube),
        tuple(cell for content in contents for cell in content.left_out),
    )


def _product(case: Case, content: ProductContent, traced: ProductContent | None) -> Product:
    parts = measured.outside(case, content, inside(case))
    stated = next((product for product in (case.purchase.end_products or ()) if product.id == content.product), None)
    share = share_range(parts)
    return Product(
        id=content.product,
        name=stated.name if stated else None,
        quantity=stated.quantity if stated else None,
        method=content.method,
        total=content.total,
        undeclared=_undeclared(case, content),
        outside=share,
        outside_amount=_from_outside(parts),
        standing=_standing(case, content.product, parts, share),
        by_group=_by_group(case, content),
        by_origin=_by_origin(case, content),
        top=_top(case, content),
        traced=share_range(measured.outside(case, traced, inside(case))) if traced else None,
        base=measured.base(case, content),
        beside=measured.beside(content),
        rest=measured.rest(content),
        bound=content.bound,
    )


def _undeclared(case: Case, content: ProductContent) -> Range:
    """What is not declared so far that it is known to come from inside or not."""
    within = inside(case)
    return sum((amount.times(divided(origin, within)[2]) for origin, amount in content.composition.items()), ZERO)


def _from_outside(parts: Parts) -> Range:
    """What comes from outside: nothing open counted, to all of it."""
    low, high = parts.inside.low, parts.inside.high + parts.open.high
    for part, unknown, amount in parts.mixed:
        low, high = low + part * amount.low, high + (part + unknown) * amount.high
    return Range(low, high)


def inside(case: Case) -> frozenset[str]:
    """The countries that the ordinary rule counts as inside."""
    return frozenset(country for country, group in case.groups.items() if group == INSIDE)


def _group(case: Case, place: Place | None) -> str:
    """The group that a place counts as; undeclared where it may be inside or not."""
    if place is None:
        return UNDECLARED
    if isinstance(place, str):
        return case.groups.get(Country(place), OUTSIDE)
    least, most = place.within(inside(case))
    if least != most:
        return UNDECLARED
    groups = {_group(case, country) for country in countries_of(place)}
    return groups.pop() if len(groups) == 1 else OUTSIDE


def _standing(case: Case, product: str, parts: Parts, share: Range | None) -> Standing | None:
    """Where the share stands against the limit of the ordinary rule, which is read off its finding."""
    if share is None:
        return None
    for finding in leaves(case.verdict.findings):
        limit = finding.limit
        if finding.unit != "share" or finding.route is not None or not isinstance(limit, Fraction):
            continue
        if (finding.subject == product and side(finding) != "at least") or finding.value == share:
            margin = Range(limit - share.high, limit - share.low)
            return Standing(limit, margin, -worst_excess(parts, limit) / limit.denominator, finding.status)
    return None


def standings(case: Case) -> tuple[Standing | None, ...]:
    """Where the share of every end product stands, and nothing else of them."""
    each = {content.product: measured.outside(case, content, inside(case)) for content in counted(case)}
    return tuple(_standing(case, product, parts, share_range(parts)) for product, parts in each.items())


def _slice(name: str, group: str, amount: Range, total: Range) -> Slice:
    rest = Range(total.low - amount.low, total.high - amount.high)
    return Slice(name, group, amount, share_range(Parts(amount, rest, ZERO)))


def _by_origin(case: Case, content: ProductContent) -> tuple[Slice, ...]:
    amounts: dict[Place | None, Range] = {}
    for cell in content.cube:
        amounts[cell.origin] = amounts.get(cell.origin, ZERO) + cell.amount
    slices = [
        Slice(
            str(origin or UNDECLARED),
            _group(case, origin),
            amount,
            measured.portion(content, amount, partial(eq, origin)),
            () if origin is None else countries_of(origin),
        )
        for origin, amount in amounts.items()
    ]
    return tuple(sorted(slices, key=lambda slice_: (-slice_.amount.high, slice_.name)))


def _by_group(case: Case, content: ProductContent) -> tuple[Slice, ...]:
    amounts: dict[str, Range] = {}
    for cell in content.cube:
        group = _group(case, cell.origin)
        amounts[group] = amounts.get(group, ZERO) + cell.amount

    def share(group: str) -> Range | None:
        return measured.portion(content, amounts[group], lambda each: each != "" and _group(case, each) == group)

    return tuple(Slice(group, group, amounts[group], share(group)) for group in sorted(amounts, key=_group_order))


def _top(case: Case, content: ProductContent) -> tuple[Item, ...]:
    """What comes from outside, part by part, dearest first; undeclared amounts are not in it."""
    found: dict[tuple[str, str | None], tuple[Line, set[str], Range]] = {}
    for line in content.lines:
        origins = [(place, share) for place, share in line.origin if _group(case, place) not in {INSIDE, UNDECLARED}]
        if not origins:
            continue
        _, countries, amount = found.get((line.part, line.supplier), (line, set[str](), ZERO))
        more = line.amount.times(sum((share for _, share in origins), Fraction(0)))
        found[line.part, line.supplier] = (line, countries | {str(place) for place, _ in origins}, amount + more)
    items = [
        Item(
            part,
            line.name,
            supplier,
            tuple(sorted(countries)),
            amount,
            _slice(part, OUTSIDE, amount, measured.whole(content)).share,
        )
        for (part, supplier), (line, countries, amount) in found.items()
    ]
    return tuple(sorted(items, key=lambda item: (-item.amount.high, item.part, item.supplier or "")))


# --- the bill, drawn --------------------------------------------------------------------------


def blocks(case: Case, product: str, smallest: Fraction) -> tuple[Block, ...]:
    """The parts of the first level, dearest first, and what is in them; those below `smallest` of the cost together."""
    content = next((each for each in case.content.products if each.product == product), None) if case.content else None
    if content is None:
        return ()
    below: dict[str, list[Line]] = {}
    for line in content.below:
        below.setdefault(line.path[-2], []).append(line)
    least = content.total.high * smallest
    return tuple(
        block._replace(inner=_blocks(case, below.get(block.part, []), content.total, least))
        if block.several == 1
        else block
        for block in _blocks(case, content.lines, content.total, least)
    )


def _blocks(case: Case, lines: Iterable[Line], total: Range, least: Fraction) -> tuple[Block, ...]:
    """One block for each part, all its suppliers together; the small ones in one block at the end."""
    by_part: dict[str, list[Line]] = {}
    for line in lines:
        by_part.setdefault(line.part, []).append(line)
    found = sorted(
        (_block(case, [each], total) for each in by_part.values()), key=lambda block: (-block.amount.high, block.part)
    )
    large = [block for block in found if block.amount.high >= least]
    small = [by_part[block.part] for block in found[len(large) :]]
    return (*large, *([_block(case, small, total)] if any(line.amount.high for each in small for line in each) else []))


def _block(case: Case, parts: list[list[Line]], total: Range) -> Block:
    amounts: dict[str, Range] = {}
    lines = [line for part in parts for line in part]
    for line in lines:
        for country, share in line.origin:
            group = _group(case, country)
            amounts[group] = amounts.get(group, ZERO) + line.amount.times(share)
        if line.undeclared:
            amounts[UNDECLARED] = amounts.get(UNDECLARED, ZERO) + line.amount.times(line.undeclared)
    amount = sum((line.amount for line in lines), ZERO)
    alone = lines[0] if len(parts) == 1 else None
    return Block(
        part=alone.part if alone else "",
        name=alone.name if alone else None,
        several=len(parts),
        amount=amount,
        share=_slice("", "", amount, total).share if amount.high <= total.high and amount.low <= total.low else None,
        slices=tuple(Slice(group, group, amounts[group], None) for group in sorted(amounts, key=_group_order)),
        countries=tuple(sorted({str(place) for line in lines for place, _ in line.origin})),
    )


def _group_order(group: str) -> tuple[int, str]:
    """Inside, the partners, outside, undeclared."""
    return {INSIDE: 0, OUTSIDE: 2, UNDECLARED: 3}.get(group, 1), group


# --- findings, declarations, control ----------------------------------------------------------


def leaves(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings that look at one thing each: those without parts, and the parts of the others."""
    for finding in findings:
        if finding.parts:
            yield from leaves(finding.parts)
        else:
            yield finding


def missing(case: Case) -> tuple[MissingDeclaration, ...]:
    """Declarations that are missing: those that settle the share first, then by weight."""
    return tuple(
        sorted(
            case.verdict.missing,
            key=lambda line: (not line.settles, -line.amount.high, line.product, line.part, line.supplier or ""),
        )
    )


def side(finding: Finding) -> Literal["at most", "at least", ""]:
    """On which side of its limit a number must stay, as its margin tells; nothing exactly at the limit."""
    if not (
        isinstance(finding.value, Range) and isinstance(finding.limit, Fraction) and isinstance(finding.margin, Range)
    ):
        return ""
    below = finding.margin.low == finding.limit - finding.value.high
    above = finding.margin.low == finding.value.low - finding.limit
    if below == above:
        return ""
    return "at most" if below else "at least"


def controlled_from_outside(case: Case, party: str) -> Literal["yes", "no", "undecidable"]:
    """Whether someone outside controls the party; a country we cannot place leaves it undecidable.

    A party at home outside that nobody else controls is controlled from there; owners so dispersed that none
    matters leave no chain. Where holders from outside are for a person to judge, it is not for us to say no.
    """
    control = case.control.parties[party]
    if control.status == "not controlled" and not control.chain:
        return "undecidable" if control.large else "no"
    group = case.groups.get(control.country) if control.country else None
    if control.status == "undecidable" or group is None:
        return "undecidable"
    return "no" if group == INSIDE else "yes"


def inside_under(case: Case, country: Country | None) -> str | None:
    """The route under whose agreement a country counts as inside, or None."""
    group = case.groups.get(country) if country else None
    return group if group in {route.route for route in case.verdict.routes if route.open} else None


def concerns(case: Case, route: str) -> bool:
    """Whether a route has anything to do with the purchase: an agreement only where something is its partner's."""
    return route == "ordinary" or route in case.groups.values()


def told(case: Case) -> list[Finding]:
    """The findings a reader needs: of an agreement only where it concerns the purchase."""
    return [each for each in case.verdict.findings if each.route is None or concerns(case, each.route)]


def to_state(case: Case) -> tuple[tuple[str, tuple[str, ...], tuple[Where, ...]], ...]:
    """Facts whose absence keeps findings open: name, provisions, and where the purchase leaves them open."""
    found: dict[str, tuple[list[str], tuple[Where, ...]]] = {}
    for finding in leaves(told(case)):
        for fact in finding.missing if finding.status == "unknown" else ():
            provisions, _ = found.setdefault(fact, ([], finding.sources))
            provisions += [] if finding.provision in provisions else [finding.provision]
    return tuple((fact, tuple(provisions), where) for fact, (provisions, where) in found.items())


# --- words: rounded for display, never to look like something they are not ---------------------


def percent(share: Fraction, beside: Fraction | None = None) -> str:
    """A share in per cent, two decimals; more where it would look like the limit `beside` it, none or all."""
    return percents(Range(share, share), beside)


def percents(share: Range, beside: Fraction | None = None) -> str:
    """A range of shares in per cent; one number where its ends look the same."""
    landmarks = [Fraction(0), Fraction(100)] + ([beside * 100] if beside is not None else [])
    return f"{_span(share, landmarks)}{NBSP}%"


def limit_percent(limit: Fraction) -> str:
    """A limit in per cent as a law writes it: `35 %`, `2.5 %`."""
    digits = next((digits for digits in range(9) if (limit * 100 * 10**digits).denominator == 1), 2)
    return f"{_decimal(limit * 100, digits)}{NBSP}%"


def points(margin: Range) -> str:
    """A margin in percentage points."""
    return f"{_span(margin, [Fraction(0)])}{NBSP}points"


def _span(share: Range, landmarks: list[Fraction]) -> str:
    low, high = share.low * 100, share.high * 100
    digits = max(_digits(low, landmarks, 2), _digits(high, landmarks, 2))
    ends = dict.fromkeys((_decimal(low, digits), _decimal(high, digits)))
    return " to ".join(ends)


def amount(value: Fraction, currency: str) -> str:
    """An amount with grouped digits and its currency; more decimals where it would look like nothing."""
    return f"{_decimal(value, _digits(value, [Fraction(0)], DIGITS[currency]))}{NBSP}{currency}"


def amounts(value: Range, currency: str) -> str:
    """An amount or the two ends of its range."""
    if value.known:
        return amount(value.low, currency)
    return f"{amount(value.low, currency).removesuffix(NBSP + currency)} to {amount(value.high, currency)}"


def number(value: Fraction) -> str:
    """A plain number, exact where two decimals can say it."""
    digits = next((digits for digits in range(3) if (value * 10**digits).denominator == 1), 2)
    return _decimal(value, digits)


def day(value: date) -> str:
    """A date in words: 15 September 2026."""
    return f"{value.day}{NBSP}{value:%B}{NBSP}{value.year}"


def _digits(value: Fraction, others: list[Fraction], digits: int) -> int:
    """Fewest decimals, from `digits` up, that show a value as different from every other one."""
    while any(value != other and _scaled(value, digits) == _scaled(other, digits) for other in others):
        digits += 1
    return digits


def _scaled(value: Fraction, digits: int) -> int:
    """Value times 10**digits, rounded half away from zero."""
    scaled = int(abs(value) * 10**digits + Fraction(1, 2))
    return scaled if value >= 0 else -scaled


def _decimal(value: Fraction, digits: int) -> str:
    scaled = _scaled(value, digits)
    whole, part = divmod(abs(scaled), 10**digits)
    sign = "-" if scaled < 0 else ""
    text = f"{sign}{whole:,}".replace(",", NBSP)
    return f"{text}.{part:0{digits}}" if digits else text


def exact_decimal(value: Fraction) -> str:
    """A number with all its decimals, without grouping; cut at twelve where they do not end."""
    digits = next((digits for digits in range(12) if (value * 10**digits).denominator == 1), 12)
    return _decimal(value, digits).replace(NBSP, "")
