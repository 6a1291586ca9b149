"""A bill of materials in any format to a `Bom`: a source for each part and supplier, each use an edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from importlib.util import find_spec
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from jointbuy import progress
from jointbuy.collector import resting
from jointbuy.errors import Where
from jointbuy.formats import materials, origins
from jointbuy.formats.alternates import weighed, with_alternates
from jointbuy.formats.bill_left import kinds_said, left_behind
from jointbuy.formats.cells import Reader, decimal_commas
from jointbuy.formats.columns import COLUMNS
from jointbuy.formats.files import COLUMNAR, MAX_BYTES, Content
from jointbuy.formats.looks import other_currencies
from jointbuy.formats.problems import Problems, listed, plain, shown
from jointbuy.formats.rows import Rows, read_rows
from jointbuy.formats.table import Table, read_csv, totals_said
from jointbuy.formats.tree import Tree, build
from jointbuy.model import Bom, Currency, Purchase, Sources
from jointbuy.places import Places
from jointbuy.result import Lost

LARGE = 200_000
"""Bytes of a Parquet file from which on starting the fast reader may pay."""
_ONE = Fraction(1)
_TIMES = {".csv": 10, ".json": 10, ".xlsx": 3}
"""By how much larger a file of another format is."""
_MANY = 50_000
"""Uses from which on content is worked out by kernels."""
Values = Sequence[Any] | Mapping[int, Any]


class Bill(NamedTuple):
    """A bill as read, with the header each of our columns was found under and what of the file is not in it."""

    bom: Bom
    mapping: tuple[tuple[str, str], ...]
    left: tuple[Lost, ...]


@resting()
def read_bill(
    content: Content, sheet: str | None, purchase: Purchase, places: Places, problems: Problems, notes: list[str]
) -> Bill | None:
    """The bill that a file holds; None where it cannot be read at all."""
    before = len(problems.found)
    fast = _large(content, sheet, purchase, places, problems, notes)
    if fast is not None or len(problems.found) > before:
        return fast
    if len(content.data) > MAX_BYTES and not content.name.casefold().endswith(".json"):  # which looks at the memory
        why = f"it has {len(content.data):,} bytes; what is unusual in a bill is read row by row, up to {MAX_BYTES:,}"
        do = 'split it, or leave out columns; a plain bill is read up to 1 GB with: pip install "jointbuy[large]"'
        problems.add("the file is too large", Where(content.name), why, do)
        return None
    table = _table(content, sheet, purchase, problems, notes)
    if table is None or not (table.spots is not None or complete(table, purchase, problems)):
        return None
    if unused := table.header.unused:
        notes.append(f"{table.file}: columns not used: {listed(unused, most=40)}")
    if table.totals:
        notes.append(totals_said(table.file, table.totals))
    reader = Reader(table, places, problems, notes, decimal_commas(table, notes))
    rows = read_rows(reader, purchase)
    _same_currency(rows, purchase, problems)
    other_currencies(rows, purchase.contract.currency, problems)
    ends = [product.id for product in purchase.end_products or () if product.id]
    before = len(problems.found)
    tree = build(rows, ends, purchase.where.get("end_products"), problems, notes)
    rows = weighed(rows, tree, problems, notes)
    sound = len(problems.found) == before
    mapping = tuple((column, table.header.title(column)) for column in COLUMNS if column in table.header.index)
    bom = Assembly(rows, tree, purchase.contract.currency, sound, problems, notes).bom()
    kinds_said(mapping, table.file, notes)
    return Bill(_packed(with_alternates(bom, rows, tree)), mapping, tuple(left_behind(table)))


def _large(
    content: Content, sheet: str | None, purchase: Purchase, places: Places, problems: Problems, notes: list[str]
) -> Bill | None:
    """A large bill of the ordinary kind as packed columns, or its problems; None for any other, or without `large`."""
    suffix = PurePosixPath(content.name).suffix.casefold()
    least = LARGE * _TIMES.get(suffix, 1)
    if suffix not in COLUMNAR or len(content.data) < least or not purchase.contract.currency:
        return None
    if not (find_spec("numba") and find_spec("pyarrow")):
        return None
    # Imported on use: it takes most of a second.
    from jointbuy.formats import large

    try:
        found = large.read(content, sheet, purchase, _own_columns(purchase, Problems()), places, problems)
    finally:
        progress.end()
    if found is None:
        return None
    notes.extend(found.notes)
    kinds_said(found.mapping, content.name, notes)
    return Bill(found.bom, found.mapping, found.left)


def _packed(bom: Bom) -> Bom:
    """A bill with very many uses in columns, so that kernels need not make these again and again."""
    if len(bom.parent) < _MANY or not find_spec("numba"):
        return bom
    # Imported on use: most bills need no arrays.
    from jointbuy.packed import TooFine, packed

    with suppress(TooFine):
        return packed(bom)
    return bom


def _table(
    content: Content, sheet: str | None, purchase: Purchase, problems: Problems, notes: list[str]
) -> Table | None:
    """The rows of a file, by what its name ends in."""
    columns = _own_columns(purchase, problems)
    suffix = PurePosixPath(content.name).suffix.casefold()
    if suffix == ".json":
        # Imported on use: most bills are tables.
        from jointbuy.formats.cyclonedx import read_cyclonedx

        return read_cyclonedx(content, purchase, problems, notes)
    if suffix in {".csv", ".tsv", ".txt"}:
        if content.data.startswith(b"PK\x03\x04"):
            problems.add("this is a workbook, not text", Where(content.name), do="give it the ending .xlsx")
            return None
        return read_csv(content, columns, problems)
    if suffix == ".parquet":
        # Imported on use: it needs an extra.
        from jointbuy.formats.parquet import read_parquet

        return read_parquet(content, columns, problems, notes)
    # Imported on use: most bills are text.
    from jointbuy.formats.workbook import read_workbook

    ends = {
        name: product.id for product in (purchase.end_products or ()) for name in (product.name, product.id) if name
    }
    return read_workbook(content, sheet, columns, ends, problems, notes)


def _own_columns(purchase: Purchase, problems: Problems) -> dict[str, str]:
    """The columns named in the purchase file, without those we do not have."""
    found = {}
    for ours, theirs in (purchase.columns or {}).items():
        if ours in COLUMNS:
            found[ours] = theirs
        else:
            where = purchase.where.get(f"columns.{ours}")
            advice = problems.near(ours, COLUMNS, f"the columns are: {', '.join(COLUMNS)}")
            problems.add(f"columns: {shown(ours)} is not a column of ours", where, do=advice)
    return found


def complete(table: Table, purchase: Purchase, problems: Problems) -> bool:
    """Whether the header and rows are enough to go on."""
    header, where = table.header, table.at(table.header_line)
    seen = f"the header reads: {listed([title.strip() for title in header.titles if title.strip()], most=40)}"
    before = len(problems.found)
    for ours in header.absent:
        theirs = (purchase.columns or {})[ours]
        advice = problems.near(theirs, [title for title in header.titles if title.strip()], seen)
        problems.add(f"no column is called {shown(theirs)}", purchase.where.get(f"columns.{ours}"), do=advice)
    for column, title in header.twice:
        advice = f"rename one, or name the right one under columns: {column}: ..."
        problems.add(f"the header {shown(title)} stands twice", where, do=advice)
    if not {"unit_cost", "cost_low", "line_cost"} & header.index.keys():
        advice = "add one, or name yours in purchase.yaml under columns: unit_cost: ..."
        problems.add("no column with costs was recognised", where, seen, advice)
    for column in {"part", "quantity"} - header.index.keys() - set(header.absent):
        advice = f"add one, or name yours in purchase.yaml under columns: {column}: ..."
        problems.add(f"no column with the {column} was recognised", where, seen, advice)
    if not table.rows:
        problems.add("the bill has no rows", where, do="write one row for each part below the header")
    return len(problems.found) == before


def _same_currency(rows: Rows, purchase: Purchase, problems: Problems) -> None:
    """Every price must be convertible: said once for each currency."""
    rated = convertible(purchase)
    first: dict[str, list[int]] = {}
    for row, currency in enumerate(rows.currency):
        if currency not in rated and rows.price[row] is not None:
            first.setdefault(str(currency), []).append(row)
    for currency, found in first.items():
        unrated(currency, len(found), rows.where(found[0], "currency"), purchase, problems)


def convertible(purchase: Purchase) -> set[str | None]:
    """The currencies in which prices may be; None is the contract's own."""
    return {purchase.contract.currency, None, *(rate.currency for rate in purchase.exchange_rates)}


