"""`purchase.yaml` to a `Purchase`, and the checks that need no law: names, order of dates, sums."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from jointbuy import yamltext
from jointbuy.errors import Unusable, Where
from jointbuy.formats import markings, scalars
from jointbuy.formats.decode import Decoder
from jointbuy.formats.files import Content, text_of
from jointbuy.formats.problems import Problems, alike, plain, shown
from jointbuy.model import Loan, Owner, Purchase
from jointbuy.money import Money
from jointbuy.places import Places
from jointbuy.yamltext import Fields, Node, Text


def read_purchase(content: Content, places: Places, problems: Problems, notes: list[str]) -> Purchase | None:
    """The purchase a file states, with blanks where it could not be read; None when it is no YAML at all.

    Raises Unusable at once, and with nothing else, for a file marked as classified (§16).
    """
    tree = tree_of(content, problems, notes)
    return None if tree is None else purchase_of(tree, content.name, places, problems, notes)


def purchase_of(tree: Node, file: str, places: Places, problems: Problems, notes: list[str]) -> Purchase:
    """The purchase that a tree of text states, checked."""
    decoder = Decoder(places, problems, _contract_currency(tree))
    purchase: Purchase = decoder.record(Purchase, tree, "", Where(file, 1))
    purchase = replace(purchase, where=decoder.where)
    _Checks(purchase, problems).run()
    notes.extend(decoder.notes)
    return purchase


def tree_of(content: Content, problems: Problems, notes: list[str]) -> Node | None:
    """The file as a tree of text, whether YAML or a workbook; None where it is neither. Raises Unusable as above."""
    tree = _tree(content, problems, notes)
    return None if tree is None else markings.without(tree)


def _tree(content: Content, problems: Problems, notes: list[str]) -> Node | None:
    if content.name.casefold().endswith(".xlsx"):
        # Imported on use: most purchases are YAML.
        from jointbuy.formats import purchase_in

        return purchase_in.tree_of(content, problems, notes)
    text = text_of(content, problems)
    if text is None:
        return None
    try:
        tree = yamltext.parse(text, content.name)
    except Unusable as unusable:
        problems.found.extend(unusable.problems)
        return None
    markings.check_comments(text, content.name)
    return tree


def _contract_currency(tree: Node) -> str | None:
    """The contract's currency, looked up first because every amount needs it."""
    contract = tree.fields.get("contract") if isinstance(tree, Fields) else None
    stated = contract.fields.get("currency") if isinstance(contract, Fields) else None
    try:
        return scalars.currency(stated.value) if isinstance(stated, Text) else None
    except scalars.Wrong:
        return None


