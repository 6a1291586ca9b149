"""A ledger: ledger.yaml and the tables beside it, as records; every problem found is reported in one run (§9).

The format is described in docs/ledger.md. What is well formed and does not add up is no problem of the files: the
checks of fund/ tell it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jointbuy.errors import Unusable
from jointbuy.formats import files, scalars
from jointbuy.formats import ledger_tables as tables
from jointbuy.formats import plan_tables as cells
from jointbuy.formats.plan_fields import Reader
from jointbuy.formats.pool import opened
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.ledger import LOAN, NATIONAL, Ledger, Loan
from jointbuy.places import Places
from jointbuy.yamltext import Fields, Text

FILE, PAGE = "ledger.yaml", "docs/ledger.md"
_KEYS = "id title state kept currency loan programmes with_request with_contract gdp gdp_source".split()
_LOAN = "decided amount prefinancing agreement".split()
_EURO = "EUR"
_cents = cells.money(2)


@dataclass(frozen=True, slots=True)
class ReadLedger:
    """A ledger and the digests of its files, by name."""

    ledger: Ledger
    digests: Mapping[str, str]


def read(folder: Path, places: Places, lenders: tuple[str, ...]) -> ReadLedger:
    """Read a ledger's folder, or its ledger.yaml. Raises Unusable with every problem of all its files."""
    folder = folder.parent if folder.name == FILE else folder
    problems = Problems()
    top = opened(folder / FILE, FILE, problems, places, PAGE)
    top.only(_KEYS)
    ledger = _ledger(top, tables.Book(folder, problems, _programmes(top)), lenders)
    problems.raise_if_any()
    if ledger is None:  # a needed key is missing, which was told
        raise Unusable(problems.in_order())
    names = [name for name in (FILE, *tables.NAMES) if files.is_file(folder / name)]
    digests = {name: files.Content(name, (folder / name).read_bytes()).digest for name in names}
    return ReadLedger(ledger, digests)


def _ledger(top: Reader, book: tables.Book, lenders: tuple[str, ...]) -> Ledger | None:
    state, kept, loan = top.word("state", cells.country(top.places)), top.word("kept", scalars.day), _loan(top)
    if state is not None and state not in lenders:
        why = "only Member States borrow (Art. 4(1), 5)"
        top.problems.add(f"{state} may not borrow", top.where("state"), why, "name the state whose loan this is")
    top.word("currency", _euro)
    id_, title = top.text("id"), top.text("title", needed=False)
    gdp = _gdp(top)
    source = top.text("gdp_source", needed=bool(gdp))
    lines = book.lines()
    contracts = book.contracts(lines)
    requests = book.requests()
    invoices = book.invoices(contracts)
    if state is None or kept is None or loan is None:
        return None
    return Ledger(
        id=id_,
        title=title or id_,
        state=state,
        kept=kept,
        loan=loan,
        programmes=book.programmes,
        with_request=top.words("with_request") if "with_request" in top.tree.fields else None,
        with_contract=top.words("with_contract"),
        gdp=gdp,
        gdp_source=source,
        lines=lines,
        amendments=book.amendments(lines),
        contracts=contracts,
        milestones=book.milestones(contracts),
        funding=book.funding(contracts),
        invoices=invoices,
        claims=book.claims(invoices, requests),
        requests=requests,
        draws=book.draws(requests),
        documents=book.documents(requests, contracts),
        where=top.tree.where,
    )


def _euro(text: str) -> str:
    if scalars.currency(text) != _EURO:
        raise Wrong("SAFE lends in euro (Art. 9(2))", "keep the ledger in EUR, at the rates by which you booked")
    return _EURO


def _programmes(top: Reader) -> tuple[str, ...]:
    found = top.words("programmes")
    for name in found:
        if name in {LOAN, NATIONAL}:
            top.problems.add(
                f"programmes holds {shown(name)}", top.where("programmes"), "it is always one", "take it out"
            )
    return found


def _loan(top: Reader) -> Loan | None:
    node = top.tree.fields.get("loan")
    if not isinstance(node, Fields):
        why = "draws are held against it"
        top.problems.add("loan is missing or no mapping", top.where("loan"), why, f"write its keys: {listed(_LOAN)}")
        return None
    reader = top.of(node)
    reader.only(_LOAN)
    decided, amount = reader.word("decided", scalars.day), reader.word("amount", _cents)
    prefinancing = reader.word("prefinancing", _advance)
    agreement = reader.word("agreement", scalars.day, needed=False)
    if decided is None or amount is None or prefinancing is None:
        return None
    return Loan(decided, amount, prefinancing, agreement, node.where)


def _advance(text: str) -> int:
    return 0 if text == "none asked" else _cents(text)


def _gdp(top: Reader) -> Mapping[int, int]:
    node = top.tree.fields.get("gdp")
    if node is None or (isinstance(node, Text) and node.empty):
        return {}
    if not isinstance(node, Fields):
        top.problems.add("gdp is no mapping", top.where("gdp"), do="write a year, a colon and an amount in euro")
        return {}
    below = top.of(node)
    found: dict[int, int] = {}
    for key in node.fields:
        year, amount = below.through(key, key, cells.year), below.word(key, _large)
        if year is not None and amount:
            found[year] = amount
    return found


def _large(text: str) -> int:
    """A gross domestic product, in cents: beyond what a contract can be."""
    amount = scalars.number(text)
    if amount <= 0 or amount > 10**15 or (amount * 100).denominator != 1:
        raise Wrong("it is no gross domestic product in euro", "write it whole, such as 41000000000")
    return int(amount * 100)
