"""HTML as blocks of text: what a reader sees, without scripts, styles and forms; nothing is run or fetched."""

from __future__ import annotations

from html.parser import HTMLParser

from jointbuy.commitments import Block, Place

_LEFT_OUT = frozenset(
    "script style noscript template svg math head select textarea button nav form iframe object".split()
)
_BREAKS = frozenset(
    "p div section article aside main header footer ul ol dl dt dd table tr td th blockquote pre hr figure "
    "figcaption address body html details summary caption".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_VOID = frozenset("br hr img input link meta area base col embed source track wbr".split())
_DEEPEST = 50


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
            self.found.append(Block(text, place, tuple(lines), self.label, self.depth))
        self.parts, self.place, self.label, self.depth = [], "paragraph", "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.append(tag)
            return
        if tag in _LEFT_OUT:
            self.left[tag] = self.left.get(tag, 0) + 1
            self.skipped.append(tag)
            return
        if tag == "br":
            self.parts.append((self.getpos()[0], " "))
        within = self.place == "item" and tag in {"p", "div"} and not self.parts  # the item's own paragraph
        if (tag in _BREAKS or tag in _HEADINGS or tag == "li") and not within:
            self.close_block()
        if tag in _HEADINGS:
            self.place, self.depth = "heading", _HEADINGS[tag]
        elif tag in {"ol", "ul"}:
            self.lists.append([dict(attrs).get("type") or ("1" if tag == "ol" else "-"), 0])
        elif tag == "li":
            self._item()
        said = " ".join(value or "" for name, value in attrs if name in {"class", "id", "role", "epub:type"}).lower()
        begins = tag in _BREAKS - _VOID | {"li"} and ("footnote" in said or "endnote" in said)
        if begins or (self.notes and tag == self.notes[-1]):
            self.notes.append(tag)

    def _item(self) -> None:
        self.place, self.depth = "item", min(len(self.lists), _DEEPEST)
        if self.lists:
            kind, count = self.lists[-1]
            self.lists[-1][1] = number = int(count) + 1
            letters = {"a": chr(96 + min(number, 26)), "A": chr(64 + min(number, 26))}
            self.label = "-" if kind == "-" else f"{letters.get(str(kind), number)}."

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            if tag == self.skipped[-1]:
                self.skipped.pop()
            return
        if tag in _BREAKS or tag in _HEADINGS or tag == "li":
            self.close_block()
        if tag in {"ol", "ul"} and self.lists:
            self.lists.pop()
        if self.notes and tag == self.notes[-1]:
            self.notes.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            line = self.getpos()[0]
            for at, part in enumerate(data.splitlines(keepends=True)):
                self.parts.append((line + at, part))


def blocks(text: str) -> tuple[list[Block], list[str]]:
    """The blocks of a page, and what was left out of it."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.close_block()
    said = ", ".join(f"{count} {tag}" for tag, count in sorted(reader.left.items()))
    return reader.found, [f"left out, not run: {said}"] if said else []
