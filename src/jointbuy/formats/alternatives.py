"""Other sources for parts of a bill: a table beside it, one row for each part and offer."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path, PurePosixPath

from jointbuy.errors import Unusable, Where
from jointbuy.exact import Origin, Range
from jointbuy.formats import markings, scalars
from jointbuy.formats.cells import Reader, decimal_commas
from jointbuy.formats.columns import Header, fold
from jointbuy.formats.files import Content, find_bill, text_of
from jointbuy.formats.problems import Problems, listed, plain, shown
from jointbuy.formats.rows import suppliers
from jointbuy.formats.scalars import Wrong
from jointbuy.formats.table import DELIMITERS, Table
from jointbuy.model import Bom, Currency, Purchase
from jointbuy.places import Places
from jointbuy.remedy import Alternative

COLUMNS = (
    "part", "supplier", "origin", "unit_cost", "currency", "lead_time", "qualification_cost", "available_from",
    "declaration", "evidence", "together", "not_with", "replaces",
)  # fmt: skip
_NEEDED = ("part", "origin", "unit_cost", "qualification_cost")
_LONGEST_WAIT = 36_525


def read_alternatives(
    folder: Path, purchase: Purchase, places: Places, bom: Bom, notes: list[str]
) -> tuple[tuple[Alternative, ...], Mapping[str, str]]:
    """The alternatives that a purchase names, in the order of their file, and its digest by its name.

    A cost is read as the bill's own cell is: for as many, and in the unit, as stand there; a blank currency is the
    contract's. Raises Unusable with every problem in the file.
    """
    problems = Problems()
    stated, at = purchase.alternatives or "", purchase.where.get("alternatives", Where("purchase.yaml"))
    found = find_bill(folder, stated, at, problems, "alternatives")
    problems.raise_if_any()
    assert found is not None  # noqa: S101 - else there was a problem
    content, sheet = found
    problems.files.append(content.name)
    table = _table(content, sheet, problems)
    commas = decimal_commas(table, notes)
    if "unit_cost" in commas:
        commas |= {"qualification_cost"}
    offers = _Offers(Reader(table, places, problems, notes, commas), purchase, bom)
    read = offers.read()
    problems.raise_if_any()
    return read, {content.name: content.digest}


class _Offers:
    """Reads the rows of one table against the bill they belong to."""

    def __init__(self, reader: Reader, purchase: Purchase, bom: Bom) -> None:
        self.reader, self.purchase, self.bom = reader, purchase, bom
        self.table, self.problems = reader.table, reader.problems
        self.index = {name: part for part, name in enumerate(bom.parts)}
        self.of_part: dict[int, list[int]] = defaultdict(list)
        for source, part in enumerate(bom.sources.part):
            self.of_part[part].append(source)
        self.made = frozenset(bom.parent)
        own = purchase.contract.currency
        self.rates: dict[str, Fraction] = {own: Fraction(1)}
        self.rates |= {each.currency: each.rate for each in purchase.exchange_rates}
        self.lost: set[str] = set()
        """Labels of rows that are left out for a fault of their own: who else bears one is not at fault."""

    def read(self) -> tuple[Alternative, ...]:
        """Every row that can be read; what is wrong in the others is among the problems."""
        reader = self.reader
        parts, prices, currencies = reader.texts("part"), reader.spans("unit_cost"), reader.currencies()
        sold, sources = suppliers(reader, self.purchase), reader.origins()
        once = reader.column("qualification_cost", self._once)
        waits, days = reader.column("lead_time", _days), reader.column("available_from", scalars.day)
        texts = {name: reader.texts(name) for name in ("declaration", "evidence", "together", "not_with", "replaces")}
        found = []
        for row, part in enumerate(parts):
            before = len(self.problems.found)
            replaced = self._replaced(row, part, texts["replaces"][row])
            price, currency = prices[row], currencies[row] or self.purchase.contract.currency
            self._stated(row, part, price, once[row])
            if currency not in self.rates:
                do = f"state the rate under exchange_rates, or give the cost in {self.purchase.contract.currency}"
                self.add(row, f"there is no exchange rate for {currency}", do=do, column="currency")
            if len(self.problems.found) > before or replaced is None or price is None or row in reader.refused:
                self.lost |= {texts["together"][row] or "", *_labels(texts["not_with"][row])}
                continue
            found.append(
                Alternative(
                    part=part or "",
                    replaces=replaced,
                    supplier=sold[row],
                    origin=self._origin(row, sources[row]),
                    price=self._for_one(replaced, Range(*price)),
                    currency=Currency(currency),
                    lead_time=waits[row],
                    qualification=(once[row] or Fraction(0)) * self.rates[currency],
                    available_from=days[row],
                    declaration=texts["declaration"][row],
                    evidence=texts["evidence"][row],
                    together=texts["together"][row],
                    not_with=_labels(texts["not_with"][row]),
                    row=self.table.where(row),
                )
            )
        self._apart(found)
        self._together(found)
        self._not_with(found)
        return tuple(found)

    def add(self, row: int, what: str, why: str = "", do: str = "", column: str | None = None) -> None:
        """A problem with a row."""
        self.problems.add(what, self.table.where(row, column), why, do)

    def _once(self, text: str) -> Fraction:
        value = self.reader.number("qualification_cost", text)
        if value < 0:
            raise Wrong("a cost cannot be negative", "write 0 where nothing has to be qualified")
        return value

    def _stated(self, row: int, part: str | None, price: object, once: Fraction | None) -> None:
        """Costs are stated: missing is not zero (§1)."""
        if row in self.reader.refused:
            return
        if price is None:
            do = "missing is not zero: write what one costs"
            self.add(row, f"{shown(part or 'this row')} has no unit_cost", do=do)
        if once is None:
            do = "missing is not zero: write what is paid once, and 0 where nothing has to be qualified"
            self.add(row, f"{shown(part or 'this row')} has no qualification_cost", do=do)

    def _origin(self, row: int, origin: Origin | None) -> Origin:
        if origin is None:
            where = self.table.where(row, "origin")
            self.reader.notes.append(f"{where}: no origin is declared, so it counts where it hurts each limit most")
        return origin or ()

    def _replaced(self, row: int, part: str | None, name: str | None) -> int | None:
        """The source of the bill that a row would take the place of."""
        if not part:
            self.add(row, "this row names no part", do="write its id as the bill does")
            return None
        if part not in self.index:
            near = self.problems.near(part, self.index, "write its id as the bill does")
            self.add(row, f"there is no part {shown(part)} in the bill", do=near, column="part")
            return None
        at = self.index[part]
        if at in self.bom.roots:
            self.add(row, f"{shown(part)} is the end product itself", do="name a part of it", column="part")
            return None
        mine = self.of_part.get(at, [])
        known = [self.bom.sources.supplier[source] for source in mine]
        found = [source for source, supplier in zip(mine, known, strict=True) if name in {None, supplier}]
        if len(found) == 1 and not (at in self.made and len(mine) > 1):
            return found[0]
        said = listed([supplier or "one without a name" for supplier in known]) or "nobody the bill tells of"
        if len(found) == 1:
            why = "it is made of parts of its own, and of these the bill does not say who supplies which assembly"
            self.add(row, f"{shown(part)} comes from several suppliers: {said}", why, "leave it out", "part")
        elif not name:
            do = "name under replaces the supplier whose share it would take over" if mine else "give it a source first"
            self.add(row, f"{shown(part)} comes from {said}", do=do, column="part")
        else:
            self.add(row, f"{shown(part)} does not come from {shown(name)}", f"it comes from {said}", column="replaces")
        return None

    def _for_one(self, source: int, price: Range) -> Range:
        per = self.bom.sources.price_per[source] if self.bom.sources.price_per else None
        return price.times(1 / per) if per else price

    def _apart(self, found: Sequence[Alternative]) -> None:
        """No row says what the bill says already, or what another row says."""
        table = self.bom.sources
        first: dict[object, Alternative] = {}
        for each in found:
            at = each.replaces
            as_it_is = (table.supplier[at], tuple(table.origin[at]), table.price_low[at], table.price_high[at])
            currency = table.currency[at] or self.purchase.contract.currency
            if as_it_is == (each.supplier, each.origin, each.price.low, each.price.high) and currency == each.currency:
                why = f"{table.row[at]} says the same" if table.row else ""
                do = "take it out, or correct what would be different"
                self.problems.add(f"{shown(each.part)} comes from there already", each.row, why, do)
            key = (at, each.supplier, each.origin, each.together)
            other = first.setdefault(key, each)
            if other is not each:
                why = f"{other.row} has the same supplier and origin"
                self.problems.add(f"{shown(each.part)} is offered twice", each.row, why, "keep one of the two")

    def _together(self, found: Sequence[Alternative]) -> None:
        """A label ties several parts."""
        tied: dict[str, list[Alternative]] = defaultdict(list)
        for each in found:
            if each.together:
                tied[each.together].append(each)
        for label, rows in tied.items():
            if len({each.replaces for each in rows}) == 1 and label not in self.lost:
                do = "give the label to the parts that change with it, or take it away"
                what = f"together is {shown(label)}, and no other part has that label"
                self.problems.add(what, rows[0].row, f"only {rows[0].part} would change", do)

    def _not_with(self, found: Sequence[Alternative]) -> None:
        """A label keeps offers for several parts from each other, and none that must change together."""
        apart: dict[str, list[Alternative]] = defaultdict(list)
        for each in found:
            for label in each.not_with:
                apart[label].append(each)
        packs: dict[tuple[str, int], list[Alternative]] = defaultdict(list)
        for each in found:
            if each.together:
                packs[each.together, each.replaces].append(each)
        for label, rows in apart.items():
            said, one = f"not_with is {shown(label)}", rows[0]
            if len({each.replaces for each in rows}) == 1 and label not in self.lost:
                why = "one source of a part is chosen anyway" if rows[1:] else "there is nothing it could exclude"
                do = "give the label to what excludes it, or take it away"
                self.problems.add(f"{said}, and no other part has that label", one.row, why, do)
            bound: dict[str, list[Alternative]] = defaultdict(list)
            for (pack, _), offers in packs.items():
                if all(label in each.not_with for each in offers):
                    bound[pack].append(offers[0])
            for pack, (first, *others) in bound.items():
                for other in others:
                    why = f"{first.row} has both labels too: {first.part} and {other.part} must change together"
                    what = f"{said}, and together {shown(pack)}: what excludes each other cannot change together"
                    self.problems.add(what, other.row, why, "take one of the labels away")


def _labels(text: str | None) -> tuple[str, ...]:
    """Labels in one cell, with semicolons between them."""
    return tuple(dict.fromkeys(label for part in (text or "").split(";") if (label := part.strip())))


def _days(text: str) -> int:
    number = scalars.number(text.removesuffix("days").strip())
    if number.denominator != 1 or not 0 <= number <= _LONGEST_WAIT:
        raise Wrong(f"{plain(number)} is no number of days", "write whole days, such as 180")
    return int(number)


def _table(content: Content, sheet: str | None, problems: Problems) -> Table:
    """The rows below the header. Raises Unusable where there are none."""
    workbook = PurePosixPath(content.name).suffix.casefold() == ".xlsx"
    name, delimiter, rows = _sheet(content, sheet, problems) if workbook else (None, *_csv(content, problems))
    markings.check_rows((Where(content.name, line), row) for line, row in rows[:1] + rows[-3:])
    titles = rows[0][1] if rows else []
    index = {column: at for at, title in enumerate(titles) for column in COLUMNS if fold(title) == fold(column)}
    head = Where(content.name, rows[0][0] if rows else 1)
    for title in titles:
        if title.strip() and fold(title) not in set(map(fold, COLUMNS)):
            near = problems.near(title, COLUMNS, f"there are: {', '.join(COLUMNS)}")
            problems.add(f"there is no column {shown(title)} of alternatives", head, do=near)
    if missing := [column for column in _NEEDED if column not in index]:
        why = f"the header reads: {', '.join(titles)[:120]}" if titles else "the file is empty"
        do = f"write a header with {', '.join(COLUMNS)}"
        problems.add(f"the alternatives have no column {', '.join(missing)}", head, why, do)
    elif len(rows) < 2:
        problems.add("there are no alternatives", head, "below the header is no row", "write one for each offer")
    problems.raise_if_any()
    lines, texts = [line for line, _ in rows[1:]], [row for _, row in rows[1:]]
    wide = [line for line, row in rows[1:] if any(cell.strip() for cell in row[len(titles) :])]
    for line in wide:
        problems.add("this row is too long", Where(content.name, line), "it has more values than the header has names")
    return Table(content.name, Header(titles, index), head.line or 1, lines, texts, name, delimiter)


def _csv(content: Content, problems: Problems) -> tuple[str, list[tuple[int, list[str]]]]:
    text = text_of(content, problems) or ""
    problems.raise_if_any()
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(map(str.strip, row)):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        problems.add("this row cannot be read", Where(content.name, line), str(error), "check its quotes")
        raise Unusable(problems.in_order()) from None
    return delimiter, rows


def _sheet(
    content: Content, sheet: str | None, problems: Problems
) -> tuple[str, str | None, list[tuple[int, list[str]]]]:
    """The sheet that is named, or the first; dates of cells as they are written in text."""
    # Imported on use: most alternatives are text.
    from jointbuy.formats.workbook import DAMAGED, Refused, cell_text, grids_of

    try:
        grids, _ = grids_of(content, problems)
    except Refused as refused:
        problems.add(refused.what, Where(content.name), refused.why, refused.do)
        raise Unusable(problems.in_order()) from None
    except DAMAGED:
        advice = "open it in your spreadsheet program and save it again as .xlsx or as CSV UTF-8"
        problems.add("the workbook is damaged or not a workbook", Where(content.name), do=advice)
        raise Unusable(problems.in_order()) from None
    name = sheet or next(iter(grids), "")
    if name not in grids:
        near = problems.near(name, list(grids), f"the sheets are: {listed(list(grids))}")
        problems.add(f"there is no sheet {shown(name)}", Where(content.name), do=near)
        raise Unusable(problems.in_order())

    def text(cell: object) -> str:
        return cell.isoformat()[:10] if isinstance(cell, date) else cell_text(cell)

    rows = [(line, [text(cell) for cell in cells]) for line, cells in enumerate(grids[name], start=1)]
    return name, None, [(line, row) for line, row in rows if any(map(str.strip, row))]
