"""Strategic raw materials in what is bought: masses by material, country and stage of the value chain.

What a part holds is stated with it, or is the part itself where that is a raw material counted in a unit of mass. Each
distinct statement is counted once, exactly, over the whole bill; materials are told apart afterwards, so that a bill
of a million rows needs no more of that than a small one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from importlib.util import find_spec
from typing import Any, Literal, Protocol

from jointbuy.content.basis import DEFAULT
from jointbuy.content.small import prepare, shape
from jointbuy.exact import ZERO, Range
from jointbuy.graph import exploded
from jointbuy.materials import (
    SYMBOL,
    Held,
    Holding,
    Materials,
    Other,
    Recognised,
    Standing,
    Strategic,
    Tally,
    Unmeasured,
    fold,
)
from jointbuy.model import Bom, Country, Material
from jointbuy.units import unit

LARGE = 50_000
"""Uses of parts from which on compiled loops pay (decision 0011)."""
KEPT = 1_000
"""Raw materials of unknown mass that are handed out, the dearest ones."""
_LOOKED = 20
"""Assemblies that state what they hold and are compared with what their parts state, at most."""
_NEAR = 100
"""Names that are not on the list and are compared with those that are, at most."""
Stated = tuple[Material, ...]


class Bill(Protocol):
    """What is asked of a bill, whichever way it is computed."""

    def counted(self, root: int, codes: Sequence[int], statements: int) -> list[Fraction]:
        """How often each statement stands in one root: the number of pieces, as awarded to its source."""

    def costs(self, root: int, sources: Sequence[int]) -> tuple[list[tuple[int, Range]], Range]:
        """What the dearest of the sources cost in one root, dearest first, and what all of them do."""

    def below(self, part: int) -> Collection[int]:
        """The parts that stand in a part, itself among them."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What masses are held against: the list, what each country is to the benchmark, and the benchmark itself."""

    materials: Materials
    union: frozenset[str]
    overseas: frozenset[str]
    limit: Fraction
    known: dict[str, Recognised] = field(default_factory=dict)

    def recognise(self, name: str) -> Recognised:
        """What a name stands for, looked up once."""
        if name not in self.known:
            self.known[name] = self.materials.recognise(name, near=False)
        return self.known[name]

    def standing(self, country: Country) -> Standing:
        """Whether it is in the Union, an overseas country or territory, or a third country."""
        return "Union" if country in self.union else "overseas" if country in self.overseas else "third country"


def held(
    bom: Bom,
    currency: str,
    rates: Mapping[str, Fraction],
    measure: Measure,
    quantities: Mapping[str, Fraction | None],
) -> tuple[tuple[Held, ...], Held | None, tuple[str, ...]]:
    """What each end product holds, what all that are bought hold, and notes; masses in kilograms, costs in `currency`.

    `quantities` are the numbers of end products bought, None where that is not stated. Raises KeyError for a currency
    without a rate, Unusable where quantities multiply beyond all sense.
    """
    bill = _bill(bom, currency, {**rates, currency: Fraction(1)})
    stated = _stated(bom)
    counts = {root: bill.counted(root, stated.codes, len(stated.held)) for root in bom.roots}
    products = tuple(
        _held(bom, bill, stated, measure, root, counts[root], quantities.get(bom.parts[root])) for root in bom.roots
    )
    whole, bought = None, [quantities.get(bom.parts[root]) for root in bom.roots]
    if None not in bought:
        numbers = {root: number or Fraction(0) for root, number in zip(bom.roots, bought, strict=True)}
        total = [
            sum((number * counts[root][at] for root, number in numbers.items()), Fraction(0))
            for at in range(len(stated.held))
        ]
        whole = Held(None, None, *_sorted_out(stated.held, total, measure))
    return products, whole, tuple(_twice(bom, bill, stated, measure))


