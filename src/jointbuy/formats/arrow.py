"""CSV and Parquet as columns of codes, for large bills only (extra `large`).

Whatever is unusual about a file gives None, and the readers that tell of every trouble take over.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from jointbuy import memory
from jointbuy.errors import Where
from jointbuy.formats import markings
from jointbuy.formats.coded import Coded, Codes, Column
from jointbuy.formats.columns import Header, recognise
from jointbuy.formats.files import Content
from jointbuy.formats.interning import Interner
from jointbuy.formats.interning import column as interned
from jointbuy.formats.parquet import texts_of
from jointbuy.formats.problems import Problems
from jointbuy.formats.table import FOOT, Table, header_of, records_of
from jointbuy.packed import Rows

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_ESCAPED = re.compile(rb"'[=+\-@\t\r\n]")
_HEAD = 100_000
_START, _A_ROW = 150_000_000, 320
_CODED = 5
"""Bytes a row up to which a column of texts is taken for one that the file holds by a dictionary."""
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
    """A Parquet file of plain columns, read side by side."""
    try:
        file = pq.ParquetFile(pa.BufferReader(content.data))
        schema = file.schema_arrow
        titles = [str(name) for name in schema.names]
        header = recognise(titles, columns)
        used = {titles[at]: ours for ours, at in header.index.items()}
        if len(used) < len(header.index) or any(pa.types.is_nested(schema.field(name).type) for name in used):
            return None
        _must_hold(content.name, file.metadata.num_rows)
        # In the order of the file, as the other reader goes and notes.
        names = [title for title in titles if title in used]
        with ThreadPoolExecutor(min(len(names), os.cpu_count() or 1)) as pool:
            made = list(pool.map(partial(_parquet_column, content, header, file.metadata), names))
    except (pa.ArrowException, OSError, ValueError, LookupError, MemoryError):
        return None
    if any(column is None or len(column.codes) != file.metadata.num_rows for column, _ in made):
        return None
    known = {used[name]: column for name, (column, _) in zip(names, made, strict=True) if column is not None}
    notes = tuple(note for _, told in made for note in told)
    lines = np.arange(1, file.metadata.num_rows + 1, dtype=np.int32)
    # A file of columns has no lines; a place in it shows the row, and the column of parts.
    title = titles[header.index["part"]] if "part" in header.index else None
    return Coded(content.name, header, known, lines, partial(Rows, content.name, column=title), notes=notes)


def _parquet_column(
    content: Content, header: Header, metadata: pq.FileMetaData, name: str
) -> tuple[Column | None, list[str]]:
    """One column and what is to be noted of it; None where a value in it is none of ours."""
    at = header.titles.index(name)
    kind = metadata.schema.to_arrow_schema().field(name).type
    notes: list[str] = []
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        data = pq.ParquetFile(pa.BufferReader(content.data), metadata=metadata).read(columns=[name], use_threads=False)
        problems = Problems()
        column = _column(data.column(0), (Table(content.name, header, 0, [], []), at, problems, notes))
        return (None if problems.found else column), notes
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    size = sum(_chunk(group, name).total_uncompressed_size for group in groups)
    # What the file holds by its dictionary is left so; where that grew too large, texts are faster read as they are.
    packed = [name] if size <= _CODED * metadata.num_rows else []
    file = pq.ParquetFile(pa.BufferReader(content.data), metadata=metadata, read_dictionary=packed)
    interner, codes = Interner(), []
    for group in range(metadata.num_row_groups):
        read = file.read_row_group(group, columns=[name], use_threads=False)
        codes += [_interned(chunk, interner) for chunk in read.column(0).chunks]
    return interned(interner.texts(), np.concatenate(codes) if codes else np.zeros(0, np.int32)), notes


def _chunk(group: Any, name: str) -> Any:
    """What a row group says of one column."""
    return next(one for one in map(group.column, range(group.num_columns)) if one.path_in_schema == name)


def _interned(array: pa.Array, interner: Interner) -> Codes:
    """The codes of the texts of one chunk."""
    if pa.types.is_dictionary(array.type):
        place = np.append(_interned(array.dictionary, interner), np.int32(0))
        indices = array.indices.fill_null(len(array.dictionary)) if array.null_count else array.indices
        return np.asarray(place[indices.to_numpy()], np.int32)
    wide = np.int64 if pa.types.is_large_string(array.type) else np.int32
    _, places, data = array.buffers()
    if places is None or not len(array):
        return np.zeros(len(array), np.int32)
    starts = np.frombuffer(places, wide)[array.offset : array.offset + len(array) + 1]
    begin, end = starts[:-1], starts[1:]
    if array.null_count:
        end = np.where(array.is_null().to_numpy(zero_copy_only=False), begin, end)
    return interner.codes(np.frombuffer(data, np.uint8) if data else np.zeros(0, np.uint8), begin, end)


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
