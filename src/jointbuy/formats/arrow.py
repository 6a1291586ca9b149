"""Parquet as columns of codes, for large bills only (extra `large`).

Whatever is unusual about a file gives None, and the readers that tell of every trouble take over.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jointbuy import progress
from jointbuy.formats.coded import A_ROW, COMPILED, Coded, Codes, Column
from jointbuy.formats.columns import Header, recognise
from jointbuy.formats.files import Content, must_hold
from jointbuy.formats.interning import Interner
from jointbuy.formats.interning import column as interned
from jointbuy.formats.parquet import texts_of
from jointbuy.formats.problems import Problems
from jointbuy.formats.table import Table
from jointbuy.packed import Rows

_LONG = 1_000
"""Bytes of a text above which it is held once, however many rows repeat it."""
_CODED = 5
"""Bytes a row up to which a column of texts is taken for one that the file holds by a dictionary."""


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
        must_hold(content.name, file.metadata.num_rows, COMPILED + A_ROW * file.metadata.num_rows)
        # In the order of the file, as the other reader goes and notes.
        names = [title for title in titles if title in used]
        progress.start(file.metadata.num_rows * len(names), "cells")
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
        column = _column(data.column(0), Table(content.name, header, 0, [], []), at, problems, notes)
        progress.more(len(column.codes))
        # A level that is a binary number is trouble of its own.
        odd = problems.found or (at == header.index.get("level") and pa.types.is_floating(kind))
        return (None if odd else column), notes
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    size = sum(_chunk(group, name).total_uncompressed_size for group in groups)
    # What the file holds by its dictionary is left so; where that grew too large, texts are faster read as they are,
    # unless one of them is so long that a copy for each of its rows would fill the memory.
    by_code = size <= _CODED * metadata.num_rows or any(
        _longest(content, metadata, group, name) > _LONG
        for group, one in enumerate(groups)
        if _chunk(one, name).has_dictionary_page
    )
    packed = [name] if by_code else []
    file = pq.ParquetFile(pa.BufferReader(content.data), metadata=metadata, read_dictionary=packed)
    interner, codes = Interner(), []
    for group in range(metadata.num_row_groups):
        read = file.read_row_group(group, columns=[name], use_threads=False)
        codes += [_interned(chunk, interner) for chunk in read.column(0).chunks]
        progress.more(read.num_rows)
    return interned(interner.texts(), np.concatenate(codes) if codes else np.zeros(0, np.int32)), notes


def _longest(content: Content, metadata: pq.FileMetaData, group: int, name: str) -> int:
    """Bytes of the longest text in the dictionary of one row group, of which the first row brings all."""
    file = pq.ParquetFile(pa.BufferReader(content.data), metadata=metadata, read_dictionary=[name])
    first = next(file.iter_batches(batch_size=1, row_groups=[group], columns=[name], use_threads=False), None)
    texts = first.column(0).dictionary if first is not None else pa.array([], pa.string())
    return pc.max(pc.binary_length(texts)).as_py() or 0


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


def _column(data: pa.ChunkedArray, table: Table, at: int, problems: Problems, notes: list[str]) -> Column:
    """A column that is not of texts: what its distinct values are as texts."""
    if not pa.types.is_dictionary(data.type):
        data = data.dictionary_encode()
    whole = data.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], data.type)
    texts = texts_of(pa, table, at, pa.chunked_array([whole.dictionary]), problems, notes)
    interner = Interner()
    place = np.append(interner.of(texts), np.int32(0))
    indices = whole.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    return interned(interner.texts(), np.asarray(place[indices], np.int32))
