"""Blocks of a text as sentences: where they end, what introduces a list, what stands within quotation marks.

Lists that stand within one sentence are taken apart in `inline`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from jointbuy import law
from jointbuy.commitments import Block, Sentence
from jointbuy.labels import CELL, begins, follows, form
from jointbuy.pact.verbs import EITHER, VERBS

_END = re.compile(r"[.!?]{1,8}[”’\"')\]]{0,4}(?=\s|$)")
_ABBREVIATIONS = frozenset(
    "no nos art arts para paras p pp vol fig cf e.g i.e vs etc approx ca dr mr mrs ms prof st gen col lt hon sr jr inc "
    "ltd co corp dept est min u.s u.k u.n e.u a.m p.m ph.d jan feb mar apr jun jul aug sept sep oct nov dec".split()
)
_SENTENCE_STARTS = frozenset(
    "the we this that these those it they in on at our both as for to by with all a an he she if when while there "
    "such today together as".split()
)
_MAY_END = frozenset({"etc", "u.s", "u.k", "u.n", "e.u", "a.m", "p.m", "inc", "ltd", "corp", "co", "no"})
_CLOSING = frozenset(".!?”’\"')]")
_WORD = 200
"""Most signs of a word, behind which is cut."""
LONGEST = 6000
"""Most signs of a sentence; a longer one is a table or rubbish, and cut."""
_DEEPEST = 8
"""Lists within each other at the most."""
_CARRIED, _CARRIED_AT_LEAST = 10, 100_000
"""Signs of leads that are read again with items: so many times those of the text, and some more. Then it is rubbish."""
_INLINE = re.compile(r"(?:(?<=\s)|(?<=^))\((?:[a-z]|[ivx]{1,5}|\d{1,2})\)\s+")


class _Lead(NamedTuple):
    """Words that introduce a list: their own label and depth; the last item of the list, "" before it has one."""

    text: str
    label: str
    depth: int
    last: str = ""
    inner: int = 0
    """How deep the items stand."""


class _Headings(NamedTuple):
    """The last heading, and those over it, the nearest first, with their levels as far as the file tells any."""

    last: str = ""
    above: tuple[str, ...] = ()
    levels: tuple[int, ...] = (0,)
    """Those of the headings above, and before them that of the last; one that is only bold has none, 0."""

    def under(self, block: Block) -> _Headings:
        """The headings as they are below another one."""
        over = [
            (level, text)
            for level, text in zip(self.levels, (self.last, *self.above), strict=True)
            if level and (level < block.depth or not block.depth)
        ]
        return _Headings(block.text, tuple(text for _, text in over), (block.depth, *(level for level, _ in over)))


def sentences(blocks: Sequence[Block]) -> Iterator[Sentence]:
    """The sentences of a text in order. Items of a list are read with the words that introduce it."""
    headings, before = _Headings(), ""
    leads: list[_Lead] = []
    left = _CARRIED * sum(len(block.text) for block in blocks) + _CARRIED_AT_LEAST
    for number, block in enumerate(blocks, 1):
        if block.place == "heading":
            headings, leads = headings.under(block), []
        elif block.place == "paragraph":
            leads = []
        elif block.place == "item" and block.label != CELL:
            leads = _still_open(leads, block)
        lead = leads[-1].text if leads and block.place == "item" else ""
        lead = (before if block.label == CELL else lead) if left > 0 else ""
        quotes = _quotes(block.text)
        last = ""
        for start, end in _split(block.text):
            for text, at, led in _inline(block.text[start:end], start, lead):
                left -= len(led)
                yield _sentence(block, number, headings, text, at, led, quotes)
            lead, last = "", block.text[start:end]
        before = block.text
        if introduces(last) and block.place in {"paragraph", "item"}:
            leads = _one_more(leads, block, last)


def _one_more(leads: Sequence[_Lead], block: Block, last: str) -> list[_Lead]:
    """The leads with that in which a block ends; it is read with those above it, unless they are rubbish."""
    own = _before(leads[-1].text, last) if leads and block.place == "item" and not _split_twice(block.text) else ""
    if len(leads) >= _DEEPEST or len(own) > LONGEST:
        leads, own = (), ""
    return [*leads, _Lead(own + last, block.label, block.depth)]


_OPEN = re.compile(r"(?::|\b(?:will|shall|must|should|may|to)(?: \w+ly| also| jointly| together)?(?: ?[—–])?)$")


def introduces(text: str) -> bool:
    """Whether a sentence ends in what introduces a list: a colon, or a verb that waits for another: will, to."""
    return _OPEN.search(text.rstrip("*_ ")) is not None


def _split_twice(text: str) -> bool:
    return len(list(_split(text))) > 1


def _still_open(leads: Sequence[_Lead], block: Block) -> list[_Lead]:
    """Those leads whose list an item belongs to, the innermost last."""
    label, depth = block.label, block.depth
    if leads and not leads[-1].last and _inner(leads[-1], block):
        return [*leads[:-1], leads[-1]._replace(last=label, inner=depth)]
    begun = [at for at in reversed(range(len(leads))) if leads[at].last]
    sign = form(label) == "sign"
    next_of = [at for at in begun if leads[at].last == label and depth >= leads[at].inner]
    next_of = next_of or [
        at for at in begun if follows(leads[at].last, label) and not (sign and depth < leads[at].inner)
    ]
    if not next_of and (sign or not begins(label)):  # an item before it is lost, or indented otherwise
        next_of = [at for at in begun if kind_of(leads[at].last) == kind_of(label)]
    if not next_of:
        return []
    return [*leads[: next_of[0]], leads[next_of[0]]._replace(last=label)]


def _inner(lead: _Lead, block: Block) -> bool:
    """Whether an item is the first of the list that a lead introduces, not the next in the lead's own list."""
    if block.depth > lead.depth:
        return True
    if form(block.label) == form(lead.label) == "sign":
        return block.label != lead.label
    if follows(lead.label, block.label):
        return False
    kind = kind_of(block.label)
    return kind != kind_of(lead.label) or (form(block.label) == "letter" and begins(block.label))


