"""Which sign marks decimals, and which thousands: told by the number itself, by its column, or by its file.

`1.234,50` and `1,234.50` tell it by themselves, as `12,5` and `1'234.50` do; `1,234` and `1.234` may be read two ways.
"""

from __future__ import annotations

import re

from jointbuy.formats.columns import Header, fold

_THIN = "[ \u00a0\u202f'’]"
COMMA = re.compile(rf"[+-]?([1-9]\d{{0,2}}(\.\d{{3}})+|\d{{1,3}}({_THIN}\d{{3}})+|\d+)(,\d+)?")
"""A number whose decimals a comma marks, or that has none."""
_POINT = re.compile(rf"[+-]?([1-9]\d{{0,2}}(,\d{{3}})+|\d{{1,3}}({_THIN}\d{{3}})+|\d+)(\.\d*)?|[+-]?\.\d+")
"""A number whose decimals a point marks, or that has none."""
_APART = re.compile("[,'’]")
_ABROAD = re.compile(
    r"menge|anzahl|stuck|preis|kosten|betrag|wert|teil|artikel|bezeichnung|ursprung|herkunft|lieferant|ausschuss"
    r"|\b(stk|quantite|qte|prix|cout|montant|piece d|pays|fournisseur|libelle|rebut|rendement"
    r"|ilosc|liczba|szt|cena|koszt|wartosc|kwota|czesc|czesci|nazwa|kraj|dostawca)\b"
)
"""Words of headers in languages that mark decimals with a comma, folded."""


def plain(number: str) -> bool:
    """Whether it takes no look at other numbers to read this one, if it is any: nothing parts its digits in threes."""
    return number[-4:-3] != "." and _APART.search(number) is None and number.count(".") < 2


def comma_told(number: str) -> bool:
    """Whether the number tells by itself that a comma marks decimals: `12,5`, `0,125`, `1.234,50`, `1.234.567`."""
    if "," not in number and number.count(".") < 2:  # nearly always
        return False
    return COMMA.fullmatch(number) is not None and not _POINT.fullmatch(number)


def point_told(number: str) -> bool:
    """Whether the number tells by itself that a point marks decimals: `12.5`, `1,234.50`, `1,234,567`."""
    return _POINT.fullmatch(number) is not None and not COMMA.fullmatch(number)


def two_ways(number: str) -> bool:
    """Whether the number may be read two ways: `1,234` or `1.234`."""
    return (
        ("," in number or "." in number)
        and COMMA.fullmatch(number) is not None
        and _POINT.fullmatch(number) is not None
    )


def pointed(number: str) -> str | None:
    """The number, whose decimals a point marks, without what parts its thousands; None where it is not so written."""
    return _APART.sub("", number) if _POINT.fullmatch(number) else None


def commaed(number: str) -> str | None:
    """The number, whose decimals a comma marks, with a point; None where it is not so written."""
    if not COMMA.fullmatch(number):
        return None
    return re.sub("['’.]", "", number).replace(",", ".")


def abroad(delimiter: str | None, header: Header) -> str:
    """Why a point may mark thousands in a text file or a cell of text: by its semicolons or its words; else nothing."""
    if delimiter == ";":
        return "the file has semicolons between its values, as programs write it that mark decimals with a comma"
    titles = [header.titles[at] for at in header.index.values()]
    word = next(iter(sorted(title.strip() for title in titles if _ABROAD.search(fold(title)))), None)
    return f'the header "{word}" is of a language that marks decimals with a comma' if word else ""
