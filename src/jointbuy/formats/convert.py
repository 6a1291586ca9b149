"""One bill of materials to another format, and what the other format could not hold.

What was lost is not claimed but seen: the file is read again before it gets its name, and compared.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, BinaryIO

from jointbuy.asked import Converted
from jointbuy.errors import Problem, Unusable, Where
from jointbuy.formats import Read, read
from jointbuy.formats.bill import read_bill
from jointbuy.formats.decode import blank
from jointbuy.formats.files import Content, bill_name, is_file, load, most_of
from jointbuy.formats.problems import Problems, listed
from jointbuy.formats.table import quoted
from jointbuy.formats.written import table
from jointbuy.model import Bom, Purchase
from jointbuy.places import Places
from jointbuy.result import Lost

READ = (".csv", ".tsv", ".txt", ".xlsx", ".json", ".parquet")
WRITTEN = (".csv", ".xlsx", ".json", ".parquet")
_BESIDE = {"id", "instrument", "bill_of_materials", "columns", "where"}
"""Fields of a purchase that are no loss: its name, and how its bill was read."""


def convert(source: Path, target: Path, places: Places) -> Converted:
    """Read a purchase's bill, or a bill alone, and write it to `target`, in the format that its ending names.

    Raises Unusable when something stands there already, the bill cannot be read, or cannot be written so that
    reading gives the same parts and quantities; OSError when the system refuses to write.
    """
    suffix = _refuse(target)
    found = _read(source, places)
    if found.bom is None:
        do = "name one under bill_of_materials, or convert the bill itself"
        raise Unusable([Problem("the purchase names no bill of materials", Where(source.name), do=do)])
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:  # written beside the file and renamed, so that nobody ever reads half of it
        with unfinished.open("wb") as out:
            _write(found.bom, suffix, places, out)
        content = Content(target.name, unfinished.read_bytes())
        lost = _compared(found, content, places)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    notes = list(found.notes)
    if found.purchase.columns:
        notes.append(f"{target.name} has our own headers; take columns: out of purchase.yaml when you name it there")
    return Converted(
        source=str(source),
        target=str(target),
        parts=len(found.bom.parts),
        uses=len(found.bom.child),
        sources=len(found.bom.sources.part),
        lost=(*_not_in_a_bill(found.purchase), *found.left, *lost),
        notes=tuple(notes),
        digests={**found.digests, str(target) if target.name in found.digests else target.name: content.digest},
    )


# --- in -------------------------------------------------------------------------------------


def _read(source: Path, places: Places) -> Read:
    """A purchase with its bill, or a bill alone as that of a purchase of which nothing is known."""
    if source.is_dir() or source.suffix.casefold() in {".yaml", ".yml"} or source.name == "purchase.xlsx":
        return read(source, places)
    name, sheet = bill_name(source.parent, source.name)
    file = source.with_name(name)
    if not is_file(file):
        do = "give a purchase folder, or the file of a bill"
        raise Unusable([Problem(f"there is no file or folder {source}", do=do)])
    if file.suffix.casefold() not in READ:
        do = f"give a purchase folder, or a bill that ends in {listed(READ)}"
        raise Unusable([Problem("this is no bill of materials", Where(name), f"it ends in {file.suffix!r}", do)])
    problems, notes = Problems(), list[str]()
    purchase: Purchase = blank(Purchase)
    content = load(file, name, Where(name), most_of(name), problems)
    bill = read_bill(content, sheet, purchase, places, problems, notes) if content else None
    problems.raise_if_any()
    if content is None or bill is None:
        raise ValueError(f"{name} was neither read nor refused")
    return Read(purchase, bill.bom, tuple(notes), bill.mapping, {name: content.digest}, bill.left)


def _not_in_a_bill(purchase: Purchase) -> Iterator[Lost]:
    """What a purchase states beside its bill."""
    empty: Purchase = blank(Purchase)
    told = [one.name for one in fields(Purchase) if one.name not in _BESIDE]
    told = [name for name in told if getattr(purchase, name) != getattr(empty, name)]
    if told:
        yield Lost("purchase.yaml", len(told), tuple(told), "a bill of materials holds nothing else of a purchase")


# --- out ------------------------------------------------------------------------------------


def _refuse(target: Path) -> str:
    """The ending of a file that may be written."""
    suffix = target.suffix.casefold()
    if suffix not in WRITTEN:
        do = f"end it in {listed(WRITTEN)}; .json is CycloneDX"
        raise Unusable([Problem(f"{target} names no format that is written", do=do)])
    if target.exists() or target.is_symlink():
        do = "choose another name, or move the file away"
        raise Unusable([Problem(f"{target} is there already", why="nothing is overwritten", do=do)])
    if not target.parent.is_dir():
        raise Unusable([Problem(f"there is no folder {target.parent}", do="make it, or name another")])
    return suffix


def _write(bom: Bom, suffix: str, places: Places, out: BinaryIO) -> None:
    """Write a bill in a format; the same bill gives the same bytes."""
    if suffix == ".json":
        from jointbuy.formats import cyclonedx_out

        cyclonedx_out.write(bom, places, out)
        return
    columns, rows = table(bom, places)
    if suffix == ".parquet":
        from jointbuy.formats import parquet

        out.write(parquet.written(columns, rows))
    elif suffix == ".xlsx":
        from jointbuy.formats.workbook_out import workbook

        out.write(workbook(columns, rows))
    else:
        text = io.TextIOWrapper(out, "utf-8-sig", newline="")  # spreadsheets need the mark to read UTF-8
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([quoted(cell) for cell in row] for row in rows)
        text.detach()


# --- what was lost --------------------------------------------------------------------------


def _compared(found: Read, content: Content, places: Places) -> Iterable[Lost]:
    """What reading the new file gives otherwise. Raises Unusable where it cannot be read as a bill at all."""
    problems = Problems()
    again = None
    if len(content.data) > most_of(content.name):
        why = f"it would have {len(content.data):,} bytes, and at most {most_of(content.name):,} are read"
        problems.add("the bill is too large for this format", Where(content.name), why, "choose .parquet or .csv")
    else:
        again = read_bill(content, None, replace(found.purchase, columns=None), places, problems, [])
    if problems.found or again is None or found.bom is None:
        do = "choose another format"
        whole = Problem(
            "the bill cannot be written so that it reads back", Where(content.name), "nothing was saved", do
        )
        raise Unusable([whole, *problems.in_order()])
    return differences(found.bom, again.bom)


def differences(one: Bom, two: Bom) -> tuple[Lost, ...]:
    """What two bills say differently, whatever their order and the places of their rows.

    A name that repeats the id is none, and a row that only names an end product adds nothing.
    """
    lost = []
    for (what, before), (_, after) in zip(_told(one), _told(two), strict=True):
        if before == after:  # nearly always
            continue
        odd = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        if odd:
            examples = tuple(" in ".join(reversed(key)) if isinstance(key, tuple) else key for key in odd[:3])
            lost.append(Lost(what, len(odd), examples, "the format holds it otherwise"))
    return tuple(lost)


def _told(bom: Bom) -> Iterator[tuple[str, dict[Any, Any]]]:
    """What a bill says, field by field, by the ids of its parts."""
    yield "names", {part: name or part for part, name in zip(bom.parts, bom.names, strict=True)}
    yield "end products", {bom.parts[root]: True for root in bom.roots}
    yield "units", {part: unit for part, unit in zip(bom.parts, bom.units, strict=False) if unit}
    yield "phantoms", {bom.parts[part]: True for part in bom.phantoms}
    uses = zip(bom.parent, bom.child, bom.quantity, strict=True)
    yield "quantities", {(bom.parts[parent], bom.parts[child]): quantity for parent, child, quantity in uses}
    table = bom.sources
    columns = [one.name for one in fields(table) if one.name not in {"part", "row", "supplier"}]
    keys = [
        f"{bom.parts[part]} from {table.supplier[at]}" if table.supplier[at] else bom.parts[part]
        for at, part in enumerate(table.part)
    ]
    roots = set(bom.roots)
    silent = {"origin": (), "awarded": 1, "cost_kind": "component"}
    kept = [
        at
        for at, part in enumerate(table.part)
        if part not in roots
        or table.supplier[at]
        or any(getattr(table, name) and getattr(table, name)[at] != silent.get(name) for name in columns)
    ]
    for name in columns:
        values = getattr(table, name) or [None] * len(table.part)
        yield name.replace("_", " "), {keys[at]: values[at] for at in kept}