def kind_of(label: str) -> str:
    """What an item is labelled by: a sign, a number, a letter; with the brackets around it."""
    bare = label.strip("().")
    if not label:
        return ""
    return form(label) + label.replace(bare, "") if bare.isalnum() else form(label)


def _split(text: str) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end. None is over 6,000 signs: a table or rubbish is cut, so that it costs little."""
    start = 0
    for mark in (*_END.finditer(text), None):
        end = mark.end() if mark else len(text)
        while end - start > LONGEST:
            cut = text.rfind(" ", start + 1, start + LONGEST)
            cut = cut if cut > start else start + LONGEST
            yield start, cut
            start = cut
        if (mark is None or _ends(text, start, mark)) and text[start:end].strip():
            yield start, end
            start = end
            while start < len(text) and text[start].isspace():
                start += 1


def cuts(every: Iterable[Sentence]) -> int:
    """How many sentences are cut since they are longer than any is: long, and without an end."""
    return sum(len(one.text) - one.lead > LONGEST - _WORD and one.text[-1] not in _CLOSING for one in every)


def _ends(text: str, start: int, mark: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence: not after an abbreviation or an initial, nor before a small letter."""
    if mark.end() >= len(text):
        return True
    following = text[mark.end() : mark.end() + 60].lstrip()
    first = following.lstrip("“\"'‘([")[:1]
    if not first or first.islower():
        return False
    before = text[max(start, mark.start() - 40) : mark.start()].rsplit(None, 1)[-1:] or [""]
    word = before[0].lstrip("(“\"'‘[").lower()
    if mark[0][0] != "." or len(mark[0]) > 1:
        return True
    if word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word not in {"i"}):
        next_word = re.split(r"[\s,]", following.lstrip("“\"'‘(["), maxsplit=1)[0].lower()
        return word in _MAY_END and (next_word in _SENTENCE_STARTS or _acts().match(following) is not None)
    return not (word.isdigit() and mark.start() - start <= 3)  # the number of a paragraph: 4. We


