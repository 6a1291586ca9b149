"""A DOCX as blocks: paragraphs by style and numbering, footnotes apart, running heads and deleted text left out.

The few parts that hold text are unpacked within limits and read with expat, which is told to stop at any document type
definition; nothing outside is fetched, no macro is looked at (Office Open XML: ECMA-376, part 1, chapter 17).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from jointbuy.commitments import Block, Place
from jointbuy.errors import Where
from jointbuy.formats.files import Content
from jointbuy.formats.problems import Problems
from jointbuy.formats.prose_items import Labels, goes_on, joined
from jointbuy.formats.prose_plain import looks_like_heading
from jointbuy.formats.prose_signs import plain
from jointbuy.labels import CELL, looks_new, roman

_MOST = 100_000_000
"""Bytes of all parts that are read, unpacked."""
MAX_SIGNS = 10_000_000
"""Most characters of text."""
_LEFT_OUT = frozenset({"del", "moveFrom", "Fallback", "instrText", "pict", "sdtPr", "rPrChange", "pPrChange"})
"""Elements whose text is not the document's: deleted, moved away, doubled for old programs, codes of fields."""
_OFF = frozenset({"0", "false", "off", "none"})
"""How a property that a style brings is taken back."""
_LISTS = {"bullet": "-", "none": ""}
Numbering = Mapping[tuple[str, int], tuple[str, str]]


class Document(NamedTuple):
    """Blocks in order, texts of running heads and feet, and what is to be said of the rest."""

    blocks: tuple[Block, ...]
    heads: tuple[str, ...]
    notes: tuple[str, ...]


class Refused(Exception):
    """Why a file is not read, and what to do."""

    def __init__(self, what: str, why: str, do: str) -> None:
        self.what, self.why, self.do = what, why, do
        super().__init__(what)


@dataclass(slots=True)
class _Paragraph:
    """A paragraph that grows: its style, list, and the footnotes that it points to; `row` of a table, 0 outside."""

    number: int
    row: int = 0
    style: str = ""
    level: int = 0
    numbered: str = ""
    parts: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


def read(content: Content, problems: Problems) -> Document | None:
    """The blocks of a DOCX; None where it cannot be read, which is then told."""
    where = Where(content.name)
    broken = "open it in the program that wrote it and save it again"
    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            return _document(_Parts(archive))
    except Refused as error:
        problems.add(error.what, where, error.why, error.do)
    except expat.ExpatError as error:
        problems.add("the file is broken", where, f"its XML does not parse: {error}", broken)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        problems.add("the file is broken", where, f"it does not unpack: {error}", broken)
    return None


class _Parts:
    """The parts of a package, unpacked one by one within one budget."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._left = archive, _MOST
        names = archive.NameToInfo
        if "word/document.xml" not in names:
            kind = next((told for told, part in _KINDS.items() if part in names), "an archive")
            raise Refused(f"this is {kind}, which is not read", "it holds no word/document.xml", _SAVE)
        if any(one.flag_bits & 1 for one in archive.infolist()):
            raise Refused("the file is encrypted", "it is not read without its password", "save it without one")
        self.names = sorted(names)

    def read(self, name: str) -> bytes:
        """A part; empty where there is none."""
        archive = self._archive
        if name not in archive.NameToInfo:
            return b""
        with archive.open(name) as part:
            data = part.read(self._left + 1)  # not what it says of its size: that may be a lie
        self._left -= len(data)
        if self._left < 0:
            raise Refused("the file holds more than is read", f"unpacked, over {_MOST:,} bytes", _SAVE)
        return data


_SAVE = "save it as .docx without what is no text, or as plain text"
_KINDS = {
    "a workbook": "xl/workbook.xml",
    "a presentation": "ppt/presentation.xml",
    "an OpenDocument file": "content.xml",
    "an electronic book": "META-INF/container.xml",
}


def _parse(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run handlers over a part; names are without prefix. Raises Refused at a document type definition."""
    if not data:
        return
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        why = "no word processor writes one, and entities may grow without end"
        raise Refused("the file holds a document type definition", why, "save it again in a word processor")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, given: start(
        tag.rpartition(":")[2], {name.rpartition(":")[2]: value for name, value in given.items()}
    )
    if end:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)


def _document(parts: _Parts) -> Document:
    named = parts.read("word/styles.xml")
    styles, struck, numbering = _styles(named), _struck(named), _numbering(parts.read("word/numbering.xml"))
    body = _Reader(struck)
    body.feed(parts.read("word/document.xml"))
    notes = {}
    for name, kind in (("word/footnotes.xml", "footnote"), ("word/endnotes.xml", "endnote")):
        reader = _Reader(struck)
        reader.feed(parts.read(name))
        body.left += reader.left
        notes.update({(kind, key): " ".join(found) for key, found in reader.texts.items()})
    heads = []
    for name in parts.names:
        if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name):
            reader = _Reader()
            reader.feed(parts.read(name))
            heads += [text for one in reader.found if (text := _text(one))]
    said = [f"left out: {told}" for told in body.told()] + (["left out: running heads and feet"] if heads else [])
    return Document(tuple(_blocks(body.found, styles, numbering, notes)), tuple(heads), tuple(said))


