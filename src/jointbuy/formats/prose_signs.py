"""Signs of a text that no reader sees, or that are drawn as one: left out or written out before it is read."""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = (0x00AD, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
"""Soft hyphen, zero width, and marks of the direction of writing."""
_DRAWN = (*range(0xFB00, 0xFB07), *range(0xFF01, 0xFF5F), *range(0x1D400, 0x1D800))
"""Ligatures, letters of full width, letters of formulas: the same letters in another dress."""
_TABLE: dict[int, str | None] = {
    **dict.fromkeys(_UNSEEN),
    **{sign: unicodedata.normalize("NFKC", chr(sign)) for sign in _DRAWN},
}
_RAISED = re.compile(r"(?<=[^\W\d_]|[.,;:!?)”’\"'])(?<!\bm)(?<!\b[kcm]m)[⁰¹²³⁴-⁹]{1,3}(?=[\s.,;:!?)”’\"']|$)")
NOTE = re.compile(r"\s*[⁰¹²³⁴-⁹]{1,3}\s*(?=\S)")
"""The mark with which a footnote begins, in raised digits."""
_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|\*{1,3}|[†‡])[\])]?(?:[, ]+\d{1,3})*")
_NO_WORD = re.compile(r"(?:\d|\b[kcm]?m)$")
"""Behind a number or a unit what is raised is a power: 10², km²."""


def plain(text: str) -> str:
    """A text as it is read: without signs nobody sees, ligatures written out, accents joined to their letters."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _RAISED.sub("", text.translate(_TABLE)))


def is_mark(raised: str, before: str) -> bool:
    """Whether what stands raised behind some words is the mark of a footnote, neither a power nor part of 1st."""
    return _MARK.fullmatch(raised.strip()) is not None and _NO_WORD.search(before) is None
