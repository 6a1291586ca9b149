"""A CycloneDX document as JSON that every program reads alike: exact numbers, no field twice, no half texts."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from typing import Any, NoReturn

from jointbuy.errors import Where
from jointbuy.formats.files import Content, text_of
from jointbuy.formats.problems import Problems, shown

HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a character may follow; alone it is no text anyone can print."""


class Refused(ValueError):
    """Text that is JSON to some programs and not to others."""


def parsed(content: Content, problems: Problems, what: str = "CycloneDX document") -> dict[str, Any] | None:
    """The JSON object of a file that should be a `what`, numbers with decimals exact."""
    text = text_of(content, problems)
    if text is None:
        return None
    try:
        document = json.loads(text, parse_float=Decimal, parse_constant=no_number, object_pairs_hook=distinct)
        if HALF.search(text):
            json.dumps(document, ensure_ascii=False, default=str).encode()
    except json.JSONDecodeError as error:
        where = Where(content.name, error.lineno)
        problems.add("the file is not JSON", where, f"{error.msg} at column {error.colno}", "export it again")
    except RecursionError:
        problems.add("the document is nested too deeply", Where(content.name), do=f"no {what} needs that")
    except UnicodeEncodeError:
        problems.add(
            "a text holds half a character", Where(content.name), "a surrogate stands alone", "export it again"
        )
    except ValueError as error:
        why = str(error) if isinstance(error, Refused) else "a number in it is too long"
        problems.add("the file cannot be read safely", Where(content.name), why, "export it again")
    else:
        if isinstance(document, dict):
            return document
        problems.add(f"this is not a {what}", Where(content.name), "it is not a JSON object")
    return None


def no_number(text: str) -> NoReturn:
    """Refuse NaN and the infinities."""
    raise Refused(f"{text} is not a number in JSON")


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object with every key once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise Refused(f"an object has {shown(twice)} twice")
    return found