class _Reader:
    """Collects the paragraphs of a part while its elements come by.

    `texts` are those of footnotes by their id, `left` counts what was left out by its kind.
    """

    def __init__(self, struck_styles: frozenset[str] = frozenset()) -> None:
        self.found: list[_Paragraph] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[_Paragraph] = []
        self._skipped: list[str] = []
        self.left: Counter[str] = Counter()
        self._note = ""
        self._hidden = self._written = self._run = self._struck = self._cut = False
        self._struck_styles = struck_styles
        self._signs = self._count = self._row_count = 0
        self._rows: list[int] = []

    def feed(self, data: bytes) -> None:
        """Read a part."""
        _parse(data, self._start, self._end, self._text)

    def told(self) -> list[str]:
        """What was left out, in words."""
        words = {"del": "deleted text", "moveFrom": "text moved away", "hidden": "hidden text", "toc": "contents"}
        told = [f"{words[kind]} ({count} places)" for kind, count in sorted(self.left.items()) if kind in words]
        return [*told, f"struck text ({self.left['struck']} runs)"] if self.left["struck"] else told

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if self._skipped or tag in _LEFT_OUT:
            if not self._skipped:
                self.left[tag] += 1
            self._skipped.append(tag)
            return
        value = given.get("val", "")
        if tag == "p":
            self._count += 1
            self._open.append(_Paragraph(self._count, self._rows[-1] if self._rows else 0))
            self.found.append(self._open[-1])
        elif tag in {"footnote", "endnote"}:  # the separators between text and notes have a type
            self._note = "" if given.get("type", "normal") != "normal" else given.get("id", "")
        elif tag == "tr":
            self._row_count += 1
            self._rows.append(self._row_count)
        elif tag == "r":
            self._hidden, self._run = False, True
            self._struck = bool(self._open) and self._open[-1].style in self._struck_styles
        elif self._run and (tag in {"strike", "dstrike"} or (tag == "rStyle" and value in self._struck_styles)):
            self._struck = value not in _OFF or tag == "rStyle"
        elif tag == "vanish" and value not in _OFF:
            self._hidden = True
            self.left["hidden"] += 1
        elif tag == "t":
            self._written = True
        elif self._open:
            self._of_paragraph(self._open[-1], tag, given, value)

    def _of_paragraph(self, now: _Paragraph, tag: str, given: Mapping[str, str], value: str) -> None:
        if tag == "pStyle":
            now.style = value
        elif tag == "outlineLvl" and value.isdigit() and int(value) < 9:
            now.style = f"heading {int(value) + 1}"
        elif tag == "numId":
            now.numbered = value
        elif tag == "ilvl" and value.isdigit():
            now.level = min(int(value), 8)
        elif tag in {"footnoteReference", "endnoteReference"}:
            now.notes.append((tag.removesuffix("Reference"), given.get("id", "")))
        elif tag in {"tab", "br", "cr"}:
            now.parts.append(" ")
        elif tag == "noBreakHyphen":
            now.parts.append("-")

    def _end(self, tag: str) -> None:
        if self._skipped:
            self._skipped.pop()
        elif tag == "p" and self._open:
            one = self._open.pop()
            if self._note and (text := _text(one)):
                self.texts.setdefault(self._note, []).append(text)
        elif tag == "tr" and self._rows:
            self._rows.pop()
        elif tag == "r":
            self.left["struck"] += self._cut
            self._run = self._struck = self._cut = False
        elif tag == "t":
            self._written = False
        elif tag in {"footnote", "endnote"}:
            self._note = ""

    def _text(self, text: str) -> None:
        self._cut |= self._struck and self._written and not self._skipped and not self._hidden and not text.isspace()
        if self._written and not self._struck and self._open and not self._skipped and not self._hidden:
            self._signs += len(text)
            if self._signs > MAX_SIGNS:
                raise Refused("the file holds more than is read", f"over {MAX_SIGNS:,} characters", "split it")
            self._open[-1].parts.append(text)


def _text(one: _Paragraph) -> str:
    return " ".join("".join(one.parts).replace("\u00ad", "").split())


