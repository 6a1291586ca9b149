"""A text's bytes as text: UTF-8, or Windows-1252 where nothing else fits and it reads like English; then it is said.

Most texts of before 2010 are in Windows-1252, which is also what browsers read for Latin-1. It has a sign for nearly
every byte, so that it fits anything: what comes out must look like words and the signs between them.
"""

from __future__ import annotations

import codecs
import re

from jointbuy.errors import Where
from jointbuy.formats.files import Content
from jointbuy.formats.files import text_of as utf8_of
from jointbuy.formats.problems import Problems, shown

_LEAST_WORDS = 12
"""Words from which can be told whether they look like English."""
_SMALL = frozenset("the of and to in that is for with on as by this be are we our will shall which from it at".split())
_WRONG = re.compile(
    r"[a-zß-ÿ][À-ÞŠŒŽŸ]"  # a capital within a word: another encoding's sign
    r"|[^\W\d_][\xa1-\xa9\xab-\xb9\xbb-\xbf\xd7\xf7†‡ˆ˜¨ƒ€‰‹›™][^\W\d_]"  # or a sign between letters
    r"|[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]"
)
_WITH_MARK = re.compile(r"\w*[^\x00-\x7f\s][\w’]*")
_EXAMPLES = 3
_AS_UTF8 = 'save it again as UTF-8 (in an editor: "save with encoding")'


def text_of(content: Content, problems: Problems) -> tuple[str | None, tuple[str, ...]]:
    """The text of a file and what is to be said of how it was decoded; None where no encoding fits, which is told."""
    if content.data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        why = "its mark says UTF-32, which hardly any program writes"
        problems.add("the file is not UTF-8 text", Where(content.name), why, _AS_UTF8)
        return None, ()
    tried = Problems()
    text = utf8_of(content, tried)
    if text is not None:
        return text, ()
    text = _western(content.data)
    if text is None:
        first = tried.found[0]
        problems.add(first.what, first.where or Where(content.name), first.why, _AS_UTF8)
        return None, ()
    words = list(dict.fromkeys(_WITH_MARK.findall(text)))[:_EXAMPLES]
    said = ", ".join(shown(word) for word in words)
    return text, (
        f"this is not UTF-8; it is read as Windows-1252 (cp1252): {said}. If that is wrong, save it as UTF-8",
    )


def _western(data: bytes) -> str | None:
    """The text in Windows-1252; None where it would not be English words with a few marks."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    if not data.decode("utf-8", errors="ignore").isascii():  # some of it is UTF-8: it is neither
        return None
    words = re.findall(r"[a-z]+", text.lower())
    small = sum(word in _SMALL for word in words)
    marked = sum(sign > "\x7f" for sign in text)
    english = len(words) >= _LEAST_WORDS and small * 100 >= 12 * len(words)
    return text if english and marked * 10 <= len(text) and not _WRONG.search(text) else None
