"""What every page is made of: the document that loads nothing from outside, sections, tables, lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources

from jointbuy.report.markup import Markup, tag
from jointbuy.report.words import PAGE

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_SHORT = 6
Cells = Sequence[str | None]


def document(title: str, *body: Markup, style: str = "") -> str:
    """A whole page as one text, which needs neither a network nor a script; `style` names a file of its own rules."""
    sheets = [resources.files("jointbuy.report").joinpath(name) for name in ("page.css", style) if name]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Markup("".join(sheet.read_text(encoding="utf-8") for sheet in sheets))),
    )
    told = tag("body", *body, tag("footer", tag("p", PAGE["advice"])))
    return "<!doctype html>\n" + tag("html", head, told, lang=PAGE["language"])


def section(key: str, made: Markup, texts: Mapping[str, str] = PAGE) -> Markup:
    """A section under its heading, which `texts` has by its key."""
    return tag(
        "section",
        tag("h2", texts[key], id=section_id(key)),
        made,
        aria_labelledby=section_id(key),
        class_=section_id(key),
    )


def section_id(key: str) -> str:
    """What a link to a section names."""
    return key.replace(" ", "-")


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Cells],
    classes: str,
    kinds: Iterable[str] = (),
    texts: Mapping[str, str] = PAGE,
) -> Markup:
    """A table with its caption; the first cell of a row is its head. `classes`: one word for each column.

    `number+word` is a number that bears its column's title on a narrow screen. Roles are written out because such a
    screen lays rows out as blocks, which would hide that this is a table.
    """
    kinds_of = (name.replace("+", " ") for name in classes.split())
    named = (key if key.isdigit() else texts[key] for key in heads)  # a year is no word
    columns = list(zip(named, kinds_of, strict=True))
    head = (tag("th", title, scope="col", role="columnheader", class_=name) for title, name in columns)
    kept = list(rows)
    body = (
        tag("tr", *map(_cell, row, columns, range(len(columns))), role="row", class_=kind or None)
        for row, kind in zip(kept, list(kinds) or [""] * len(kept), strict=True)
    )
    made = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *head, role="row"), role="rowgroup"),
        tag("tbody", *body, role="rowgroup"),
        role="table",
    )
    size = " short" if len(kept) <= _SHORT else ""
    return tag("div", made, class_=("table" if len(columns) == 2 else "table stack") + size)


def _cell(cell: str | None, column: tuple[str, str], place: int) -> Markup:
    title, name = column
    kinds = name.split()
    if place == 0:  # a number there says nothing by itself; a name does
        own = title if {"number", "word"} <= set(kinds) else None
        return tag("th", cell, scope="row", role="rowheader", class_=name, data_title=own)
    return tag("td", cell, role="cell", class_=name, data_title=title if "word" in kinds else None)


def capital(text: str) -> str:
    """A text that begins a line."""
    return text[:1].upper() + text[1:]


def quiet(*told: str) -> Markup:
    """A remark in small."""
    return tag("p", *told, class_="quiet")


def bullets(told: Iterable[str], nothing: str) -> Markup:
    """A list, or in small that there is nothing."""
    items = [tag("li", each) for each in told]
    return tag("ul", *items) if items else quiet(PAGE[nothing])