def unrated(currency: str, count: int, where: Where, purchase: Purchase, problems: Problems) -> None:
    """Say that prices are in a currency for which there is no rate; `where` is the first."""
    if not (own := purchase.contract.currency):
        return
    what = f"{count} price{'s are' if count > 1 else ' is'} in {currency}"
    why = f"the contract is in {own} and there is no exchange rate"
    advice = f"add {currency} with rate, day and source to exchange_rates in purchase.yaml"
    problems.add(what, where, why, advice)


class Assembly(NamedTuple):
    """Puts typed rows and their tree together as a `Bom`; `sound` tells whether the tree has no problems."""

    rows: Rows
    tree: Tree
    own: Currency
    sound: bool
    problems: Problems
    notes: list[str]

    def bom(self) -> Bom:
        """The records; problems tell whether they may be used."""
        parent, child, quantity, edge_row = self.edges()
        phantoms = self.phantoms(frozenset(parent))
        sources = self.sources(frozenset(parent), self.within(parent, child), frozenset(phantoms))
        if self.sound:
            self.roots(parent, child)
        names: list[str | None] = [None] * len(self.tree.ids)
        for row, name in enumerate(self.rows.name):
            if name and names[self.tree.part[row]] is None:
                names[self.tree.part[row]] = name
        return Bom(
            parts=tuple(self.tree.ids),
            names=tuple(names),
            roots=tuple(self.tree.roots),
            parent=tuple(parent),
            child=tuple(child),
            quantity=tuple(quantity),
            edge_row=tuple(edge_row),
            sources=sources,
            phantoms=phantoms,
            units=tuple(map(self.rows.units.get, self.tree.ids)) if self.rows.units else (),
        )

    def add(self, row: int, what: str, why: str = "", do: str = "", column: str | None = None) -> None:
        """A problem with a row."""
        self.problems.add(what, self.rows.where(row, column), why, do)

    # --- where parts are used -------------------------------------------------------------

    def edges(self) -> tuple[list[int], list[int], list[Fraction], list[Where]]:
        """One edge for each parent and part, with its exact quantity for one parent."""
        uses: dict[tuple[int, int], list[int]] = {}
        for parent, row in self.tree.edges:
            if row in self.rows.alternate:
                continue
            uses.setdefault((parent, self.tree.part[row]), []).append(row)
            if self.rows.quantity[row] is None and row not in self.rows.broken:
                advice = "missing is not one: write how many one parent needs"
                self.add(row, f"{shown(self.rows.part[row])} has no quantity", do=advice, column="quantity")
        quantities = [self.amount(rows) if len(rows) > 1 else self.single(rows[0]) for rows in uses.values()]
        places = [self.rows.where(rows[0]) for rows in uses.values()]
        return [parent for parent, _ in uses], [child for _, child in uses], quantities, places

    def single(self, row: int) -> Fraction:
        """A row's quantity for one parent; one stands for a missing one, which is a problem already."""
        quantity, per = self.rows.quantity[row] or _ONE, self.rows.per[row]
        return quantity / per if per else quantity

    def amount(self, rows: list[int]) -> Fraction:
        """The quantity of a part that stands several times under one parent."""
        by_supplier: dict[str | None, list[int]] = {}
        for row in rows:
            by_supplier.setdefault(self.rows.supplier[row], []).append(row)
        totals = {}
        for supplier, same in by_supplier.items():
            totals[supplier] = sum(map(self.single, same), Fraction(0))
            if len(same) > 1:
                self.repeated(same)
        bare = next((row for row in rows[1:] if self.rows.bare(row)), None)
        if len(by_supplier) > 1 and bare is not None:
            self.repeated([rows[0], bare])
        elif len(set(totals.values())) > 1:
            odd = next(row for row in rows if totals[self.rows.supplier[row]] != totals[self.rows.supplier[rows[0]]])
            why = f"{self.rows.where(rows[0])} says {plain(self.single(rows[0]))}"
            what = f"{shown(self.rows.part[odd])} has the quantity {plain(self.single(odd))}"
            advice = "each supplier's row gives what one parent needs in all; awarded tells who gets how much"
            self.add(odd, what, why, advice, "quantity")
        return next(iter(totals.values()))

    def repeated(self, rows: list[int]) -> None:
        """Rows of one part, parent and supplier: different positions add up, otherwise it is a slip."""
        positions = {self.rows.position[row] for row in rows}
        part = shown(self.rows.part[rows[0]])
        places = listed([self.rows.table.spot(row) for row in rows])
        if len(positions) == len(rows) and None not in positions:
            self.notes.append(f"{self.rows.table.file}: {part} stands at several positions; rows {places} were added")
            return
        why = f"rows {places} have the same parent and supplier"
        advice = "if it does, give each a position; if a row was copied, take it out"
        self.add(rows[1], f"does {part} stand twice, or was a row copied?", why, advice)

    def roots(self, parent: Sequence[int], child: Sequence[int]) -> None:
        """End products have components; a lone sub-assembly below one may be the same thing twice."""
        below: dict[int, list[int]] = {root: [] for root in self.tree.roots}
        for one, two in zip(parent, child, strict=True):
            if one in below:
                below[one].append(two)
        inner = set(parent)
        stated = set(self.tree.part)
        for root, parts in below.items():
            name = self.tree.ids[root]
            if not parts:
                where = self.rows.table.at(self.rows.table.header_line)
                self.problems.add(f"the end product {shown(name)} has no components here", where, do="add their rows")
            elif len(parts) == 1 and parts[0] in inner and root not in stated:
                only = self.tree.ids[parts[0]]
                self.notes.append(f"{only} is the only part directly in {name}; if it is {name}, give both the same id")

    # --- where parts come from ------------------------------------------------------------

    def phantoms(self, assemblies: frozenset[int]) -> tuple[int, ...]:
        """Parts that only group others. They are never made or bought, so nothing of that may be said of them."""
        rows, found = self.rows, dict[int, int]()
        for row, yes in enumerate(rows.phantom):
            if yes and row not in rows.alternate:
                found.setdefault(self.tree.part[row], row)
        for row, part in enumerate(self.tree.part):
            if part in found and not rows.phantom[row] and rows.phantom[row] is not None:
                why = f"{rows.where(found[part], 'phantom')} says that it is one"
                self.add(row, f"{shown(rows.part[row])} is no phantom here", why, "make the rows agree", "phantom")
            elif part in found and not rows.bare(row):
                why = "a phantom is never made or bought; its parts are"
                do = "leave its cost, supplier and origin blank, or take the mark away"
                self.add(row, f"the phantom {shown(rows.part[row])} has a cost, supplier or origin", why, do, "phantom")
        for part, row in found.items():
            if self.sound and part in self.tree.roots:
                do = "take the mark away, or name another end product"
                self.add(
                    row, f"the end product {shown(rows.part[row])} is marked as a phantom", do=do, column="phantom"
                )
            elif self.sound and part not in assemblies:
                do = "add the rows of its parts, or take the mark away"
                self.add(row, f"the phantom {shown(rows.part[row])} has no parts", do=do, column="phantom")
        return tuple(sorted(found))

    def within(self, parent: Sequence[int], child: Sequence[int]) -> frozenset[int]:
        """The parts that stand in an end product; all of them, unless alternates were left out."""
        if not self.rows.alternate:
            return frozenset(range(len(self.tree.ids)))
        below: dict[int, list[int]] = {}
        for one, two in zip(parent, child, strict=True):
            below.setdefault(one, []).append(two)
        found, ahead = set(self.tree.roots), list(self.tree.roots)
        while ahead:
            new = [part for part in below.get(ahead.pop(), ()) if part not in found]
            found.update(new)
            ahead += new
        return frozenset(found)

    def sources(self, assemblies: frozenset[int], within: frozenset[int], phantoms: frozenset[int]) -> Sources:
        """One source for each part and supplier, in the order of the parts."""
        rows = self.rows
        of_part: list[list[int]] = [[] for _ in self.tree.ids]
        for row, part in enumerate(self.tree.part):
            if part in within and part not in phantoms and row not in rows.alternate:
                of_part[part].append(row)
        taken: list[tuple[int, str | None, list[int]]] = []
        for part, mine in enumerate(of_part):
            if len(mine) == 1:
                taken.append((part, rows.supplier[mine[0]], mine))
                self.whole(mine)
            elif mine:
                taken.extend((part, supplier, group) for supplier, group in self.by_supplier(mine).items())
        # Without edges, because levels could not be read, nobody knows what is made of what.
        for part, _, group in taken if self.sound or self.tree.edges else ():
            self.priced(part in assemblies or part in self.tree.roots, group)
        self.free(taken)
        price = [_first(rows.price, group) for *_, group in taken]
        return Sources(
            part=tuple(part for part, *_ in taken),
            supplier=tuple(supplier for _, supplier, _ in taken),
            origin=tuple(_first(rows.origin, group) or () for *_, group in taken),
            supplied_from=tuple(_first(rows.supplied_from, group) for *_, group in taken),
            price_low=tuple(one[0] if one else None for one in price),
            price_high=tuple(one[1] if one else None for one in price),
            currency=tuple(
                Currency(_first(rows.currency, group) or self.own) if one else None
                for one, (*_, group) in zip(price, taken, strict=True)
            ),
            cost_kind=tuple(_first(rows.cost_kind, group) or "component" for *_, group in taken),
            awarded=tuple(_awarded(rows, group) for *_, group in taken),
            declaration=tuple(_first(rows.declaration, group) for *_, group in taken),
            evidence=tuple(_first(rows.evidence, group) for *_, group in taken),
            row=tuple(rows.where(group[0]) for *_, group in taken),
            materials=materials.stated([_first(rows.materials, group) for *_, group in taken]),
            price_per=tuple(_first(rows.price_per, group) for *_, group in taken) if any(rows.price_per) else (),
        )

    def by_supplier(self, mine: list[int]) -> dict[str | None, list[int]]:
        """The rows of one part by supplier; what they say of it must agree, a blank inherits."""
        named = list(dict.fromkeys(name for row in mine if (name := self.rows.supplier[row]) is not None))
        self.agree(mine, self.rows.name, "name", str)
        groups: dict[str | None, list[int]] = {}
        for row in mine:
            supplier = self.rows.supplier[row]
            if supplier is None and len(named) == 1:
                supplier = named[0]
            if len(named) < 2 or not self.rows.bare(row):
                groups.setdefault(supplier, []).append(row)
        for group in groups.values():
            if len(group) > 1:
                self.agree_all(group)
        self.whole([group[0] for group in groups.values()], groups.values())
        return groups

    def agree_all(self, group: list[int]) -> None:
        """What the rows of one part and supplier must agree on."""
        rows = self.rows
        priced = [row for row in group if rows.price[row] is not None]
        self.agree(priced, rows.price, "unit_cost", _range)
        self.agree(priced, {row: rows.currency[row] or self.own for row in priced}, "currency", str)
        self.agree(group, rows.origin, "origin", lambda origin: origins.written(origin, plain))
        self.agree(group, rows.awarded, "awarded", _percent)
        self.agree(group, rows.materials, "materials", materials.told)
        for column in ("supplied_from", "cost_kind", "declaration", "evidence"):
            self.agree(group, getattr(rows, column), column, str)

    def agree(self, group: list[int], values: Values, column: str, show: Callable[[Any], str]) -> None:
        """Two rows of one part must not contradict each other."""
        first: int | None = None
        for row in group:
            if values[row] is None:
                continue
            if first is None:
                first = row
            elif values[row] != values[first]:
                what = f"{shown(self.rows.part[row])} has the {column.replace('_', ' ')} {show(values[row])}"
                why = f"{self.rows.where(first, column)} says {show(values[first])}"
                self.add(row, what, why, "make the rows agree, or leave one of them blank", column)
                return

    def whole(self, rows: list[int], groups: Iterable[list[int]] = ()) -> None:
        """The awarded shares of a part's suppliers make up all of it."""
        stated = [_first(self.rows.awarded, group) for group in groups or [[row] for row in rows]]
        if len(rows) == 1 and stated[0] is None:
            return
        part = shown(self.rows.part[rows[0]])
        if any(share is None for share in stated):
            if self.rows.broken.intersection(rows):
                return
            suppliers = listed([self.rows.supplier[row] or "one without a name" for row in rows])
            why = f"it comes from {suppliers}"
            self.add(
                rows[1],
                f"the awarded shares of {part} are missing",
                why,
                "write for each how much it is awarded",
                "awarded",
            )
        elif (total := sum(share for share in stated if share is not None)) != 1:
            what = f"the awarded shares of {part} sum to {_percent(Fraction(total))}"
            self.add(rows[-1], what, do="they are parts of 100", column="awarded")

    def priced(self, made: bool, group: list[int]) -> None:
        """A part that is not made of others has a cost."""
        if made or any(self.rows.price[row] is not None or row in self.rows.broken for row in group):
            return
        advice = "missing is not zero: write the cost, or while it is open its ends under cost_low and cost_high"
        self.add(group[0], f"{shown(self.rows.part[group[0]])} has no cost", do=advice, column="unit_cost")

    def free(self, taken: list[tuple[int, str | None, list[int]]]) -> None:
        """Parts that cost nothing are allowed and mentioned."""
        nothing = [self.tree.ids[part] for part, _, group in taken if _first(self.rows.price, group) == (0, 0)]
        if nothing:
            self.notes.append(f"{self.rows.table.file}: cost nothing, as written: {listed(nothing)}")


def _awarded(rows: Rows, group: list[int]) -> Fraction:
    """What is awarded to one supplier; all of it where nothing is stated, nothing where nothing is awarded."""
    stated = _first(rows.awarded, group)
    return _ONE if stated is None else stated


def _first(values: Sequence[Any], group: list[int]) -> Any:
    """The first value that is stated in a group of rows."""
    if len(group) == 1:  # nearly always
        return values[group[0]]
    return next((values[row] for row in group if values[row] is not None), None)


def _range(price: tuple[Fraction, Fraction]) -> str:
    low, high = map(plain, price)
    return low if low == high else f"{low} to {high}"


def _percent(share: Fraction) -> str:
    return f"{plain(share * 100)} %"
