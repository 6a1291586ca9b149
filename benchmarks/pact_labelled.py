"""Labelled sentences of four joint statements: how far two passes agree, and how far the reader agrees with them.

The labels are in pact_labels.csv by the SHA-256 of a sentence, without any sentence; docs/pact-labels.md is the guide
by which they were made. A key that begins with an even hexadecimal digit is of the part that the rules were tuned on.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from jointbuy.commitments import Promise, Sentence
from jointbuy.formats import prose
from jointbuy.pact import reader
from jointbuy.pact.sentences import sentences

LABELS = Path(__file__).with_name("pact_labels.csv")
NONE = "-"
VERBS = re.compile(
    r"\b(?:will|shall|commit(?:s|ted|ting)?|pledge[sd]?|agree[sd]?|resolve[sd]?|determined|intend(?:s|ed)?|"
    r"aim(?:s|ed)?|plan(?:s|ned)?|seek(?:s|ing)?|endeavou?rs?|strive[sd]?|explore[sd]?|consider(?:s|ed)?|"
    r"reaffirm(?:s|ed)?|reiterate[sd]?)\b",
    re.IGNORECASE,
)
"""The plain list of verbs beside which the reader is shown."""
PARTIES = {
    "2021-02-23": ("united states|u.s.|us|american|president|president’s|biden", "canada|canadian|prime|trudeau"),
    "2021-06-15": ("united states|u.s.|us|american|president|biden", "eu|european|union|commission|council"),
    "2024-04-10": ("united states|u.s.|us|american|president|biden", "japan|japanese|prime|kishida"),
    "2021-10-29": ("united states|u.s.|us|american|biden", "france|french|macron"),
}
"""Names of the parties of each statement, of their organs and officials."""
_TOGETHER = re.compile(
    r"\b(?:we|our|us|they|their|both|two|leaders|parties|sides|presidents|governments|countries|nations)\b",
    re.IGNORECASE,
)


class Label(NamedTuple):
    """What a sentence is: "-" for no commitment, otherwise who and how firmly, such as "joint firm"."""

    statement: str
    key: str
    first: str
    second: str
    settled: str

    @property
    def tuned_on(self) -> bool:
        """Whether the rules were tuned on it."""
        return int(self.key[0], 16) % 2 == 0


class Told(NamedTuple):
    """A label with what the reader says of the sentence, and whether the sentence has a verb of the plain list."""

    label: Label
    said: str
    listed: bool
    text: str


def labels() -> list[Label]:
    """Every label."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        return [
            Label(row["statement"], row["key"], row["first"], row["second"], row["settled"])
            for row in csv.DictReader(file)
        ]


def key_of(text: str) -> str:
    """The key of a sentence."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def who(statement: str, actor: str | None) -> str:
    """`joint`, `one`, `other` or `none`, by the names of the parties in the actor's words (docs/pact-labels.md)."""
    if actor is None:
        return "none"
    low = actor.lower()
    named = sum(re.search(rf"(?<![\w.])(?:{names})(?!\w)", low) is not None for names in PARTIES[statement])
    if _TOGETHER.search(low) or named > 1:
        return "joint"
    return "one" if named else "other"


def told(folder: Path) -> Iterator[Told]:
    """What the reader says of every labelled sentence of the statements in a folder."""
    wanted = {label.key: label for label in labels()}
    for name in sorted({label.statement for label in wanted.values()}):
        (path,) = folder.glob(f"{name}-*.md")
        text = prose.read(path)
        found: dict[Sentence, list[Promise]] = {}
        for one in reader.read(text).promises:
            found.setdefault(one.sentence, []).append(one)
        for sentence in sentences(text.blocks):
            label = wanted.pop(key_of(sentence.text), None)
            if label:
                yield Told(label, _said(label, found.get(sentence, ())), _listed(sentence.text), sentence.text)
    if wanted:
        raise ValueError(f"{len(wanted)} labelled sentences are no sentences of these statements any more")


def _said(label: Label, promises: Iterable[Promise]) -> str:
    first = next((one for one in promises if one.commitment), None)
    return f"{who(label.statement, first.meant)} {first.strength}" if first else NONE


def _listed(text: str) -> bool:
    return VERBS.search(text) is not None


# --- figures --------------------------------------------------------------------------------


def kappa(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """The share on which two passes agree, and Cohen's kappa."""
    agreed = sum(one == two for one, two in pairs) / len(pairs)
    ones, twos = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    by_chance = sum(ones[label] * twos[label] for label in ones) / len(pairs) ** 2
    return agreed, (agreed - by_chance) / (1 - by_chance)


def scores(pairs: Iterable[tuple[str, str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of what was told (second) where what is so (first) and what was told may be none."""
    hit = told = is_so = 0
    for label, said in pairs:
        hit += label == said != NONE
        told += said != NONE
        is_so += label != NONE
    precision, recall = hit / max(1, told), hit / max(1, is_so)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def commitment(label: str) -> str:
    """Whether it is one."""
    return NONE if label == NONE else "commitment"


def actor(label: str) -> str:
    """Who promises."""
    return label.split()[0]


def strength(label: str) -> str:
    """How firmly."""
    return label.split()[-1]


FIELDS = (commitment, actor, strength)


def agreement(rows: Sequence[Label]) -> Iterator[str]:
    """How far the two passes agree, a line for each field; who and how firmly where both see a commitment."""
    for field in FIELDS:
        both = [row for row in rows if field is commitment or NONE not in {row.first, row.second}]
        agreed, beyond = kappa([(field(row.first), field(row.second)) for row in both])
        yield f"{field.__name__:<11} {len(both)} sentences, agreed {agreed:.3f}, kappa {beyond:.3f}"


def measured(rows: Sequence[Told]) -> Iterator[str]:
    """The figures of a part, line by line."""
    plain = [(commitment(row.label.settled), "commitment" if row.listed else NONE) for row in rows]
    yield "  plain list of verbs   commitment   " + _line(scores(plain))
    for field in FIELDS:
        pairs = [(field(row.label.settled), field(row.said)) for row in rows]
        both = [(one, two) for one, two in pairs if NONE not in {one, two}]
        right = sum(one == two for one, two in both) / len(both)
        beside = "" if field is commitment else f"   right where both see one: {right:.3f} of {len(both)}"
        yield f"  reader                {field.__name__:<12} {_line(scores(pairs))}{beside}"


def _line(found: tuple[float, float, float]) -> str:
    return "P {:.3f} R {:.3f} F1 {:.3f}".format(*found)


def confusion(rows: Sequence[Told]) -> Iterator[str]:
    """Labels (left) by what the reader says (above), for commitment with who, and for how firmly."""
    for field in (actor, strength):
        counted = Counter((field(row.label.settled), field(row.said)) for row in rows)
        names = sorted({name for pair in counted for name in pair})
        yield "  " + " ".join(f"{name:>9}" for name in ("", *names))
        for name in names:
            yield "  " + " ".join([f"{name:>9}", *(f"{counted[name, said]:>9}" for said in names)])
