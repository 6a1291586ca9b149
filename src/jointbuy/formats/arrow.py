"""CSV and Parquet as columns of codes, for large bills only (extra `large`).

Whatever is unusual about a file gives None, and the readers that tell of every trouble take over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from jointbuy import memory
from jointbuy.errors import Where
from jointbuy.formats import markings
from jointbuy.formats.coded import Coded, Column
from jointbuy.formats.columns import recognise
from jointbuy.formats.files import Content
from jointbuy.formats.parquet import texts_of
from jointbuy.formats.problems import Problems
from jointbuy.formats.table import FOOT, Table, header_of, records_of
from jointbuy.packed import Rows

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_ESCAPED = re.compile(rb"'[=+\-@\t\r\n]")
_HEAD = 100_000
_START, _A_ROW = 150_000_000, 320
"""Bytes that the program takes, and that a row takes at the most while it is read (measured on ten million rows)."""


def read_csv(content: Content, columns: Mapping[str, str]) -> Coded | None:
    """A CSV file in UTF-8 whose every line is a row."""
    data = content.data.removeprefix(b"\xef\xbb\xbf")
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"PK")) or _CONTROL.search(data) or _ESCAPED.search(data):
        return None
    head = data[:_HEAD].rpartition(b"\n")[0].decode("utf-8", errors="replace")
    best = header_of(head, columns)
    if best is None:
        return None
    at, header, line, delimiter = best
    sign = re.escape(delimiter.encode())
    if re.search(rb'[^"\r\n' + sign + rb']"[^"\r\n' + sign + rb"]", data):
        return None  # a quote inside of a word: programs differ
    first, _ = records_of(head, delimiter, at)
    tail, _ = records_of(data[-_HEAD:].partition(b"\n")[2].decode("utf-8", errors="replace"), delimiter)
    markings.check_rows((Where(content.name, one), fields) for one, fields in [*first, *tail[-FOOT:]])
    rows = data.count(b"\n") + (not data.endswith(b"\n")) - line
    _must_hold(content.name, rows)
    names = [f"c{place}" for place in range(len(header.titles))]
    used = {f"c{place}": ours for ours, place in header.index.items()}
    kinds = {name: pa.dictionary(pa.int32(), pa.string()) for name in used}
    try:
        table = pyarrow.csv.read_csv(
            io.BytesIO(data),
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=line, block_size=1 << 24),
            parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, ignore_empty_lines=False),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=kinds, include_columns=list(used), strings_can_be_null=False
            ),
        )
    except (pa.ArrowException, ValueError, csv.Error):
        return None
    if table.num_rows != rows:
        return None  # a value goes over several lines, or a line is blank
    coded = {ours: _column(table.column(name), None) for name, ours in used.items()}
    if any(column is None for column in coded.values()):
        return None
    known = {ours: column for ours, column in coded.items() if column is not None}
    lines = np.arange(line + 1, line + 1 + rows, dtype=np.int32)
    return Coded(content.name, header, known, lines, partial(Rows, content.name), delimiter)


def read_parquet(content: Content, columns: Mapping[str, str]) -> Coded | None:
    """A Parquet file of plain columns."""
    try:
        schema = pq.read_schema(io.BytesIO(content.data))
        titles = [str(name) for name in schema.names]
        header = recognise(titles, columns)
        words = [one.name for one in schema if pa.types.is_string(one.type) or pa.types.is_large_string(one.type)]
        file = pq.ParquetFile(io.BytesIO(content.data), read_dictionary=words)
        used = {titles[at]: ours for ours, at in header.index.items()}
        if len(used) < len(header.index) or any(pa.types.is_nested(schema.field(name).type) for name in used):
            return None
        _must_hold(content.name, file.metadata.num_rows)
        table = file.read(columns=list(used))
        notes: list[str] = []
        problems = Problems()
        known = {}
        # In the order of the file, as the other reader goes and notes.
        for name in (title for title in titles if title in used):
            shown = Table(content.name, header, 0, [], [])
            column = _column(table.column(name), (shown, titles.index(name), problems, notes))
            if column is None or problems.found:
                return None
            known[used[name]] = column
    except (pa.ArrowException, OSError, ValueError, LookupError, MemoryError):
        return None
    lines = np.arange(1, table.num_rows + 1, dtype=np.int32)
    # A file of columns has no lines; a place in it shows the row, and the column of parts.
    title = titles[header.index["part"]] if "part" in header.index else None
    placed = partial(Rows, content.name, column=title)
    return Coded(content.name, header, known, lines, placed, notes=tuple(notes))


def _must_hold(file: str, rows: int) -> None:
    """Refuse a file that would not fit into memory. Raises errors.Limit."""
    do = f"split the bill, use a machine with more, or raise {memory.VARIABLE}; nothing was written"
    memory.must_hold(_START + rows * _A_ROW, f"{file}, with {rows:,} rows,", do)


def _column(data: pa.ChunkedArray, typed: tuple[Table, int, Problems, list[str]] | None) -> Column | None:
    """A column with its texts stripped, distinct, and the blank first."""
    if not pa.types.is_dictionary(data.type):
        data = data.dictionary_encode()
    whole = data.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], data.type)
    values = whole.dictionary
    if typed is None:
        texts = values.to_pylist()
    else:
        table, at, problems, notes = typed
        texts = texts_of(pa, table, at, pa.chunked_array([values]), problems, notes)
    known = {"": 0}
    place = np.array([known.setdefault(text.strip(), len(known)) for text in texts] or [0], np.int32)
    indices = whole.indices
    codes = indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    codes = place[codes]
    if indices.null_count:
        codes[indices.is_null().to_numpy(zero_copy_only=False)] = 0
    return Column(list(known), codes)