def _bill(bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> Bill:
    if len(bom.parent) >= LARGE and find_spec("numba"):
        # Imported on use: compiled loops take most of a second to start.
        from jointbuy.content import large_minerals

        found = large_minerals.prepared(bom, currency, rates)
        if found is not None:
            return found
    return Plain(bom, currency, rates)


class Plain:
    """A bill in plain exact numbers."""

    def __init__(self, bom: Bom, currency: str, rates: Mapping[str, Fraction]) -> None:
        self.bill = prepare(shape(bom, currency, rates), DEFAULT)
        self.roots = {root: exploded(bom, root, self.bill.order) for root in bom.roots}

    def counted(self, root: int, codes: Sequence[int], statements: int) -> list[Fraction]:
        """See `Bill`."""
        table, number = self.bill.bom.sources, self.roots[root]
        found = [Fraction(0)] * statements
        for source, code in enumerate(codes):
            if code >= 0:
                found[code] += number.get(table.part[source], Fraction(0)) * table.awarded[source]
        return found

    def costs(self, root: int, sources: Sequence[int]) -> tuple[list[tuple[int, Range]], Range]:
        """See `Bill`."""
        table, number, total = self.bill.bom.sources, self.roots[root], ZERO
        found = []
        for source in sources:
            pieces = number.get(table.part[source], Fraction(0)) * table.awarded[source]
            price = self.bill.price(source)
            if pieces and price is not None:
                cost = self.bill.worth(price).times(pieces)
                total = total + cost
                found.append((source, cost))
        return sorted(found, key=lambda one: (-one[1].high, one[0]))[:KEPT], total

    def below(self, part: int) -> Collection[int]:
        """See `Bill`."""
        return self.roots[part] if part in self.roots else exploded(self.bill.bom, part, self.bill.order)


# --- what is stated ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Statements:
    """What sources hold, each once; by source which of them, -1 for none; why nothing is known of a raw material."""

    held: list[Stated]
    codes: list[int]
    silent: dict[int, str]


def _stated(bom: Bom) -> Statements:
    index: dict[Stated, int] = {}
    seen: dict[int, int] = {}  # the values of a packed column are few objects, and hashing fractions is slow
    silent: dict[int, str] = {}
    codes: list[int] = []
    told = values(bom.sources.materials or [None] * len(bom.sources.part))
    for source, (own, kind) in enumerate(zip(told, values(bom.sources.cost_kind), strict=True)):
        code = -1
        if own is not None:
            if id(own) not in seen:
                seen[id(own)] = index.setdefault(own, len(index))
            code = seen[id(own)]
        elif kind == "raw material":
            found = _itself(bom, source)
            if isinstance(found, str):
                silent[source] = found
            else:
                code = index.setdefault(found, len(index))
        codes.append(code)
    return Statements(list(index), codes, silent)


def values(column: Sequence[Any]) -> Sequence[Any]:
    """A column as a tuple or list, which is quicker to go through than a packed one."""
    if isinstance(column, tuple | list):
        return column
    # Imported on use: only large bills have packed columns.
    from jointbuy.packed import Coded, Indices

    if isinstance(column, Coded):
        return [column.values[code] for code in column.codes.tolist()]
    return column.values.tolist() if isinstance(column, Indices) else list(column)


def _itself(bom: Bom, source: int) -> Stated | str:
    """A raw material that is a part itself; or why its mass or name is not known."""
    part = bom.sources.part[source]
    name, counted = bom.names[part] or bom.parts[part], bom.units[part] if bom.units else None
    measured = unit(counted) if counted else None
    if measured is None or measured.dimension != "mass":
        return f"it is counted in {counted}, not in a unit of mass" if counted else "no unit of mass is stated"
    if len(fold(name)) <= SYMBOL:
        return "its name is too short to tell a material"
    origin = bom.sources.origin[source]
    # What is from one country or another is from no country that anybody has declared.
    shares: list[tuple[tuple[tuple[str, Country], ...], Fraction]] = [
        ((("", Country(place)),), share) for place, share in origin if isinstance(place, str)
    ]
    shares.append(((), 1 - sum((share for _, share in shares), Fraction(0))))
    return tuple(
        Material(name=name, mass=measured.factor * share, origins=origins) for origins, share in shares if share
    )


def _twice(bom: Bom, bill: Bill, stated: Statements, measure: Measure) -> Iterable[str]:
    """Notes where an assembly and a part in it state the same material: both count, and one may repeat the other."""
    names = [
        frozenset(one.id for each in held if (one := measure.recognise(each.name).material)) for held in stated.held
    ]
    stating: dict[int, frozenset[str]] = {}
    for part, code in zip(values(bom.sources.part), stated.codes, strict=True):
        if code >= 0:
            stating[part] = stating[part] | names[code] if part in stating else names[code]
    made = stating.keys() & set(values(bom.parent)) if stating else set[int]()
    for part in sorted(made)[:_LOOKED]:
        for other in sorted(stating.keys() & set(bill.below(part)) - {part}):
            if both := stating[part] & stating[other]:
                said = (
                    f"{bom.parts[part]} and {bom.parts[other]} in it both state {', '.join(sorted(both))}; both count"
                )
                yield f"{said}: state for an assembly only what its parts do not"
                break
    if len(made) > _LOOKED:
        yield f"of {len(made):,} assemblies that state what they hold, {_LOOKED} were compared with their own parts"


# --- what is made of it -----------------------------------------------------------------------


def _held(
    bom: Bom,
    bill: Bill,
    stated: Statements,
    measure: Measure,
    root: int,
    counts: Sequence[Fraction],
    quantity: Fraction | None,
) -> Held:
    """What one end product holds."""
    silent, codes = stated.silent, stated.codes
    holdings, others = _sorted_out(stated.held, counts, measure)
    dearest, cost = bill.costs(root, list(silent))
    table, inside = bom.sources, bill.below(root)
    unmeasured = tuple(
        Unmeasured(bom.parts[table.part[source]], bom.names[table.part[source]], silent[source], one)
        for source, one in dearest
    )
    lines = [
        codes[source] >= 0
        for source, (part, kind) in enumerate(zip(values(table.part), values(table.cost_kind), strict=True))
        if kind in {"component", "raw material"} and part != root and part in inside
    ]
    return Held(
        product=bom.parts[root],
        quantity=quantity,
        holdings=holdings,
        others=others,
        said=sum(lines),
        lines=len(lines),
        unmeasured=unmeasured,
        unmeasured_count=sum(table.part[source] in inside for source in silent),
        unmeasured_cost=cost,
    )


Entry = tuple[Fraction, tuple[tuple[str, Country], ...]]


def _sorted_out(
    statements: Sequence[Stated], counts: Sequence[Fraction], measure: Measure
) -> tuple[tuple[Holding, ...], tuple[Other, ...]]:
    """Strategic raw materials in the order of the list, then their groups; and what is not on it, heaviest first."""
    entries: dict[tuple[str, bool], list[Entry]] = {}
    listed: dict[str, Strategic] = {}
    others: dict[str, Other] = {}
    for stated, count in zip(statements, counts, strict=True):
        for each in stated if count else ():
            found, mass = measure.recognise(each.name), each.mass * count
            if found.material is not None:
                listed[found.material.id] = found.material
                entries.setdefault((found.material.id, found.fulfils), []).append((mass, each.origins))
            else:
                name = fold(each.name)
                before = others[name].mass if name in others else Fraction(0)
                others[name] = Other(each.name, before + mass, found.critical, "")
    order = sorted(entries, key=lambda key: (listed[key[0]].provision, key[0], not key[1]))
    holdings = [_holding(listed[name], fulfils, entries[name, fulfils], measure) for name, fulfils in order]
    for group in dict.fromkeys(listed[name].of for name, _ in order if listed[name].of):
        for fulfils in (True, False):
            mine = [name for name, yes in order if yes == fulfils and listed[name].of == group]
            if len(mine) > 1:
                together = [entry for name in mine for entry in entries[name, fulfils]]
                holdings.append(_holding(listed[mine[0]], fulfils, together, measure, tuple(mine)))
    heaviest = sorted(others.values(), key=lambda one: (-one.mass, one.name))
    near = [replace(one, hint=measure.materials.recognise(one.name).hint) for one in heaviest[:_NEAR]]
    return tuple(holdings), (*near, *heaviest[_NEAR:])


def _holding(
    material: Strategic,
    fulfils: bool,
    entries: Sequence[Entry],
    measure: Measure,
    members: tuple[str, ...] = (),
) -> Holding:
    stages = list(dict.fromkeys(stage for _, origins in entries for stage, _ in origins)) or [""]
    return Holding(
        title=material.of if members and material.of else material.id,
        provision=material.provision,
        condition=material.condition,
        fulfils=fulfils,
        verified=material.verified,
        mass=sum((mass for mass, _ in entries), Fraction(0)),
        stages=tuple(tally(stage, entries, measure) for stage in stages),
        members=members,
    )


def tally(stage: str, entries: Sequence[Entry], measure: Measure) -> Tally:
    """Kilograms of a material by the country of one stage, beside the limit for one third country."""
    by_country: dict[Country, Fraction] = {}
    undeclared = whole = Fraction(0)
    for mass, origins in entries:
        whole += mass
        country = dict(origins).get(stage)
        if country is None:
            undeclared += mass
        else:
            by_country[country] = by_country.get(country, Fraction(0)) + mass
    ordered = sorted(by_country, key=lambda country: (-by_country[country], country))
    third = [country for country in ordered if measure.standing(country) == "third country"]
    largest = third[0] if third else None
    low = by_country[largest] if largest else Fraction(0)
    above: Literal["yes", "no", "unknown"] = "unknown"
    if low > measure.limit * whole:
        above = "yes"
    elif low + undeclared <= measure.limit * whole:
        above = "no"
    return Tally(
        stage=stage,
        kind=measure.materials.stages.get(stage, ""),
        countries=tuple((country, measure.standing(country), by_country[country]) for country in ordered),
        undeclared=undeclared,
        largest=largest,
        share=Range(low / whole, (low + undeclared) / whole),
        above=above,
    )
