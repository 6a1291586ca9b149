"""Areas of policy by the words that speak of them (areas.yaml); the register needs these, and no reader."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from jointbuy.law.reader import Reader

HERE = Path(__file__).parent
_TOKEN = re.compile(r"\w[\w-]*")
_NO_WORDS = re.compile(
    r"\b(?:(?:Arabic|Chinese|Dutch|English|French|German|Italian|Japanese|Korean|Portuguese|Russian|Spanish)"
    r"(?:,? (?:and |or )?)){1,12}(?=texts?\b|languages?\b|versions?\b|translations?\b)"
    r"|(?<=slave )trade\b|\btrades? unions?\b|(?:(?<=labour )|(?<=labor ))in (?:\w+ )?supply chains\b",
)
"""What speaks of no area, though its words would: Russian and Spanish texts, the slave trade."""


class Terms(NamedTuple):
    """Areas by their words: whole words, beginnings by their first three letters, phrases, words in capitals."""

    titles: tuple[tuple[str, str], ...]
    whole: dict[str, str]
    begins: dict[str, tuple[tuple[str, str], ...]]
    phrases: tuple[tuple[str, str], ...]
    capitals: dict[str, str]


@cache
def terms() -> Terms:
    """The words of every area. Raises LawError with what is wrong in areas.yaml."""
    reader = Reader(HERE)
    found = Terms((), {}, {}, (), {})
    for name, _, fields in reader.members(reader.tree("areas.yaml"), "areas"):
        reader.only(fields, ("title", "words"))
        found = found._replace(titles=(*found.titles, (name, reader.text(fields, "title"))))
        for term in (one.strip() for one in reader.text(fields, "words").split(",")):
            stem = term.removesuffix("*")
            if stem.isupper():
                found.capitals[stem] = name
            elif " " in stem:
                found = found._replace(phrases=(*found.phrases, (stem.lower(), name)))
            elif term.endswith("*"):
                found.begins[stem[:3]] = (*found.begins.get(stem[:3], ()), (stem, name))
            else:
                found.whole[stem.lower()] = name
    reader.done()
    return found


@lru_cache(maxsize=1000)
def area_of(text: str) -> str | None:
    """The area that most words of a text speak of; of several the one that comes first. None where no word does."""
    known, counted = terms(), Counter[str]()
    text = _NO_WORDS.sub(" ", text)
    for word in _TOKEN.findall(text):
        low = word.lower()
        for stem, name in known.begins.get(low[:3], ()):
            counted[name] += low.startswith(stem)
        if low in known.whole:
            counted[known.whole[low]] += 1
        if word in known.capitals:
            counted[known.capitals[word]] += 1
    low = text.lower()
    for phrase, name in known.phrases:
        if phrase in low:
            counted[name] += 1
    best = max(counted.values(), default=0)
    return next((name for name, _ in known.titles if counted[name] == best), None) if best else None
