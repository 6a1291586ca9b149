"""Large bills, fast: the same records as `bill.py` makes, as packed columns, or None.

Each distinct text is read once, by the functions that read it elsewhere; what rows say together is decided on arrays.
Nothing here tells of trouble: where a bill has any, or is anything but plain parts, parents, quantities and prices,
the answer is None, and the row-by-row reader tells what is wrong and where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.formats import arrow
from jointbuy.formats.arrow import Coded
from jointbuy.formats.cells import Reader, decimal_commas
from jointbuy.formats.columns import COLUMNS, Header
from jointbuy.formats.files import Content
from jointbuy.formats.problems import Problems, alike, listed
from jointbuy.formats.table import TOTAL, Table
from jointbuy.model import Bom, Purchase, Sources
from jointbuy.packed import Coded as Packed
from jointbuy.packed import Indices, Ratios, Rows, Stated
from jointbuy.places import Places, fold
from jointbuy.result import Lost

Codes = NDArray[np.int32]
Integers = NDArray[np.int64]

TYPED = ("quantity", "per", "unit_cost", "cost_per", "currency", "origin", "supplied_from", "cost_kind", "awarded")
UNUSUAL = ("level", "line_cost", "cost_low", "cost_high", "cost_unit", "scrap", "yield", "phantom", "alternate")
_LARGEST = 2**62


class _Unusual(Exception):
    """The bill has something that only the row-by-row reader deals with."""


@dataclass(frozen=True, slots=True)
class Read:
    """A large bill as read: as `bill.Bill`, and the notes."""

    bom: Bom
    mapping: tuple[tuple[str, str], ...]
    left: tuple[Lost, ...]
    notes: tuple[str, ...]


def read(content: Content, purchase: Purchase, columns: Mapping[str, str], places: Places) -> Read | None:
    """The bill in a CSV or Parquet file; None where the row-by-row reader is needed."""
    parquet = PurePosixPath(content.name).suffix.casefold() == ".parquet"
    coded = arrow.read_parquet(content, columns) if parquet else arrow.read_csv(content, columns)
    if coded is None:
        return None
    try:
        return _Lane(content.name, coded, purchase, places).read()
    except _Unusual:
        return None


class _Lane:
    """One bill on its way from codes to records."""

    def __init__(self, file: str, coded: Coded, purchase: Purchase, places: Places) -> None:
        self.file, self.coded, self.purchase = file, coded, purchase
        self.notes = list(coded.notes)
        if unused := coded.header.unused:
            self.notes.append(f"{file}: columns not used: {listed(unused, most=40)}")
        self.rows = len(coded.lines)
        self._plain()
        self.values = self._typed(places)

    def _plain(self) -> None:
        """Only what is ordinary goes on."""
        coded, header = self.coded, self.coded.header
        usual = {"part", "quantity", "unit_cost"} <= header.index.keys() and not header.twice and not header.absent
        part = coded.columns["part"] if usual else None
        ends = [product.id for product in self.purchase.end_products or ()]
        _must(
            part is not None
            and self.rows > 0
            and bool(ends)
            and len(set(ends)) == len(ends)
            and not any(coded.column(name) for name in UNUSUAL)
            and bool(part.codes.all())
            and not any(TOTAL.fullmatch(text.rstrip(" :")) for text in part.texts)
            and not any(alike(part.texts))
        )

    def _typed(self, places: Places) -> dict[str, list[Any]]:
        """What the distinct texts of the typed columns mean."""
        found = {name: column for name in TYPED if (column := self.coded.columns.get(name))}
        names, width = list(found), max(len(column.texts) for column in found.values())
        blanks = {name: column.texts + [""] * (width - len(column.texts)) for name, column in found.items()}
        header = Header(
            [self.coded.header.title(name) for name in names],
            {name: at for at, name in enumerate(names)},
            self.coded.header.currency,
        )
        rows = [list(row) for row in zip(*(blanks[name] for name in names), strict=True)]
        table = Table(self.file, header, 0, list(range(width)), rows, delimiter=self.coded.delimiter)
        problems = Problems()
        reader = Reader(table, places, problems, self.notes, decimal_commas(table, self.notes))
        readers: dict[str, Callable[[], Sequence[Any]]] = {
            "quantity": lambda: reader.positive("quantity"),
            "per": lambda: reader.positive("per"),
            "unit_cost": lambda: reader.spans("unit_cost"),
            "cost_per": lambda: reader.positive("cost_per"),
            "currency": reader.currencies,
            "origin": reader.origins,
            "supplied_from": lambda: reader.countries("supplied_from"),
            "cost_kind": reader.kinds,
            "awarded": lambda: reader.shares("awarded"),
        }
        values = {name: list(readers[name]()[: len(found[name].texts)]) for name in names}
        _must(not problems.found)
        return values

    # --- columns ------------------------------------------------------------------------------

    def column(self, name: str) -> tuple[Codes, list[Any]]:
        """Codes by row of the values of a column, equal values alike; -1 where nothing is stated."""
        column = self.coded.columns.get(name)
        if column is None or column.blank:
            return np.full(self.rows, -1, np.int32), []
        return _values(
            column.codes, self.values[name] if name in self.values else [text or None for text in column.texts]
        )

    def suppliers(self) -> tuple[Codes, list[Any]]:
        """Suppliers by the id of the party where its id or name was written."""
        column = self.coded.columns.get("supplier")
        if column is None:
            return np.full(self.rows, -1, np.int32), []
        parties = self.purchase.parties
        known = {fold(party.name): party.id for party in parties if party.name}
        known |= {fold(party.id): party.id for party in parties if party.id}
        return _values(column.codes, [known.get(fold(text), text) if text else None for text in column.texts])

    def over(self, name: str, per: str) -> tuple[Codes, list[Any]]:
        """A column divided by another, where that is stated."""
        codes, values = self.column(name)
        divisor, of = self.column(per)
        if not of:
            return codes, values
        pair = (codes.astype(np.int64) + 1) * (len(of) + 1) + divisor + 1
        pairs, place = np.unique(pair, return_inverse=True)
        found: list[Any] = []
        for one, two in (divmod(int(each), len(of) + 1) for each in pairs):
            value, by = values[one - 1] if one else None, of[two - 1] if two else Fraction(1)
            if value is None:
                found.append(None)
            else:
                found.append(tuple(end / by for end in value) if isinstance(value, tuple) else value / by)
        return _values(place.astype(np.int32), found)

    # --- records ------------------------------------------------------------------------------

    def read(self) -> Read:
        """The records of the bill."""
        header = self.coded.header
        ids, part, parent = self.ids()
        self.one_unit(part, len(ids))
        quantity, counts = self.over("quantity", "per")
        rows = np.flatnonzero(parent >= 0)
        _must(bool((quantity[rows] >= 0).all()))
        supplier, names = self.suppliers()
        first, edge_parent, edge_child = self.edges(part, parent, quantity, supplier, rows, len(ids))
        made = np.zeros(len(ids), np.bool_)
        made[edge_parent] = True
        roots = tuple(range(len(self.purchase.end_products or ())))
        _must(all(int((edge_parent == root).sum()) > 1 for root in roots))
        try:
            kernels.graph_of(edge_parent, edge_child, len(ids))
        except kernels.Cycle:
            raise _Unusual from None
        sources = self.sources(part, supplier, names, made, ids)
        top, per = _over_one(counts)
        bom = Bom(
            parts=tuple(ids),
            names=self.names(part, len(ids)),
            roots=roots,
            parent=Indices(edge_parent),
            child=Indices(edge_child),
            quantity=Ratios(top[quantity[first]], per),
            edge_row=Rows(self.file, self.coded.lines[first], self.part_title()),
            sources=sources,
        )
        mapping = tuple((column, header.title(column)) for column in COLUMNS if column in header.index)
        return Read(bom, mapping, tuple(self.left()), tuple(self.notes))

    def ids(self) -> tuple[list[str], Codes, Codes]:
        """The parts as they are met, end products first; by row the part, and the parent, -1 where there is none."""
        ends = [product.id for product in self.purchase.end_products or ()]
        column = self.coded.columns["part"]
        _, first = np.unique(column.codes, return_index=True)
        met = [column.texts[int(column.codes[at])] for at in np.sort(first)]
        ids = list(dict.fromkeys([*ends, *met]))
        index = {name: at for at, name in enumerate(ids)}
        part = np.array([index.get(text, -1) for text in column.texts], np.int32)[column.codes]
        top = np.int32(0) if len(ends) == 1 else np.int32(-2)
        above = self.coded.column("parent")
        if above is None:
            parent = np.full(self.rows, top, np.int32)
        else:
            known = np.array([top, *(index.get(text, -2) for text in above.texts[1:])], np.int32)
            parent = known[above.codes]
            blank = above.codes == 0
        own = part < len(ends)
        parent[own & (blank if above is not None else True)] = -1  # a row of an end product itself
        _must(bool((parent >= -1).all()))
        return ids, part, parent

    def edges(
        self, part: Codes, parent: Codes, quantity: Codes, supplier: Codes, rows: NDArray[np.int64], parts: int
    ) -> tuple[NDArray[np.int64], Codes, Codes]:
        """The first row of each use, and its parent and part, in the order of the file."""
        use = parent[rows].astype(np.int64) * parts + part[rows]
        uses, first, place, often = np.unique(use, return_index=True, return_inverse=True, return_counts=True)
        if uses.size < rows.size:  # several rows of one use: each from another supplier, of one quantity
            several = often[place] > 1
            mine, seller = place[several], supplier[rows][several]
            pairs = mine.astype(np.int64) * (int(supplier.max()) + 2) + seller
            same = quantity[rows][several] == quantity[rows[first]][mine]
            _must(bool((seller >= 0).all()) and np.unique(pairs).size == pairs.size and bool(same.all()))
        first = np.sort(rows[first])
        return first, parent[first], part[first]

    def sources(
        self, part: Codes, supplier: Codes, names: list[Any], made: NDArray[np.bool_], ids: Sequence[str]
    ) -> Sources:
        """One source for each part and supplier."""
        price, prices = self.over("unit_cost", "cost_per")
        attributes = {name: self.column(name) for name in _SAID}
        currency, currencies = attributes["currency"]
        if (headed := self.coded.header.currency.get("unit_cost")) is not None:
            _must({*currencies} <= {headed})
            attributes["currency"] = np.where(price >= 0, 0, currency).astype(np.int32), [headed]
            currency, currencies = attributes["currency"]
        rated = {self.purchase.contract.currency, *(rate.currency for rate in self.purchase.exchange_rates)}
        _must({currencies[code] for code in np.unique(currency[price >= 0]) if code >= 0} <= rated)
        bare = (supplier < 0) & (price < 0)
        for name in _SAID:
            if name not in {"currency", "cost_kind"}:
                bare &= attributes[name][0] < 0
        supplier, kept = self.sold(part, supplier, bare, len(names))
        group = part[kept].astype(np.int64) * (len(names) + 1) + supplier[kept] + 1
        order = np.argsort(group, kind="stable")
        starts = np.flatnonzero(np.diff(group[order], prepend=-1))
        rows = np.asarray(kept)[order]
        said = {name: _agreed(codes[rows], starts) for name, (codes, _) in attributes.items()}
        cost = _agreed(price[rows], starts)
        own = np.where(price >= 0, currency, -2)[rows]
        stated = np.where(
            own == -2, said["currency"][np.repeat(np.arange(starts.size), np.diff([*starts, rows.size]))], own
        )
        _must(bool((np.maximum.reduceat(stated, starts) == np.minimum.reduceat(stated, starts)).all()))
        first = rows[starts]
        # In the order of the parts, and of one part as they come in the file.
        place = np.lexsort((first, part[first]))
        first, cost = first[place], cost[place]
        said = {name: codes[place] for name, codes in said.items()}
        of, sold = part[first], supplier[first]
        awarded = self.shared(of, said["awarded"], attributes["awarded"][1])
        needs = ~made[of] & (of >= len(self.purchase.end_products or ()))
        _must(bool((cost[needs] >= 0).all()))
        ends, per = _over_one([end for value in prices for end in value])
        low, high = ends[::2], ends[1::2]
        self.say(cost, prices, of, ids)
        own_currency = self.purchase.contract.currency
        code = np.where(
            cost < 0, len(currencies) + 1, np.where(said["currency"] < 0, len(currencies), said["currency"])
        )
        return Sources(
            part=Indices(of.astype(np.int32)),
            supplier=_packed(sold, names),
            origin=_packed(said["origin"], attributes["origin"][1], ()),
            supplied_from=_packed(said["supplied_from"], attributes["supplied_from"][1]),
            price_low=Stated(_priced(cost, low), per),
            price_high=Stated(_priced(cost, high), per),
            currency=Packed(code.astype(np.int32), (*currencies, own_currency, None)),
            cost_kind=_packed(said["cost_kind"], attributes["cost_kind"][1], "component"),
            awarded=awarded,
            declaration=_packed(said["declaration"], attributes["declaration"][1]),
            evidence=_packed(said["evidence"], attributes["evidence"][1]),
            row=Rows(self.file, self.coded.lines[first], self.part_title()),
        )

    def part_title(self) -> str | None:
        """What a place in a file without lines shows."""
        header = self.coded.header
        return None if self.coded.delimiter else header.titles[header.index["part"]]

    def sold(
        self, part: Codes, supplier: Codes, bare: NDArray[np.bool_], names: int
    ) -> tuple[Codes, NDArray[np.int64]]:
        """Suppliers where a blank takes the part's only one; and the rows that say something of a source."""
        least, most = np.full(int(part.max()) + 1, names + 1, np.int64), np.full(int(part.max()) + 1, -1, np.int64)
        named = supplier >= 0
        np.minimum.at(least, part[named], supplier[named])
        np.maximum.at(most, part[named], supplier[named])
        blank = ~named
        one = least[part] == most[part]
        several = blank & ~one & (most[part] >= 0)
        _must(bool(bare[several].all()))
        return np.where(blank & one, most[part], supplier).astype(np.int32), np.flatnonzero(~several)

    def shared(self, of: Codes, codes: Codes, values: list[Any]) -> Ratios:
        """What each supplier is awarded; it must make up all of a part."""
        top, per = _over_one(values)
        share = np.where(codes >= 0, top[codes] if top.size else 0, per).astype(np.int64)
        _, first, often = np.unique(of, return_index=True, return_counts=True)
        stated = np.minimum.reduceat(codes, first) >= 0
        _must(bool((np.add.reduceat(share, first) == per).all()) and bool((stated | (often == 1)).all()))
        return Ratios(share, per)

    def names(self, part: Codes, parts: int) -> Packed:
        """The name of each part."""
        codes, values = self.column("name")
        least, most = np.full(parts, len(values) + 1, np.int32), np.full(parts, -1, np.int32)
        told = codes >= 0
        np.minimum.at(least, part[told], codes[told])
        np.maximum.at(most, part[told], codes[told])
        _must(bool((least == most)[most >= 0].all()))
        return _packed(most, values)

    def one_unit(self, part: Codes, parts: int) -> None:
        """A part that is counted in two units has to be converted, which is unusual."""
        codes, _ = self.column("unit")
        least, most = np.full(parts, 2**30, np.int32), np.full(parts, -1, np.int32)
        told = codes >= 0
        np.minimum.at(least, part[told], codes[told])
        np.maximum.at(most, part[told], codes[told])
        _must(bool((least == most)[most >= 0].all()))

    # --- what is said beside ------------------------------------------------------------------

    def say(self, cost: Codes, prices: list[Any], of: Codes, ids: Sequence[str]) -> None:
        """Notes that the row-by-row reader writes, too."""
        free = [code for code, price in enumerate(prices) if price == (0, 0)]
        if free and (found := np.flatnonzero(np.isin(cost, free))).size:
            self.notes.append(f"{self.file}: cost nothing, as written: {listed([ids[int(of[at])] for at in found])}")

    def left(self) -> Iterable[Lost]:
        """What the file holds and the records do not."""
        if unused := self.coded.header.unused:
            yield Lost("columns", len(unused), tuple(unused[:3]), "a bill has no such column")
        for name, why in (
            ("position", "what stands at several positions is added"),
            ("unit", "a quantity is a number"),
        ):
            column = self.coded.column(name)
            if column is not None:
                _, first = np.unique(column.codes, return_index=True)
                texts = [column.texts[int(column.codes[at])] for at in np.sort(first)]
                yield Lost(f"column {name}", int((column.codes > 0).sum()), tuple(filter(None, texts))[:3], why)


