"""Plain text or Markdown as blocks: paragraphs, items, headings, footnotes, each with the lines it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from jointbuy.commitments import Block, Place
from jointbuy.formats.prose_items import Labels, goes_on, joined, waits
from jointbuy.formats.prose_signs import NOTE, plain
from jointbuy.labels import CELL, looks_new

_LONG_LINE = 200
_HEADING_WORDS = 14
_FOOTNOTE = re.compile(r"\s*\[\^?\w{1,4}\]:?\s+(?=\S)")
_HASHES = re.compile(r" {0,3}(#{1,6})\s(.*)")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?=\S)(.+?)\1\s*")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}")
_STRUCK = re.compile(r"(?<![\\~])~~(?=[^\s~])[^~]{1,6000}~~(?!~)|<(del|s|strike)>.{0,6000}?</\1>")
_ROW = re.compile(r"\s*\|.*\|\s*")
_RULED = re.compile(r"[\s|:-]+")
_CELLS = re.compile(r"(?<!\\)\|")
_MARKS = (
    (_STRUCK, ""),
    (re.compile(r"<sup>\s*(?:\d{1,3}|\*)\s*</sup>"), ""),
    (re.compile(r"<!--.{0,300}?-->"), ""),
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)"), r"\1"),
    (re.compile(r"\[\^\w{1,8}\]"), ""),
    (re.compile(r"(?<!\\)\*+|(?<![\w\\])_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)|`"), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>~$|-])"), r"\1"),
)


@dataclass(slots=True)
class _Open:
    """A block that grows line by line."""

    place: Place = "paragraph"
    label: str = ""
    depth: int = 0
    parts: list[tuple[int, str]] = field(default_factory=list)
    cell: bool = False
    """Whether it is a cell of a table."""


def blocks(lines: Sequence[str], *, markdown: bool) -> tuple[list[Block], list[str]]:
    """The blocks of a text that is given line by line, and what was left out of it."""
    start = _front_matter(lines)
    notes = [f"lines 1 to {start}, which describe the file, are not part of the text"] if start else []
    found: list[Block] = []
    struck, row = 0, -1
    for opened in _grouped([plain(line) for line in lines], start, markdown=markdown):
        block = _closed(opened, markdown=markdown)
        if markdown:
            struck += sum(1 for _ in _STRUCK.finditer(" ".join(text for _, text in opened.parts)))
        above, row = row, opened.parts[0][0] if opened.cell else -1
        if opened.cell and above == row and goes_on(found[-1].text, block.text):
            block = joined(found, Block(block.text, "item", block.lines, CELL))
        if block.text:
            found.append(block)
    return found, [*notes, *struck_out(struck)]


def struck_out(places: int) -> list[str]:
    """The note on words that are struck out, none without any."""
    return [f"left out, since it is struck out: {places:,} {'places' if places > 1 else 'place'}"] if places else []


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines describe the file before its text begins."""
    if lines and lines[0].strip().lstrip("\ufeff") == "---":
        for at, line in enumerate(lines[1:100], 2):
            if line.strip() in {"---", "..."}:
                return at
    return 0


def _grouped(lines: Sequence[str], start: int, *, markdown: bool) -> Iterator[_Open]:
    """Lines that belong together."""
    now, labels = _Open(), Labels()
    for number, line in enumerate(lines[start:], start + 1):
        above = now.parts[-1][1] if now.parts else ""
        item, note = labels.match(line, above, now.label), _FOOTNOTE.match(line) or (not above and NOTE.match(line))
        hashes = _HASHES.match(line) if markdown else None
        if not line.strip() or _RULE.fullmatch(line):
            if now.parts:
                yield now
            now = _Open()
        elif markdown and _ROW.fullmatch(line):
            if now.parts:
                yield now
            now = _Open()
            yield from _row(number, line)
        elif hashes:
            if now.parts:
                yield now
            yield _Open("heading", "", len(hashes[1]), [(number, hashes[2].strip(" #"))])
            now = _Open()
        elif note or item:
            if now.parts:
                yield now
            now = _begun(number, line, note, item)
        else:
            if now.parts and len(now.parts[-1][1]) > _LONG_LINE:  # one line is a paragraph here
                yield now
                now = _Open()
            now.parts.append((number, line.strip()))
    if now.parts:
        yield now


def _row(number: int, line: str) -> Iterator[_Open]:
    """The cells of a row of a table; none of the line that stands between its head and its body."""
    if not _RULED.fullmatch(line):
        for cell in _CELLS.split(line.strip()[1:-1]):
            if cell.strip():
                yield _Open(cell=True, parts=[(number, cell.strip())])


def _begun(number: int, line: str, note: re.Match[str] | Literal[False] | None, item: re.Match[str] | None) -> _Open:
    """The footnote or the item that begins in a line."""
    if note or not item:
        return _Open("footnote", parts=[(number, line[note.end() if note else 0 :].strip())])
    depth = len(item["indent"].expandtabs(4))
    return _Open("item", item["label"].replace("\\", ""), depth, [(number, line[item.end() :].strip())])


def _closed(one: _Open, *, markdown: bool) -> Block:
    """The block with its text in one line; its own kind if a line is a heading by its looks."""
    bold = markdown and len(one.parts) <= 2 and _BOLD_LINE.fullmatch(" ".join(text for _, text in one.parts))
    text, lines = "", []
    for number, part in one.parts:
        if markdown:
            part = part.removesuffix("\\").lstrip("> ") if part.startswith(">") else part.removesuffix("\\")
        clean = " ".join(part.split())
        if clean:
            text += " " if text else ""
            lines.append((len(text), number))
            text += clean
    if markdown:
        text, lines = _unmarked(text, lines)
    place, label = one.place, one.label
    if place == "item" and looks_new(label) and looks_like_heading(text, False, len(one.parts)):
        place, label, text = "paragraph", "", f"{label} {text}"
        lines = [(at and at + len(one.label) + 1, number) for at, number in lines]
    if place == "paragraph" and looks_like_heading(text, bool(bold), len(one.parts)):
        place = "heading"
    return Block(text, place, tuple(lines), label, one.depth)


def _unmarked(text: str, lines: list[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """Text without the signs of Markdown; places are moved with it."""
    cuts = [start for start, _ in lines] + [len(text)]
    parts = [text[cut:later] for cut, later in pairwise(cuts)]
    joined, starts = "".join(parts), []
    for pattern, instead in _MARKS:
        joined = pattern.sub(instead, joined)
    at = 0
    for part, (_, number) in zip(parts, lines, strict=True):
        starts.append((min(at, len(joined)), number))
        plain = part
        for pattern, instead in _MARKS:
            plain = pattern.sub(instead, plain)
        at += len(plain)
    return " ".join(joined.split()), starts


def looks_like_heading(text: str, bold: bool, lines: int) -> bool:
    """Whether a paragraph of some lines is a heading: bold, or one short line without a sign at its end."""
    words = text.split()
    if not words or text.rstrip("”’\"')")[-1:] in {*".;:,!?", ""} or lines > 2 or waits(text):
        return False
    if bold:
        return True
    return len(words) <= _HEADING_WORDS and lines == 1 and (text[0].isupper() or text[0].isdigit())
