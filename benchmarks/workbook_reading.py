"""P2, workbooks: an XLSX bill to its records, beside python-calamine merely reading the cells."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from statistics import median

from large_reading import PURCHASE, columns
from row import Row

from jointbuy import formats, law

IDS = ("P2",)
PEER = "python-calamine"
GOAL = 2
SIZES = ((100_000, 5), (1_000_000, 3))
"""Rows, and runs of each."""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Bill" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def written(folder: Path, uses: int) -> Path:
    """A purchase folder with a workbook as Excel writes it: shared strings, numbers as numbers."""
    folder.mkdir(exist_ok=True)
    (folder / "purchase.yaml").write_text(f"{PURCHASE}bom.xlsx\n", encoding="utf-8")
    table = columns(uses)
    shared: dict[str, int] = {}
    with zipfile.ZipFile(folder / "bom.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in _PARTS.items():
            file.writestr(name, _HEAD + text)
        with file.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as out:
            lines = _lines([list(table)], 1, shared)
            out.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}'.encode())
            rows = zip(*(values.tolist() for values in table.values()), strict=True)
            at = 2
            while some := list(islice(rows, 10_000)):
                out.write("".join(_lines(some, at, shared)).encode())
                at += len(some)
            out.write(b"</sheetData></worksheet>")
        texts = "".join(f"<si><t>{text}</t></si>" for text in shared)
        file.writestr("xl/sharedStrings.xml", f'{_HEAD}<sst xmlns="{_MAIN}">{texts}</sst>')
    return folder


def _lines(rows: Iterable[Iterable[str]], at: int, shared: dict[str, int]) -> Iterator[str]:
    """Rows of XML; the third and fourth column hold numbers, but for the header."""
    for number, values in enumerate(rows, at):
        cells = []
        for letter, value in zip("ABCDEF", values, strict=True):
            if number > 1 and letter in "CD" and value:
                cells.append(f'<c r="{letter}{number}"><v>{float(value):.17g}</v></c>')
            elif value:
                cells.append(f'<c r="{letter}{number}" t="s"><v>{shared.setdefault(value, len(shared))}</v></c>')
        yield f'<row r="{number}" spans="1:6">{"".join(cells)}</row>'


def rows() -> Iterator[Row]:
    """A row for each size: medians of CPU seconds, all in one process, in turn; and the peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        _ours(written(Path(folder) / "small", 60_000))  # the compiled loops are loaded before the clock starts
        for size, runs in SIZES:
            made = written(Path(folder) / str(size), size)
            if _ours(made) != _theirs(made):
                sys.exit(f"P2: we and {PEER} do not read the same rows")
            times = [(_cpu(partial(_ours, made)), _cpu(partial(_theirs, made))) for _ in range(runs)]
            mine, peer = (median(column) for column in zip(*times, strict=True))
            yield Row(
                id="P2",
                workload="XLSX with text ids -> records; peer: reading its cells",
                size=f"{size:,} rows",
                ours_s=round(mine, 3),
                peer=PEER,
                peer_version=version(PEER),
                peer_s=round(peer, 3),
                ratio=round(peer / mine, 2),
                goal=f"at most {GOAL} times the peer's CPU",
                met=mine <= GOAL * peer,
                note=f"CPU, median of {runs} of each in turn, in one process; peak {_peak(made):,} MB",
            )


def _cpu(work: Callable[[], tuple[int, float]]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _ours(folder: Path) -> tuple[int, float]:
    """How many rows we read, and the sum of their quantities."""
    read = formats.read(folder, law.places())
    assert read.bom is not None
    quantity = read.bom.quantity
    return len(quantity), float(sum(quantity.numerator.tolist())) / quantity.denominator  # type: ignore[attr-defined]


def _theirs(folder: Path) -> tuple[int, float]:
    """The same of the cells that the peer reads, row by row, which is faster than all at once."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(folder / "bom.xlsx").get_sheet_by_index(0)
    count, total = -1, 0.0
    for row in sheet.iter_rows():
        count += 1
        total += row[2] if count else 0  # type: ignore[operator]
    return count, total


def _peak(folder: Path) -> int:
    """The peak of memory of a process that reads this folder, in MB.

    Linux keeps it for each program; what getrusage tells begins with that of the process that started this one.
    """
    out = subprocess.run([sys.executable, __file__, str(folder)], capture_output=True, text=True, check=True)
    return int(out.stdout)


if __name__ == "__main__":
    formats.read(Path(sys.argv[1]), law.places())
    status = Path("/proc/self/status").read_text(encoding="ascii")
    print(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
