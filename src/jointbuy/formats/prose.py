"""A text in plain words, Markdown or HTML as blocks, each with its lines: paragraphs, items, headings, footnotes.

What the text is, its content tells before its name does. PDF and word processor files are refused with what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from jointbuy.commitments import Block, Place, Prose
from jointbuy.errors import Unusable, Where
from jointbuy.formats import files, markings, prose_html
from jointbuy.formats.problems import Problems

MAX_BYTES = 10_000_000
"""Largest text read: some four thousand pages."""
_LONG_LINE = 200
_HEADING_WORDS = 14
_LETTERS = r"(?:[a-z]|[ivx]{1,5})\\?\)"
_ITEM = re.compile(
    rf"(?P<indent>[ \t]*)(?P<label>[-*+•–▪◦‣]|\(?\d{{1,3}}\\?[.)]|\(?{_LETTERS})"
    r"(?:[ \t]+|(?<=[•▪◦‣]))(?=\S)"
)
_FOOTNOTE = re.compile(r"\s*\[\^?\w{1,4}\]:?\s+(?=\S)")
_HASHES = re.compile(r" {0,3}(#{1,6})\s(.*)")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?=\S)(.+?)\1\s*")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}")
_MARKS = (
    (re.compile(r"<!--.{0,300}?-->"), ""),
    (re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)"), r"\1"),
    (re.compile(r"\[\^\w{1,8}\]"), ""),
    (re.compile(r"(?<!\\)\*+|(?<![\w\\])_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)|`"), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!>~$|-])"), r"\1"),
)


def read(path: Path) -> Prose:
    """The text of a file as blocks. Raises Unusable with what is wrong with it."""
    problems = Problems()
    name = path.name
    problems.files.append(name)
    if not files.is_file(path):
        problems.add(f"there is no file {path}", do="name a text: .txt, .md or .html")
    content = None if problems.found else files.load(path, name, Where(name), MAX_BYTES, problems)
    text = None if content is None or _refused(content, problems) else files.text_of(content, problems)
    if content is not None and text is not None and not text.strip():
        problems.add("the file is empty", Where(name), "there is no text in it", "give the text of an agreement")
    problems.raise_if_any()
    if content is None or text is None:  # a problem was told of it
        raise Unusable(problems.in_order())
    for line, written in enumerate(text.splitlines()[:40], 1):
        if markings.is_marking(written):
            markings.refuse(written.strip(), Where(name, line))
    if _is_html(name, text):
        blocks, notes = prose_html.blocks(text)
    else:
        blocks, notes = _blocks(text, markdown=Path(name).suffix.lower() in {".md", ".markdown"})
    if not blocks:
        problems.add("there is no text in the file", Where(name), "; ".join(notes), "give the text itself")
        problems.raise_if_any()
    return Prose(name, content.digest, tuple(blocks), tuple(notes))


def _refused(content: files.Content, problems: Problems) -> bool:
    """Whether the file is of a kind that is no text; says so."""
    data, where = content.data, Where(content.name)
    if data.startswith(b"%PDF"):
        problems.add(
            "this is a PDF, which is not read", where, do="save its text as .txt (pdftotext, or copy and paste)"
        )
    elif data.startswith(b"PK\x03\x04"):
        do = "save it as plain text or HTML in the program that wrote it"
        problems.add("this is a word processor file or an archive, which is not read", where, do=do)
    elif data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        problems.add("this is a word processor file, which is not read", where, do="save it as plain text")
    elif b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        why = "it holds zero bytes: it is no text, or UTF-16 without its mark"
        problems.add("this is no text that can be read", where, why, "save it again as UTF-8")
    return bool(problems.found)


def _is_html(name: str, text: str) -> bool:
    start = text.lstrip()[:200].lower()
    return start.startswith(("<!doctype html", "<html", "<?xml")) or Path(name).suffix.lower() in {
        ".html",
        ".htm",
        ".xhtml",
    }


# --- plain text and Markdown ----------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A block that grows line by line."""

    place: Place = "paragraph"
    label: str = ""
    depth: int = 0
    parts: list[tuple[int, str]] = field(default_factory=list)


def _blocks(text: str, *, markdown: bool) -> tuple[list[Block], list[str]]:
    lines = text.splitlines()
    start = _front_matter(lines)
    notes = [f"lines 1 to {start}, which describe the file, are not part of the text"] if start else []
    found: list[Block] = []
    for opened in _grouped(lines, start, markdown=markdown):
        block = _closed(opened, markdown=markdown)
        if block.text:
            found.append(block)
    return found, notes


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines describe the file before its text begins."""
    if lines and lines[0].strip().lstrip("\ufeff") == "---":
        for at, line in enumerate(lines[1:100], 2):
            if line.strip() in {"---", "..."}:
                return at
    return 0


def _grouped(lines: Sequence[str], start: int, *, markdown: bool) -> Iterator[_Open]:
    """Lines that belong together."""
    now = _Open()
    for number, line in enumerate(lines[start:], start + 1):
        item, note = _ITEM.match(line), _FOOTNOTE.match(line)
        hashes = _HASHES.match(line) if markdown else None
        if not line.strip() or _RULE.fullmatch(line):
            if now.parts:
                yield now
            now = _Open()
        elif hashes:
            if now.parts:
                yield now
            yield _Open("heading", "", len(hashes[1]), [(number, hashes[2].strip(" #"))])
            now = _Open()
        elif note or (item and not _continues(now, item)):
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


def _begun(number: int, line: str, note: re.Match[str] | None, item: re.Match[str] | None) -> _Open:
    """The footnote or the item that begins in a line."""
    if note or not item:
        return _Open("footnote", parts=[(number, line[note.end() if note else 0 :].strip())])
    depth = len(item["indent"].expandtabs(4))
    return _Open("item", item["label"].replace("\\", ""), depth, [(number, line[item.end() :].strip())])


def _continues(now: _Open, item: re.Match[str]) -> bool:
    """Whether a line that looks like an item goes on with a sentence: a year and a full stop, a dash between words."""
    if not now.parts or now.place == "item":
        return False
    ends = now.parts[-1][1].rstrip()[-1:]
    return ends not in ":;.*" and (item["label"] in {"-", "–", "*", "+"} or item["label"][0].isdigit())


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
    place = one.place
    if place == "paragraph" and _looks_like_heading(text, bool(bold), len(one.parts)):
        place = "heading"
    return Block(text, place, tuple(lines), one.label, one.depth)


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


def _looks_like_heading(text: str, bold: bool, lines: int) -> bool:
    words = text.split()
    if not words or text[-1] in ".;:,!?" or lines > 2:
        return False
    if bold:
        return True
    return len(words) <= _HEADING_WORDS and lines == 1 and (text[0].isupper() or text[0].isdigit())
