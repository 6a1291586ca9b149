"""Small random purchases with alternatives, and the cheapest one that passes found by trying every choice."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from unittest.mock import patch

from jointbuy import formats, law
from jointbuy.flow import fixed
from jointbuy.flow.case import decided
from jointbuy.flow.fix import fix

HEAD = "Part,Parent,Quantity,Supplier,Country of origin,Unit cost,Currency,Cost kind,Awarded"
OFFERS = "part,supplier,origin,unit_cost,currency,qualification_cost,together,not_with,replaces"
RATES = {"EUR": Fraction(1), "USD": Fraction("0.8526"), "CAD": Fraction("0.6215")}
PIECES = 60
PURCHASE = """\
id: RANDOM
instrument: SAFE
events: {{tender: 2026-03-09, signature: 2026-09-15, last_payment: 2030-10-31}}
product: {{kind: defence product, categories: [ground combat]}}
buyers:
  - {{country: LT, quantity: 36, borrows: yes, loan: {{council_decision: 2026-02-17}}, participation: signed}}
  - {{country: EE, quantity: 10, borrows: yes, loan: {{council_decision: 2026-02-17}}, participation: signed}}
  - {{country: FI, quantity: 14, borrows: yes, loan: {{council_decision: 2026-02-17}}, participation: signed}}
conducted_by: LT
contract: {{value: 96000000.00, currency: EUR, contractors: [MAKER]}}
parties:
  - id: MAKER
    name: Muster Fahrzeuge GmbH
    established_in: DE
    executive_management_in: DE
    controlled_by: DE
    facilities: [{{name: plant, country: DE}}]
    none_from_contravening: yes
subcontracts: []
design: {{authority: yes, holder: contractor, restrictions: []}}
end_products: [{{id: END, quantity: 60}}]
bill_of_materials: bom.csv
alternatives: alternatives.csv
exchange_rates:
  - {{currency: USD, rate: 0.8526, on: 2026-09-01, source: invented}}
  - {{currency: CAD, rate: 0.6215, on: 2026-09-01, source: invented}}
