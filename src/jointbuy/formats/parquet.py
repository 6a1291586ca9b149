"""Bills in Parquet, in and out. pyarrow is an extra and imported only here, by the function that needs it.

A column is read as what its type says: texts as written, whole and decimal numbers exactly, binary floating point
as the shortest decimal that means it. Types that a bill has no use for are refused in the columns that are read.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import ModuleType
from typing import Any

from jointbuy.errors import Problem, Unusable, Where
from jointbuy.formats.columns import Header, recognise
from jointbuy.formats.files import Content, must_hold, needed_by_rows
from jointbuy.formats.problems import Problems, shown
from jointbuy.formats.table import Table, is_total, no_header
from jointbuy.formats.written import NUMBERS

MAX_CELLS = 20_000_000
MAX_UNPACKED = 1_000_000_000
_DIGITS = 76
"""Digits of the longest decimal that Parquet programs share."""


def read_parquet(content: Content, columns: Mapping[str, str], problems: Problems, notes: list[str]) -> Table | None:
    """The table of a Parquet file; None, and problems, where it cannot be read."""
    arrow = _arrow(Where(content.name))
    try:
        # Texts stay in the file's own dictionaries, so that one long text in many rows is held once.
        schema = arrow.parquet.read_schema(io.BytesIO(content.data))
        texts = [one.name for one in schema if arrow.types.is_string(one.type) or arrow.types.is_large_string(one.type)]
        file = arrow.parquet.ParquetFile(io.BytesIO(content.data), read_dictionary=texts)
        titles = [str(name) for name in file.schema_arrow.names]
        header = recognise(titles, columns)
        if not {"part", "name"} & header.index.keys():
            no_header(content.name, titles, problems)
            return None
        used = sorted(header.index.values())
        if reason := _too_large(file, len(used)):
            problems.add("the file is too large", Where(content.name), reason, "split it, or leave out columns")
            return None
        rows = file.metadata.num_rows
        must_hold(content.name, rows, needed_by_rows(rows, rows * len(titles)))
        table = Table(content.name, header, 0, [], [])
        before = len(problems.found)
        for at in used:  # what is refused by its type alone needs no reading
            _nested(arrow, table, at, file.schema_arrow.field(at).type, problems)
        if len(problems.found) > before:
            return None
        cells = {}
        for at in used:
            data = file.read(columns=[titles[at]], use_threads=False).column(0)
            cells[at] = texts_of(arrow, table, at, data, problems, notes)
        if len({len(texts) for texts in cells.values()}) > 1:
            raise ValueError("its columns are not of one length")
    except (arrow.ArrowException, OSError, ValueError, LookupError, OverflowError, MemoryError) as error:
        why = " ".join(str(error).split())[:120]
        advice = "write it again, or give the bill as CSV"
        problems.add("the file is damaged or not Parquet", Where(content.name), why, advice)
        return None
    _fill(table, header, cells)
    return table


def _arrow(where: Where | None) -> ModuleType:
    """The library. Raises Unusable, saying how to get it, where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        why = "Parquet needs pyarrow, which is not installed"
        advice = 'install it with: pip install "jointbuy[parquet]"; or give the bill as CSV or XLSX'
        raise Unusable([Problem("this file cannot be read or written here", where, why, advice)]) from None
    module: ModuleType = pyarrow
    return module


def _too_large(file: Any, columns: int) -> str:
    """Why a file is not unpacked, judged by what it says of itself before anything is."""
    rows, groups = file.metadata.num_rows, file.metadata.num_row_groups
    if rows * max(columns, 1) > MAX_CELLS:
        return f"it has {rows:,} rows of {columns} columns that are read, and at most {MAX_CELLS:,} cells are"
    if sum(file.metadata.row_group(at).total_byte_size for at in range(groups)) > MAX_UNPACKED:
        return f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB"
    return ""


def _nested(arrow: ModuleType, table: Table, at: int, kind: Any, problems: Problems) -> None:
    """Refuse a column whose values hold others."""
    if arrow.types.is_nested(kind):
        what = f"the column {shown(table.header.titles[at])} is nested ({str(kind)[:60]})"
        problems.add(what, Where(table.file), "one text or number for each row is expected", "unnest it, or rename it")


