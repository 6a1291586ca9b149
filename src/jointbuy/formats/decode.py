"""Trees of text to the frozen records of `model`, by walking their type hints.

A record is always built, with None where a value could not be read, so that every later
check can still run and one run tells all; the problems decide whether it is ever used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from jointbuy.errors import Where
from jointbuy.formats import scalars
from jointbuy.formats.problems import Problems, plain, shown
from jointbuy.formats.scalars import Wrong
from jointbuy.model import Country, Currency, Share
from jointbuy.money import DIGITS, Money, to_money
from jointbuy.places import Places, fold
from jointbuy.yamltext import Fields, Items, Node, Text

_SHORT = 3
_NOT_ONE = {
    "european union", "europe", "union", "eea-efta", "nato", "various", "varied", "several", "multiple", "mixed",
    "diverse", "verschiedene", "divers", "différents", "różne", "international", "worldwide", "global",
    "asia", "africa", "america", "americas", "north america", "south america", "latin america", "oceania", "far east",
    "middle east", "overseas", "abroad", "foreign", "import", "imported", "asien", "afrika", "ausland", "asie",
    "afrique", "amérique", "azja", "afryka", "apac", "emea",
}  # fmt: skip
"""What people write for more than one country, folded."""


class Slot(NamedTuple):
    """One field of a record as files know it. `hint` is its type without `| None`."""

    name: str
    hint: Any
    required: bool
    default: Any
    doc: str

    @property
    def many(self) -> Any:
        """The type of the members where the field is a list, else None."""
        return get_args(self.hint)[0] if get_origin(self.hint) is tuple else None


@cache
def slots_of(record: type) -> tuple[Slot, ...]:
    """The fields of a record that a file may hold, in their order."""
    hints = get_type_hints(record)
    found = []
    for item in fields(record):
        if "doc" in item.metadata:
            hint = hints[item.name]
            if get_origin(hint) in {Union, UnionType}:
                hint = next(part for part in get_args(hint) if part is not type(None))
            required = item.default is MISSING
            found.append(Slot(item.name, hint, required, None if required else item.default, item.metadata["doc"]))
    return tuple(found)


class Decoder:
    """Decodes one file; `where` collects the place of every value by its path.

    `currency` is the contract's: the one of an amount that names none.
    """

    def __init__(self, places: Places, problems: Problems, currency: str | None) -> None:
        self.places, self.problems, self.currency = places, problems, currency
        self.where: dict[str, Where] = {}
        self.notes: list[str] = []

    def record(self, kind: type, node: Node, path: str, at: Where) -> Any:
        """The record in `node`, whose own line is `at`."""
        slots = {slot.name: slot for slot in slots_of(kind)}
        if not isinstance(node, Fields):
            advice = f"write them below it, indented: {', '.join(slots)}"
            self.problems.add(f"{path or 'the file'} must hold named values", node.where, do=advice)
            return blank(kind)
        for key in node.fields.keys() - slots.keys():
            self.unknown(key, path, node.keys[key], slots)
        values = {}
        for slot in slots.values():
            child = node.fields.get(slot.name)
            place = f"{path}.{slot.name}" if path else slot.name
            if child is None or _absent(slot, child):
                values[slot.name] = self.absent(slot, place, node.keys.get(slot.name, at))
            else:
                self.where[place] = node.keys[slot.name]
                values[slot.name] = self.value(slot, child, place)
        return kind(**values)

    def unknown(self, key: str, path: str, at: Where, slots: Mapping[str, Slot]) -> None:
        """Say that nobody asked for this field."""
        known = f"known here: {', '.join(slots)}"
        # A blank or hyphen for an underscore is the commonest slip.
        advice = self.problems.near(key.replace(" ", "_").replace("-", "_"), slots, known)
        self.problems.add(f"{shown(key)} is not a field of {path or 'the purchase'}", at, do=advice)

    def absent(self, slot: Slot, place: str, at: Where) -> Any:
        """The value of a field that is not there."""
        if not slot.required:
            return slot.default
        self.problems.add(f"{place} is missing", at, slot.doc)
        return blank(slot.hint)

    def value(self, slot: Slot, node: Node, path: str) -> Any:
        """The value of one field."""
        if slot.many:
            return self.items(slot.many, node, path)
        if get_origin(slot.hint) is Mapping:
            return self.words(node, path)
        return self.one(slot.hint, node, path, slot.required)

    def one(self, hint: Any, node: Node, path: str, required: bool) -> Any:
        """One record or one written value."""
        if is_record(hint):
            return self.record(hint, node, path, self.where[path])
        if not isinstance(node, Text):
            shape = "a list" if isinstance(node, Items) else "named values"
            self.problems.add(f"{path} holds {shape}", node.where, "one value is expected")
            return None
        return self.scalar(hint, node, path, required)

    def items(self, hint: Any, node: Node, path: str) -> tuple[Any, ...]:
        """A list; a single value stands for a list of one."""
        members = node.items if isinstance(node, Items) else (node,)
        found = []
        seen: dict[str, Where] = {}
        for index, member in enumerate(members):
            if _nothing(hint, member):
                continue
            place = f"{path}[{_id_of(member) or index}]"
            if (name := _id_of(member)) is not None:
                if name in seen:
                    again = f"line {seen[name].line} has it too"
                    self.problems.add(f"{path} has the id {shown(name)} twice", member.where, again, "keep ids unique")
                seen[name] = member.where
            self.where[place] = member.where
            found.append(self.one(hint, member, place, required=True))
        return tuple(found)

    def words(self, node: Node, path: str) -> dict[str, str]:
        """A mapping from words to words."""
        if not isinstance(node, Fields):
            self.problems.add(f"{path} must hold lines of the form ours: theirs", node.where)
            return {}
        found = {}
        for key, child in node.fields.items():
            self.where[f"{path}.{key}"] = node.keys[key]
            if not isinstance(child, Text):
                self.problems.add(f"{path}.{key} must be one word or phrase", child.where)
            elif not child.empty:
                found[key] = child.value.strip()
        return found

    def scalar(self, hint: Any, node: Text, path: str, required: bool) -> Any:
        """One written value as its type asks; None where it cannot be read."""
        try:
            if get_origin(hint) is Literal:
                return self.word(node.value, get_args(hint))
            value = self.readers()[hint](node.value)
        except Wrong as wrong:
            self.problems.add(f"{path} is {shown(node.value)}", node.where, wrong.why, wrong.do)
            return None
        if value is None and required and hint is bool:
            self.problems.add(f"{path} is {shown(node.value)}", node.where, "an answer is needed", "write yes or no")
        if hint is Share and value and value < Fraction(1, 100) and "%" not in node.value:
            written, hundredfold = node.value.strip(), plain(value * 100 * 100)
            meant = f"less than one per cent; if {hundredfold} per cent is meant, write {hundredfold}"
            self.notes.append(f"{node.where}: {path} is {written} and is read as {written} per cent, {meant}")
        return value

    def readers(self) -> dict[Any, Callable[[str], Any]]:
        """What reads each type."""
        return {
            str: str.strip,
            date: scalars.day,
            bool: scalars.truth,
            Fraction: scalars.number,
            Share: scalars.share,
            Money: self.money,
            Country: self.country,
            Currency: self.a_currency,
        }

    def word(self, text: str, options: tuple[str, ...]) -> str:
        """One of the words a field may hold."""
        found = scalars.choice(text, options)
        if found is None:
            raise Wrong(
                "it is not among the words known here", self.problems.near(text, options, scalars.one_of(options))
            )
        return found

    def money(self, text: str) -> Money | None:
        """An amount in the currency written with it, else in the contract's."""
        value, written = scalars.amount(text)
        if value < 0:
            raise Wrong("an amount cannot be negative")
        code = written or self.currency
        if code is None:  # the missing currency of the contract is already a problem
            return None
        try:
            return to_money(value, code)
        except ValueError:
            raise Wrong(f"{code} has {DIGITS[code]} decimals", "round it to the smallest coin") from None

    def country(self, text: str) -> str:
        """The alpha-2 code of a country written as code or name."""
        return country(text, self.places, self.problems)

    def a_currency(self, text: str) -> str:
        """A currency code, with advice for a near miss."""
        try:
            return scalars.currency(text)
        except Wrong as wrong:
            raise Wrong(wrong.why, self.problems.near(text, DIGITS, wrong.do)) from None


