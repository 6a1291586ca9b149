"""What does not add up in a ledger: every check is a function that yields remarks with file and line (§9)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from jointbuy.errors import Where
from jointbuy.fund.calendar import months_after
from jointbuy.fund.ledger import Books
from jointbuy.ledger import LOAN, NATIONAL, Bought, Deal, Invoice, LineSum, Remark, RequestSum
from jointbuy.lendingpool import CENTS, Allocation

TWICE = "Art. 4(2); Regulation (EU, Euratom) 2024/2509, Art. 194(3); Regulation (EU) 2025/2643, Art. 6(1)"
"""Where it stands that the same costs are not paid twice: for grants; a loan may be combined with them (Art. 4(2))."""
NO_PURCHASE = "Regulation (EU) 2025/2643, Art. 3(3)"
"""EDIP does not pay for the purchase of defence products itself."""


def money(minor: int) -> str:
    """An amount in a sentence."""
    whole, rest = divmod(abs(minor), CENTS)
    return f"{'-' if minor < 0 else ''}{whole:,}.{rest:02} EUR"


def remarks(
    books: Books,
    lines: tuple[LineSum, ...],
    requests: tuple[RequestSum, ...],
    bought: tuple[Bought, ...],
    known: Allocation | None,
) -> tuple[Remark, ...]:
    """Everything found, the wrong first, then by file and line; `known` is what our facts have of the state's loan."""
    found = [
        *plan(books, lines),
        *contracts(books),
        *invoices(books),
        *claims(books),
        *of_requests(books, requests),
        *loan(books),
        *facts(books, known),
        *purchases(books, bought),
        *draws(books),
        *studies(books),
    ]
    order = {"wrong": 0, "missing": 1, "look": 2}
    nowhere = Where("")
    return tuple(sorted(found, key=lambda each: (order[each.weight], _place(each.where or nowhere), each.key)))


def _place(where: Where) -> tuple[str, int]:
    return where.file, where.line or 0


# --- plan and contracts ---------------------------------------------------------------------


def plan(books: Books, lines: tuple[LineSum, ...]) -> Iterator[Remark]:
    """The plan against the loan, and each line against its contracts."""
    places = {line.id: line.where for line in books.ledger.lines}
    whole, granted = sum(books.planned.values()), books.ledger.loan.amount
    if whole > granted:
        what = f"the plan takes {money(whole)} of a loan of {money(granted)}"
        why = f"{money(whole - granted)} more than the Council decided"
        do = "amend the plan, or ask for more while loan amounts are left"
        yield Remark(
            "wrong", "plan over loan", what, Where("plan.csv"), why, do, "Art. 7(5) and 8(3)(b)", whole - granted
        )
    for line in lines:
        if line.short:
            what = f"the contracts of line {line.line} take {money(line.loan)}, and the plan has {money(line.planned)}"
            do = "amend the plan before you claim it, or let other money pay the rest"
            yield Remark("wrong", "line short", what, places[line.line], "", do, "Art. 7(5) and 12(2)", line.short)


def contracts(books: Books) -> Iterator[Remark]:
    """Each contract: its line, its days, and whether its sources of money add up to its value."""
    for deal in books.ledger.contracts:
        funding = books.funding.get(deal.id, [])
        if not deal.line:
            why = "the loan pays what is in the plan"
            what = f"contract {deal.id} belongs to no line of the plan"
            yield Remark("wrong", "no plan line", what, deal.where, why, "name its line", "Art. 7(2)(b)")
        yield from _sources(deal, sum(each.amount for each in funding), books)
        milestones = books.milestones.get(deal.id, [])
        late = [each for each in milestones if each.due > books.terms.ends]
        if late and books.funded(deal.id, LOAN):
            what = f"milestone {late[0].id} of contract {deal.id} is due on {late[0].due}"
            why = f"payments of the loan are approved until {books.terms.ends}"
            do = "bring it forward, or let other money pay it"
            amount = sum(each.amount for each in late)
            provision = books.terms.provisions["ends"]
            yield Remark("look", "too late for the loan", what, late[0].where, why, do, provision, amount)
        steps = sum(each.amount for each in milestones)
        if steps > deal.value:
            what = (
                f"the milestones of contract {deal.id} add up to {money(steps)}, and its value is {money(deal.value)}"
            )
            yield Remark("wrong", "milestones over value", what, deal.where, "", "check both", "", steps - deal.value)


