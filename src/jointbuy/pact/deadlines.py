"""By when: the deadline of a promise as written, and the day or the days that it names (docs/pact.md).

What somebody sets as an end (`by 2030`, `within 30 days of signature`) goes before what only tells when (`in 2027`).
No deadline is a year that belongs to a noun (`2030 commitments`), nor when something was done (`launched in 2021`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from jointbuy.pact.hints import has_one

_MONTHS = "January February March April May June July August September October November December".split()
_SHORT = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
_MONTH = rf"(?-i:{'|'.join(_MONTHS)}|{_SHORT}\.(?= ?\d|,)|{_SHORT}(?= \d)|Sept)"
_YEAR = r"(?:19|20)\d\d"
_GOES_ON = (
    "and or but nor to of in on at by with for from through until till under within without across over into than as "
    "if "
    "unless where when while whereas which that who whose so because since after before following subject provided the "
    "a an its our their his her this these those all each every both any other no not also further more we they it he "
    "she you one shall will must may should would can could is are was were has have consistent compared relative "
    "pursuant per via towards toward against among between during except notwithstanding only then thereafter onward "
    "onwards inclusive alone alongside together there do does"
)
"""Words that may follow a year; another word in small letters is a noun that the year belongs to."""
_FREE = rf"(?![\w/])(?!-\w)(?! (?!(?:{'|'.join(_GOES_ON.split())})\b|\w+(?:ed|ing|ly)\b)(?-i:[a-z]))"
_DATE = (
    rf"{_YEAR}-\d\d-\d\d(?!\d)|\d{{1,2}}(?:\.\d{{1,2}}\.|/\d{{1,2}}/){_YEAR}(?!\d)"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: day)?(?: of)? {_MONTH},?(?: {_YEAR}(?!\d))?"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,? {_YEAR}(?!\d))?"
    rf"|{_MONTH}(?:,? {_YEAR}{_FREE})?"
)
_PARTS = (
    r"(?:end|close|start|beginning|middle|(?:first|second|third|fourth|last|final) "
    r"(?:half|quarter|third|months?|weeks?)|spring|summer|autumn|fall|winter)"
)
_WHOLE = (
    rf"(?:the (?:year|month|decade|century)|(?:this|next|the following) (?:year|month|decade)|{_DATE}|{_YEAR}{_FREE})"
)
_COUNT = (
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|eighteen|twenty|thirty|sixty|ninety"
    r"|an?)(?: \((?:\d{1,3}|[a-z]+)\))?"
)
_WHEN = (
    rf"(?:(?:the )?(?:very )?(?:{_PARTS} of (?:the )?){{1,2}}(?:fiscal year |financial year )?{_WHOLE}"
    rf"|(?:the )?(?:Q[1-4]|H[12])(?: of| in)?[ -]?{_YEAR}{_FREE}"
    rf"|(?:the )?(?:spring|summer|autumn|fall|winter)(?: of)? {_YEAR}{_FREE}"
    rf"|(?:(?:fiscal|financial|calendar|school) year|FY) ?{_YEAR}(?:[-–/]\d\d(?:\d\d)?)?{_FREE}"
    rf"|{_DATE}"
    rf"|(?:the )?(?:early|mid|late|end)[- ](?:{_YEAR}{_FREE}|{_MONTH}(?: {_YEAR})?|century|decade)"
    rf"|(?:the )?(?:(?:early|mid|late)[- ])?{_YEAR}s\b"
    rf"|{_YEAR}[-–/]\d\d(?:\d\d)?{_FREE}|{_YEAR}{_FREE}"
    rf"|the {_YEAR}[-–]{_YEAR} period|(?:this|next) {_MONTH}|the (?:next|coming) {_COUNT} (?:weeks|months|years)"
    r"|(?:the )?(?:end|middle)[- ]of[- ]year|year[’']?s?[- ]end"
    r"|(?:the )?(?:spring|summer|autumn|winter)(?![\w-])(?! (?!and|or)(?-i:[a-z]))"
    r"|(?:this|next|the following) (?:year|month|week|quarter|decade|spring|summer|autumn|fall|winter)(?![\w’'])"
    rf"|(?:the |our |its |their )?(?:next|upcoming|forthcoming|following|{_YEAR}) (?:[\w-]+ ){{0,3}}?"
    r"(?:summit|meeting|dialogue|session|conference|assembly|ministerial|council|review|COP)(?!\w)"
    r"(?: (?:summit|meeting|session|conference)(?!\w))?|COP ?\d{2})"
    r"(?:,? (?:of )?(?:each|every) year)?"
)
_UNIT = r"(?:day|week|month|year|hour|decade)s?"
_ACTS = (
    r"(?:signature|signing|entry into force|entering into force|adoption|conclusion|ratification|accession|approval"
    r"|notification|receipt|publication|provisional application|expiry|termination|delivery|award|(?:its|the) launch)"
)
_TO = r"(?: ?[-–] ?| (?:through to|through|until|till|to|and) )"
_SET = re.compile(
    r"\b(?:(?:at the latest (?:by|in|on)|(?:no|not) later than|(?:on or )?before|by|until|till|through|up to"
    r"|prior to|ahead of|in time for|as of"
    rf"|as from|starting(?: in| on| from)?|beginning(?: in| on| from)?|targeting) {_WHEN}"
    rf"(?:{_TO}{_WHEN})?(?: at the latest)?"
    rf"|(?:from|between) {_WHEN}{_TO}{_WHEN}"
    r"|(?:within|in|over|during|for) (?:(?:a (?:maximum|period|time ?frame|space) of|the (?:next|coming|following)"
    rf"|a further|at most|no more than) )?{_COUNT}(?: (?:working|calendar|business|full))? {_UNIT}(?!-)"
    r"(?:[’']s?)?(?: time)?(?: (?:of|from|after|following) [^,;.]{3,60})?"
    rf"|{_COUNT}(?: (?:working|calendar|business))? {_UNIT} (?:of|from|after|following|before|prior to|upon) "
    rf"(?:the |its |their )?(?:date of )?(?:the |its |their )?{_ACTS}(?: of [^,;.]{{3,50}})?"
    r"|(?:up)?on (?:the )?(?:(?:date|day) of )?(?:its |their |the )?(?:signature|signing|entry into force)"
    r"(?: of [^,;.]{3,50})?"
    r"|(?:no|not) later than [^,;.]{3,60}"
    r"|(?:after|on|upon|at) (?:the )?(?:expiry|expiration) of [^,;.]{3,60}?"
    r"(?= (?:the|each|any) \w+ (?:shall|will|must)\b|[,;.]|$)"
    r"|before (?:it|they|the [\w ]{3,30}?) (?:enters?|comes?) into (?:force|effect)|by the time [^,;.]{3,50}"
    r"|(?:in|over|during|for) the (?:coming|next) (?:\w+ )?(?:days|weeks|months|years|decades?)"
    rf"|(?:(?<=planned )|(?<=scheduled )|(?<=foreseen ))for {_WHEN}"
    r"|without (?:undue |further )?delay|immediately|as soon as (?:possible|practicable|feasible)"
    r"|at the earliest (?:possible )?(?:opportunity|date|moment))",
    re.IGNORECASE,
)
"""What sets an end."""
_TOLD = re.compile(
    r"\b(?:(?:(?:in|over|during|throughout)(?: the course of)?|on|from|at|around|towards?)"
    rf"(?: the (?:period|years?)(?: from)?)? {_WHEN}(?:{_TO}{_WHEN})?(?: onwards?)?"
    r"|at (?:the|our|their|its) next (?:\w+ ){0,3}(?:summit|meeting|dialogue|session)"
    rf"|(?:this|next) (?:year|month|week|summer|autumn|fall|spring|winter|{_MONTH})(?![\w’']))",
    re.IGNORECASE,
)
"""What only tells when."""
_SPANS = re.compile(rf"^(?:for|in|over|during|within) an? {_UNIT}$", re.IGNORECASE)
_EVENT = re.compile(
    r"\b(?:summit|meeting|dialogue|session|conference|assembly|ministerial|council|review|COP)\b", re.IGNORECASE
)
_OCCASION = re.compile(
    r"\b(?:summit|meetings?|conference|report|forum|assembly|agreement|award|declaration|statement|communiqu\w+|session"
    r"|scenario|edition|election)(?: (?:in|at) (?-i:[A-Z])[\w-]+)?$",
    re.IGNORECASE,
)
"""Nouns behind which a date tells when they were; at them, it is the day of the promise too."""
_AT = re.compile(r"\bat (?:\w+ )?(?:[\w’'-]+ ){0,5}[\w-]+$", re.IGNORECASE)
_HOLDS = frozenset(
    "host hold convene organise organize launch open attend join chair conclude sign hosted held signed".split()
)
_DONE = re.compile(
    r"(?:(?:ed\b|\b(?:begun|began|held|made|taken|given|set|met|built|drawn|put|seen|found|left|won|lost|war|invasion"
    r"|aggression|since|back))(?: (?:in|at) (?-i:[A-Z])[\w-]+)?)$",
    re.IGNORECASE,
)
"""What stands in front of when something was done."""


_HINTS = (
    *"0123456789",
    *(name.lower() for name in (*_MONTHS, "Sept")),
    *"year month week quarter decade century day hour spring summer autumn fall winter summit meeting dialogue".split(),
    *"session conference assembly ministerial council review cop delay immediately soon earliest later".split(),
    *"signature signing force effect time expiry expiration".split(),
)
"""Of these one stands in every deadline, to pass over a text quickly that has none."""


def set_at(text: str) -> int:
    """The place of the first end that is set in a text; 0 where none is."""
    found = _SET.search(text)
    return found.start() if found else 0


def deadline_of(text: str, verb: str = "", *, said: bool = False) -> str | None:
    """The first deadline of a clause as written; None where none is told.

    `verb` is what is to be done: to host a summit in 2027 has a day, to build on the summit in 2021 has none. `said`:
    the text says again what was said, so that only an end that it sets counts.
    """
    if not has_one(text, _HINTS):
        return None
    for one in _SET.finditer(text):
        if not _SPANS.match(one[0]):
            return one[0].strip()
    for one in () if said else _TOLD.finditer(text):
        before = text[max(0, one.start() - 60) : one.start()].rstrip()
        itself = before.lower().endswith(verb.lower()) and verb  # will report in 2027
        if not itself and _OCCASION.search(before) and not _AT.search(before) and verb.lower() not in _HOLDS:
            continue
        if re.match("from ", one[0], re.IGNORECASE) and _EVENT.search(one[0]):
            continue
        if (itself or not _DONE.search(before)) and not re.match(r"(?:at|for|around) (?:this|next)", one[0]):
            return one[0].strip()
    return None


def without_deadlines(text: str) -> str:
    """A clause without what tells when."""
    return _TOLD.sub(" ; ", _SET.sub(" ; ", text))


def opens(words: Sequence[str]) -> int:
    """How many words at the beginning of some are a deadline: by 31 December 2026; 0 where none is there."""
    text = " ".join(words)
    found = _SET.match(text) or (_TOLD.match(text) if any(word.isdigit() for word in words[:5]) else None)
    return len(found[0].split()) if found else 0


# --- the days that it names -----------------------------------------------------------------

_NAMED = re.compile(
    rf"(?P<part>(?:end|close|start|beginning)(?: of|-)|(?:first|second|third|fourth) (?:half|quarter) of) ?(?:the )?|"
    rf"(?P<iso>{_YEAR}-\d\d-\d\d)|(?P<dotted>(?P<n1>\d{{1,2}})(?P<sign>[./])(?P<n2>\d{{1,2}})[./](?P<n3>{_YEAR}))|"
    r"(?P<slot>[QH][1-4])(?: of| in)?[ -]?|"
    rf"(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?: day)?(?: of)? )?(?P<month>{_MONTH})"
    r"(?: (?P<d2>\d{1,2})(?:st|nd|rd|th)?(?!\d))?"
    rf"(?:,? (?P<of>{_YEAR}))?|(?P<year>{_YEAR})(?P<s>s\b)?",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:early|mid|late|middle|spring|summer|autumn|fall|winter|fiscal|financial|school|FY|summit|meeting|dialogue"
    r"|session|conference|assembly|ministerial|council|review|COP|days?|weeks?"
    r"|(?:months?|(?<!the )years?) (?:of|after|from)|each|every|third of|last|final|signature|force)\b",
    re.IGNORECASE,
)
_SHARES = {"first half": (1, 6), "second half": (7, 12)} | {
    f"{nth} quarter": (3 * at + 1, 3 * at + 3) for at, nth in enumerate("first second third fourth".split())
}


def due_of(written: str) -> str | None:
    """The day, or first and last day, that a deadline names, in ISO 8601; None where it names none.

    `by 2030` names all of 2030 (2030-01-01/2030-12-31) and does not say which of its days is meant; `by the end of
    2030` names its last day. Seasons, budget years, meetings, and days without a year are no days.
    """
    if _VAGUE.search(written) or re.search(rf"{_YEAR}[/–-]\d\d(?!\d|-\d)", written):
        return None
    ends: list[tuple[date, date]] = []
    part = ""
    for one in _NAMED.finditer(written):
        if one["part"] or one["slot"]:
            part += (one["part"] or one["slot"]).lower() + " "
            continue
        try:
            span = _span(one, part)
        except ValueError:  # 31 June
            return None
        if span is None:
            return None
        ends.append(span)
        part = ""
    if not ends or len(ends) > 2:
        return None
    first, last = ends[0][0], ends[-1][1]
    if last < first:
        return None
    return f"{first}" if first == last else f"{first}/{last}"


def _span(one: re.Match[str], part: str) -> tuple[date, date] | None:
    """The days of one date, of which only a part may be named; None for one without a year. Raises ValueError."""
    if one["iso"]:
        day = date.fromisoformat(one["iso"])
        return day, day
    if one["dotted"]:
        return _in_figures(int(one["n1"]), int(one["n2"]), int(one["n3"]), one["sign"])
    if one["month"]:
        if not one["of"]:
            return None
        year = int(one["of"])
        month = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(one["month"].capitalize()[:3]))
        if day_of := one["d1"] or one["d2"]:
            day = date(year, month, int(day_of))
            return day, day
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    else:
        year = int(one["year"])
        months = next((share for name, share in _SHARES.items() if name in part), _slot(part))
        first = date(year, months[0], 1)
        last = date(year + (9 if one["s"] else 0), months[1], monthrange(year, months[1])[1])
    if part.startswith(("end", "close")):
        first = last
    elif part.startswith(("start", "beginning")):
        last = first
    return first, last


def _in_figures(first: int, second: int, year: int, sign: str) -> tuple[date, date] | None:
    """31.12.2027 begins with its day; 12/31/2027 and 31/12/2027 tell it, 3/4/2027 does not. Raises ValueError."""
    if sign == "/" and first <= 12 and second <= 12 and first != second:
        return None
    day = date(year, first, second) if sign == "/" and second > 12 else date(year, second, first)
    return day, day


def _slot(part: str) -> tuple[int, int]:
    """The months of Q1 to Q4, H1 and H2, otherwise of the year."""
    slot = part.split()[-1] if part else ""
    if slot in {"q1", "q2", "q3", "q4"}:
        return 3 * int(slot[1]) - 2, 3 * int(slot[1])
    return {"h1": (1, 6), "h2": (7, 12)}.get(slot, (1, 12))