def country(
    text: str, places: Places, problems: Problems, otherwise: str = "write a code such as DE, or the English name"
) -> str:
    """The alpha-2 code of a country written as code or name. Raises Wrong, with the advice `otherwise` by default."""
    found = places.recognise(text)
    if found is None:
        # Three letters are near to many codes, and several names at once are near to none.
        guess = len(text) > _SHORT and not set(text) & set("/,") and fold(text) not in _NOT_ONE
        known = [*places.names, *places.titles.values()] if guess else []
        raise Wrong("no country is known by this code or name", problems.near(text, known, otherwise))
    return found


def blank(hint: Any) -> Any:
    """What stands for a required value that is missing or broken: a record of blanks, no items, or None."""
    if get_origin(hint) is tuple:
        return ()
    if not is_record(hint):
        return None
    return hint(**{slot.name: blank(slot.hint) if slot.required else slot.default for slot in slots_of(hint)})


def is_record(hint: Any) -> bool:
    """Whether a type is a record of named values; money is written as one value."""
    return is_dataclass(hint) and hint is not Money


def _id_of(node: Node) -> str | None:
    """The id a member of a list carries."""
    own = node.fields.get("id") if isinstance(node, Fields) else None
    return own.value.strip() if isinstance(own, Text) and own.value.strip() else None


def _absent(slot: Slot, node: Node) -> bool:
    """Whether nothing was written: an empty value, or an optional block of nothing but empty values."""
    if isinstance(node, Text):
        return node.empty
    if isinstance(node, Items):
        # `[]` says "none", which is an answer, unless at least one is asked for.
        return slot.required and all(isinstance(item, Text) and item.empty for item in node.items)
    return not slot.required and not slot.many and _hollow(node)


def _nothing(hint: Any, member: Node) -> bool:
    """Whether a member of a list says nothing; one that must name something is asked to."""
    asked = is_record(hint) and isinstance(member, Fields) and any(slot.required for slot in slots_of(hint))
    return not asked and _hollow(member)


def _hollow(node: Node) -> bool:
    if isinstance(node, Text):
        return node.empty
    if isinstance(node, Items):
        return False
    return all(_hollow(child) for child in node.fields.values())
