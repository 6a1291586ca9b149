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
from jointbuy.formats import indented, loops, materials
from jointbuy.formats.coded import Coded, Codes
from jointbuy.formats.columns import COLUMNS
from jointbuy.formats.csv_codes import read_csv
from jointbuy.formats.files import Content
from jointbuy.formats.interning import Interner
from jointbuy.formats.numerals import (
    LARGEST,
    Meanings,
    Numbers,
    Unusual,
    between,
    coded_alike,
    divided,
    line_prices,
    lines_apart,
    must,
    scrapped,
)
from jointbuy.formats.problems import Problems, alike, listed, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.formats.table import TOTAL, totals_said
from jointbuy.model import Bom, Purchase, Sources
from jointbuy.packed import Coded as Packed
from jointbuy.packed import Indices, Ratios, Stated, Texts, Words
from jointbuy.places import Places, fold
from jointbuy.result import Lost

Integers = NDArray[np.int64]

UNUSUAL = ("cost_unit", "alternate", "usage")
_SAID = ("currency", "origin", "supplied_from", "cost_kind", "awarded")
WRITTEN = ("declaration", "evidence")
_TOTALS = np.frombuffer(b"gratotsubsumzwigesraz", np.uint8).reshape(-1, 3)
"""How the words for a total begin."""
_FEW = 10_000


@dataclass(frozen=True, slots=True)
class Read:
    """A large bill as read: as `bill.Bill`, and the notes."""

    bom: Bom
    mapping: tuple[tuple[str, str], ...]
    left: tuple[Lost, ...]
    notes: tuple[str, ...]


def read(
    content: Content,
    sheet: str | None,
    purchase: Purchase,
    columns: Mapping[str, str],
    places: Places,
    problems: Problems,
) -> Read | None:
    """The bill in a CSV, XLSX, Parquet or CycloneDX file; None, without a problem, where the other reader is needed."""
    if len(columns) < len(purchase.columns or {}):
        return None  # one of those named in the purchase is no column of ours
    suffix = PurePosixPath(content.name).suffix.casefold()
    # Imported on use: most bills are text, which needs neither.
    if suffix == ".json":
        from jointbuy.formats import cyclonedx_large

        coded = cyclonedx_large.read(content, purchase)
    elif suffix == ".parquet":
        from jointbuy.formats.arrow import read_parquet

        coded = read_parquet(content, columns)
    elif suffix == ".xlsx":
        from jointbuy.formats.sheet_codes import read_workbook

        coded = read_workbook(content, sheet, columns)
    else:
        coded = read_csv(content, columns)
    if coded is None:
        return None
    found = None if coded.faults else records(coded, purchase, places)
    if found is None and suffix != ".json":
        # Imported on use: most bills have no faults.
        from jointbuy.formats import large_faults

        large_faults.tell(coded, purchase, places, problems)
    return found


def records(coded: Coded, purchase: Purchase, places: Places) -> Read | None:
    """The bill that columns of codes hold, from whatever format; None where the row-by-row reader is needed."""
    try:
        return Lane(coded, purchase, places).read()
    except Unusual:
        return None