_SAID = ("currency", "origin", "supplied_from", "cost_kind", "awarded", "declaration", "evidence")


def _must(ordinary: bool) -> None:
    if not ordinary:
        raise _Unusual


def _values(codes: Codes, values: Sequence[Any]) -> tuple[Codes, list[Any]]:
    """Codes of values, equal ones alike; -1 for None."""
    known: dict[Any, int] = {}
    place = np.array([-1 if value is None else known.setdefault(value, len(known)) for value in values], np.int32)
    return place[codes], list(known)


def _agreed(codes: Codes, starts: NDArray[np.int64]) -> Codes:
    """The one value that the rows of each group state, -1 where none does."""
    found: Codes = np.maximum.reduceat(codes, starts)
    least = np.minimum.reduceat(np.where(codes < 0, np.int32(2**30), codes), starts)
    _must(bool((least == found)[found >= 0].all()))
    return found


def _over_one(values: Sequence[Fraction]) -> tuple[Integers, int]:
    """Numbers over one denominator; those that do not fit into machine words are unusual."""
    per = lcm(*{value.denominator for value in values})
    scaled = [value.numerator * (per // value.denominator) for value in values] if per < _LARGEST else [_LARGEST]
    _must(max(scaled, default=0) < _LARGEST)
    return np.array(scaled, np.int64), per


def _priced(cost: Codes, ends: Integers) -> Integers:
    return np.where(cost < 0, -1, ends[cost] if ends.size else 0).astype(np.int64)


def _packed(codes: Codes, values: list[Any], nothing: Any = None) -> Packed:
    """A packed column in which -1 stands for nothing."""
    return Packed(np.where(codes < 0, len(values), codes).astype(np.int32), (*values, nothing))