def _sources(deal: Deal, whole: int, books: Books) -> Iterator[Remark]:
    named = books.funding.get(deal.id, [])
    if whole > deal.value:
        what = f"{money(whole)} is to pay for contract {deal.id}, whose value is {money(deal.value)}"
        why = f"{money(whole - deal.value)} would be paid twice"
        do = "take it off one of the sources"
        yield Remark("wrong", "financed over value", what, named[-1].where, why, do, TWICE, whole - deal.value)
    elif whole < deal.value:
        what = f"{money(deal.value - whole)} of contract {deal.id} has no source of money"
        do = f"add a row to funding.csv, {NATIONAL} if nobody else pays"
        yield Remark("missing", "no source", what, deal.where, "", do, "", deal.value - whole)
    for each in named:
        if each.source not in {LOAN, NATIONAL} and books.funded(deal.id, LOAN):
            what = f"{each.source} and the loan both pay for contract {deal.id}"
            why = f"they may, by the rules of {each.source}, and not for the same costs"
            do = f"keep apart which invoices {each.source} pays"
            if each.source == "EDIP":
                why += "; EDIP pays for no purchase of defence products itself"
            provision = f"{TWICE}; {NO_PURCHASE}" if each.source == "EDIP" else TWICE
            yield Remark("look", "two sources", what, each.where, why, do, provision, each.amount)


# --- invoices and claims --------------------------------------------------------------------


def invoices(books: Books) -> Iterator[Remark]:
    """Invoices beyond their contract, and those that look like one another."""
    by_deal: dict[str, int] = defaultdict(int)
    alike: dict[tuple[str, int, object], Invoice] = {}
    for invoice in books.ledger.invoices:
        deal = books.deals[invoice.contract]
        before, by_deal[deal.id] = by_deal[deal.id], by_deal[deal.id] + invoice.amount
        if by_deal[deal.id] > deal.value:
            over = by_deal[deal.id] - max(before, deal.value)
            what = f"with invoice {invoice.id}, contract {deal.id} is invoiced {money(by_deal[deal.id])}"
            why = f"its value is {money(deal.value)}"
            yield Remark("wrong", "invoiced over value", what, invoice.where, why, "check the invoice", "", over)
        first = alike.setdefault((invoice.contract, invoice.amount, invoice.dated), invoice)
        if first is not invoice:
            what = f"invoice {invoice.id} is like {first.id}: same contract, day and amount"
            why = f"{first.id} stands at {first.where}" + ("; both are paid" if first.paid and invoice.paid else "")
            do = "see whether it is one invoice that is booked twice"
            yield Remark("look", "paid twice", what, invoice.where, why, do, "", invoice.amount)
        if invoice.paid and invoice.paid < invoice.dated:
            what = f"invoice {invoice.id} is paid on {invoice.paid}, before its day {invoice.dated}"
            yield Remark("look", "paid before dated", what, invoice.where, "", "check both days")


def claims(books: Books) -> Iterator[Remark]:
    """Costs that are charged to more than they are: of an invoice, and of what a source pays for a contract."""
    amounts = {invoice.id: invoice for invoice in books.ledger.invoices}
    of_invoice: dict[str, int] = defaultdict(int)
    of_source: dict[tuple[str, str], int] = defaultdict(int)
    for claim in books.ledger.claims:
        invoice, contract = amounts[claim.invoice], books.contract_of[claim.invoice]
        before, of_invoice[invoice.id] = of_invoice[invoice.id], of_invoice[invoice.id] + claim.amount
        if of_invoice[invoice.id] > invoice.amount:
            over = of_invoice[invoice.id] - max(before, invoice.amount)
            what = f"{money(of_invoice[invoice.id])} is charged for invoice {invoice.id} of {money(invoice.amount)}"
            do = "take the claim back, or lower it"
            yield Remark("wrong", "cost charged twice", what, claim.where, f"{money(over)} twice", do, TWICE, over)
        key = contract, claim.source
        before, of_source[key] = of_source[key], of_source[key] + claim.amount
        funded = books.funded(*key)
        if of_source[key] > funded:
            over = of_source[key] - max(before, funded)
            what = f"{claim.source} is charged {money(of_source[key])} for contract {contract}"
            why = f"it is to pay {money(funded)} of it by funding.csv"
            yield Remark("wrong", "charged over funding", what, claim.where, why, "correct one of them", "", over)
        request = books.requests.get(claim.request)
        if request and request.submitted < invoice.dated:
            what = f"invoice {invoice.id} of {invoice.dated} is claimed in {request.id} of {request.submitted}"
            why = "a request rests on evidence of progress that is there"
            yield Remark("wrong", "claimed before dated", what, claim.where, why, "check both days", "Art. 12(2)")


# --- requests -------------------------------------------------------------------------------


