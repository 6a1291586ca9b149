"""The tables of a ledger: every row a record with its place, every id once, every reference to a row that is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PureWindowsPath
from typing import Protocol, TypeVar

from jointbuy.errors import Where
from jointbuy.formats import plan_tables as tables
from jointbuy.formats import scalars
from jointbuy.formats.plan_tables import Cells
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.ledger import (
    LOAN,
    NATIONAL,
    Amendment,
    Claim,
    Deal,
    Document,
    Draw,
    Funding,
    Invoice,
    Milestone,
    PlanLine,
    Request,
)

COLUMNS: dict[str, tuple[list[str], list[str]]] = {
    "plan.csv": (["line", "title", "amount", "loan"], ["closed"]),
    "amendments.csv": (["amendment", "line", "loan", "submitted"], ["approved"]),
    "contracts.csv": (
        ["contract", "line", "title", "supplier", "signed", "value"],
        ["purchase", "study_from", "study_done"],
    ),
    "milestones.csv": (["milestone", "contract", "title", "due", "amount"], ["delivered"]),
    "funding.csv": (["contract", "source", "amount"], []),
    "invoices.csv": (["invoice", "contract", "dated", "amount"], ["paid"]),
    "claims.csv": (["invoice", "source", "amount"], ["request"]),
    "requests.csv": (["request", "submitted", "amount"], ["decided"]),
    "draws.csv": (["draw", "kind", "received", "amount"], ["request", "cleared"]),
    "documents.csv": (["document", "kind"], ["request", "contract", "issued", "expires"]),
}
"""Needed and optional columns of each table."""
NAMES = tuple(COLUMNS)
_MAY_LACK = {"amendments.csv"}
_KINDS = ("prefinancing", "instalment")
_cents = tables.money(2)


class _Named(Protocol):
    """A row with an id and a place."""

    @property
    def id(self) -> str: ...

    @property
    def where(self) -> Where: ...


Row = TypeVar("Row", bound=_Named)


@dataclass(frozen=True, slots=True)
class Book:
    """The folder of a ledger, where its problems go, and the Union programmes it names."""

    folder: Path
    problems: Problems
    programmes: tuple[str, ...]

    def rows(self, name: str) -> Iterator[Cells]:
        """Rows of a table of ours."""
        if name in _MAY_LACK and not (self.folder / name).is_file():
            return
        needed, optional = COLUMNS[name]
        yield from tables.rows(
            self.folder, name, needed, optional, self.problems, named_in=Where("ledger.yaml"), guide="docs/ledger.md"
        )

    def ids(self, rows: Sequence[Row], table: str) -> frozenset[str] | None:
        """Ids of a table's rows; None where not all of it could be read, so that what is missing was told."""
        if any(problem.where and problem.where.file == table for problem in self.problems.found):
            return None
        return frozenset(each.id for each in rows)

    def lines(self) -> tuple[PlanLine, ...]:
        """plan.csv."""
        found = []
        for row in self.rows("plan.csv"):
            id_, title, closed = row.text("line"), row.text("title"), _day(row, "closed")
            amount, loan = row.read("amount", _cents), row.read("loan", _cents)
            if amount is not None and loan is not None and loan > amount:
                row.wrong("loan", "is more than amount", "the loan pays a part of the expenditure", "check both")
            if amount is not None and loan is not None:
                found.append(PlanLine(id_, title, amount, loan, closed, row.where))
        return _once(found, "line", self.problems)

    def amendments(self, lines: Sequence[PlanLine]) -> tuple[Amendment, ...]:
        """amendments.csv: an amendment has a row for each line it changes."""
        known = self.ids(lines, "plan.csv")
        found = []
        for row in self.rows("amendments.csv"):
            id_, line, loan = row.text("amendment"), _named(row, "line", known), row.read("loan", _cents)
            submitted, approved = row.read("submitted", scalars.day), _day(row, "approved")
            if submitted and approved and approved < submitted:
                row.wrong("approved", "is before submitted", "", "check both days")
            if line and loan is not None and submitted:
                found.append(Amendment(id_, line, loan, submitted, approved, row.where))
        return tuple(found)

    def contracts(self, lines: Sequence[PlanLine]) -> tuple[Deal, ...]:
        """contracts.csv; a contract without a plan line is read, and found by the checks."""
        known = self.ids(lines, "plan.csv")
        found = []
        for row in self.rows("contracts.csv"):
            signed, value = row.read("signed", scalars.day), row.read("value", _cents)
            line = _named(row, "line", known, needed=False)
            purchase = row.read("purchase", _folder, needed=False) or ""
            start, done = _day(row, "study_from"), _day(row, "study_done")
            if done and not start:
                row.wrong("study_done", "is stated", "no study was promised", "write study_from, or take it out")
            texts = [row.text(name) for name in ("contract", "title", "supplier")]
            if signed and value is not None and line is not None:
                deal = Deal(texts[0], line, texts[1], texts[2], signed, value, purchase, start, done, row.where)
                found.append(deal)
        return _once(found, "contract", self.problems)

    def milestones(self, contracts: Sequence[Deal]) -> tuple[Milestone, ...]:
        """milestones.csv."""
        known = self.ids(contracts, "contracts.csv")
        found = []
        for row in self.rows("milestones.csv"):
            contract, due = _named(row, "contract", known), row.read("due", scalars.day)
            amount, delivered = row.read("amount", _cents), _day(row, "delivered")
            id_, title = row.text("milestone"), row.text("title")
            if contract and due and amount is not None:
                found.append(Milestone(id_, contract, title, due, delivered, amount, row.where))
        return _once(found, "milestone", self.problems)

    def funding(self, contracts: Sequence[Deal]) -> tuple[Funding, ...]:
        """funding.csv: one row for each contract and source."""
        known = self.ids(contracts, "contracts.csv")
        found: dict[tuple[str, str], Funding] = {}
        for row in self.rows("funding.csv"):
            contract, source = _named(row, "contract", known), self.source(row)
            amount = row.read("amount", _cents)
            if not (contract and source) or amount is None:
                continue
            if first := found.get((contract, source)):
                row.wrong("source", f"{source} stands twice", f"line {first.where.line} has it too", "add them up")
            found[contract, source] = Funding(contract, source, amount, row.where)
        return tuple(found.values())

    def source(self, row: Cells) -> str | None:
        """A source of money that the ledger knows."""
        text, known = row.text("source"), (LOAN, NATIONAL, *self.programmes)
        if text and text not in known:
            do = self.problems.near(text, known, f"write {listed(known)}, or name it under programmes")
            row.wrong("source", f"is {shown(text)}", "", do)
            return None
        return text or None

    def invoices(self, contracts: Sequence[Deal]) -> tuple[Invoice, ...]:
        """invoices.csv."""
        known = self.ids(contracts, "contracts.csv")
        found = []
        for row in self.rows("invoices.csv"):
            id_, contract = row.text("invoice"), _named(row, "contract", known)
            dated, amount, paid = row.read("dated", scalars.day), row.read("amount", _cents), _day(row, "paid")
            if contract and dated and amount is not None:
                found.append(Invoice(id_, contract, dated, amount, paid, row.where))
        return _once(found, "invoice", self.problems)

    def claims(self, invoices: Sequence[Invoice], requests: Sequence[Request]) -> tuple[Claim, ...]:
        """claims.csv."""
        billed = self.ids(invoices, "invoices.csv")
        asked = self.ids(requests, "requests.csv")
        found = []
        for row in self.rows("claims.csv"):
            invoice, source, amount = _named(row, "invoice", billed), self.source(row), row.read("amount", _cents)
            request = _named(row, "request", asked, needed=False)
            if source == LOAN and request == "":
                row.wrong("request", "is empty", "the loan pays by requests (Art. 12(2))", "name the request")
            if source not in {LOAN, None} and request:
                row.wrong("request", "is stated", f"{source} pays by no request of SAFE", "leave it empty")
            if invoice and source and amount is not None and request is not None:
                found.append(Claim(invoice, source, request, amount, row.where))
        return tuple(found)

    def requests(self) -> tuple[Request, ...]:
        """requests.csv."""
        found = []
        for row in self.rows("requests.csv"):
            id_, submitted = row.text("request"), row.read("submitted", scalars.day)
            amount, decided = row.read("amount", _cents), _day(row, "decided")
            if submitted and decided and decided < submitted:
                row.wrong("decided", "is before submitted", "", "check both days")
            if submitted and amount is not None:
                found.append(Request(id_, submitted, amount, decided, row.where))
        return _once(found, "request", self.problems)

    def draws(self, requests: Sequence[Request]) -> tuple[Draw, ...]:
        """draws.csv."""
        known = self.ids(requests, "requests.csv")
        found = []
        for row in self.rows("draws.csv"):
            id_, kind, received = row.text("draw"), row.read("kind", _kind), row.read("received", scalars.day)
            amount, cleared = row.read("amount", _cents), row.read("cleared", _cents, needed=False) or 0
            request = _named(row, "request", known, needed=False)
            if kind == "prefinancing" and (request or cleared):
                why = "pre-financing is paid before any (Art. 11)"
                row.wrong("request", "or cleared is stated", why, "leave both empty")
            if kind == "instalment" and request == "":
                row.wrong("request", "is empty", "an instalment follows a request (Art. 12)", "name the request")
            if kind and received and amount is not None and request is not None:
                one = Draw(
                    id_,
                    "prefinancing" if kind == _KINDS[0] else "instalment",
                    received,
                    amount,
                    request,
                    cleared,
                    row.where,
                )
                found.append(one)
        return _once(found, "draw", self.problems)

    def documents(self, requests: Sequence[Request], contracts: Sequence[Deal]) -> tuple[Document, ...]:
        """documents.csv."""
        asked = self.ids(requests, "requests.csv")
        known = self.ids(contracts, "contracts.csv")
        found = []
        for row in self.rows("documents.csv"):
            id_, kind = row.text("document"), row.text("kind")
            request = _named(row, "request", asked, needed=False)
            contract = _named(row, "contract", known, needed=False)
            issued, expires = _day(row, "issued"), _day(row, "expires")
            if issued and expires and expires < issued:
                row.wrong("expires", "is before issued", "", "check both days")
            if request is not None and contract is not None:
                found.append(Document(id_, kind, request, contract, issued, expires, row.where))
        return _once(found, "document", self.problems)


