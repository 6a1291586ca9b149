"""A text as blocks with their places: plain words, Markdown, HTML, PDF or DOCX; what it is, its content tells first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jointbuy.commitments import Prose
from jointbuy.errors import Unusable, Where
from jointbuy.formats import files, markings, prose_encoding, prose_html, prose_plain
from jointbuy.formats.problems import Problems

MAX_BYTES = 10_000_000
"""Largest text read: some four thousand pages."""
MAX_PACKED_BYTES = 50_000_000
"""Largest PDF or DOCX read: most of it is pictures."""
_PDF, _ZIP = b"%PDF-", b"PK\x03\x04"
_HEADED = 40
"""Lines at the head of a text in which a marking is looked for."""


def read(path: Path) -> Prose:
    """The text of a file as blocks. Raises Unusable with what is wrong with it."""
    problems = Problems()
    name = path.name
    problems.files.append(name)
    if not files.is_file(path):
        problems.add(f"there is no file {path}", do="name a text: .txt, .md, .html, .pdf or .docx")
    packed = not problems.found and _head(path).startswith((_PDF, _ZIP))
    most = MAX_PACKED_BYTES if packed else MAX_BYTES
    content = None if problems.found else files.load(path, name, Where(name), most, problems)
    found = None if content is None else _read(content, problems)
    if found is not None and not found.blocks and not problems.found:
        problems.add("there is no text in the file", Where(name), "; ".join(found.notes), "give the text itself")
    problems.raise_if_any()
    if found is None:  # a problem was told of it
        raise Unusable(problems.in_order())
    return found


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1024).lstrip()
    except OSError:
        return b""  # reading it whole tells why


def _read(content: files.Content, problems: Problems) -> Prose | None:
    data = content.data
    if data[:1024].lstrip().startswith(_PDF):
        return _pdf(content, problems)
    if data.startswith(_ZIP):
        return _docx(content, problems)
    if _refused(content, problems) or _misnamed(content, problems):
        return None
    return _text(content, problems)


def _text(content: files.Content, problems: Problems) -> Prose | None:
    name = content.name
    text, decoded = prose_encoding.text_of(content, problems)
    if text is None:
        return None
    if not text.strip():
        problems.add("the file is empty", Where(name), "there is no text in it", "give the text of an agreement")
        return None
    lines = text.splitlines()
    for line, written in enumerate(lines[:_HEADED], 1):
        if markings.is_marking(written):
            markings.refuse(written.strip(), Where(name, line))
    if _is_html(name, text):
        blocks, notes = prose_html.blocks(text)
    else:
        blocks, notes = prose_plain.blocks(lines, markdown=Path(name).suffix.lower() in {".md", ".markdown"})
    return Prose(name, content.digest, tuple(blocks), (*decoded, *notes))


def _misnamed(content: files.Content, problems: Problems) -> bool:
    """Whether a file is named as a PDF or DOCX and is none; says so."""
    suffix = Path(content.name).suffix.lower()
    begins = {".pdf": "%PDF", ".docx": "PK, as an archive does"}.get(suffix)
    if begins and content.data.strip():
        kind = suffix[1:].upper()
        why = f"a {kind} begins with {begins}, this file does not: it is broken, or no {kind}"
        do = f"give the {kind} itself; if it is plain text, name it .txt"
        problems.add(f"this is named {suffix} and is no {kind}", Where(content.name), why, do)
    return bool(problems.found)


def _pdf(content: files.Content, problems: Problems) -> Prose | None:
    """A PDF: its places are pages."""
    from jointbuy.formats import prose_pdf

    found = prose_pdf.read(content, problems)
    if found is None:
        return None
    for written in (*found.heads, *found.lines[:_HEADED]):
        if markings.is_marking(written):
            markings.refuse(written.strip(), Where(content.name))
    blocks, _ = prose_plain.blocks(found.lines, markdown=False)
    placed = (replace(block, lines=tuple((at, found.pages[line - 1]) for at, line in block.lines)) for block in blocks)
    return Prose(content.name, content.digest, tuple(placed), found.notes, "page")


def _docx(content: files.Content, problems: Problems) -> Prose | None:
    """A DOCX: its places are paragraphs, counted as they stand in the file."""
    from jointbuy.formats import prose_docx

    found = prose_docx.read(content, problems)
    if found is None:
        return None
    for written in (*found.heads, *(block.text for block in found.blocks[:_HEADED])):
        if markings.is_marking(written):
            markings.refuse(written.strip(), Where(content.name))
    return Prose(content.name, content.digest, found.blocks, found.notes, "paragraph")


def _refused(content: files.Content, problems: Problems) -> bool:
    """Whether the file is of a kind that is no text; says so."""
    data, where = content.data, Where(content.name)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        do = "save it as .docx without a password, or as plain text"
        problems.add(
            "this is a word processor file of an older kind, or one with a password, which is not read", where, do=do
        )
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