def of_requests(books: Books, sums: tuple[RequestSum, ...]) -> Iterator[Remark]:
    """Requests: how many a year, whether they add up, and what must go with them."""
    most, provision = books.terms.requests, books.terms.provisions["requests"]
    in_year: Counter[int] = Counter()
    for found in sums:
        request = books.requests[found.request]
        in_year[found.submitted.year] += 1
        if in_year[found.submitted.year] > most:
            what = f"request {found.request} is number {in_year[found.submitted.year]} of {found.submitted.year}"
            why = f"a state may submit {most} in a year"
            yield Remark("wrong", "too many requests", what, request.where, why, "move it to the next year", provision)
        if found.claimed != found.amount:
            what = (
                f"request {found.request} asks for {money(found.amount)}; its claims add up to {money(found.claimed)}"
            )
            amount = found.amount - found.claimed
            do = "add the claims that are missing, or correct the amount"
            yield Remark("wrong", "request and claims", what, request.where, "", do, "Art. 12(2)", amount)
        yield from _paid(found, books)
        for kind in found.missing:
            what = f"{kind} is not with request {found.request}, or out of date on {found.submitted}"
            law = "Art. 12(2)" if kind in {"justification", "progress"} else "Art. 10(3) and 16(14)"
            yield Remark(
                "missing", "document", what, request.where, "payment hangs on it", "add it to documents.csv", law
            )
    if books.ledger.with_request is None:
        what = "what the operational arrangements ask for with each request is not stated"
        why = "they are agreed by each state with the Commission, and are not public"
        do = "list the kinds of documents under with_request and with_contract in ledger.yaml"
        yield Remark("missing", "arrangements", what, books.ledger.where, why, do, "Art. 10(3) and 16(14)")


def _paid(found: RequestSum, books: Books) -> Iterator[Remark]:
    request, came = books.requests[found.request], found.drawn + found.cleared
    if came and request.decided is None:
        what = f"{money(came)} came for request {found.request}, on which no decision is stated"
        yield Remark("wrong", "paid without decision", what, request.where, "", "write its day", "Art. 12(3)", came)
    if came > found.amount:
        what = f"{money(came)} came for request {found.request} of {money(found.amount)}"
        yield Remark(
            "wrong", "paid over request", what, request.where, "", "check both", "Art. 12(3)", came - found.amount
        )
    elif came and came < found.amount:
        what = f"{money(came)} came for request {found.request} of {money(found.amount)}"
        why = f"{money(found.amount - came)} is open: another tranche, or a part that was suspended"
        yield Remark("look", "paid in part", what, request.where, why, "", "Art. 12(1) and (4)", found.amount - came)


# --- the loan and its payments --------------------------------------------------------------


def loan(books: Books) -> Iterator[Remark]:
    """What the Council decided: the advance against the highest share of the act."""
    granted, share = books.ledger.loan, books.terms.prefinancing
    if share.denominator * granted.prefinancing > share.numerator * granted.amount:
        what = f"pre-financing of {money(granted.prefinancing)} is more than {share * 100} % of {money(granted.amount)}"
        provision = books.terms.provisions["prefinancing"]
        yield Remark(
            "wrong", "advance over share", what, granted.where, "", "check both against the decision", provision
        )
    if granted.decided > books.terms.last_decision:
        what = f"the Council's decision is of {granted.decided}"
        why = f"decisions were to be taken by {books.terms.last_decision}"
        yield Remark(
            "wrong",
            "decided too late",
            what,
            granted.where,
            why,
            "check its day",
            books.terms.provisions["last_decision"],
        )
    if books.ledger.draws and granted.agreement is None:
        what = "draws are booked, and the day of the loan agreement is not stated"
        do = "write loan.agreement, the day on which it entered into force"
        yield Remark("missing", "agreement", what, granted.where, "", do, "Art. 11(2)")


def draws(books: Books) -> Iterator[Remark]:
    """Each draw: in time, under the agreement, within the loan and the advance."""
    granted, whole, advance, cleared = books.ledger.loan, 0, 0, 0
    for draw in sorted(books.ledger.draws, key=lambda each: (each.received, _place(each.where))):
        request = books.requests.get(draw.request)
        approved = request.decided if request and request.decided else None
        if (approved or draw.received) > books.terms.ends:
            what = f"draw {draw.id} is approved on {approved}" if approved else f"draw {draw.id} is of {draw.received}"
            why = f"payments are approved until {books.terms.ends}"
            do = "ask for it earlier, or let other money pay"
            yield Remark(
                "wrong", "draw too late", what, draw.where, why, do, books.terms.provisions["ends"], draw.amount
            )
        if draw.received < (granted.agreement or granted.decided):
            what = f"draw {draw.id} is of {draw.received}"
            why = f"the loan was decided on {granted.decided}"
            why += f", its agreement in force from {granted.agreement}" if granted.agreement else ""
            yield Remark("wrong", "draw too early", what, draw.where, why, "check its day", "Art. 10 and 11(2)")
        before, whole = whole, whole + draw.amount
        if whole > granted.amount:
            over = whole - max(before, granted.amount)
            what = f"with draw {draw.id}, {money(whole)} is drawn of a loan of {money(granted.amount)}"
            yield Remark("wrong", "drawn over loan", what, draw.where, "", "check the draw", "Art. 8(3)(b)", over)
        if draw.kind == "prefinancing":
            advance += draw.amount
            if advance > granted.prefinancing:
                what = f"with draw {draw.id}, {money(advance)} came of pre-financing of {money(granted.prefinancing)}"
                amount = advance - granted.prefinancing
                yield Remark(
                    "wrong", "advance over grant", what, draw.where, "", "check the draw", "Art. 11(1)", amount
                )
        cleared += draw.cleared
        if cleared > advance:
            what = f"with draw {draw.id}, {money(cleared)} of pre-financing is set off, and {money(advance)} came"
            yield Remark(
                "wrong", "cleared over advance", what, draw.where, "", "check cleared", "Art. 10(2)", cleared - advance
            )