class Lane:
    """One bill on its way from codes to records. Raises Unusual."""

    def __init__(self, coded: Coded, purchase: Purchase, places: Places) -> None:
        self.file, self.coded, self.purchase = coded.file, coded, purchase
        self.notes = list(coded.notes)
        if unused := coded.header.unused:
            self.notes.append(f"{self.file}: columns not used: {listed(unused, most=40)}")
        if coded.totals:
            self.notes.append(totals_said(self.file, coded.totals))
        self.notes.extend(coded.later)
        self.rows = len(coded.lines)
        self.ends = [product.id for product in purchase.end_products or ()]
        self._plain()
        self._alike()
        self.means = Meanings(coded, places, self.notes)

    def _plain(self) -> None:
        """Only what is ordinary goes on."""
        coded, header = self.coded, self.coded.header
        usual = {"part", "quantity"} <= header.index.keys() and not header.twice and not header.absent
        usual = usual and bool({"unit_cost", "cost_low", "line_cost"} & header.index.keys())
        part = coded.columns["part"] if usual else None
        must(
            part is not None
            and self.rows > 0
            and bool(self.ends)
            and len(set(self.ends)) == len(self.ends)
            and not any(coded.column(name) for name in UNUSUAL)
            and bool(part.codes.all())
        )
        if part is not None:
            packed = Texts.of(part.texts)
            must(not (loops.folded_alike(packed.data, packed.starts) and any(alike(packed))))

    def _alike(self) -> None:
        """No part is called a total, and costs are shown in the currency that they are read in."""
        if (part := self.coded.columns.get("part")) is not None:
            packed = Texts.of(part.texts)
            near = np.flatnonzero(loops.beginning(packed.data, packed.starts, _TOTALS))
            must(not any(TOTAL.fullmatch(packed[int(at)].rstrip(" :")) for at in near))
        column = self.coded.column("currency")
        used = {*self.coded.header.currency.values()} or {self.purchase.contract.currency}
        used |= {*list(column.texts)[1:]} if column else set()
        must(all(used <= {*shown} for shown in self.coded.money))

    # --- columns ------------------------------------------------------------------------------

    def written(self, name: str) -> tuple[Codes, Sequence[Any]]:
        """Codes by row of a column of words, and the words by code; the first is None."""
        column = self.coded.column(name)
        if column is None:
            return np.zeros(self.rows, np.int32), (None,)
        if len(column.texts) > _FEW:
            return column.codes, Words(column.texts)
        return column.codes, (None, *list(column.texts)[1:])

    def suppliers(self) -> tuple[Codes, Sequence[Any]]:
        """Suppliers by the id of the party where its id or name was written."""
        codes, names = self.written("supplier")
        parties = self.purchase.parties
        known = {fold(party.name): party.id for party in parties if party.name}
        known |= {fold(party.id): party.id for party in parties if party.id}
        return coded_alike(codes, [name and known.get(fold(name), name) for name in names])

    def prices(self) -> Numbers:
        """What one part costs: as stated, or the cost of the line divided by its quantity."""
        price, line = self.means.numbers("unit_cost"), self.means.numbers("line_cost")
        low, high = self.means.numbers("cost_low"), self.means.numbers("cost_high")
        must((low.none and high.none) or not self.coded.header.currency)
        price = between(price, low, high)
        by, quantity = self.means.numbers("cost_per"), self.means.numbers("quantity")
        if not line.none:
            must(by.none and not self.coded.header.currency)
            must(not lines_apart(price, line, quantity).size)
            return line_prices(price, line, quantity)
        return price if by.none else divided(price, by)

    # --- records ------------------------------------------------------------------------------

    def read(self) -> Read:
        """The records of the bill."""
        header = self.coded.header
        ids, part, parent = self.ids()
        units = self.names(part, len(ids), "unit")  # one that is counted in two has to be converted, which is unusual
        quantity = self.raised(self.means.numbers("quantity"))
        supplier, names = self.suppliers()
        if parent is None:
            parent = self.indented(part, len(ids), quantity, supplier)
        if not (by := self.means.numbers("per")).none:
            quantity = divided(quantity, by)
        rows: NDArray[np.int64] | None = None if parent.min() >= 0 else np.flatnonzero(parent >= 0)
        must(bool(_of(quantity.codes, rows).all()))
        try:
            graph = kernels.graph_of(_of(parent, rows), _of(part, rows), len(ids))
            first, summed = self.uses(graph, part, parent, quantity, supplier, rows)
            edge_parent, edge_child = _of(parent, first), _of(part, first)
            if first is not rows:
                graph = kernels.graph_of(edge_parent, edge_child, len(ids))
        except kernels.Cycle:
            raise Unusual from None
        edges = np.diff(graph.start)[graph.row]
        must(bool((edges[: len(self.ends)] > 1).all()))
        made = edges > 0
        phantom = self.phantoms(part, made)
        sources = self.sources(part, supplier, names, made, phantom, ids, units)
        bom = Bom(
            parts=ids,
            names=self.names(part, len(ids)),
            roots=tuple(range(len(self.ends))),
            parent=Indices(edge_parent),
            child=Indices(edge_child),
            quantity=Ratios(quantity.low[_of(quantity.codes, first)] if summed is None else summed, quantity.per),
            edge_row=self.coded.placed(_of(self.coded.lines, first)),
            sources=sources,
            phantoms=tuple(np.flatnonzero(phantom).tolist()),
            units=units if len(units.values) > 1 else (),
        )
        mapping = tuple((column, header.title(column)) for column in COLUMNS if column in header.index)
        return Read(bom, mapping, tuple(self.left()), tuple(self.notes))

    def raised(self, quantity: Numbers) -> Numbers:
        """Quantities with what is scrapped: q (1 + scrap), or q / yield."""
        found = scrapped(quantity, self.means.words("scrap"), self.means.words("yield"))
        if found and found[1]:
            self.notes.append(f"{self.file}: scrap or yield raised the quantity in {found[1]:,} rows")
        return found[0] if found else quantity

    def ids(self) -> tuple[Texts, Codes, Codes | None]:
        """The parts as they are met, end products first; by row the part, and the parent.

        A parent is -1 where there is none, and None stands for all of them where levels tell.
        """
        ends, column = self.ends, self.coded.columns["part"]
        texts = Texts.of(column.texts)
        met = loops.first_seen(column.codes, len(texts))
        known = Interner()
        known.of(ends)  # the first are the end products; texts are known by their place here and 1 more
        rank = np.full(len(texts), -1, np.int32)
        taken = known.codes(texts.data, texts.starts[met], texts.starts[met + 1])
        rank[met] = taken - 1
        ids = known.texts()
        part = column.codes - np.int32(1) if bool((taken == met).all()) else rank[column.codes]
        top = np.int32(0) if len(ends) == 1 else np.int32(-2)
        above = self.coded.column("parent")
        if above is not None:
            place = known.of(above.texts) - np.int32(1)
            place[place >= len(ids) - 1] = -2
            place[0] = top
            parent = place[above.codes]
            if (own := rank[met[rank[met] < len(ends)]]).size:
                parent[np.isin(part, own) & (above.codes == 0)] = -1
        elif self.coded.column("level"):
            return Texts(ids.data, ids.starts[1:]), part, None
        else:
            parent = np.full(self.rows, top, np.int32)
            parent[part < len(ends)] = -1  # a row of an end product itself
        must(int(parent.min()) >= -1)
        return Texts(ids.data, ids.starts[1:]), part, parent

    def indented(self, part: Codes, parts: int, quantity: Numbers, supplier: Codes) -> Codes:
        """The parents as levels tell them."""
        above = indented.above(self.coded.columns["level"], part < len(self.ends))
        made_of = part.astype(np.int64)
        for codes in (quantity.codes, self.means.numbers("per").codes, supplier):
            most = int(codes.max())
            if most:
                must(int(made_of.max()) < 2**62 // (most + 1))
                made_of = made_of * (most + 1) + codes
        return indented.parents(above, part, made_of, len(self.ends), parts)

    def uses(
        self,
        graph: kernels.Graph,
        part: Codes,
        parent: Codes,
        quantity: Numbers,
        supplier: Codes,
        rows: NDArray[np.int64] | None,
    ) -> tuple[NDArray[np.int64] | None, Integers | None]:
        """The first row of each use in the order of the file, `rows` itself where each is one; sums of positions."""
        if not loops.several_uses(graph.start, graph.child):
            return rows, None
        rows = np.arange(self.rows) if rows is None else rows
        use = parent[rows].astype(np.int64) * graph.parts + part[rows]
        _, first, place, often = np.unique(use, return_index=True, return_inverse=True, return_counts=True)
        several = often[place] > 1
        mine, seller = place[several], supplier[rows][several]
        pairs = mine.astype(np.int64) * (int(supplier.max()) + 1) + seller
        amount = quantity.low[quantity.codes[rows]]
        if np.unique(pairs).size == pairs.size:  # each from another supplier, of one quantity
            must(bool((seller > 0).all()) and bool((amount[several] == amount[first][mine]).all()))
            return np.sort(rows[first]), None
        must(bool((supplier[rows[first]][mine] == seller).all()))  # each at a position of its own
        position = self.coded.column("position")
        must(position is not None)
        spots = position.codes[rows][several] if position else seller
        pairs = mine.astype(np.int64) * (int(spots.max()) + 1) + spots
        must(bool((spots > 0).all()) and np.unique(pairs).size == pairs.size)
        must(int(amount.max()) * int(often.max()) < LARGEST)
        total = np.zeros(first.size, np.int64)
        np.add.at(total, place, amount)
        order = np.argsort(first, kind="stable")
        self.added(rows, place, first[order][often[order] > 1], np.flatnonzero(several))
        return rows[first[order]], total[order]

    def added(
        self, rows: NDArray[np.int64], place: NDArray[np.int64], firsts: NDArray[np.int64], several: NDArray[np.int64]
    ) -> None:
        """Say which rows were added, use by use."""
        of_use: dict[int, list[str]] = {}
        for at in several.tolist():
            of_use.setdefault(int(place[at]), []).append(self.coded.spot(int(self.coded.lines[rows[at]])))
        column = self.coded.columns["part"]
        for at in firsts.tolist():
            part = shown(column.texts[int(column.codes[rows[at]])])
            lines = listed(of_use[int(place[at])])
            self.notes.append(f"{self.file}: {part} stands at several positions; rows {lines} were added")

    def sources(
        self, part: Codes, supplier: Codes, names: Sequence[Any], made: NDArray[np.bool_], phantom: NDArray[np.bool_],
        ids: Sequence[str], units: Packed,
    ) -> Sources:  # fmt: skip
        """One source for each part and supplier; none for a phantom, of which nothing may be said."""
        price = self.prices()
        said = {name: self.means.words(name) for name in _SAID} | {name: self.written(name) for name in WRITTEN}
        said["materials"] = self.held(part, units)
        currency, currencies = said["currency"]
        if (headed := self.coded.header.currency.get("unit_cost")) is not None:
            must({*currencies} <= {headed, None})
            currency, currencies = (price.codes > 0).astype(np.int32), [None, headed]
            said["currency"] = currency, currencies
        bare = (supplier == 0) & (price.codes == 0)
        for name in ("origin", "supplied_from", "awarded", "materials", *WRITTEN):
            if len(said[name][1]) > 1:
                bare &= said[name][0] == 0
        must(not (phantom[part] & ~(bare & (supplier == 0))).any())
        source, of, sold, first, fault = loops.sources(part, supplier, bare, len(ids))
        must(fault < 0)
        order = np.argsort(of, kind="stable")
        order = order[~phantom[of[order]]]
        every = of.size  # the phantoms too, which `of` holds no longer when the last are told

        def told(codes: Codes) -> Codes:
            found, odd = loops.agreed(source, codes, every)
            must(odd < 0)
            ordered: Codes = found[order]
            return ordered

        cost = told(price.codes)
        nothing = np.zeros(order.size, np.int32)
        one = {name: told(codes) if len(values) > 1 else nothing for name, (codes, values) in said.items()}
        self.one_currency(told, price.codes, currency, one["currency"], currencies)
        of, sold, first = of[order], sold[order], first[order]
        needs = ~made[of] & (of >= len(self.ends))
        must(bool((cost[needs] > 0).all()))
        self.say(cost, price, of, ids)
        own = len(currencies)
        code = np.where(cost == 0, own + 1, np.where(one["currency"] == 0, own, one["currency"]))
        low = Stated(price.low[cost], price.per)
        return Sources(
            part=Indices(of),
            supplier=Packed(sold, names),
            origin=Packed(one["origin"], ((), *said["origin"][1][1:])),
            supplied_from=Packed(one["supplied_from"], tuple(said["supplied_from"][1])),
            price_low=low,
            price_high=low if price.low is price.high else Stated(price.high[cost], price.per),
            currency=_used(code, [*currencies, self.purchase.contract.currency, None]),
            cost_kind=Packed(one["cost_kind"], ("component", *said["cost_kind"][1][1:])),
            awarded=self.shared(of, one["awarded"], said["awarded"][1]),
            declaration=Packed(one["declaration"], said["declaration"][1]),
            evidence=Packed(one["evidence"], said["evidence"][1]),
            row=self.coded.placed(self.coded.lines[first]),
            materials=Packed(one["materials"], said["materials"][1]) if len(said["materials"][1]) > 1 else (),
            price_per=self.price_per(told, cost),
        )

    def phantoms(self, part: Codes, made: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The parts that only group others; each is made of some, and none is an end product."""
        codes, values = self.means.words("phantom")
        yes, no = (np.array([value is told for value in values])[codes] for told in (True, False))
        found = np.zeros(len(made), np.bool_)
        found[part[yes]] = True
        must(not found[part[no]].any() and not found[: len(self.ends)].any() and bool(made[found].all()))
        return found

    def price_per(self, told: Callable[[Codes], Codes], cost: Codes) -> Sequence[Fraction | None]:
        """For how many the price of each source is stated; None where for one, or where there is none."""
        by = self.means.numbers("cost_per")
        if by.none:
            return ()
        many = by.low[told(by.codes)]
        many = np.where((cost == 0) | (many == by.per), -1, many)
        return Stated(many, by.per) if (many >= 0).any() else ()

    def one_currency(
        self, told: Callable[[Codes], Codes], price: Codes, currency: Codes, one: Codes, currencies: Sequence[Any]
    ) -> None:
        """The priced rows of a source are in one currency, for which there is a rate."""
        rated = {self.purchase.contract.currency, *(rate.currency for rate in self.purchase.exchange_rates)}
        if len(currencies) == 1:
            return
        priced = np.where(price > 0, currency + 1, 0).astype(np.int32)
        found = told(priced)
        must(bool(((found == 0) | (found == one + 1)).all()))
        used = np.flatnonzero(np.bincount(priced)).tolist()
        must({currencies[code - 1] for code in used if code > 1} <= rated)

    def shared(self, of: Codes, codes: Codes, values: Sequence[Any]) -> Ratios:
        """What each supplier is awarded; it must make up all of a part."""
        per = lcm(*{value.denominator for value in values[1:]})
        must(per < LARGEST)
        share = np.array([per, *(int(value * per) for value in values[1:])], np.int64)[codes]
        first = np.flatnonzero(np.diff(of, prepend=-1))
        if first.size < of.size or len(values) > 1:
            often = np.diff(first, append=of.size)
            stated = np.minimum.reduceat(codes, first) > 0
            must(bool((np.add.reduceat(share, first) == per).all()) and bool((stated | (often == 1)).all()))
        return Ratios(share, per)

    def names(self, part: Codes, parts: int, column: str = "name") -> Packed:
        """The name of each part, or another word that all its rows agree on."""
        codes, values = self.written(column)
        found, odd = loops.agreed(part, codes, parts) if len(values) > 1 else (np.zeros(parts, np.int32), -1)
        must(odd < 0)
        return Packed(found, values)

    def held(self, part: Codes, units: Packed) -> tuple[Codes, list[Any]]:
        """What one piece holds, by row: a cell read in the unit that its part is counted in."""
        codes, values = self.means.words("materials")
        if len(values) == 1:
            return codes, values
        pairs, place = np.unique(codes.astype(np.int64) * len(units.values) + units.codes[part], return_inverse=True)
        found: list[Any] = []
        for cell, unit in (divmod(pair, len(units.values)) for pair in pairs.tolist()):
            try:
                found.append(materials.held(values[cell], units.values[unit]) if cell else None)
            except Wrong:
                raise Unusual from None
        return coded_alike(place.astype(np.int32), found)

    # --- what is said beside ------------------------------------------------------------------

    def say(self, cost: Codes, price: Numbers, of: Codes, ids: Sequence[str]) -> None:
        """Notes that the row-by-row reader writes, too."""
        free = np.flatnonzero((price.low == 0) & (price.high == 0))
        if free.size and (found := np.flatnonzero(np.isin(cost, free))).size:
            self.notes.append(f"{self.file}: cost nothing, as written: {listed([ids[int(of[at])] for at in found])}")

    def left(self) -> Iterable[Lost]:
        """What the file holds and the records do not."""
        yield from self.coded.left
        if unused := self.coded.header.unused:
            yield Lost("columns", len(unused), tuple(unused[:3]), "a bill has no such column")
        if self.coded.totals:
            lines = tuple(f"row {line}" for line in self.coded.totals[:3])
            yield Lost("rows of totals", len(self.coded.totals), lines, "they sum up other rows")
        for name, why in (
            ("position", "what stands at several positions is added"),
            ("scrap", "it is in the quantity"),
            ("yield", "it is in the quantity"),
        ):
            column = self.coded.column(name)
            if column is not None:
                met = loops.first_seen(column.codes, len(column.texts))
                texts = tuple(column.texts[int(code)] for code in met[:4] if code)[:3]
                yield Lost(f"column {name}", int((column.codes > 0).sum()), texts, why)


def _of(values: NDArray[Any], rows: NDArray[np.int64] | None) -> NDArray[Any]:
    """The values of some rows; of all where none are named."""
    return values if rows is None else values[rows]


def _used(codes: NDArray[Any], values: Sequence[Any]) -> Packed:
    """A packed column with no values but those that are used."""
    used = np.flatnonzero(np.bincount(codes, minlength=len(values)))
    place = np.zeros(len(values), np.int32)
    place[used] = np.arange(used.size)
    return Packed(place[codes], tuple(values[int(code)] for code in used))
