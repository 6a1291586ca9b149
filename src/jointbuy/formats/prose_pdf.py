"""A PDF's text as lines with their pages: without running heads, page numbers and hyphens at the ends of lines.

pypdf finds the text (docs/decisions/0019-pypdf.md); what is a paragraph, a running head or a footnote is told here, by
where lines stand and how large they are. Nothing is run, and no picture is opened.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from jointbuy import progress
from jointbuy.errors import Where
from jointbuy.formats.files import Content
from jointbuy.formats.problems import Problems, listed, shown

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 2_000
MAX_SIGNS = 10_000_000
"""Most characters of text."""
_MAX_STEPS = 10_000_000
"""Most drawing steps of all pages together: some minute of work."""
_DEEPEST = 5
"""Forms within forms that are looked at for pictures."""
_SCANNED = 20
"""Words of a page with a large picture up to which it is taken for one that was scanned."""
_STREAM = 20_000_000
"""Most bytes of one page's drawing, unpacked."""
_SIGNS = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\u00ad": "", "\0": "", "\uf0b7": "•", "\uf0a7": "•"}
)
"""Ligatures as letters, no soft hyphens, and the points of word processors' symbol fonts."""
_NUMBER = re.compile(
    r"(?:page|p\.)?\s*[-–—\[(|]?\s*(?:\d{1,3}|[ivxl]{1,6})\s*[-–—\])|]?(?:\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE
)
_PRINTED = re.compile(r"(?:file|https?)://\S+\s+\d{1,4}/\d{1,4}|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}, \d{1,2}:\d\d.{0,200}")
"""What a browser prints below and above a page: where it is from, when it was printed."""
_MARK = re.compile(r"\s*(?:\d{1,3}|[*†‡§]{1,3}|[a-z])\s*")
_NOTE = re.compile(r"\(?(?P<mark>\d{1,3}|[*†‡]{1,3})\)?[.:]?\s+(?=\S)")
_ENDS = tuple(".:;!?”)")
_HYPHEN = re.compile(r"(\w+)-$")
_NAMED = re.compile(r"\S*[\w.]-$")
"""The first half of a name that goes on with a capital: Cross-Border, U.S.-Canada."""
_WORD = re.compile(r"\w+(?:-\w+)*")
_HALVES = re.compile(r"\b([A-Za-z][a-z]+) (?=([a-z]{2,})\b)")


class Piece(NamedTuple):
    """Text in one place: from the left and from the bottom, in points; `size` of its letters."""

    x: float
    y: float
    size: float
    text: str


class Line(NamedTuple):
    """A line of a page; `mark` is that of the footnote which begins with it, "" where none does."""

    page: int
    x: float
    y: float
    size: float
    text: str
    mark: str = ""


class Pages(NamedTuple):
    """Lines with the page of each, "" between paragraphs; what stands above and below all pages; what is to be said."""

    lines: tuple[str, ...]
    pages: tuple[int, ...]
    heads: tuple[str, ...]
    notes: tuple[str, ...]


class TooMuch(Exception):
    """More text or drawing than is read."""


def read(content: Content, problems: Problems) -> Pages | None:
    """The lines of a PDF; None where it cannot be read, which is then told."""
    import pypdf  # on use: it takes half a second to import
    from pypdf import errors

    where = Where(content.name)
    log = logging.getLogger("pypdf")
    level = log.level
    log.setLevel(logging.CRITICAL)  # what it says of broken files is told here
    try:
        with pypdf.apply_configuration(**_limits()):
            return _read(pypdf.PdfReader(io.BytesIO(content.data)), where, problems)
    except (TooMuch, errors.LimitReachedError) as error:
        do = "split it, or save its text as .txt (pdftotext)"
        problems.add("the PDF holds more than is read", where, str(error), do)
    except (errors.FileNotDecryptedError, errors.DependencyError):
        _encrypted(where, problems)
    except Exception as error:  # what a broken or hostile file makes of a library is no mistake of ours
        why = f"{type(error).__name__}: {' '.join(str(error).split())[:120]}"
        problems.add("the PDF is broken", where, why, "open it in a viewer and print it to a new PDF, or save its text")
    finally:
        log.setLevel(level)
    return None


def _limits() -> dict[str, Any]:
    outputs = ("zlib", "lzw", "run_length", "jbig2", "array_based_stream")
    return {
        **{f"{name}_maximum_output_length": _STREAM for name in outputs},
        "stream_parsing_work_maximum_count": 1_000_000,
        "xform_maximum_invocations_per_extraction": 500,
        "page_tree_maximum_entries": 10 * MAX_PAGES,
    }