contravening_countries: [RU, BY]
statements:
  - {{settles: aim, answer: yes, by: the authority, on: 2026-08-31, source: note}}
  - {{settles: participation-clauses, answer: yes, by: the authority, on: 2026-08-31, source: note}}
  - {{settles: plan, answer: yes, by: the authority, on: 2026-08-31, source: note}}
{more}"""


@dataclass
class Source:
    """One row of a bill, as text, with its price in whole units."""

    part: str
    parent: str
    quantity: int
    supplier: str
    origin: str
    low: Fraction
    high: Fraction
    currency: str = "EUR"
    kind: str = ""
    awarded: str = ""
    offers: list[Offer] = field(default_factory=list)

    def row(self) -> str:
        """The row as a bill has it."""
        cost = _cost(self.low, self.high)
        fields = (self.part, self.parent, self.quantity, self.supplier, self.origin, cost, self.currency, self.kind)
        return ",".join(map(str, (*fields, self.awarded)))


@dataclass
class Offer:
    """One alternative."""

    supplier: str
    origin: str
    low: Fraction
    high: Fraction
    currency: str
    qualification: int
    together: str = ""
    not_with: str = ""


def _cost(low: Fraction, high: Fraction) -> str:
    if not high:
        return ""  # it costs what its parts do
    one, other = (f"{float(each):.2f}" for each in (low, high))
    return one if low == high else f"{one} to {other}"


@dataclass
class Instance:
    """A purchase folder: its bill, and what may be chosen."""

    sources: list[Source]
    readings: dict[str, str]
    folder: Path
    acts: tuple[str, ...] = ("safe",)
    more: str = ""
    price: int | None = None
    """Of one end product, in whole units, where it is stated."""

    def write(self, chosen: dict[int, Offer] | None = None) -> None:
        """The folder, with some sources exchanged; nothing of what an exchanged assembly was made of is left."""
        chosen = chosen or {}
        gone = {self.sources[at].part for at in chosen}
        rows = ["END,,1,,,,,,"]
        for at, source in enumerate(self.sources):
            if gone & self._above(source):
                continue
            offer = chosen.get(at)
            now = source if offer is None else _exchanged(source, offer)
            rows.append(now.row())
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "bom.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        text = PURCHASE.format(more=self.more)
        if self.price is not None:
            text = text.replace("id: END, quantity: 60", f"id: END, quantity: 60, price: {self.price}.00")
        (self.folder / "purchase.yaml").write_text(text, encoding="utf-8")
        offers = [_offered(source, offer) for source in self.sources for offer in source.offers]
        (self.folder / "alternatives.csv").write_text("\n".join([OFFERS, *offers]) + "\n", encoding="utf-8")

    def passes(self, chosen: dict[int, Offer]) -> bool:
        """Whether `check` finds the purchase eligible under every act with some sources exchanged."""
        self.write(chosen)
        read = formats.read(self.folder, law.places())
        cases = (decided(read, act, readings=self.readings, tried=False) for act in self.acts)
        return all(case.verdict.outcome == "eligible" for case in cases)

    def choices(self) -> list[dict[int, Offer]]:
        """Every choice: of a label all parts or none, and never an assembly and a part in it."""
        each = [[None, *source.offers] for source in self.sources]
        found = []
        for pick in product(*each):
            chosen = {at: offer for at, offer in enumerate(pick) if offer is not None}
            gone = {self.sources[at].part for at in chosen}
            inner = any(gone & self._above(self.sources[at]) for at in chosen)
            labels = [label for offer in chosen.values() for label in offer.not_with.split(";") if label]
            if not inner and self._whole(chosen) and len(labels) == len(set(labels)):
                found.append(chosen)
        return found

    def _above(self, source: Source) -> set[str]:
        """The assemblies that a source stands in."""
        above = next((each for each in self.sources if each.part == source.parent), None)
        return {source.parent} | (self._above(above) if above else set())

    def _whole(self, chosen: dict[int, Offer]) -> bool:
        labels = {offer.together for offer in chosen.values() if offer.together}
        return all(
            at in chosen and chosen[at].together == label
            for label in labels
            for at, source in enumerate(self.sources)
            if any(offer.together == label for offer in source.offers)
        )

    def cost(self, chosen: dict[int, Offer]) -> int:
        """Cents over all pieces, at the upper end: each change rounded by itself."""
        total = 0
        for at, offer in chosen.items():
            source = self.sources[at]
            number = Fraction(PIECES * self.number(source))
            if source.awarded:
                number *= Fraction(int(source.awarded.removesuffix("%")), 100)
            more = offer.high * RATES[offer.currency] - source.low * RATES[source.currency]
            exact = (more * number + offer.qualification * RATES[offer.currency]) * 100
            total += int(abs(exact) + Fraction(1, 2)) * (1 if exact >= 0 else -1)
        return total

    def number(self, source: Source) -> int:
        """How many of a part stand in one end product."""
        above = next((each for each in self.sources if each.part == source.parent), None)
        return source.quantity * (self.number(above) if above else 1)

    def cheapest(self) -> int | None:
        """The least cost of all choices that pass; None where none does."""
        by_cost = sorted(self.choices(), key=self.cost)
        return next((self.cost(chosen) for chosen in by_cost if self.passes(chosen)), None)


def _offered(source: Source, offer: Offer) -> str:
    cost, once = _cost(offer.low, offer.high), str(offer.qualification)
    fields = (
        source.part,
        offer.supplier,
        offer.origin,
        cost,
        offer.currency,
        once,
        offer.together,
        offer.not_with,
        source.supplier,
    )
    return ",".join(fields)


def _exchanged(source: Source, offer: Offer) -> Source:
    return Source(
        source.part, source.parent, source.quantity, offer.supplier, offer.origin, offer.low, offer.high,
        offer.currency, source.kind, source.awarded,
    )  # fmt: skip


def random_instance(seed: int, folder: Path) -> Instance:
    """A purchase of some parts, of which some are made of others, with few choices in all."""
    draw = random.Random(seed)
    method = draw.choice(["first level", "traced"])
    readings = {"components": method}
    acts = draw.choice([("safe",), ("safe",), ("edip",), ("safe", "edip")])
    if acts == ("safe",) and draw.random() < 0.3:
        readings["base"] = "product value"  # which EDIP leaves no choice of
    if draw.random() < 0.15:
        readings["unknown origin"] = draw.choice(["worst case", "outside"])
    sources: list[Source] = []
    for at in range(draw.randint(3, 6)):
        part = f"P{at}"
        low = Fraction(draw.randint(10_00, 900_00), 100)
        high = low + (Fraction(draw.randint(1, 40_00), 100) if draw.random() < 0.15 else 0)
        known = ["DE", "FR", "DE", "DE", "US", "US", "KR", "CA", "", "DE 60; US 40", "GB"]
        origin = "RU" if draw.random() < 0.03 else draw.choice(known)
        currency = draw.choice(["EUR", "EUR", "EUR", "USD", "CAD"])
        quantity = draw.randint(1, 3)
        if draw.random() < 0.15:
            sources.append(Source(part, "END", quantity, "Dual A", origin, low, high, currency, awarded="60%"))
            sources.append(Source(part, "END", quantity, "Dual B", "US", low, high, currency, awarded="40%"))
        else:
            sources.append(Source(part, "END", quantity, f"Maker {at}", origin, low, high, currency))
            if draw.random() < 0.35:
                for inner in range(2):
                    worth = Fraction(draw.randint(1_00, 20_00), 100)
                    inside = draw.choice(["DE", "US", "CA", "JP"])
                    sources.append(Source(f"P{at}-{inner}", part, 2, f"Inner {at}{inner}", inside, worth, worth))
    sources.append(Source("WORK", "END", 1, "MAKER", "DE", Fraction(120), Fraction(120), kind="final assembly"))
    instance = Instance(sources, readings, folder, acts)
    _offer(instance, draw)
    return instance


def _offer(instance: Instance, draw: random.Random) -> None:
    made = {source.parent for source in instance.sources}
    offered = [at for at, each in enumerate(instance.sources) if not each.kind]
    draw.shuffle(offered)
    offered.sort(key=lambda at: instance.sources[at].origin in {"DE", "FR"})  # where moving helps, first
    left = 24
    for at in offered[:5]:
        source = instance.sources[at]
        if source.part in made and source.awarded:
            continue
        for number in range(draw.choice([1, 1, 1, 2])):
            if left < 4:
                break
            origin = draw.choice(["DE", "DE", "IT", "CA", "FR 70; US 30", "DE", "DE 90; US 10", ""])
            low = source.low * Fraction(draw.randint(90, 125), 100)
            low = Fraction(round(low * 100), 100)
            high = low + (Fraction(draw.randint(1, 900), 100) if draw.random() < 0.15 else 0)
            offer = Offer(f"New {at}{number}", origin, low, high, source.currency, draw.choice([0, 500, 20_000]))
            source.offers.append(offer)
        left //= len(source.offers) + 1
    alone = [at for at in offered if len(instance.sources[at].offers) == 1]
    if len(alone) >= 2 and draw.random() < 0.3:
        for at in alone[:2]:
            instance.sources[at].offers[0].together = "pack"


def absorbing_instance(seed: int, folder: Path) -> Instance:
    """The same by absorption, where the first assemblies are made of assemblies."""
    instance = random_instance(seed, folder)
    draw = random.Random(-seed - 1)
    instance.readings = {"components": draw.choice(["absorption", "absorption both ways"])}
    instance.acts = ("safe",)
    made = [source for source in instance.sources if any(each.parent == source.part for each in instance.sources)]
    for source in made:
        for inner in [each for each in instance.sources if each.parent == source.part]:
            worth = Fraction(draw.randint(1_00, 20_00), 100)
            offer = Offer(f"Deep {inner.part}", "DE", worth, worth, "EUR", draw.choice([0, 500]))
            deep = Source(
                f"{inner.part}-D", inner.part, 1, f"Maker {inner.part}", draw.choice(["US", "KR", "DE"]), worth, worth
            )
            if deep.origin != "DE" and len(instance.choices()) < 200:
                deep.offers.append(offer)
            instance.sources.append(deep)
    return instance


def unpriced_instance(seed: int, folder: Path) -> Instance:
    """The same, where assemblies have no price of their own and what is in them has offers."""
    instance = random_instance(seed, folder)
    draw = random.Random(-seed - 1)
    made = {source.parent for source in instance.sources}
    for source in instance.sources:
        if source.part in made and not source.awarded:
            source.low = source.high = Fraction(0)
            source.offers.clear()
        for offer in source.offers:
            offer.together = ""
    for source in instance.sources:
        if source.parent != "END" and len(instance.choices()) < 60:
            worth = Fraction(draw.randint(1_00, 200_00), 100)
            source.offers.append(
                Offer(f"New {source.part}", draw.choice(["DE", "US"]), worth, worth, "EUR", draw.choice([0, 500]))
            )
    return instance


def valued_instance(seed: int, folder: Path) -> Instance:
    """The same, measured against what is stated: the price of the end product, or the value of the contract."""
    instance = random_instance(seed, folder)
    if instance.acts == ("safe",):
        instance.readings["base"] = ("product value", "contract value")[seed % 2]
    worth = sum(float(source.high * RATES[source.currency]) * instance.number(source) for source in instance.sources)
    instance.price = int(worth * (0.9, 1.02, 1.3)[seed % 3])
    return instance


def excluding_instance(seed: int, folder: Path) -> Instance:
    """The same, where offers for different parts exclude each other."""
    instance = random_instance(seed, folder)
    draw = random.Random(-seed - 1)
    offers = [(source, offer) for source in instance.sources for offer in source.offers if not offer.together]
    draw.shuffle(offers)
    for (one, first), (other, second) in pairwise(offers):
        if one is not other:
            label = f"{len(first.not_with)}{first.supplier}"
            first.not_with = f"{first.not_with};{label}".strip(";")
            second.not_with = f"{second.not_with};{label}".strip(";")
    return instance


def undrawn() -> AbstractContextManager[object]:
    """Fixes without their frontiers, which take most of the time, where nobody looks at these."""
    return patch.object(fixed, "frontiers", lambda *_: ())


def disagreement(
    seed: int,
    folder: Path,
    drawn: Callable[[int, Path], Instance] = random_instance,
    within: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> str | None:
    """What differs between a fix and trying every choice, "" for nothing; None where nothing is offered.

    It is fixed `within` something, such as another way to read and add up, and tried by plain reading and adding up.
    """
    instance = drawn(seed, folder)
    if not any(source.offers for source in instance.sources):
        return None
    expected = instance.cheapest()
    instance.write()
    with undrawn(), within():
        found = fix(instance.folder, acts=instance.acts, readings=instance.readings)
    if not found.cost == found.bound == expected:
        return f"cost {found.cost}, bound {found.bound}, expected {expected}"
    if expected is not None and any(case.verdict.outcome != "eligible" for case in found.after):
        return "not eligible afterwards"
    return ""
