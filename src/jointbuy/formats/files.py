"""Files of a purchase folder as bytes and text: found inside it, bounded in size, decoded by stated rules (§16)."""

from __future__ import annotations

import codecs
import hashlib
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from jointbuy import memory
from jointbuy.errors import Where
from jointbuy.formats.problems import Problems, shown

MAX_BYTES = 100_000_000
"""Largest bill of materials read row by row."""
MAX_COLUMNAR_BYTES = 1_000_000_000
"""Largest bill read that may be read by columns."""
COLUMNAR = frozenset({".csv", ".parquet", ".json", ".xlsx"})
MAX_YAML_BYTES = 5_000_000
"""Largest purchase file read."""
_LOCK = "~$"
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


_PROGRAM = 50_000_000
"""Bytes that the program takes."""


class Content(NamedTuple):
    """One file's name inside its folder (with slashes) and its bytes."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """`sha256:` and the digest of the bytes in hexadecimal."""
        return "sha256:" + hashlib.sha256(self.data).hexdigest()


def load(path: Path, name: str, at: Where, most: int, problems: Problems) -> Content | None:
    """Read a file of at most `most` bytes; `at` is where a problem with it is reported."""
    try:
        size = path.stat().st_size
        if size > most:
            why = f"it has {size:,} bytes, and at most {most:,} are read"
            problems.add(f"{name} is too large", at, why, "split it or leave out what is not needed")
            return None
        return Content(name, path.read_bytes())
    except OSError as error:
        problems.add(
            f"{name} cannot be read", at, error.strerror or "the system gave no reason", "check its name and access"
        )
        return None


def must_hold(file: str, rows: int, needed: int) -> None:
    """Refuse a file that needs more bytes than there are, beside those of the program. Raises errors.Limit."""
    do = f"split the bill, use a machine with more, or raise {memory.VARIABLE}; nothing was written"
    memory.must_hold(_PROGRAM + needed, f"{file}, with {rows:,} rows,", do)


def needed_by_rows(rows: int, cells: int) -> int:
    """Bytes that reading row by row takes at the most (measured on a million rows of seven cells)."""
    return 700 * rows + 100 * cells


def most_of(name: str) -> int:
    """Bytes that a bill of this name may have."""
    return MAX_COLUMNAR_BYTES if PureWindowsPath(name).suffix.casefold() in COLUMNAR else MAX_BYTES


def inside(folder: Path, name: str) -> Path | None:
    """The file called `name` below `folder`; None for a name that leads out of it."""
    # Windows rules take both kinds of slash and see drives, on every system.
    parts = PureWindowsPath(name)
    if parts.drive or parts.root or ".." in parts.parts or any(ord(sign) < 32 for sign in name):
        return None
    path = folder.joinpath(*parts.parts)
    try:  # a link inside the folder may still point out of it, or in a circle
        return path if path.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):
        return None


def is_file(path: Path) -> bool:
    """Whether a file is there; a name the system cannot take is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def text_of(content: Content, problems: Problems) -> str | None:
    """The text of a file: UTF-8 with or without byte order mark, or UTF-16 with one."""
    data = content.data
    mark, encoding = next((pair for pair in _MARKS if data.startswith(pair[0])), (b"", "utf-8"))
    data = data[len(mark) :]
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, errors="replace")
        where = Where(content.name, before.count("\n") + 1)
        bad = data[error.start : error.start + 1].hex()
        advice = 'save it again as UTF-8 (in Excel: "CSV UTF-8"; in an editor: "save with encoding")'
        problems.add("the file is not UTF-8 text", where, f"the first byte that does not fit is 0x{bad}", advice)
        return None


def bill_name(folder: Path, stated: str) -> tuple[str, str | None]:
    """A stated bill as file name and sheet: `bill.xlsx#Parts`; a file that has # in its own name stays whole."""
    name, mark, sheet = stated.rpartition("#")
    whole = inside(folder, stated)
    if not mark or (whole and is_file(whole)):
        return stated, None
    return name, sheet.strip() or None


def find_bill(
    folder: Path, stated: str, at: Where, problems: Problems, field: str = "bill_of_materials"
) -> tuple[Content, str | None] | None:
    """The bill named in the purchase file, or what else a `field` of it names, and the sheet chosen."""
    name, sheet = bill_name(folder, stated)
    path = inside(folder, name)
    if PureWindowsPath(name).name.startswith(_LOCK):
        why = "that is the lock file Excel keeps while the workbook is open"
        advice = f"write {shown(name.replace(_LOCK, '', 1))}, the workbook itself, and close it in Excel"
        problems.add(f"{field} is {shown(stated)}", at, why, advice)
        return None
    if path is None:
        why = "it leads out of the purchase's folder"
        problems.add(f"{field} is {shown(stated)}", at, why, "put it beside purchase.yaml and write its name")
        return None
    if not is_file(path):
        beside = sorted(
            item.name
            for item in folder.iterdir()
            if item.suffix.casefold() in {".csv", ".tsv", ".txt", ".xlsx", ".json", ".parquet"}
            and not item.name.startswith(_LOCK)
        )
        advice = problems.near(name, beside, "put it beside purchase.yaml, or correct the name")
        problems.add(f"there is no file {shown(name)}", at, f"{field} names it", advice)
        return None
    content = load(path, PureWindowsPath(name).as_posix(), at, most_of(name), problems)
    return (content, sheet) if content else None
