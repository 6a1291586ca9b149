"""What is wrong with a large bill, told in seconds: rows in doubt are found on columns, and read one by one.

A row is in doubt where anything about it, or about another row of its part, might be wrong. Only these go to the
row-by-row reader, whose words they are; what hangs on the whole bill (parents, circles, currencies) is looked up
there. What is not in doubt has no fault, and what is in doubt may turn out to have none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from jointbuy import kernels
from jointbuy.formats import bill, loops, materials, tree
from jointbuy.formats.cells import Reader, above_one
from jointbuy.formats.coded import Coded, Codes, Column
from jointbuy.formats.columns import Header
from jointbuy.formats.files import must_hold, needed_by_rows
from jointbuy.formats.interning import Interner, NotText
from jointbuy.formats.large import UNUSUAL, WRITTEN, Lane
from jointbuy.formats.numerals import (
    NUMERIC,
    POSITIVE,
    SHARES,
    WORDS,
    Numbers,
    Unusual,
    commas_of,
    divided,
    line_prices,
    lines_apart,
    must,
    plain_numbers,
    readers,
    table_of,
    told_of,
)
from jointbuy.formats.problems import Problems, alike
from jointbuy.formats.rows import Rows, read_rows
from jointbuy.formats.scalars import Wrong
from jointbuy.formats.table import Table
from jointbuy.model import Purchase
from jointbuy.packed import Texts
from jointbuy.places import Places

MOST = 500_000
"""Rows in doubt that are read one by one; more take as long as the whole bill."""
Flags = NDArray[np.bool_]
_NO_ROWS = Rows(
    table=Table("", Header([], {}), 0, [], []), part=[], name=[], quantity=[], per=[], position=[], supplier=[],
    origin=[], supplied_from=[], price=[], price_per=[], currency=[], cost_kind=[], awarded=[], declaration=[],
    evidence=[], materials=[], phantom=[], alternate=frozenset(), group=[], usage=[], broken=set(), units={},
)  # fmt: skip
_UNKNOWN, _ORPHAN, _NO_EDGE = -2, -3, -1


def tell(coded: Coded, purchase: Purchase, places: Places, problems: Problems) -> None:
    """Tell every problem of a bill; none where there is none, or only the row-by-row reader can."""
    found = Problems()
    found.found.extend(coded.faults)
    try:
        ends = [product.id for product in purchase.end_products or ()]
        must(bool(ends) and len(set(ends)) == len(ends))
        must(not any(coded.column(name) for name in (*UNUSUAL, "cost_low", "cost_high", "phantom")))
        first = part_of_table(coded, np.zeros(min(1, len(coded.lines)), np.int64))
        if bill.complete(first, purchase, found):
            clean, odd = _cleaned(coded, places)
            _Doubt(clean, odd, coded, purchase, places).tell(found)
    except (Unusual, NotText):
        return
    problems.found.extend(found.found)


def part_of_table(coded: Coded, rows: NDArray[np.int64]) -> Table:
    """Some rows as the row-by-row reader has them."""
    texts = [[""] * len(rows) for _ in coded.header.titles]
    for name, column in coded.columns.items():
        codes = column.codes[rows].tolist()
        known = {code: column.texts[code] for code in set(codes)}
        texts[coded.header.index[name]] = [known[code] for code in codes]
    return Table(
        coded.file,
        coded.header,
        coded.header_line,
        coded.lines[rows].tolist(),
        [list(cells) for cells in zip(*texts, strict=True)],
        coded.sheet,
        coded.delimiter,
    )


def _cleaned(coded: Coded, places: Places) -> tuple[Coded, Flags]:
    """The bill without the cells that cannot be read, and the rows in which these are."""
    columns = {name: column for name in (*NUMERIC, *WORDS) if (column := coded.column(name))}
    texts: dict[str, Sequence[str]] = {name: column.texts for name, column in columns.items()}
    commas = commas_of(coded, texts, [])
    told = told_of(coded, texts, commas)
    wrong: dict[str, Flags] = {}
    for name, column in columns.items():
        wrong[name] = np.zeros(len(column.texts), np.bool_)
        left: NDArray[np.int64] = np.arange(len(column.texts))
        if name in NUMERIC:
            number, scale = plain_numbers(column, comma=name in commas, beside=bool(commas))
            wrong[name] |= (name in POSITIVE) & (number == 0) & (scale != loops.NOT_PLAIN)
            left = np.flatnonzero(scale == loops.NOT_PLAIN)
        words = [column.texts[int(at)] for at in left]
        reader = Reader(table_of(coded, {name: words}), places, Problems(), [], commas, told=told)
        readers(reader)[name]()
        wrong[name][left[sorted(reader.refused)]] = True
    odd = np.zeros(len(coded.lines), np.bool_)
    if coded.faults:
        odd |= np.isin(coded.lines, [each.where.line or 0 for each in coded.faults if each.where])
    fresh = dict(coded.columns)
    for name, which in wrong.items():
        if which.any():
            here = which[columns[name].codes]
            odd |= here
            fresh[name] = _blanked(columns[name], here)
    return replace(_without_lost(coded, fresh, odd), commas=commas), odd


def _blanked(column: Column, rows: Flags) -> Column:
    """A column that is blank in some rows, with none but the texts that are left."""
    codes = np.where(rows, np.int32(0), column.codes)
    used = np.bincount(codes, minlength=len(column.texts)) > 0
    used[0] = True
    place = np.cumsum(used).astype(np.int32) - np.int32(1)
    return Column([column.texts[int(code)] for code in np.flatnonzero(used)], place[codes])


def _without_lost(coded: Coded, columns: dict[str, Column], odd: Flags) -> Coded:
    """Without scrap where a yield is stated, too, or is nothing; these rows are in doubt."""
    lost = [name for name in ("scrap", "yield") if name in columns]
    doubt = np.logical_and.reduce([columns[name].codes > 0 for name in lost]) if len(lost) > 1 else odd & False
    if "yield" in lost:
        nothing = np.array([not text.strip(" %").strip("0.,") for text in columns["yield"].texts])
        doubt |= nothing[columns["yield"].codes] & (columns["yield"].codes > 0)
    if doubt.any():
        odd |= doubt
        columns |= {name: _blanked(columns[name], doubt) for name in lost}
    return replace(coded, columns=columns)


class _Doubt(Lane):
    """The rows of one bill that are in doubt. Raises Unusual."""

    def __init__(self, clean: Coded, odd: Flags, whole: Coded, purchase: Purchase, places: Places) -> None:
        super().__init__(clean, purchase, places)
        self.odd, self.whole, self.places = odd, whole, places
        self.texts = Texts.of(whole.columns["part"].texts)
        self.part = whole.columns["part"].codes
        self.quantity = self.raised(self.means.numbers("quantity"))

    def _plain(self) -> None:
        """Nothing is known of the bill yet."""

    # --- the whole bill ---------------------------------------------------------------------

    def tell(self, problems: Problems) -> None:
        """Find the rows in doubt, and let them be read."""
        self.odd |= self.part == 0
        self._told_apart()
        ids, known = self._known()
        indented = self.whole.column("parent") is None and self.whole.column("level") is not None
        trouble = Problems()
        parent = self._by_level(ids, known, trouble) if indented else self._by_parent(ids, known)
        edges = np.flatnonzero(parent >= 0)
        made = np.zeros(len(ids), np.bool_)
        made[parent[edges]] = True
        self._single(edges)
        self._sold(made, known)
        self._used(parent, known)
        rows = self._closed()
        must(rows.size <= MOST)
        must_hold(self.file, rows.size, needed_by_rows(rows.size, rows.size * len(self.coded.columns)))
        self._read(rows, parent, made, known, ids, trouble if indented else None, problems)

    def _told_apart(self) -> None:
        """Rows of ids that differ only in capitals or blanks."""
        if loops.folded_alike(self.texts.data, self.texts.starts):
            words = list(self.texts)
            pairs = {word for pair in alike(words[1:]) for word in pair}
            codes = [code for code, word in enumerate(words) if word in pairs]
            self.odd |= np.isin(self.part, codes)

    def _known(self) -> tuple[list[str], Codes]:
        """The parts as they are met, end products first, and by row which it is; -1 where none is named."""
        met = loops.first_seen(self.part, len(self.texts))
        interner = Interner()
        interner.of(self.ends)
        rank = np.full(len(self.texts), -1, np.int32)
        rank[met] = interner.codes(self.texts.data, self.texts.starts[met], self.texts.starts[met + 1]) - 1
        return list(interner.texts())[1:], rank[self.part]

    def _by_parent(self, ids: list[str], known: Codes) -> Codes:
        """The parent of each row; none of an end product's own. Rows with a strange one are in doubt."""
        column = self.whole.column("parent")
        own = (known >= 0) & (known < len(self.ends))
        top = np.int32(0 if len(self.ends) == 1 else _ORPHAN)
        if column is None:
            parent = np.full(self.rows, top, np.int32)
        else:
            interner = Interner()
            interner.of(ids)
            place = interner.of(column.texts) - np.int32(1)
            place[place >= len(ids)] = _UNKNOWN
            place[0] = top
            parent = place[column.codes]
            unknown = np.flatnonzero(parent == _UNKNOWN)
            _, first = np.unique(column.codes[unknown], return_index=True)
            self.odd[unknown[first]] = True
        blank = column.codes == 0 if column is not None else np.ones(self.rows, np.bool_)
        parent[own & blank] = _NO_EDGE
        self.odd |= parent == _ORPHAN
        return parent

    def _by_level(self, ids: list[str], known: Codes, problems: Problems) -> Codes:
        """The parent of each row as levels tell, by the row-by-row reader itself; and what is wrong with them."""
        column = self.whole.columns["level"]
        must(bool((known >= 0).all()))
        levels = [column.texts[int(code)] for code in range(len(column.texts))]
        supplier, names = self.suppliers()
        names = [name or "" for name in names]
        light = tree.Tree(list(ids), {name: at for at, name in enumerate(ids)}, known.tolist())
        light.roots = list(range(len(self.ends)))
        units = self.whole.column("unit")
        must(units is None or not self._apart(self.part, units.codes, len(self.texts)).any())
        rows = _NO_ROWS._replace(
            table=replace(part_of_table(self.whole, np.zeros(0, np.int64)), lines=self.whole.lines.tolist()),
            part=[ids[at] for at in known.tolist()],
            quantity=_values(self.quantity),
            per=_values(self.means.numbers("per")),
            supplier=[names[code] for code in supplier.tolist()],
        )
        ends_at = self.purchase.where.get("end_products")
        grower = tree.Grower(rows, light, frozenset(self.ends), ends_at, problems)
        grower.by_level([levels[code] for code in column.codes.tolist()])
        parent = np.full(self.rows, _NO_EDGE, np.int32)
        for above, row in light.edges:
            parent[row] = above
        return parent

    # --- doubt --------------------------------------------------------------------------------

    def _apart(self, group: Codes, codes: Codes, groups: int) -> Flags:
        """The groups whose rows state different things; 0 states nothing."""
        low, high = np.full(groups, np.iinfo(np.int32).max, np.int32), np.zeros(groups, np.int32)
        said = codes > 0
        np.minimum.at(low, group[said], codes[said])
        np.maximum.at(high, group[said], codes[said])
        return np.asarray((high > 0) & (low != high))

    def _single(self, edges: NDArray[np.int64]) -> None:
        """What one row says by itself: a missing quantity, a line that does not add up, a currency in the header."""
        self.odd[edges[self.quantity.codes[edges] == 0]] = True
        price, line = self.means.numbers("unit_cost"), self.means.numbers("line_cost")
        by, count = self.means.numbers("cost_per"), self.means.numbers("quantity")
        headed = set(self.coded.header.currency.values())
        money = {"unit_cost", "line_cost"} & self.coded.header.index.keys()
        must(not headed or (len(headed) == 1 and money <= self.coded.header.currency.keys()))
        if not line.none:
            must(by.none)
            self.odd[lines_apart(price, line, count)] = True
            price = line_prices(price, line, count)
        self.price = price if by.none else divided(price, by)
        codes, self.currencies = self.means.words("currency")
        self.headed = next(iter(headed), None)
        own = self.headed or self.purchase.contract.currency
        plain = np.array([0 if value in {None, own} else at for at, value in enumerate(self.currencies)], np.int32)
        self.currency = np.where(self.price.codes > 0, plain[codes] + 1, 0).astype(np.int32)
        if headed:
            self.odd |= self.currency > 1

    def _sold(self, made: Flags, known: Codes) -> None:
        """Parts whose rows disagree, whose suppliers do not share all of it, or that cost nothing known."""
        size = len(self.texts)
        supplier, _ = self.suppliers()
        said = {name: self.means.words(name)[0] for name in ("origin", "supplied_from", "cost_kind", "awarded")}
        said |= {name: self.written(name)[0] for name in WRITTEN}
        said |= {"price": self.price.codes, "currency": self.currency, "materials": self._held()}
        bare = (supplier == 0) & (self.price.codes == 0)
        for name in ("origin", "supplied_from", "awarded", "materials", *WRITTEN):
            bare &= said[name] == 0
        several = self._apart(self.part, supplier, size)
        self.odd |= several[self.part] & (supplier == 0) & ~bare
        for name in ("name", "unit"):
            self.odd |= self._apart(self.part, self.written(name)[0], size)[self.part]
        rest = np.flatnonzero(~self._doubtful()[self.part] & (self.part > 0))
        part = self.part[rest]
        source, of, _, _, fault = loops.sources(part, supplier[rest], bare[rest], size)
        must(fault < 0)
        mine = source >= 0
        for codes in said.values():
            apart = self._apart(source[mine], codes[rest][mine], of.size)
            self.odd[rest[mine][apart[source[mine]]]] = True
        first = np.full(size, 0, np.int64)
        np.add.at(first, of, 1)
        awarded, shares = self.means.words("awarded")
        stated, priced = np.zeros(of.size, np.int32), np.zeros(of.size, np.int32)
        np.maximum.at(stated, source[mine], awarded[rest][mine])
        np.maximum.at(priced, source[mine], self.price.codes[rest][mine])
        whole = np.array([0.0, *(float(share) for share in shares[1:])])[stated]
        total = np.bincount(of, whole, size)
        faulty = (np.abs(total - 1) > 1e-9) & ((first > 1) | (np.bincount(of, stated > 0, size) > 0))
        exact = [share for share in shares[1:] if share.denominator > 10**6]
        must(not exact)
        at = np.zeros(size, np.int64)
        at[part] = known[rest]
        leaf = ~made[at] & (at >= len(self.ends))
        faulty[of[(priced == 0) & leaf[of]]] = True
        faulty[of[(stated == 0) & (first[of] > 1)]] = True
        self.odd |= faulty[self.part]

    def _held(self) -> Codes:
        """What each row says of materials, by code; rows that say what cannot be are in doubt."""
        codes, values = self.means.words("materials")
        if len(values) == 1:
            return codes
        units, names = self.written("unit")
        found = np.zeros(len(self.texts), np.int32)
        found[self.part] = np.maximum(found[self.part], units)
        pairs, place = np.unique(codes.astype(np.int64) * len(names) + found[self.part], return_inverse=True)
        wrong = np.zeros(len(pairs), np.bool_)
        for at, (cell, unit) in enumerate(divmod(pair, len(names)) for pair in pairs.tolist()):
            try:
                materials.held(values[cell] or (), names[unit])
            except Wrong:
                wrong[at] = True
        self.odd |= wrong[place]
        return np.where(codes > 0, place.astype(np.int32) + np.int32(1), np.int32(0)).astype(np.int32)

    def _used(self, parent: Codes, known: Codes) -> None:
        """Parts that stand several times in one parent, but neither from several suppliers nor at several positions."""
        rows = np.flatnonzero((parent >= 0) & (known >= 0) & ~self._doubtful()[self.part])
        use = parent[rows].astype(np.int64) * len(self.texts) + self.part[rows]
        _, place, often = np.unique(use, return_inverse=True, return_counts=True)
        rows, place = rows[often[place] > 1], place[often[place] > 1]
        if not rows.size:
            return
        place = np.unique(place, return_inverse=True)[1].astype(np.int32)
        groups = int(place.max()) + 1
        supplier = self.suppliers()[0][rows]
        by = self.means.numbers("per")
        amount = (self.quantity if by.none else divided(self.quantity, by)).codes[rows]
        position = self.written("position")[0][rows]

        def repeated(codes: Codes) -> Flags:
            """The groups in which something is blank or stands twice."""
            pair = place.astype(np.int64) * (int(codes.max()) + 1) + codes
            _, which, count = np.unique(pair, return_inverse=True, return_counts=True)
            found = np.zeros(groups, np.bool_)
            found[place[(count[which] > 1) | (codes == 0)]] = True
            return found

        sellers = repeated(supplier) | self._apart(place, amount, groups)
        spots = repeated(position) | self._apart(place, supplier + np.int32(1), groups)
        self.odd[rows[(sellers & spots)[place]]] = True

    def _doubtful(self) -> Flags:
        """The parts, by code, of which a row is in doubt."""
        found = np.zeros(len(self.texts), np.bool_)
        found[self.part[self.odd]] = True
        found[0] = False
        return found

    def _closed(self) -> NDArray[np.int64]:
        """The rows in doubt, with all rows of the same parts."""
        return np.flatnonzero(self._doubtful()[self.part] | self.odd)

    # --- reading --------------------------------------------------------------------------------

    def _read(
        self,
        chosen: NDArray[np.int64],
        parent: Codes,
        made: Flags,
        known: Codes,
        ids: list[str],
        levels: Problems | None,
        problems: Problems,
    ) -> None:
        """The problems of these rows, and of the tree they stand in; those of levels are known already."""
        table = part_of_table(self.whole, chosen)
        rows = read_rows(self._reader(table, problems), self.purchase)
        self._rated(rows, chosen, problems)
        before = len(problems.found)
        found = tree.Tree()
        found.roots = [found.add(name) for name in self.ends]
        found.part = [found.add(name) for name in rows.part]
        if levels is not None:
            problems.found.extend(levels.found)
            above = parent[chosen].tolist()
            found.edges = [(found.add(ids[one]), row) for row, one in enumerate(above) if one >= 0]
        else:
            ends_at = self.purchase.where.get("end_products")
            listed = frozenset(ids)
            grower = tree.Grower(rows, found, frozenset(self.ends), ends_at, problems, listed)
            column = self.whole.column("parent")
            if column is None:
                grower.flat()
            else:
                grower.by_parent([column.texts[int(code)] for code in column.codes[chosen]])
        self._circles(parent, known, ids, problems)
        sound = len(problems.found) == before
        place = {ids[at]: bool(made[at]) for at in {*known[chosen].tolist(), *range(len(self.ends))} if at >= 0}
        assemblies = frozenset(at for at, name in enumerate(found.ids) if place.get(name))
        own = self.purchase.contract.currency
        together = bill.Assembly(rows, found, own, sound or bool(made.any()), problems, [])
        together.edges()
        together.sources(assemblies, frozenset(range(len(found.ids))), frozenset())
        if sound:
            tops = [root for root in found.roots if made[root]]
            together.roots(tops, tops)

    def _reader(self, table: Table, problems: Problems) -> Reader:
        """What reads some of the rows, knowing what the columns tell as a whole."""
        columns = {name: column for name in (*NUMERIC, *SHARES) if (column := self.whole.column(name))}
        texts: dict[str, Sequence[str]] = {name: column.texts for name, column in columns.items()}
        commas = self.coded.commas or frozenset()
        percents = frozenset(name for name in SHARES if any(map(above_one, texts.get(name, ()))))
        told = told_of(self.whole, texts, commas)
        return Reader(table, self.places, problems, [], commas, told=told, percents=percents)

    def _rated(self, rows: Rows, chosen: NDArray[np.int64], problems: Problems) -> None:
        """Prices in currencies without a rate: those of the rows read, and of all others."""
        rated = bill.convertible(self.purchase)
        found: dict[str, list[int]] = {}
        for row, currency in enumerate(rows.currency):
            if currency not in rated and rows.price[row] is not None:
                count = found.setdefault(str(currency), [0, int(chosen[row])])
                count[0] += 1
        rest = np.ones(self.rows, np.bool_)
        rest[chosen] = False
        for code, value in enumerate([self.headed, *self.currencies[1:]], 1):
            here = np.flatnonzero(rest & (self.currency == code)) if value not in rated else np.zeros(0, np.int64)
            if here.size:
                count = found.setdefault(str(value), [0, self.rows])
                found[str(value)] = [count[0] + here.size, min(count[1], int(here[0]))]
        for currency, (count_of, first) in sorted(found.items(), key=lambda one: one[1][1]):
            at = rows.table.at(int(self.whole.lines[first]), self.whole.header.index.get("currency", _part(self.whole)))
            bill.unrated(currency, count_of, at, self.purchase, problems)

    def _circles(self, parent: Codes, known: Codes, ids: list[str], problems: Problems) -> None:
        """Parts that contain themselves."""
        rows = np.flatnonzero((parent >= 0) & (known >= 0))
        try:
            kernels.graph_of(parent[rows], known[rows], len(ids))
        except kernels.Cycle:
            edges = list(zip(parent[rows].tolist(), rows.tolist(), strict=True))
            lines = replace(part_of_table(self.whole, np.zeros(0, np.int64)), lines=self.whole.lines.tolist())
            tree.no_cycles(tree.Tree(ids, {}, known.tolist(), [], edges), lines, problems)


def _part(coded: Coded) -> int:
    """The column of the parts, which stands for a row."""
    return coded.header.index["part"]


def _values(numbers: Numbers) -> list[Fraction | None]:
    """Numbers by row; equal ones alike, None for none."""
    known = [None if one is None else one[0] for one in numbers.values()]
    return [known[code] for code in numbers.codes.tolist()]
