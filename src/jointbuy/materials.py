"""Strategic raw materials by the words that bills use for them. The data stand in `law/crma/materials.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from jointbuy.errors import did_you_mean
from jointbuy.exact import ZERO, Range
from jointbuy.model import Country

SYMBOL = 2
"""Letters of the symbol of an element, at most."""


@dataclass(frozen=True, slots=True)
class Strategic:
    """A raw material on the list: from the first day to the day before `until`, known from `known_since` on.

    `condition` is what the list asks for beyond the name; `of` the group that the list names in its stead.
    """

    id: str
    provision: str
    condition: str | None
    of: str | None
    since: date
    until: date | None
    known_since: date
    verified: bool


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a name in a bill stands for.

    `fulfils` tells whether it says itself what the list asks for beyond the name; `critical` whether it is on the list
    of critical raw materials alone; `hint` is the name on the list that was perhaps meant.
    """

    material: Strategic | None
    fulfils: bool = False
    critical: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Materials:
    """The list on a date, and the words for what is on it.

    `names` maps a folded name to an id; `conditions` a folded phrase to the condition it says is fulfilled; `stages`
    a stage of the value chain to what it is in the act.
    """

    title: str
    citation: str
    reference: str
    as_of: date
    caution: str
    third_countries: str
    listed: Mapping[str, Strategic]
    names: Mapping[str, str]
    conditions: Mapping[str, str]
    forms: tuple[str, ...]
    critical: tuple[str, ...]
    stages: Mapping[str, str]

    def on(self, day: date, known_on: date) -> Materials:
        """The list as it stood on a day, as known by another."""
        kept = {
            name: one
            for name, one in self.listed.items()
            if one.since <= day and (one.until is None or day < one.until) and one.known_since <= known_on
        }
        return Materials(
            self.title, self.citation, self.reference, self.as_of, self.caution, self.third_countries, kept,
            self.names, self.conditions, self.forms, self.critical, self.stages,
        )  # fmt: skip

    def recognise(self, text: str, *, near: bool = True) -> Recognised:
        """What a name stands for, with what it says of grade, form or use left aside; `near` misses take a while."""
        words, said = fold(text), set[str]()
        if words not in self.names:
            for phrase in sorted(self.conditions, key=len, reverse=True):
                if f" {phrase} " in f" {words} ":
                    said.add(self.conditions[phrase])
                    words = " ".join(f" {words} ".replace(f" {phrase} ", " ").split())
        bare = " ".join(word for word in words.split() if word not in self.forms) or words
        material = self.listed.get(self.names.get(bare, ""))
        if material is not None:
            return Recognised(material, material.condition is None or material.condition in said)
        if bare in self.critical:
            return Recognised(None, critical=True)
        return Recognised(None, hint=self._hint(bare) if near else "")

    def _hint(self, words: str) -> str:
        """The material that a longer name speaks of, or that a misspelt one is near."""
        long = {name: id_ for name, id_ in self.names.items() if len(name) > SYMBOL and id_ in self.listed}
        for word in words.split():
            if word in long:
                return long[word]
        near = re.search(r'"(.*)"', did_you_mean(words, long)) if len(words) < 40 else None
        return long[near[1]] if near else ""


# --- what is held ---------------------------------------------------------------------------

Standing = Literal["third country", "Union", "overseas"]
"""What a country is to the benchmark of Art. 5(1)(b)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Kilograms of a material by the country where a stage of its value chain was done.

    `stage` is "" where the bill does not name one; `kind` what it is in the act. `countries` are heaviest first.
    `largest` is the third country with most of what is declared, `share` what it has of all: up to its high end where
    all that is undeclared is its own. `above` tells whether any third country has more than the benchmark.
    """

    stage: str
    kind: str
    countries: tuple[tuple[Country, Standing, Fraction], ...]
    undeclared: Fraction
    largest: Country | None
    share: Range
    above: Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Holding:
    """Kilograms of one strategic raw material, and where its stages were done.

    `condition` is what the list asks for beyond the name, and `fulfils` whether the bill says that it is so.
    `members` are the materials of a group that is looked at as one.
    """

    title: str
    provision: str
    condition: str | None
    fulfils: bool
    verified: bool
    mass: Fraction
    stages: tuple[Tally, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """Kilograms of what is not on the list, by the name that was written; see `Recognised`."""

    name: str
    mass: Fraction
    critical: bool
    hint: str


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A raw material of which no mass is known, why, and what it costs in one end product."""

    part: str
    name: str | None
    why: str
    cost: Range


@dataclass(frozen=True, slots=True)
class Held:
    """The raw materials of one end product, or where `product` is None of all that are bought.

    `said` of `lines` components and raw materials say what they hold. `unmeasured` are the dearest raw materials of
    unknown mass, `unmeasured_cost` what all of them cost.
    """

    product: str | None
    quantity: Fraction | None
    holdings: tuple[Holding, ...]
    others: tuple[Other, ...]
    said: int = 0
    lines: int = 0
    unmeasured: tuple[Unmeasured, ...] = ()
    unmeasured_count: int = 0
    unmeasured_cost: Range = ZERO


@dataclass(frozen=True, slots=True)
class Minerals:
    """Strategic raw materials in what is bought, beside the benchmark for one third country.

    `whole` is all that is bought together; None while a number of end products is not stated.
    """

    products: tuple[Held, ...]
    whole: Held | None
    limit: Fraction
    provision: str
    materials: Materials
    notes: tuple[str, ...] = ()


# --- words ----------------------------------------------------------------------------------


def fold(text: str) -> str:
    """A name without case, accents, signs and doubled blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    bare = "".join(sign for sign in letters if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w]|_", " ", bare).split())


def phrases(texts: Iterable[str]) -> list[str]:
    """The folded phrases of texts that list them with semicolons between."""
    return [fold(each) for text in texts for each in text.split(";") if each.strip()]