@cache
def _acts() -> re.Pattern[str]:
    """A state, or several, before a verb: what stands behind "in the U.S." then begins a sentence."""
    names = "|".join(re.escape(name) for name in sorted(law.places().titles.values(), key=lambda one: (-len(one), one)))
    return re.compile(rf"(?:{names})(?:(?:,|,? and) (?:the )?(?:{names}|EU))*,? (?:also )?(?:will|shall|must|has|is)\b")


def _inline(text: str, at: int, lead: str) -> Iterator[tuple[str, int, str]]:
    """A sentence, or the items of a list within it, such as The parties will: (a) meet; (b) report."""
    marks = list(_INLINE.finditer(text))
    colon = text.find(":")
    if (
        len(marks) < 2
        or not 0 < colon < marks[0].start()
        or marks[0].start() - colon > 3
        or not _opens(text[: colon + 1])
    ):
        yield text, at, lead
        return
    led = f"{lead} {text[: colon + 1]}".strip()
    for mark, later in zip(marks, [*(one.start() for one in marks[1:]), len(text)], strict=True):
        yield text[mark.end() : later].rstrip(), at + mark.end(), led


def _opens(lead: str) -> bool:
    """Whether a lead ends in what needs a verb: will:, to:, shall jointly:."""
    return re.search(r"\b(?:will|shall|must|to|should|may)(?: \w+ly| also| in particular)?:$", lead) is not None


_HANGS = re.compile(
    r"\b(?:will|shall|must|should|may|to|by|that|on|the following \w+)"
    r"(?: \w+ly| also| together| in particular)?(?::| ?[—–])?$",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(r"(?P<to> to)?(?: (?:on|upon))? (?:to do )?the following(?: \w+)?:$", re.IGNORECASE)
INSERTS = frozenset("where when if as subject upon unless without within in by".split())
"""Words with which something begins that is put in before a verb: shall, where appropriate, invite."""


def between(lead: str, text: str) -> str:
    """What joins an item to the words that introduce it, so that its verb is found: a comma or a space."""
    waits = re.search(r"\b(?:will|shall|must|should|may)$", lead) is not None
    return ", " if waits and _first(text) in INSERTS and "," in text[:100] else " "


def _first(text: str) -> str:
    return text.split(" ", 1)[0].lower()


def _before(lead: str, text: str) -> str:
    """The words that introduce an item as they stand before it; "" where it stands alone."""
    listed, to = _FOLLOWING.search(lead), _first(text) == "to"
    verb = _first(text) in VERBS | EITHER
    if not lead or not (_HANGS.search(lead) or text[:1].islower() or (listed and (to or verb))):
        return ""
    if listed and (to or (listed["to"] and verb)):  # commit to the following: (a) share, or (a) to share
        return lead[: listed.start()] + (" " if to else " to ")
    bare = lead.rstrip(" —–").removesuffix(":")
    return bare + between(bare, text)


def _sentence(
    block: Block, number: int, headings: _Headings, text: str, at: int, lead: str, quotes: Sequence[tuple[int, int]]
) -> Sentence:
    line = block.lines[max(0, bisect_right(block.lines, at, key=itemgetter(0)) - 1)][1]
    led = _before(lead, text)
    end = at + len(text)
    quoted = tuple(
        (max(first, at) - at + len(led), min(last, end) - at + len(led))
        for first, last in quotes[
            bisect_right(quotes, at, key=itemgetter(1)) : bisect_left(quotes, end, key=itemgetter(0))
        ]
    )
    over = (headings.last, *headings.above)
    above = over if led or not lead else (lead, *over)
    return Sentence(led + text, block.place, number, line, block.label, len(led), quoted, headings.last, above)


_QUOTE = re.compile(r"[“„«\"”»]")


def _quotes(text: str) -> list[tuple[int, int]]:
    """What stands within quotation marks, not single ones; an open quotation runs to the end of its block."""
    found, opened = [], -1
    for mark in _QUOTE.finditer(text):
        at, sign = mark.start(), mark[0]
        if opened < 0:
            opened = at if sign in '“„«"' else -1
        elif sign in '”»"':
            found.append((opened, at + 1))
            opened = -1
    return [*found, (opened, len(text))] if opened >= 0 else found