def texts_of(arrow: ModuleType, table: Table, at: int, data: Any, problems: Problems, notes: list[str]) -> list[str]:
    """The values of a column as texts; a missing one is blank."""
    title, kinds = table.header.titles[at], arrow.types
    found: list[str] = []
    floats = False
    for chunk in data.chunks:
        kind = chunk.type
        values: Sequence[Any]
        if kinds.is_dictionary(kind):
            known, kind = chunk.dictionary.to_pylist(), kind.value_type
            values = [None if index is None else known[index] for index in chunk.indices.to_pylist()]
        else:
            values = chunk.to_pylist()
        if kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind):
            found += ["" if value is None else value for value in values]
        elif kinds.is_integer(kind):
            found += ["" if value is None else str(value) for value in values]
        elif kinds.is_decimal(kind):
            found += ["" if value is None else _decimal(value) for value in values]
        elif kinds.is_floating(kind):
            floats = True
            found += _floats(table, at, kind.bit_width, values, len(found), problems)
        else:
            first = next((row for row, value in enumerate(values) if value is not None), None)
            if first is not None:
                what = f"{shown(title)} is {shown(str(values[first]))}, of the type {kind}"
                where = table.at(len(found) + first + 1, at)
                problems.add(what, where, "text or a number is expected", "write the value itself, as text")
            found += [""] * len(values)
    if floats:
        notes.append(f"{table.file}: {shown(title)} holds binary floating point; read as the shortest decimals")
    return found


def _floats(table: Table, at: int, bits: int, values: Sequence[Any], base: int, problems: Problems) -> list[str]:
    """Binary numbers as the shortest decimals that mean them; what is no number is a problem."""
    import numpy

    kind = {16: numpy.float16, 32: numpy.float32}.get(bits, numpy.float64)
    found = []
    for row, value in enumerate(values):
        if value is None:
            found.append("")
            continue
        if value != value or value in (float("inf"), float("-inf")):
            where, advice = table.at(base + row + 1, at), "leave it empty (null) where nothing is known"
            problems.add(f"{shown(table.header.titles[at])} is {value}", where, "that is no number", advice)
            found.append("")
            continue
        text = str(kind(value)) if bits < 64 else repr(value)
        found.append(text.removesuffix(".0"))
        if "." in found[-1]:
            table.fractions.add((base + row, at))
    return found


def _decimal(value: Decimal) -> str:
    """A decimal without the zeros that only fill up its type."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _fill(table: Table, header: Header, texts: dict[int, list[str]]) -> None:
    """The rows of a table from its columns; blank rows and totals are left out as in the other formats."""
    blank = [""] * len(next(iter(texts.values()), []))
    width = range(len(header.titles))
    kept: set[tuple[int, int]] = set()
    for line, cells in enumerate(zip(*(texts.get(at, blank) for at in width), strict=True), 1):
        if is_total(header, cells):
            table.totals.append(line)
        elif any(map(str.strip, cells)):
            kept.update((len(table.rows), at) for at in texts if (line - 1, at) in table.fractions)
            table.lines.append(line)
            table.rows.append(list(cells))
    table.fractions.clear()
    table.fractions.update(kept)


# --- out ------------------------------------------------------------------------------------


def written(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A bill's rows as a Parquet file: numbers as decimals where all of a column fit into one type, else as text."""
    arrow = _arrow(None)
    arrays = []
    for at, name in enumerate(columns):
        texts = [row[at] or None for row in rows]
        kind = _type(arrow, texts) if name in NUMBERS else arrow.string()
        values = texts if kind == arrow.string() else [None if text is None else Decimal(text) for text in texts]
        arrays.append(arrow.array(values, kind))
    file = io.BytesIO()
    arrow.parquet.write_table(arrow.table(arrays, names=list(columns)), file, compression="zstd")
    return file.getvalue()


def _type(arrow: ModuleType, texts: Sequence[str | None]) -> Any:
    """The decimal type that holds all of the numbers, or text."""
    numbers = [text for text in texts if text is not None]
    if not all(text.replace(".", "", 1).isdecimal() for text in numbers):
        return arrow.string()
    scale = max((len(text.partition(".")[2]) for text in numbers), default=0)
    digits = max((len(text.partition(".")[0]) for text in numbers), default=1) + scale
    if digits > _DIGITS:
        return arrow.string()
    return arrow.decimal128(38, scale) if digits <= 38 else arrow.decimal256(_DIGITS, scale)
