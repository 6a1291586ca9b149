"""Laying text out on a terminal: wrapping, columns, bars, and colour that can be left out.

Colour travels as marks from a private-use plane and becomes escape codes, or nothing, at the very end. What
comes from a user's file can therefore never steer the terminal: control characters are dropped on the way.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction

from jointbuy.report.figures import NBSP

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_MARKS = {style: chr(0xE001 + place) for place, style in enumerate(_STYLES)}
_END = chr(0xE000)
_CODES = {ord(mark): f"\x1b[{_STYLES[style]}m" for style, mark in _MARKS.items()} | {ord(_END): "\x1b[0m"}
_NO_CODES = dict.fromkeys(_CODES, "")

_UNEVEN = re.compile(r"[\t\n\x0b\x0c\r]|^ |  |(?:^| )\s+(?: |$)")
"""What textwrap makes even before it breaks a text."""
_MARKED = re.compile(f"[{_END}-{chr(max(_CODES))}]")
_HELD = re.compile(r"(?<=\d) (?=%)|(?<=Art\.) (?=\d)")
"""Blanks at which no line may break: 35 %, Art. 16."""

SIGNS = "█▒░┃▲─═✓✗◆–·…→"
"""Every sign beyond plain letters that reports draw with."""
_ASCII = str.maketrans(SIGNS, "#?.|^-=+x*--~>")


def paint(style: str, text: str) -> str:
    """The text in a colour or weight; styles do not nest."""
    return f"{_MARKS[style]}{text}{_END}"


def finish(lines: Iterable[str], *, colour: bool) -> str:
    """Lines as one text: colour marks turned into codes or dropped, no control characters, no trailing blanks."""
    text = "\n".join(clean(line) for line in lines)
    for mark, code in (_CODES if colour else _NO_CODES).items():
        text = text.replace(chr(mark), code)  # several times as fast as translate
    text = text.replace(NBSP, " ")
    return "\n".join(line.rstrip() for line in text.split("\n")) + "\n"


def in_ascii(text: str) -> str:
    """The text with every sign we draw replaced by a plain one of the same width."""
    return text.translate(_ASCII)


def clean(text: str) -> str:
    """The text without control characters, those that turn the direction of writing, and halves of characters."""
    if text.isprintable() or _MARKED.sub("", text).isprintable():  # holds none of them, and is far quicker to tell
        return text
    return "".join(sign for sign in text if sign.isprintable() or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"})


def length(text: str) -> int:
    """Columns the text takes, colour marks not counted."""
    return len(text.translate(_NO_CODES))


def wrap(text: str, width: int, indent: int = 0, hanging: int = 0) -> list[str]:
    """Text broken at blanks into lines of at most `width`; lines after the first hang a little deeper."""
    text, width = _HELD.sub(NBSP, text), max(width, indent + hanging + 10)
    first, further = " " * indent, " " * (indent + hanging)
    bare = text.lstrip(" ")
    if not bare or bare[-1] == " " or _UNEVEN.search(bare):
        return _by_textwrap(text, width, first, further)
    if indent + len(text) <= width:
        return [first + text]
    begun, *rest = bare.split(" ")  # broken as textwrap does, in a fraction of its time
    line = first + text[: len(text) - len(bare)] + begun
    if len(line) > width or max(map(len, (begun, *rest))) > width - len(further):
        return _by_textwrap(text, width, first, further)
    lines: list[str] = []
    for word in rest:
        if len(line) + 1 + len(word) <= width:
            line += " " + word
        else:
            lines.append(line)
            line = further + word
    return [*lines, line]


def _by_textwrap(text: str, width: int, first: str, further: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=further, break_on_hyphens=False)


def labelled(label: str, text: str, width: int, *, indent: int = 2, column: int = 14) -> list[str]:
    """A label, and its text wrapped in a column beside it."""
    lines = wrap(text, width, indent + column) or [""]
    return [" " * indent + paint("dim", label.ljust(column)) + lines[0].strip(), *lines[1:]]


def ends(left: str, right: str, width: int, *, style: str = "bold", indent: int = 0, hanging: int = 0) -> list[str]:
    """Left text in a style and right text, dim and flush right, on one line; the left one wraps where it must."""
    room = width - length(right) - 3
    apart = room < width // 2  # the right text is so long that it gets a line of its own
    first, *more = wrap(left, width if apart else room, indent, hanging) or [""]
    line = _styled(style, first)
    beside = [] if apart else [line + " " * (width - length(first) - length(right)) + paint("dim", right)]
    below = [" " * max(0, width - length(right)) + paint("dim", right)] if apart else []
    return [*(beside or [line]), *(_styled(style, text) for text in more), *below]


def _styled(style: str, line: str) -> str:
    """A line in a style, its indent and its first mark left as they are."""
    text = line.lstrip(" ")
    indent = line[: len(line) - len(text)]
    mark, end, rest = text.rpartition(_END)
    return indent + mark + end + (paint(style, rest) if style and rest else rest)


def dim(lines: Iterable[str]) -> list[str]:
    """Lines in a quiet colour."""
    return [paint("dim", line) for line in lines]


def heading(text: str) -> list[str]:
    """A heading with air above it."""
    return ["", paint("bold", text.upper()), ""]


def table(rows: Sequence[Sequence[str]], right: frozenset[int], width: int, indent: int = 4) -> list[str]:
    """Rows in columns three blanks apart, `right` ones flush right; the last column wraps."""
    widths = [max(length(row[column]) for row in rows) for column in range(len(rows[0]) - 1)] if rows else []
    lines: list[str] = []
    for row in rows:
        cells = [
            " " * (size - length(cell)) + cell if column in right else cell + " " * (size - length(cell))
            for column, (cell, size) in enumerate(zip(row[:-1], widths, strict=True))
        ]
        start = " " * indent + "".join(f"{cell}   " for cell in cells)
        last = wrap(row[-1], width, length(start)) or [""]
        lines += [start + last[0].strip(" "), *last[1:]]
    return lines


def bar(
    low: Fraction, high: Fraction, limit: Fraction | None, cells: int, beside: Fraction = Fraction(0)
) -> tuple[str, int | None]:
    """A share drawn in `cells` columns: certain, open, the others and what is `beside`; the column of the limit's mark.

    Nothing that is there vanishes, and what exceeds the limit, however little, is drawn beyond its mark.
    """
    mark = round(limit * cells) if limit is not None else None
    first, second = _cell(low, limit, mark, cells), _cell(high, limit, mark, cells)
    if first == second and low < high:
        room = cells - 1 if high < 1 else cells
        second = min(room, second + 1) if mark is None or second != mark else second
        first = min(first, second - 1)
    third = max(second, cells - round(beside * cells))
    signs = "█" * first + "▒" * (second - first) + "░" * (third - second) + "·" * (cells - third)
    spans = [("red", 0, first), ("yellow", first, second), ("green", second, third), ("dim", third, cells)]
    drawn = ""
    for style, start, end in spans:
        if mark is not None and start <= mark < end:
            drawn += _span(style, signs[start:mark]) + paint("bold", "┃") + _span(style, signs[mark:end])
        else:
            drawn += _span(style, signs[start:end])
    return drawn + (paint("bold", "┃") if mark == cells else ""), mark


def _span(style: str, signs: str) -> str:
    return paint(style, signs) if signs else ""


def _cell(share: Fraction, limit: Fraction | None, mark: int | None, cells: int) -> int:
    cell = max(round(share * cells), 1 if share > 0 else 0)
    if limit is not None and mark is not None:
        cell = max(cell, mark + 1) if share > limit else min(cell, mark)
    return min(cell, cells - 1 if share < 1 else cells)