def _encrypted(where: Where, problems: Problems) -> None:
    do = "open it with its password and print it to a new PDF, or save its text as .txt"
    problems.add("the PDF is encrypted", where, "it is not read without its password", do)


def _read(reader: PdfReader, where: Where, problems: Problems) -> Pages | None:
    if reader.is_encrypted and not reader.decrypt(""):  # many may be read by all and only not changed
        _encrypted(where, problems)
        return None
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise TooMuch(f"it has {count:,} pages, and at most {MAX_PAGES:,} are read")
    found: list[list[Line]] = []
    pictured: set[int] = set()
    budget = _Budget()
    with progress.part(count, "pages"):
        for number in range(count):
            pieces = _pieces(reader, number, budget)
            found.append([line for one in pieces for cell in _cells(one) if (line := _line(number + 1, cell))])
            pictured |= {number + 1} if budget.large(reader.pages[number]) else set()
            progress.more(1)
    if not any(found):
        why = f"its {count:,} pages are pictures, as of a scan" if count else "it has no page"
        problems.add("the PDF holds no text", where, why, "run text recognition (OCR) over it and give what comes out")
        return None
    bare = [str(at) for at, page in enumerate(found, 1) if not page]
    notes = [f"without text, perhaps pictures, and not read: page {listed(bare)}"] if bare else []
    return _told(found, notes, pictured)


class _Budget:
    """How much drawing and text is still read, and how large what a page draws as a whole is."""

    def __init__(self) -> None:
        self.steps, self.signs = _MAX_STEPS, MAX_SIGNS
        self._drawn: dict[str, float] = {}

    def step(self, operator: bytes, operands: Sequence[Any], matrix: Sequence[float], _: object) -> None:
        """One step of drawing."""
        self.steps -= 1
        if self.steps < 0:
            raise TooMuch(f"its pages are drawn in more than {_MAX_STEPS:,} steps")
        if operator == b"Do" and operands:
            name, area = str(operands[0]), abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
            self._drawn[name] = max(area, self._drawn.get(name, 0.0))

    def large(self, page: PageObject) -> bool:
        """Whether one of the pictures of a page that was just read covers a tenth of it; the next page begins anew."""
        drawn, self._drawn = self._drawn, {}
        if not drawn:
            return False
        least = 0.1 * float(page.mediabox.width) * float(page.mediabox.height)
        return any(drawn.get(name, 0.0) >= least for name in _pictures(page.get("/Resources"), drawn, 0))

    def text(self, text: str) -> None:
        """Some text."""
        self.signs -= len(text)
        if self.signs < 0:
            raise TooMuch(f"it has more than {MAX_SIGNS:,} characters")


def _pictures(resources: Any, drawn: Container[str], depth: int) -> Iterator[str]:
    """The names of pictures among what a page, or a form on it, may draw; none is opened."""
    found = resources.get_object().get("/XObject") if resources is not None else None
    for name, one in (found.get_object() if found is not None else {}).items():
        what = one.get_object() if str(name) in drawn else {}
        if what.get("/Subtype") == "/Image":
            yield str(name)
        elif what.get("/Subtype") == "/Form" and depth < _DEEPEST:
            yield from _pictures(what.get("/Resources"), drawn, depth + 1)


def _pieces(reader: PdfReader, number: int, budget: _Budget) -> list[list[Piece]]:
    """The pieces of every line of a page, in the order in which they are drawn."""
    lines: list[list[Piece]] = [[]]

    def take(text: str, outer: Sequence[float], inner: Sequence[float], _: object, size: float) -> None:
        budget.text(text)
        x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        scale = abs(inner[3] * outer[3]) or abs(inner[1] * outer[2]) or 1.0
        for at, part in enumerate(text.translate(_SIGNS).split("\n")):
            if at:
                lines.append([])
            if part:
                lines[-1].append(Piece(x, y, size * scale, part))

    reader.pages[number].extract_text(visitor_text=take, visitor_operand_before=budget.step)
    return _beside(lines)