def _day(row: Cells, column: str) -> date | None:
    return row.read(column, scalars.day, needed=False)


def _named(row: Cells, column: str, ids: frozenset[str] | None, *, needed: bool = True) -> str | None:
    """The id of a row of another table; "" where none is named and none needs to be, None where there is none such."""
    text = row.text(column) if needed else row.given(column)
    if not text:
        return None if needed else ""
    if ids is None or text in ids:
        return text
    do = row.problems.near(text, ids, "add it there, or correct it here")
    row.wrong(column, f"{shown(text)} is in no row of {_TABLE[column]}", "", do)
    return None


_TABLE = {"line": "plan.csv", "contract": "contracts.csv", "invoice": "invoices.csv", "request": "requests.csv"}


def _once(rows: Sequence[Row], column: str, problems: Problems) -> tuple[Row, ...]:
    """Rows whose ids differ; those that repeat one are noted."""
    found: dict[str, Row] = {}
    for row in rows:
        first = found.setdefault(row.id, row)
        if first is not row and row.id:
            why = f"line {first.where.line} has it too"
            problems.add(f"{column} {shown(row.id)} stands twice", row.where, why, "give each its own")
    return tuple(rows)


def _kind(text: str) -> str:
    if text not in _KINDS:
        raise Wrong("a draw is one of two kinds", f"write {listed(_KINDS)}")
    return text


def _folder(text: str) -> str:
    """A folder by its way from the ledger; it may lie beside the ledger, since purchases are kept elsewhere."""
    path = PureWindowsPath(text)
    if path.drive or path.root or any(ord(sign) < 32 for sign in text):
        raise Wrong("it is no way from the ledger's folder", "write it like ../my-purchase")
    return text