def studies(books: Books) -> Iterator[Remark]:
    """Studies of replacing a subcontractor that are late."""
    for deal in books.ledger.contracts:
        if deal.study_from is None:
            continue
        last = months_after(deal.study_from, 12 * books.terms.study_years)
        if (deal.study_done or books.on) > last:
            what = f"the study promised under contract {deal.id} was due on {last}"
            why = f"done on {deal.study_done}" if deal.study_done else f"it is not done by {books.on}"
            do = "have it done; the contract's support rests on it"
            yield Remark(
                "wrong",
                "study late",
                what,
                deal.where,
                why,
                do,
                books.terms.provisions["study_years"],
                books.funded(deal.id, LOAN),
            )


# --- beside the ledger ----------------------------------------------------------------------


def facts(books: Books, known: Allocation | None) -> Iterator[Remark]:
    """The loan as the ledger has it against what our facts say of the same state."""
    granted = books.ledger.loan
    if known is None or known.decided is None:
        return
    if not known.decided.low <= granted.amount <= known.decided.high:
        what = f"the ledger has a loan of {money(granted.amount)}"
        ends = {money(known.decided.low): None, money(known.decided.high): None}
        why = f"the facts have {' to '.join(ends)}: jointbuy fund pool"
        do = "check it against the decision; a newer one can be given with --facts"
        yield Remark("look", "loan and facts", what, granted.where, why, do, "Art. 8(3)(b)")
    elif known.prefinancing and known.prefinancing.exact and known.prefinancing.low != granted.prefinancing:
        what = f"the ledger has pre-financing of {money(granted.prefinancing)}"
        why = f"the facts have {money(known.prefinancing.low)}: jointbuy fund pool"
        yield Remark(
            "look", "advance and facts", what, granted.where, why, "check it against the decision", "Art. 11(1)"
        )


def purchases(books: Books, bought: tuple[Bought, ...]) -> Iterator[Remark]:
    """The verdicts on the purchases that contracts name, and this state's part of their value."""
    for each in bought:
        deal = books.deals[each.contract]
        stake = books.funded(deal.id, LOAN)
        if each.outcome == "not eligible" and stake:
            what = f"contract {deal.id} is paid by the loan, and its purchase {each.purchase} is not eligible"
            do = f"see jointbuy check {each.purchase}, and jointbuy fix; what it would cost: --lost {deal.id}"
            yield Remark("wrong", "not eligible", what, deal.where, "", do, "Art. 16(1)", stake)
        elif each.outcome == "undetermined" and stake:
            what = f"whether the purchase {each.purchase} of contract {deal.id} is eligible is undetermined"
            do = f"see jointbuy check {each.purchase}"
            yield Remark("missing", "undetermined", what, deal.where, "", do, "Art. 16(1)", stake)
        elif each.conditions and stake:
            what = f"the purchase {each.purchase} of contract {deal.id} is eligible on conditions"
            why = f"open: {', '.join(each.conditions)}"
            yield Remark(
                "look", "conditions", what, deal.where, why, f"see jointbuy check {each.purchase}", "Art. 16", stake
            )
        part = next((payer for payer in each.payers if payer.country == books.ledger.state), None)
        if each.payers and part is None:
            what = f"{books.ledger.state} is no buyer of the purchase {each.purchase} that contract {deal.id} names"
            yield Remark(
                "wrong", "no buyer", what, deal.where, "", "name another purchase, or add the buyer", "Art. 2(3)"
            )
        elif part and part.amount != deal.value and each.currency == "EUR":
            what = f"contract {deal.id} is booked at {money(deal.value)}"
            why = f"by the pieces it buys, the state's part of {each.purchase} is {money(part.amount)}"
            yield Remark(
                "look", "part of the value", what, deal.where, why, "check the value", "", deal.value - part.amount
            )