def _beside(lines: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """Lines of which one goes on to the right of the other, at most half a letter higher or lower, as one."""
    made: list[list[Piece]] = []
    for line in lines:
        written = [piece for piece in line if piece.text.strip()]
        if not written:
            continue
        last, first = made[-1][-1] if made else None, written[0]
        if last and first.x >= last.x and abs(first.y - last.y) < 0.5 * max(first.size, last.size):
            made[-1] += [first._replace(text=" "), *line]
        else:
            made.append(list(line))
    return made


def _cells(pieces: Sequence[Piece]) -> Iterator[Sequence[Piece]]:
    """What stands far apart in a line, and begins with a capital there, each as a line of its own: cells of a table.

    How far a piece reaches is estimated, by half its letters' size for each; so only what is short is told apart.
    """
    first, before = 0, None
    for at, piece in enumerate(pieces):
        said = piece.text.strip()
        if before and said[:1].isupper():
            reaches = before.x + 0.5 * before.size * len(before.text.strip())
            if piece.x - reaches > 3 * piece.size and not before.text.rstrip().endswith((".", ")", ":")):
                yield pieces[first:at]
                first = at
        before = piece if said else before
    yield pieces[first:]


def _line(page: int, pieces: Sequence[Piece]) -> Line | None:
    """A line without the small raised marks that point to footnotes; None where nothing is left."""
    sizes: Counter[float] = Counter()
    for piece in pieces:
        sizes[piece.size] += len(piece.text.strip())
    written = [piece for piece in pieces if piece.text.strip()]
    size = max(sizes, key=lambda one: (sizes[one], one))
    small = [piece.size < 0.87 * size and _MARK.fullmatch(piece.text) is not None for piece in pieces]
    mark = written[0].text.strip() if small[pieces.index(written[0])] else ""
    text = " ".join("".join(one.text for one, mere in zip(pieces, small, strict=True) if not mere).split())
    return Line(page, written[0].x, written[0].y, size, text, mark) if text else None


# --- what lines are -------------------------------------------------------------------------


def _told(found: Sequence[Sequence[Line]], notes: list[str], pictured: Container[int]) -> Pages:
    heads = _running(found)
    kept = [[line for line in page if (line.page, line.y, line.text) not in heads] for page in found]
    if not any(kept):  # pages that are all alike: nothing runs through them
        heads, kept = set(), [list(page) for page in found]
    said = tuple(dict.fromkeys(text for _, _, text in sorted(heads)))
    if said:
        notes.append(f"running heads, feet and page numbers are left out: {len(heads):,} lines, first {shown(said[0])}")
    notes += _scans(found, kept, pictured)
    body = _usual(Counter[float](), [(round(line.size, 1), len(line.text)) for page in kept for line in page])
    gaps = [(round(gap, 1), 1) for page in kept for one, two in pairwise(page) if 0 < (gap := _gap(one, two)) < 4]
    usual = _usual(Counter[float](), gaps) or 1.2
    words = Counter(word.lower() for page in kept for line in page for word in _WORD.findall(line.text))
    kept, mended = _whole(kept, words)
    if mended:
        notes.append(f"words that were split in two and stand whole elsewhere are joined: {mended:,}")
    lines: list[str] = []
    pages: list[int] = []
    last: Line | None = None
    waiting: list[tuple[str, int]] = []  # footnotes, until the paragraph that runs over them ends
    for page in kept:
        text, feet = _footnotes(page, body)
        for line in text:
            if last is not None and _parts(last, line, usual):
                lines += ["", *(note for note, _ in waiting), ""]
                pages += [last.page, *(at for _, at in waiting), last.page]
                waiting = []
            lines.append(line.text)
            pages.append(line.page)
            last = line
        waiting += feet
    lines += ["", *(note for note, _ in waiting)]
    pages += [pages[-1] if pages else 1, *(at for _, at in waiting)]
    return Pages(tuple(_joined(lines, words)), tuple(pages), said, tuple(notes))


def _whole(found: Sequence[Sequence[Line]], words: Counter[str]) -> tuple[list[list[Line]], int]:
    """Lines in which what a PDF split is one word again, and how many were split.

    So are two halves that stand nowhere else in the text, where their whole does: secu rity.
    """
    count = 0

    def mend(two: re.Match[str]) -> str:
        nonlocal count
        first, second = two[1].lower(), two[2].lower()
        if words[first] != 1 or words[second] != 1 or not words[first + second]:
            return two[0]
        count += 1
        return two[1]

    return [[line._replace(text=_HALVES.sub(mend, line.text)) for line in page] for page in found], count


def _scans(found: Sequence[Sequence[Line]], kept: Sequence[Sequence[Line]], pictured: Container[int]) -> list[str]:
    """What is said of pages that are pictures but for a few words, such as those that a browser prints on the edge."""
    pages = [(at, sum(len(line.text.split()) for line in page)) for at, page in enumerate(kept, 1)]
    few = [at for at, words in pages if at in pictured and words <= _SCANNED and found[at - 1]]
    if not few:
        return []
    whole = "the PDF is" if len(few) == len(pages) else f"page {listed([str(at) for at in few])} is"
    words = sum(number for at, number in pages if at in few)
    beside = f"with {words:,} words beside it, and only these are read" if words else "and nothing of it is read"
    return [f"probably a scan: {whole} a picture, {beside}; run text recognition (OCR) over it and give what comes out"]


def _usual(counted: Counter[float], values: Sequence[tuple[float, int]]) -> float:
    """The value that most speak for, of several the smallest; 0 without any."""
    for value, weight in values:
        counted[value] += weight
    return min(counted, key=lambda one: (-counted[one], one)) if counted else 0.0


def _gap(one: Line, two: Line) -> float:
    """From a line down to the next, in letters of the larger."""
    return (one.y - two.y) / (max(one.size, two.size) or 1.0)


def _running(found: Sequence[Sequence[Line]]) -> set[tuple[int, float, str]]:
    """Lines at the edge of a page which stand there on others too but for their numbers, and numbers of pages."""
    seen: defaultdict[tuple[str, int], list[Line]] = defaultdict(list)
    heads = set()
    for page in found:
        by_height = sorted(page, key=lambda line: line.y)
        edge = {*by_height[:3], *by_height[-3:]} if len(page) > 3 else set(page)
        for line in edge:
            seen[re.sub(r"\d+", "#", line.text.lower()), round(line.y / 6)].append(line)
        outer = [by_height[0], by_height[-1]] if len(page) > 1 else []
        edges = [line for line in outer if _NUMBER.fullmatch(line.text) or _PRINTED.fullmatch(line.text)]
        heads |= {(line.page, line.y, line.text) for line in edges}
    least = 2 if len(found) <= 4 else 3
    for lines in seen.values():
        if len({line.page for line in lines}) >= least:
            heads |= {(line.page, line.y, line.text) for line in lines}
    return heads


def _footnotes(page: Sequence[Line], body: float) -> tuple[list[Line], list[tuple[str, int]]]:
    """The text of a page, and its footnotes: smaller lines below it, from the first that begins with a mark."""
    lowest = min((line.y for line in page if line.size > 0.93 * body), default=0.0)
    text, feet = [], list[tuple[str, int]]()
    for line in page:
        small = line.size <= 0.93 * body and line.y < lowest
        begins = _NOTE.match(line.text)
        if small and (line.mark or begins):
            mark = line.mark or (begins["mark"] if begins else "")
            rest = line.text if line.mark or not begins else line.text[begins.end() :]
            feet.append((f"[{mark if mark.isalnum() else 'n'}] {rest}", line.page))
        elif small and feet:
            feet.append((line.text, line.page))
        else:
            text.append(line)
    return text, feet


def _parts(one: Line, two: Line, usual: float) -> bool:
    """Whether a paragraph ends between two lines."""
    ended = one.text.endswith(_ENDS)
    if abs(one.size - two.size) > 0.1 * max(one.size, two.size):
        return True
    if one.page == two.page and one.y == two.y and two.x > one.x:  # cells of one row
        return True
    if one.page != two.page or two.y > one.y:  # a new page or column: only what looks ended has ended
        return ended
    return _gap(one, two) > 1.3 * usual or (ended and two.x > one.x + 0.8 * two.size)


def _joined(lines: Sequence[str], words: Counter[str]) -> Iterator[str]:
    """Lines whose last word goes on in the next, whole.

    `coop-` and `eration` are one word where the text has no `coop-eration`; `long-` and `term` keep their hyphen
    where it has `long-term`, or both words alone; `short- and` is left as it is.
    """
    carried = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        now, carried = (carried + line).strip(), ""
        broken = _HYPHEN.search(now)
        rest = re.match(r"\w+", following)
        if broken and rest and rest[0][0].islower() and rest[0] not in {"and", "or", "to"}:
            first, second = broken[1].lower(), rest[0].lower()
            hyphen = words[f"{first}-{second}"] or (words[first] and words[second] and not words[first + second])
            now, carried = now[: broken.start()].rstrip(), broken[0] if hyphen else broken[1]
        elif named := _NAMED.search(now) if following[:1].isupper() else None:
            now, carried = now[: named.start()].rstrip(), named[0]
        yield now