class _Checks:
    """What must hold within the file itself. Values that could not be read are None and pass."""

    def __init__(self, purchase: Purchase, problems: Problems) -> None:
        self.purchase, self.problems = purchase, problems
        self.parties = [party.id for party in purchase.parties if party.id]

    def run(self) -> None:
        """Every check, in the order of the file."""
        self.dates()
        for index, buyer in enumerate(self.purchase.buyers):
            self.positive(buyer.quantity, f"buyers[{index}].quantity")
            self.loan(buyer.loan, f"buyers[{index}].loan")
        self.contract()
        for one, other in alike(self.parties):
            why = f"{shown(one)} differs from it only in capitals, blanks or signs that cannot be seen"
            self.add(f"parties[{other}].id", f"is {shown(other)}", why, "write one id alike, or two clearly apart")
        for index, party in enumerate(self.purchase.parties):
            self.owners(party.owners, f"parties[{party.id or index}].owners")
        for index in range(len(self.purchase.subcontracts or ())):
            self.subcontract(index)
        for index, product in enumerate(self.purchase.end_products or ()):
            self.positive(product.quantity, f"end_products[{product.id or index}].quantity")
            if product.price:
                self.own_currency(product.price, f"end_products[{product.id or index}].price")
        for index, action in enumerate(self.purchase.actions):
            if action.cost:
                self.own_currency(action.cost, f"actions[{action.id or index}].cost")
        if self.purchase.end_products == () and self.purchase.bill_of_materials:
            why = "end_products: [] says that nothing bought has components"
            self.add("bill_of_materials", "names a bill", why, "take it out, or name the end product")
        self.rates()
        self.statements()

    def add(self, path: str, what: str, why: str = "", do: str = "") -> None:
        """A problem with the value at `path`."""
        self.problems.add(f"{path} {what}", self.purchase.where.get(path), why, do)

    def positive(self, value: Fraction | None, path: str) -> None:
        """A quantity or rate must be more than zero; one that is not stated is not zero."""
        if value is not None and value <= 0:
            self.add(path, f"is {plain(value)}", "it must be more than zero", "leave it empty when it is not known")

    def party(self, name: str | None, path: str) -> None:
        """A party that is named must be described."""
        if name is not None and name not in self.parties:
            advice = self.problems.near(name, self.parties, "add it under parties, with this id")
            self.add(path, f"names {shown(name)}", "no party has this id", advice)

    def dates(self) -> None:
        """Tender, signature, changes with their notices, who joins later, last delivery and payment follow each other.

        So do a screening and the word of the mitigation that it asked for.
        """
        events = self.purchase.events
        steps: list[tuple[str, date | None, str, date | None]] = [
            ("events.tender", events.tender, "events.signature", events.signature),
            ("events.signature", events.signature, "events.last_delivery", events.last_delivery),
            ("events.signature", events.signature, "events.last_payment", events.last_payment),
        ]
        for index, buyer in enumerate(self.purchase.buyers):
            steps.append(("events.signature", events.signature, f"buyers[{index}].joined", buyer.joined))
        for party in self.purchase.parties:
            if party.screening:
                path = f"parties[{party.id}].screening"
                steps.append((f"{path}.on", party.screening.on, f"{path}.notified", party.screening.notified))
        for index, change in enumerate(self.purchase.modifications):
            path = f"modifications[{index}]"
            steps.append(("events.signature", events.signature, f"{path}.on", change.on))
            steps.append((f"{path}.on", change.on, f"{path}.notice", change.notice))
            for name in ("quantity_before", "quantity_after"):
                self.positive(getattr(change, name), f"{path}.{name}")
        for before, first, after, second in steps:
            if first and second and second < first:
                self.add(after, f"is {second}", f"it lies before {before}, {first}", "correct one of the two dates")

    def loan(self, loan: Loan | None, path: str) -> None:
        """Request, decision and loan agreement follow each other (Art. 7, 8 and 10)."""
        if loan is None:
            return
        steps = [("requested", loan.requested), ("council_decision", loan.council_decision)]
        steps.append(("agreement_in_force", loan.agreement_in_force))
        dated = [(name, day) for name, day in steps if day]
        for (before, first), (after, second) in pairwise(dated):
            if second < first:
                why = f"it lies before {path}.{before}, {first}"
                self.add(f"{path}.{after}", f"is {second}", why, "correct one of the two dates")

    def contract(self) -> None:
        """Value and contractors."""
        contract = self.purchase.contract
        for index, name in enumerate(contract.contractors):
            self.party(name, f"contract.contractors[{index}]")
        for name, times in Counter(contract.contractors).items():
            if times > 1:
                self.add("contract.contractors", f"name {shown(name)} {times} times", do="name each once")
        if contract.value:
            if contract.value.minor == 0:
                self.add("contract.value", "is 0", "a contract has a value", "leave it empty when it is not known")
            self.own_currency(contract.value, "contract.value")

    def own_currency(self, money: Money, path: str) -> bool:
        """Whether an amount stands in the contract's currency, in which all shares are computed."""
        own = self.purchase.contract.currency
        if own and money.currency != own:
            self.add(path, f"is in {money.currency}", f"the contract's currency is {own}", f"convert it to {own}")
        return bool(own) and money.currency == own

    def owners(self, owners: tuple[Owner, ...], path: str) -> None:
        """Owners named as parties exist, and together hold no more than all."""
        for index, owner in enumerate(owners):
            self.party(owner.party, f"{path}[{index}].party")
        held = sum((owner.share for owner in owners if owner.share), Fraction(0))
        if held > 1:
            self.add(path, f"hold {plain(held * 100)} % together", "all of it is 100 %", "correct the shares")

    def subcontract(self, index: int) -> None:
        """Parties exist; value and share agree with the contract's value and with each other."""
        one, path = (self.purchase.subcontracts or ())[index], f"subcontracts[{index}]"
        self.party(one.subcontractor, f"{path}.subcontractor")
        self.party(one.contractor, f"{path}.contractor")
        contractors = self.purchase.contract.contractors
        by = one.contractor or (contractors[0] if len(contractors) == 1 else None)
        if by and one.subcontractor == by:
            why = "nobody is a subcontractor of itself"
            self.add(f"{path}.subcontractor", f"is {shown(by)}, who awards it", why, "name the other party")
        whole = self.purchase.contract.value
        if one.value is None or not self.own_currency(one.value, f"{path}.value") or whole is None:
            return
        if whole.currency != one.value.currency or whole.minor == 0:
            return
        part = Fraction(one.value.minor, whole.minor)
        if part > 1:
            why = f"that is more than the contract value of {plain(whole.major)}"
            self.add(f"{path}.value", f"is {plain(one.value.major)}", why, "correct one of the two")
        elif one.share is not None and one.share != part:
            why = f"{path}.value is {plain(part * 100)} % of the contract value"
            self.add(f"{path}.share", f"is {plain(one.share * 100)} %", why, "give the value alone, or correct one")

    def rates(self) -> None:
        """Exchange rates: more than zero, one for each other currency."""
        own = self.purchase.contract.currency
        seen: dict[Any, int] = {}
        for index, rate in enumerate(self.purchase.exchange_rates):
            path = f"exchange_rates[{index}]"
            self.positive(rate.rate, f"{path}.rate")
            if rate.currency and rate.currency == own:
                self.add(path, f"is for {own}", "that is the contract's own currency", "take it out")
            if rate.currency and rate.currency in seen:
                why = f"exchange_rates[{seen[rate.currency]}] is for it too"
                self.add(path, f"is for {rate.currency}", why, "keep the one that applies")
            seen.setdefault(rate.currency, index)

    def statements(self) -> None:
        """Of two statements on one key the later counts; of one day they must agree."""
        said: dict[tuple[str, date], int] = {}
        for index, each in enumerate(self.purchase.statements):
            first = said.setdefault((each.settles, each.on), index)
            other = self.purchase.statements[first]
            if None in {each.settles, each.on, each.answer, other.answer} or each.answer is other.answer:
                continue
            where = self.purchase.where.get(f"statements[{first}].settles")
            place = f" at {where}" if where else ""
            why = f"the one{place} says {'yes' if other.answer else 'no'} on the same day"
            what = f"says {'yes' if each.answer else 'no'} to {shown(each.settles)} on {each.on}"
            self.problems.add(
                f"statements[{index}] {what}",
                self.purchase.where.get(f"statements[{index}].settles"),
                why,
                "keep the one that holds, or give each its own day",
            )
