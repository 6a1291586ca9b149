"""Whose text it is: a state that is no party to it cannot promise in it, whatever it is told to do (docs/pact.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from jointbuy import law
from jointbuy.commitments import Promise, Prose
from jointbuy.judged import Parties
from jointbuy.law.reader import Reader
from jointbuy.pact.sentences import sentences
from jointbuy.yamltext import Fields

HERE = Path(__file__).parent
_UPON = re.compile(r"\b(?:on|regarding|concerning|about|against)\b")
_OVER = re.compile(r"\b(?:regarding|concerning|about|against)\b")
"""Words behind which whom a title, or a sentence, speaks of stands, and not whose it is."""
_ORDERED = frozenset({"must", "shall"})
_SMALL = frozenset("of and the".split())
_ARMED = "XX"
"""Armed groups, whom a text may speak of and of whom it is not."""
_PLACES = frozenset({"america"})
"""Names of a state that stand within those of others: Latin America."""
_GIVEN, _TITLE, _FIRST = "as given", "named in the title", "named in the first sentence"
NOT_TOLD = "not told by title or first sentence: anybody may promise"


class Names(NamedTuple):
    """How states are named in capitals, and the groups with their members."""

    pattern: re.Pattern[str]
    codes: dict[str, str]
    groups: dict[str, frozenset[str]]


@cache
def names() -> Names:
    """All names of states and groups. Raises LawError with what is wrong in names.yaml."""
    reader = Reader(HERE)
    tree = reader.tree("names.yaml")
    reader.only(tree, ("names", "groups"))
    places = law.places()
    # Codes and folded names are of no use here: `us` and `in` are words. A name is written with a capital.
    codes = {title: code for code, title in places.titles.items()}
    for name, code in places.names.items():
        if len(name) > 4 and name.isascii() and name not in _PLACES:
            codes.setdefault(" ".join(word if word in _SMALL else word.capitalize() for word in name.split()), code)
    for code, listed in reader.texts(tree, "names").items():
        codes |= dict.fromkeys(_split(listed), code)
    groups: dict[str, frozenset[str]] = {}
    for code, where, fields in reader.members(tree, "groups"):
        reader.only(fields, ("names",), ("of", "members"))
        codes |= dict.fromkeys(_split(reader.text(fields, "names")), code)
        groups[code] = _members(reader, fields)
        if not groups[code]:
            reader.fault(f'the group "{code}" has no members', where)
    groups = {
        code: among | frozenset[str]().union(*(groups.get(one, ()) for one in among)) for code, among in groups.items()
    }
    reader.done()
    longest = sorted(codes, key=lambda name: (-len(name), name))
    ends = "|".join(re.escape(name) for name in longest)
    return Names(re.compile(rf"(?<![\w.])(?:{ends})(?!\w)"), codes, groups)


def _split(listed: str) -> list[str]:
    return [one.strip() for one in listed.split(",") if one.strip()]


def _members(reader: Reader, fields: Fields) -> frozenset[str]:
    """Members as listed, or those of a group of the law data over all time."""
    if "of" in fields.fields:
        return frozenset(one.country for one in law.places().memberships.get(reader.text(fields, "of"), ()))
    return frozenset(reader.text(fields, "members").split())


def _named(text: str) -> Iterator[str]:
    known = names()
    for found in known.pattern.finditer(text):
        yield known.codes[found[0]]


def given(listed: Sequence[str]) -> Parties:
    """Parties as a person names them, by code or name. Raises ValueError with the name that is none."""
    found = []
    for name in listed:
        code = name.upper() if name.upper() in names().groups else law.places().recognise(name)
        if code is None:
            raise ValueError(name)
        found.append(code)
    return Parties(tuple(dict.fromkeys(found)), _GIVEN)


def told(prose: Prose) -> Parties:
    """The parties that a text names: in its title before "on" and the like, else in its first sentence likewise.

    Fewer than two, and no group: not told.
    """
    title = []
    for block in prose.blocks:
        if block.place != "heading":
            break
        title.append(_UPON.split(block.text)[0])
    first = next((one.text for one in sentences(prose.blocks) if one.place not in {"heading", "footnote"}), "")
    for text, how in ((" . ".join(title), _TITLE), (_OVER.split(first)[0], _FIRST)):
        found = tuple(dict.fromkeys(code for code in _named(text) if code != _ARMED))
        if len(found) > 1 or "G7" in found:
            return Parties(found, how)
    return Parties((), NOT_TOLD)


def first_named(text: str) -> str | None:
    """The first state or group that a text names, as written; None without one."""
    found = names().pattern.search(text)
    return found[0] if found else None


def is_outside(promise: Promise, parties: Parties) -> bool:
    """Whether every state that the actor names is no party; an actor that names none is never outside.

    A first sentence is a weaker sign than a title: by it only what somebody must or shall do is left out.
    """
    if parties.how == _FIRST and not _ORDERED & {word.lower() for word in promise.words}:
        return False
    found = set(_named(promise.meant or promise.actor or ""))
    inside = set(parties.names).union(*(names().groups.get(name, ()) for name in parties.names))
    return bool(parties.names) and bool(found) and not found & inside
