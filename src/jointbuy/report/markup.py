"""HTML and SVG that cannot be broken into: whatever is not markup already is cleaned and escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from jointbuy.report.layout import clean

_VOID = {"br", "meta", "path", "rect", "line", "circle"}
_OWN_LINE = set(
    "html head meta title style body header nav main section article footer h1 h2 h3 h4 p ul ol li dl dt dd div figure "
    "figcaption table caption thead tbody tr svg pattern defs pre".split()
)


class Markup(str):
    """Text that is markup; every other string is text and is escaped when it is put inside a tag."""

    __slots__ = ()


def tag(name: str, /, *inside: str | None, **attributes: str | int | None) -> Markup:
    """An element with its attributes and contents; what is None is left out.

    Attributes are named as in Python: `class_` becomes `class`, `aria_label` becomes `aria-label`.
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    end = "\n" if name in _OWN_LINE else ""
    if name in _VOID:
        return Markup(f"<{name}{told}>{end}" if name in {"br", "meta"} else f"<{name}{told}/>")
    return Markup(f"<{name}{told}>{join(inside)}</{name}>{end}")


def text(value: str) -> Markup:
    """A string from anywhere as text: no markup, no quote that ends an attribute, no control or direction sign."""
    return value if isinstance(value, Markup) else Markup(escape(clean(value.replace("\n", " "))))


def join(parts: Iterable[str | None]) -> Markup:
    """Parts after each other; what is None is left out."""
    return Markup("".join(text(part) for part in parts if part is not None))
