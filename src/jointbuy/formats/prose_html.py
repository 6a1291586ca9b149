"""HTML as blocks of text: what a reader sees, without scripts, styles and forms; nothing is run or fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from jointbuy.commitments import Block, Place
from jointbuy.formats.prose_items import Labels, goes_on, joined
from jointbuy.formats.prose_plain import looks_like_heading, struck_out
from jointbuy.formats.prose_signs import is_mark, plain
from jointbuy.labels import CELL, looks_new, roman

_LEFT_OUT = frozenset(
    "script style noscript template svg math head select textarea button nav form iframe object".split()
)
_BREAKS = frozenset(
    "p div section article aside main header footer ul ol dl dt dd table tr td th blockquote pre hr figure "
    "figcaption address body html details summary caption".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_STRUCK = frozenset({"del", "s", "strike"})
_VOID = frozenset("br hr img input link meta area base col embed source track wbr".split())
_DEEPEST = 50
_UNSEEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_THROUGH = re.compile(r"text-decoration[^;:]*:[^;]*line-through", re.IGNORECASE)
_BY_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?\b(lower|upper)-(alpha|latin|roman)", re.IGNORECASE)


class _Reader(HTMLParser):
    """Collects blocks while tags come by."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self.left: dict[str, int] = {}
        self.skipped: list[str] = []
        self.lists: list[list[str | int]] = []
        self.notes: list[str] = []
        self.place: Place = "paragraph"
        self.label, self.depth = "", 0
        self.parts: list[tuple[int, str]] = []
        self.labels = Labels()
        self.raised = -1
        """How many parts there were when what is raised began; -1 outside."""
        self.row = -1
        """How many blocks there were when the row of a table began; -1 outside."""

    def close_block(self) -> None:
        """End the block that is open."""
        text, lines = "", []
        for line, part in self.parts:
            # A part that begins within a word goes on with it: <b>co</b>operate.
            gap = " " if text and (text.endswith("\0") or part[:1].isspace()) else ""
            text = text.rstrip("\0")
            clean = " ".join(part.split())
            if clean:
                lines.append((len(text) + len(gap), line))
                text += gap + clean
            if part[-1:].isspace() and text:
                text += "\0"
        text = text.rstrip("\0")
        if text:
            place: Place = "footnote" if self.notes and self.place != "heading" else self.place
            self.found.append(self._block(text, place, lines))
        self.parts, self.place, self.label, self.depth, self.raised = [], "paragraph", "", 0, -1

    def _block(self, text: str, place: Place, lines: list[tuple[int, int]]) -> Block:
        """The block of a text: an item too where its label is typed, or where a cell goes on with the one before."""
        if place == "paragraph":
            if 0 <= self.row < len(self.found) and goes_on(self.found[-1].text, text):
                return joined(self.found, Block(text, "item", tuple(lines), CELL))
            typed = self.labels.match(text)
            rest = text[typed.end() :] if typed else text
            if typed and not (looks_new(typed["label"]) and looks_like_heading(rest, False, 1)):
                cut = tuple((max(0, at - typed.end()), line) for at, line in lines)
                return Block(rest, "item", cut, typed["label"])
        return Block(text, place, tuple(lines), self.label, self.depth)

    def _hides(self, tag: str, given: dict[str, str | None]) -> bool:
        """Whether an element is left out with all that is in it: a script, what no reader sees, what is struck out."""
        style = given.get("style") or ""
        unseen = "hidden" in given or _UNSEEN.search(style) is not None
        struck = tag in _STRUCK or _THROUGH.search(style) is not None
        if tag not in _LEFT_OUT and (not (unseen or struck) or tag in _VOID):
            return False
        kind = tag if tag in _LEFT_OUT else "hidden" if unseen else "struck"
        self.left[kind] = self.left.get(kind, 0) + 1
        self.skipped.append(tag)
        return True

    def _still_skipped(self, tag: str) -> bool:
        """Whether a tag that begins stands within what is left out; <p> and <li> need no tag that ends them."""
        last = self.skipped[-1]
        ends = tag in _BREAKS or tag in _HEADINGS or tag == "li"
        if (last == "p" and ends) or (last == tag == "li"):
            self.skipped.pop()
            return bool(self.skipped) and self._still_skipped(tag)
        if tag == last or (tag in {"ul", "ol"} and "li" in self.skipped):
            self.skipped.append(tag)
        return True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if (self.skipped and self._still_skipped(tag)) or self._hides(tag, given):
            return
        if tag == "br":
            self.parts.append((self.getpos()[0], " "))
        within = self.place == "item" and tag in {"p", "div"} and not self.parts  # the item's own paragraph
        if (tag in _BREAKS or tag in _HEADINGS or tag == "li") and not within:
            self.close_block()
        if tag in _HEADINGS:
            self.place, self.depth = "heading", _HEADINGS[tag]
        elif tag in {"ol", "ul"}:
            self._list(tag, given)
        elif tag == "li":
            self._item(given.get("value"))
        elif tag == "tr":
            self.row = len(self.found)
        elif tag == "sup":
            self.raised = len(self.parts)
        said = " ".join(value or "" for name, value in attrs if name in {"class", "id", "role", "epub:type"}).lower()
        begins = tag in _BREAKS - _VOID | {"li"} and ("footnote" in said or "endnote" in said)
        if begins or (self.notes and tag == self.notes[-1]):
            self.notes.append(tag)

    def _list(self, tag: str, given: dict[str, str | None]) -> None:
        """A list begins: numbered by its type or style, from where it says."""
        kind = given.get("type") or ("1" if tag == "ol" else "-")
        styled = _BY_STYLE.search(given.get("style") or "")
        if styled:
            kind = "i" if styled[2].lower() == "roman" else "a"
            kind = kind.upper() if styled[1].lower() == "upper" else kind
        self.lists.append([kind if tag == "ol" else "-", _number(given.get("start"), 1) - 1])

    def _item(self, value: str | None) -> None:
        self.place, self.depth = "item", min(len(self.lists), _DEEPEST)
        if self.lists:
            kind, count = self.lists[-1]
            self.lists[-1][1] = number = _number(value, int(count) + 1)
            letter, numeral = chr(96 + min(max(number, 1), 26)), roman(number)
            labels = {"a": letter, "A": letter.upper(), "i": numeral, "I": numeral.upper()}
            self.label = "-" if kind == "-" else f"{labels.get(str(kind), number)}."

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and self.skipped[-1] in {"p", "li"} and tag != self.skipped[-1] and tag in _BREAKS:
            self.skipped.pop()  # what holds a paragraph or an item ends it
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
            return
        if tag in _BREAKS or tag in _HEADINGS or tag == "li":
            self.close_block()
        if tag == "sup" and self.raised >= 0:
            self._end_raised()
        if tag in {"tr", "table"}:
            self.row = -1
        if tag in {"ol", "ul"} and self.lists:
            self.lists.pop()
        if self.notes and tag == self.notes[-1]:
            self.notes.pop()

    def _end_raised(self) -> None:
        """Leave out what was raised where it is the mark of a footnote; the block that begins with one is the note."""
        before = "".join(part for _, part in self.parts[max(0, self.raised - 4) : self.raised])
        if is_mark("".join(part for _, part in self.parts[self.raised :]), before):
            del self.parts[self.raised :]
            if not before.strip() and self.place == "paragraph":
                self.place = "footnote"
        self.raised = -1

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            line = self.getpos()[0]
            for at, part in enumerate(plain(data).splitlines(keepends=True)):
                self.parts.append((line + at, part))


def blocks(text: str) -> tuple[list[Block], list[str]]:
    """The blocks of a page, and what was left out of it."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.close_block()
    hidden, struck = reader.left.pop("hidden", 0), reader.left.pop("struck", 0)
    said = ", ".join(f"{count} {tag}" for tag, count in sorted(reader.left.items()))
    notes = [f"left out, not run: {said}"] if said else []
    if hidden:
        notes.append(f"left out, since the page hides it from its readers: {hidden:,} places")
    return reader.found, [*notes, *struck_out(struck)]


def _number(written: str | None, otherwise: int) -> int:
    """The number that an attribute gives."""
    found = re.fullmatch(r"\s*(-?\d{1,6})\s*", written or "")
    return int(found[1]) if found else otherwise