def _styles(data: bytes) -> dict[str, tuple[str, str, int]]:
    """The name of every style by its id, with the list and the level that it brings."""
    found: dict[str, tuple[str, str, int]] = {}
    now = ""

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal now
        value = given.get("val", "")
        if tag == "style":
            now = given.get("styleId", "")
            found[now] = ("", "", 0)
        elif now and tag == "name":
            found[now] = (value.lower(), *found[now][1:])
        elif now and tag == "numId":
            found[now] = (found[now][0], value, found[now][2])
        elif now and tag == "ilvl" and value.isdigit():
            found[now] = (*found[now][:2], min(int(value), 8))
        elif now and tag == "outlineLvl" and value.isdigit() and int(value) < 9:
            found[now] = (f"heading {int(value) + 1}", *found[now][1:])

    _parse(data, start)
    return found


def _struck(data: bytes) -> frozenset[str]:
    """The styles that strike out what is written in them."""
    found: set[str] = set()
    now = ""

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal now
        if tag == "style":
            now = given.get("styleId", "")
        elif now and tag in {"strike", "dstrike"} and given.get("val", "") not in _OFF:
            found.add(now)

    _parse(data, start)
    return frozenset(found)


def _numbering(data: bytes) -> Numbering:
    """Form and text of the label of every list and level, such as ("lowerLetter", "(%1)")."""
    kinds: dict[tuple[str, int], tuple[str, str]] = {}
    lists: dict[str, str] = {}
    kind, number, level = "", "", 0

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal kind, number, level
        value = given.get("val", "")
        if tag == "abstractNum":
            kind = given.get("abstractNumId", "")
        elif tag == "lvl":
            stated = given.get("ilvl", "0")
            level = min(int(stated), 8) if stated.isdigit() else 0
        elif tag == "numFmt":
            kinds[kind, level] = (value, kinds.get((kind, level), ("", ""))[1])
        elif tag == "lvlText":
            kinds[kind, level] = (kinds.get((kind, level), ("decimal", ""))[0], value)
        elif tag == "num":
            number = given.get("numId", "")
        elif tag == "abstractNumId":
            lists[number] = value

    _parse(data, start)
    return {(name, at): kinds[of, at] for name, of in lists.items() for at in range(9) if (of, at) in kinds}


def _blocks(
    paragraphs: list[_Paragraph],
    styles: Mapping[str, tuple[str, str, int]],
    numbering: Numbering,
    notes: Mapping[tuple[str, str], str],
) -> list[Block]:
    found: list[Block] = []
    counts, labels, row = Counter[tuple[str, int]](), Labels(), 0
    for one in paragraphs:
        text = plain(_text(one))
        style, listed, level = styles.get(one.style, (one.style.lower(), "", 0))
        if text and not style.startswith("toc "):
            number, depth = (one.numbered, one.level) if one.numbered else (listed, level)
            label = _label(number, depth, numbering, counts) if number not in {"", "0"} else ""
            if one.row and one.row == row and not label and goes_on(found[-1].text, text):
                found.append(joined(found, Block(text, "item", ((0, one.number),), CELL)))
            else:
                found.append(_block(text, one.number, style, label, depth, labels))
            row = one.row
        for note in one.notes:
            if note in notes:
                found.append(Block(notes[note], "footnote", ((0, one.number),)))
    return found


def _block(text: str, number: int, style: str, label: str, depth: int, labels: Labels) -> Block:
    heading = re.match(r"(?:heading (\d)|title|subtitle)", style)
    typed = None if label or heading else labels.match(text)
    if typed and looks_new(typed["label"]) and looks_like_heading(text[typed.end() :], False, 1):
        typed = None
    place: Place = "heading" if heading else "item" if label or typed else "paragraph"
    if typed:
        label, text = typed["label"], text[typed.end() :]
    if place == "paragraph" and looks_like_heading(text, False, 1):
        place = "heading"
    return Block(text, place, ((0, number),), label, int(heading[1] or 0) if heading else depth)


def _label(number: str, depth: int, numbering: Numbering, counts: Counter[tuple[str, int]]) -> str:
    """The label that a word processor would write before an item, counted up."""
    form, text = numbering.get((number, depth), ("bullet", ""))
    if form in _LISTS:
        return _LISTS[form]
    counts[number, depth] += 1
    for deeper in range(depth + 1, 9):
        counts[number, deeper] = 0

    def written(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        return _numeral(max(1, counts[number, at]), numbering.get((number, at), ("decimal", ""))[0])

    return re.sub(r"%(\d)", written, text) or f"{_numeral(counts[number, depth], form)}."


def _numeral(count: int, form: str) -> str:
    if form in {"lowerLetter", "upperLetter"}:
        letter = chr(97 + (count - 1) % 26)
        return letter if form == "lowerLetter" else letter.upper()
    if form in {"lowerRoman", "upperRoman"}:
        return roman(count) if form == "lowerRoman" else roman(count).upper()
    return str(count)
