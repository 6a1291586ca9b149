"""A purchase's workbook to the same tree of text that `purchase.yaml` gives, each value with its sheet and cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from jointbuy.errors import Where
from jointbuy.formats import markings
from jointbuy.formats.decode import is_record, slots_of
from jointbuy.formats.files import Content
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.sheets import BILL, NONE, OWNER, QUESTIONS, Field, Sheet, layout
from jointbuy.formats.table import letters
from jointbuy.formats.workbook import DAMAGED, Refused, Scan, cell_text, grids_of
from jointbuy.model import Purchase, Share
from jointbuy.yamltext import Fields, Items, Node, Text

_OURS = {"Read me", "Lists", BILL}
Grid = list[list[Any]]


def tree_of(content: Content, problems: Problems, notes: list[str]) -> Node | None:
    """The purchase in a workbook as a tree of text; None where it is no workbook, or has no sheet of questions.

    Raises Unusable at once for a workbook marked as classified.
    """
    try:
        grids, scans = grids_of(content, problems)
    except Refused as refused:
        problems.add(refused.what, Where(content.name), refused.why, refused.do)
        return None
    except DAMAGED:
        advice = "open it in your spreadsheet program and save it again as .xlsx"
        problems.add("the workbook is damaged or not a workbook", Where(content.name), do=advice)
        return None
    return _Reader(content.name, grids, scans, problems, notes).purchase()


class _Reader:
    """Reads the sheets of one workbook."""

    def __init__(
        self,
        file: str,
        grids: Mapping[str, Grid],
        scans: Mapping[str, Scan],
        problems: Problems,
        notes: list[str],
    ) -> None:
        self.file, self.scans, self.problems, self.notes = file, scans, problems, notes
        self.grids = {_folded(name): (name, grid) for name, grid in grids.items()}

    def purchase(self) -> Node | None:
        """The whole tree."""
        if _folded(QUESTIONS) not in self.grids:
            there = listed([name for name, _ in self.grids.values()])
            advice = "give the purchase's folder if this is a bill; `jointbuy init FOLDER --xlsx` writes one to fill in"
            self.problems.add(f"there is no sheet {QUESTIONS}", Where(self.file), f"the sheets are: {there}", advice)
            return None
        self.sheets()
        questions, sheets = layout()
        root = Fields({}, {}, self.at(QUESTIONS, 0, 0))
        answers, asked = self.answers(questions)
        for slot in slots_of(Purchase):
            if slot.required and is_record(slot.hint):
                _hang(root, slot.name, Fields({}, {}, root.where))
        for key, where in asked.items():
            _place(root, key, where)
        lists = {sheet.path: self.members(sheet) for sheet in sheets}
        for sheet in sheets:
            if sheet.inside is None:
                self.attach(sheet, lists, sheets)
        for field in questions:
            if field.key in lists:
                self.says_none(field, answers.get(field.key), lists)
            elif field.key in answers:
                _hang(root, field.key, self.value(field, *answers[field.key]))
        for sheet in sheets:
            found = lists[sheet.path]
            if sheet.inside is None and found:
                where = found[0][2].where
                _hang(root, sheet.path, Items(tuple(member for *_, member in found), where))
            elif sheet.inside is None and self.none(answers.get(sheet.path)):
                _hang(root, sheet.path, Items((), answers[sheet.path][1]))
        self.bill(root)
        return root

    def sheets(self) -> None:
        """Name sheets that are not read; where one of ours is missing, an unknown one may be it under another name."""
        known = {_folded(name) for name in (QUESTIONS, *_OURS, *(sheet.title for sheet in layout()[1]))}
        strange = [name for key, (name, _) in self.grids.items() if key not in known]
        missing = [sheet.title for sheet in layout()[1] if _folded(sheet.title) not in self.grids]
        if strange and missing:
            why = f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing, so it may be one of ours renamed"
            self.problems.add(f"the sheet {shown(strange[0])} is not ours", Where(self.file), why, "name it as it was")
        elif strange:
            self.notes.append(f"{self.file}: sheets not read: {listed(strange)}")

    # --- the sheet of questions -------------------------------------------------------------

    def answers(self, questions: Sequence[Field]) -> tuple[dict[str, tuple[Any, Where]], dict[str, Where]]:
        """What is answered and where, and where each question is asked, by key."""
        name, grid = self.grids[_folded(QUESTIONS)]
        known = {_folded(field.label): field.key for field in questions}
        found: dict[str, tuple[Any, Where]] = {}
        asked: dict[str, Where] = {}
        for row, cells in enumerate(grid):
            markings.check_rows([(self.at(name, row, 1), map(cell_text, cells))])
            label = cell_text(cells[0]).strip() if cells else ""
            answer = self.cell(name, row, 1, cells[1] if len(cells) > 1 else "")
            if not label or row == 0:
                continue
            key = known.get(_folded(label))
            where = self.at(name, row, 1)
            if key is None:
                advice = self.problems.near(label, [field.label for field in questions], "take the row out")
                self.problems.add(f"{shown(label)} is not a field of the purchase", self.at(name, row, 0), do=advice)
            elif key in asked:
                self.problems.add(f"{shown(label)} is asked twice", self.at(name, row, 0), do="keep one of the rows")
            else:
                asked[key] = where
                if cell_text(answer).strip():
                    found[key] = (answer, where)
        return found, asked

    @staticmethod
    def none(answer: tuple[Any, Where] | None) -> bool:
        """Whether an answer says that a list has no members."""
        return answer is not None and cell_text(answer[0]).strip().casefold() == NONE

    def says_none(
        self, field: Field, answer: tuple[Any, Where] | None, lists: Mapping[str, list[tuple[str, Where, Fields]]]
    ) -> None:
        """The answer beside a list agrees with it."""
        title = next(sheet.title for sheet in layout()[1] if sheet.path == field.key)
        if answer is None:
            return
        if not self.none(answer):
            what = f"{field.label} is {shown(cell_text(answer[0]))}"
            self.problems.add(what, answer[1], f"only {NONE} can stand here", f"fill in the sheet {title}")
        elif lists[field.key]:
            what, at = f"{field.label} is {NONE}", lists[field.key][0][2].where
            self.problems.add(what, answer[1], f"the sheet {title} has rows, the first at {at.cell}", "correct one")

    # --- the sheets of lists ----------------------------------------------------------------

    def members(self, sheet: Sheet) -> list[tuple[str, Where, Fields]]:
        """The rows of a list as records, each with the id of the party it is of and where that stands."""
        if _folded(sheet.title) not in self.grids:
            return []
        name, grid = self.grids[_folded(sheet.title)]
        columns = self.columns(sheet, name, grid[0] if grid else [])
        found = []
        for row, cells in enumerate(grid[1:], 1):
            if self.explains(columns, cells):
                continue
            record, of = Fields({}, {}, self.at(name, row, 0)), ("", self.at(name, row, 0))
            for column, field in columns.items():
                cell = self.cell(name, row, column, cells[column] if column < len(cells) else "")
                where = self.at(name, row, column)
                if not cell_text(cell).strip():
                    continue
                if field is None:
                    of = cell_text(cell).strip(), where
                else:
                    _hang(record, field.key, self.value(field, cell, where))
            if record.fields or of[0]:
                found.append((*of, record))
        return found

    def columns(self, sheet: Sheet, name: str, head: Sequence[Any]) -> dict[int, Field | None]:
        """The field of each column; None for that of the party a row is of."""
        known: dict[str, Field | None] = {_folded(field.label): field for field in sheet.fields}
        if sheet.inside:
            known[OWNER] = None
        found: dict[int, Field | None] = {}
        for column, cell in enumerate(head):
            label = cell_text(cell).strip()
            if not label:
                continue
            if _folded(label) not in known:
                every = [*(field.label for field in sheet.fields), *([OWNER] if sheet.inside else [])]
                advice = self.problems.near(label, every, f"known here: {', '.join(every)}")
                self.problems.add(f"{shown(label)} is no column of {name}", self.at(name, 0, column), do=advice)
                continue
            found[column] = known.pop(_folded(label))
        return found

    @staticmethod
    def explains(columns: Mapping[int, Field | None], cells: Sequence[Any]) -> bool:
        """Whether a row is the one that explains the columns."""
        return any(
            field is not None and column < len(cells) and cell_text(cells[column]).startswith(field.slot.doc[:40])
            for column, field in columns.items()
            if field is None or len(field.slot.doc) > 3
        )

    def attach(
        self, sheet: Sheet, lists: Mapping[str, list[tuple[str, Where, Fields]]], sheets: Sequence[Sheet]
    ) -> None:
        """Hang the lists of a list's members into those members."""
        for inner in (each for each in sheets if each.inside == sheet.path):
            members = {_id(record): record for *_, record in lists[sheet.path]}
            groups: dict[str, list[Fields]] = {}
            for of, where, record in lists[inner.path]:
                if of not in members:
                    what = f"{inner.title}: {shown(of)}" if of else f"{inner.title}: this row names no party"
                    advice = self.problems.near(of, members, f"add it on the sheet {sheet.title}, or correct it")
                    self.problems.add(what, where, f"no row of {sheet.title} has this id", advice)
                else:
                    groups.setdefault(of, []).append(record)
            for of, records in groups.items():
                _hang(members[of], inner.path.rpartition(".")[2], Items(tuple(records), records[0].where))

    def bill(self, root: Fields) -> None:
        """The bill is the sheet of that name, unless a file is named or the sheet is empty."""
        name, grid = self.grids.get(_folded(BILL), (BILL, []))
        filled = any(cell_text(cell).strip() for cells in grid[1:] for cell in cells)
        if not filled:
            return
        where = self.at(name, 0, 0)
        if stated := root.fields.get("bill_of_materials"):
            why = f"the sheet {name} holds one too"
            self.problems.add("the purchase names a bill of materials", stated.where, why, "keep one of the two")
        else:
            _hang(root, "bill_of_materials", Text(f"{self.file}#{name}", where, quoted=True))

    # --- cells ------------------------------------------------------------------------------

    def value(self, field: Field, cell: Any, where: Where) -> Node:
        """An answer as a node; several in one cell as a list."""
        if field.slot.hint is Share and isinstance(cell, float | int) and not isinstance(cell, bool) and 0 < cell <= 1:
            what = f"{field.label} holds the number {cell_text(cell)}"
            why = "a cell formatted as per cent holds 35 % so, and one that is not holds 0.35 % so"
            self.problems.add(what, where, why, "write 35 % as text, with an apostrophe before it")
        text = _plain(cell)
        if not field.slot.many:
            return Text(text, where, quoted=True)
        parts = [part.strip() for part in re.split(r"[;\n]", text)]
        if text.strip().casefold() == NONE:
            return Items((), where)
        return Items(tuple(Text(part, where, quoted=True) for part in parts if part), where)

    def cell(self, sheet: str, row: int, column: int, value: Any) -> Any:
        """A cell; an error in it, or a formula never calculated, is a problem."""
        scan = self.scans.get(sheet)
        if scan and (error := scan.errors.get((row, column))):
            self.problems.add(f"the cell holds {error}", self.at(sheet, row, column), do="write the value itself")
            return ""
        if scan and (row, column) in scan.formulas - scan.valued:
            advice = "open the workbook, let it calculate, and save it; or write the value itself"
            self.problems.add("a formula here has no value", self.at(sheet, row, column), do=advice)
            return ""
        return value

    def at(self, sheet: str, row: int, column: int) -> Where:
        """A cell by its indices from 0."""
        return Where(self.file, row + 1, f"{sheet}!{letters(column)}{row + 1}")


def _plain(cell: Any) -> str:
    """A cell as its field writes it: days in ISO, truth as yes and no."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date) else cell_text(cell)


def _hang(record: Fields, key: str, node: Node) -> None:
    """Put a node at a path, making the records on the way."""
    *way, last = key.split(".")
    for name in way:
        inner = record.fields.setdefault(name, Fields({}, {}, node.where))
        record.keys.setdefault(name, node.where)
        if not isinstance(inner, Fields):
            raise TypeError(f"{key}: {name} holds no named values")
        record = inner
    record.fields[last], record.keys[last] = node, node.where


def _place(record: Fields, key: str, where: Where) -> None:
    """Note where a value would stand, in records that are there."""
    *way, last = key.split(".")
    for name in way:
        inner = record.fields.get(name)
        if not isinstance(inner, Fields):
            return
        record = inner
    record.keys[last] = where


def _id(record: Fields) -> str:
    own = record.fields.get("id")
    return own.value.strip() if isinstance(own, Text) else ""


def _folded(label: str) -> str:
    """A name of a sheet or column as people retype it."""
    return " ".join(re.split(r"[\s:._]+", label.casefold().strip()))
