"""How much and how often: amounts and frequencies of a promise as written, and in one form so that two can be compared.

`EUR 10 million`, `€10m` and `10 million euros` are the same amount, `twice a year` and `every six months` the same
frequency. What is less or more than a number is kept: `at least 3.5 per cent` is another amount than `3.5 %`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from jointbuy.pact.hints import has_one

_SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
).split()
_NUMBERS: Mapping[str, int] = MappingProxyType(
    {word: at for at, word in enumerate(_SMALL, 2)}
    | {word: at * 10 for at, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
    | {"one": 1, "a": 1}
)
_SCALES: Mapping[str, int] = MappingProxyType(
    {"hundred": 10**2, "thousand": 10**3, "k": 10**3}
    | dict.fromkeys(("million", "mn", "m"), 10**6)
    | dict.fromkeys(("billion", "bn", "b"), 10**9)
    | dict.fromkeys(("trillion", "tn"), 10**12)
)
_SIGNS: Mapping[str, str] = MappingProxyType(
    {"€": "EUR", "£": "GBP", "¥": "JPY", "$": "$", "us$": "USD", "usd$": "USD", "c$": "CAD", "ca$": "CAD"}
    | {"can$": "CAD", "cad$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD"}
)
_NAMES: Mapping[str, str] = MappingProxyType(
    {"euro": "EUR", "euros": "EUR", "yen": "JPY", "won": "KRW", "kroner": "kroner", "pounds": "GBP"}
    | {"pounds sterling": "GBP", "dollars": "$", "us dollars": "USD", "u.s. dollars": "USD"}
    | {"canadian dollars": "CAD", "australian dollars": "AUD", "swiss francs": "CHF", "zlotys": "PLN"}
)
_CODES = (
    "AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HUF IDR INR ISK JPY KRW MDL MXN NOK NZD PLN RON RSD SEK SGD TRY TWD UAH "
    "USD ZAR"
).split()
_MORE = (
    r"(?:(?:at least|at most|up to|as much as|more than|less than|no more than|no less than|not more than|not less than"
    r"|no fewer than|a minimum of|a maximum of|a total of|over|around|about|approximately|roughly|nearly|almost) )?"
)
_DIGITS = r"\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d{1,6})?|\d{1,15}(?:[.,]\d{1,6})?"
_WORDS = "|".join(_NUMBERS)
_SCALE = r"(?:hundred|thousand|million|billion|trillion)(?:[ -](?:thousand|million|billion))?"
_SHORT = r"(?:bn|mn|tn|m|k|b)"
_NUMBER = rf"(?:{_DIGITS})(?:[ -]{_SCALE})?"
_MONEY = rf"(?:{_DIGITS})(?:[ -]?(?:{_SCALE}|{_SHORT})(?!\w))?"
_SPAN = r" ?(?:-|–|to) ?"
_BEFORE = r"(?:(?:US|USD|C|CA|CAN|CAD|A|AU|NZ)?\$|[€£¥]|(?<![A-Za-z])(?:" + "|".join(_CODES) + r")(?![A-Za-z]))"
_AFTER = r"(?:" + "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)) + "|" + "|".join(_CODES) + r")(?!\w)"
_TIMES = "second|minute|hour|day|night|week|weekend|month|quarter|year|decade|century|time|spring|summer|autumn|winter"
_MANY = "people|personnel|aircraft|staff|women|men|children|spacecraft|hovercraft"
_PART = r"(?:%|(?:per ?cent|percentage points?|basis points?)(?!\w))"
_AMOUNT = re.compile(
    rf"{_MORE}(?:{_BEFORE} ?{_MONEY}(?:{_SPAN}(?:{_BEFORE} ?)?{_MONEY})?"
    rf"|(?<![\w.,])(?:(?:{_NUMBER})(?:{_SPAN}(?:{_NUMBER}))?|(?:{_WORDS})(?:[ -]{_SCALE})?) {_AFTER}"
    rf"|(?<![\w.,])(?:(?:{_NUMBER})(?:{_SPAN}(?:{_NUMBER}))?|(?:{_WORDS})) ?{_PART}"
    r"(?: of (?:(?:its|their|our|the|national) )?(?:GDP|GNI|gross domestic product|gross national income))?)"
    r"|\b(?:doubl|tripl|trebl|quadrupl|halv)(?:e|es|ed|ing)\b",
    re.IGNORECASE,
)
_THINGS = re.compile(
    rf"{_MORE}(?<![\w.,$€£¥/-])(?:{_DIGITS}|\b(?:{_WORDS})(?!\w))(?:[ -]{_SCALE})?(?: of)?"
    r"(?: ?(?:[kMGT]Wh?|TWh|km|kg|[MG]t|bcm)(?!\w)|(?: [A-Za-z][a-z-]{1,20}){0,2}?"
    rf" (?:(?!(?:{_TIMES})s\b)[A-Za-z-]{{2,20}}(?<!s)(?<!u)(?<!i)s|{_MANY})(?!\w))",
)
_ANY = re.compile(rf"\d|\b(?:{_WORDS})\b|\b(?:doubl|tripl|trebl|quadrupl|halv)", re.IGNORECASE)
_DEFINITE = frozenset(
    "the our their its these those his her all both other half article articles annex no resolution "
    "section sections chapter title rule paragraph paragraphs point points directive regulation decision".split()
)
"""Words in front of a number after which it tells which ones, not how many: the two sides, Article 5 duties."""
_LATER = frozenset(
    "and or of to in on at for by with from as is are was were will shall may that which than more".split()
)


def amounts_of(text: str) -> tuple[str, ...]:
    """Money, shares and numbers of things in a text, as written, in order: EUR 10 million, 40 per cent, 50 vehicles.

    Years, days and other spans of time are none, nor is a number that only tells which ones (the 27 members).
    """
    if not _ANY.search(text):
        return ()
    found = [(one.start(), one.end()) for one in _AMOUNT.finditer(text)]
    for one in _THINGS.finditer(text):
        free = all(one.end() <= start or end <= one.start() for start, end in found)
        if free and _counts(text, one):
            found.append((one.start(), one.end()))
    return tuple(dict.fromkeys(text[start:end].strip() for start, end in sorted(found)))


def _counts(text: str, one: re.Match[str]) -> bool:
    """Whether a number with a noun says how many of them."""
    words = one[0].split()
    before = text[max(0, one.start() - 20) : one.start()].split()[-1:]
    year = next((word for word in words if re.fullmatch(r"(?:19|20)\d\d", word)), None)
    first = words[0].lower() in {"one", "a"} and (len(words) < 2 or words[1].lower() not in _SCALES)
    return not (
        year
        or first
        or (before and before[0].lower().strip("(“\"'.") in _DEFINITE)
        or any(word.lower() in _LATER for word in words[1:-1] if word.lower() not in {"of", "than", "least", "to"})
        or words[-1].lower() in {"times", "always", "this", "others"}
    )


def amount(written: str) -> str:
    """An amount in one form: EUR 10000000, at least 3.5 % of gdp, 50 vehicles. `$` stays where no state is told."""
    low = " ".join(written.lower().replace("\u00a0", " ").replace("\u202f", " ").split())
    more = re.match(_MORE, low)
    said = (more[0] if more else "").strip()
    rest = low[len(said) :].strip()
    currency = ""
    if sign := re.match(rf"(?:{_BEFORE})", rest, re.IGNORECASE):
        currency, rest = _currency(sign[0]), rest[sign.end() :].strip()
        rest = re.sub(rf"({_SPAN}){_BEFORE} ?", r"\1", rest, count=1, flags=re.IGNORECASE)
    elif name := re.search(rf" ({_AFTER})$", rest, re.IGNORECASE):
        currency, rest = _currency(name[1]), rest[: name.start()]
    ends = re.match(
        rf"((?:{_DIGITS})|(?:{_WORDS})(?!\w))(?:[ -]?({_SCALE}|{_SHORT})(?!\w))?"
        rf"(?:{_SPAN}({_DIGITS})(?:[ -]?({_SCALE}|{_SHORT})(?!\w))?)?",
        rest,
    )
    if not ends:
        return low
    first, scale, second, upper = ends.groups()
    value = _number(first, scale or (upper if second else None))
    value += f"-{_number(second, upper)}" if second else ""
    unit = rest[ends.end() :].strip().removeprefix("of ")
    unit = re.sub(r"^(?:per ?cent)", "%", unit)
    return " ".join(filter(None, (said, currency, value, re.sub(r" of (?:its|their|our|the|national) ", " of ", unit))))


def _currency(written: str) -> str:
    low = written.lower()
    return _SIGNS.get(low) or _NAMES.get(low) or low.upper()


def _number(written: str, scale: str | None) -> str:
    """A number with its scale, in digits; a comma before three digits stands between thousands."""
    plain = re.sub(r"[,\u00a0\u202f ](?=\d{3}(?!\d))", "", written)
    value = Decimal(_NUMBERS[plain]) if plain in _NUMBERS else Decimal(plain.replace(",", "."))
    for one in re.split("[ -]", scale or ""):
        value *= _SCALES.get(one, 1)
    return f"{value.normalize():f}"


# --- how often ------------------------------------------------------------------------------

_UNITS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {"day": (1, "days"), "week": (1, "weeks"), "month": (1, "months"), "quarter": (3, "months")}
    | {"year": (12, "months"), "decade": (120, "months")}
    | dict.fromkeys(("spring", "summer", "autumn", "fall", "winter"), (12, "months"))
)
_LY: Mapping[str, tuple[int, str]] = MappingProxyType(
    dict.fromkeys(("annual", "annually", "yearly"), (12, "months"))
    | {"monthly": (1, "months"), "quarterly": (3, "months"), "weekly": (1, "weeks"), "daily": (1, "days")}
    | dict.fromkeys(("biennial", "biennially"), (24, "months"))
    | dict.fromkeys(("semi-annual", "semi-annually", "semiannual", "semiannually", "half-yearly"), (6, "months"))
    | {"six-monthly": (6, "months"), "three-monthly": (3, "months")}
    | {"triennial": (36, "months"), "triennially": (36, "months"), "five-yearly": (60, "months")}
)
_UNIT = "|".join(_UNITS)
_TOLD = "|".join(sorted(_LY, key=len, reverse=True))
_VAGUE = (
    "regularly|periodically|regular|on a regular basis|at regular intervals|from time to time|biannual(?:ly)?|"
    "bimonthly|biweekly|fortnightly"
)
_EVERY = rf"(?:every|each) (?:(?:(\d{{1,3}}|{_WORDS}|second|other|third|fourth|fifth) )?({_UNIT})s?)"
_PER = rf"(?:(once|twice|thrice|(?:(\d{{1,3}}|{_WORDS}) times)) )?(?:a|per|each|every|in each|in every) ({_UNIT})"
_OFTEN = re.compile(
    rf"\b(?:{_PER}|{_EVERY}|(?:on an? |(twice) )?({_TOLD})(?: basis)?|({_VAGUE}))(?![\w-])",
    re.IGNORECASE,
)
_HINTS = (*_UNITS, "annual", "dail", "ennial", "regular", "periodic", "time to time", "fortnight")
"""What stands in every frequency, to pass over a text quickly that has none."""
_ORDINALS: Mapping[str, int] = MappingProxyType({"second": 2, "other": 2, "third": 3, "fourth": 4, "fifth": 5})


def frequency_of(text: str) -> str | None:
    """How often something is to be done, as written: every six months, twice a year, annual, regularly."""
    if not has_one(text, _HINTS):
        return None
    for one in _OFTEN.finditer(text):
        said = one[0].lower()
        # An article in front of a unit says how often only behind a number: within a year, in each quarter of 2027.
        if not (said.startswith(("a ", "in each ", "each quarter of")) and one[1] is None):
            return one[0]
        if said.startswith("a ") and re.search(
            r"(?:\d|million|billion|trillion|thousand)$", text[: one.start()].rstrip()
        ):
            return one[0]  # EUR 5 million a year
    return None


def frequency(written: str) -> str:
    """A frequency in one form: every 6 months for twice a year; what names no span stays as it is written."""
    low = " ".join(written.lower().split())
    one = _OFTEN.fullmatch(low)
    if one is None or one[8]:
        return {"regular": "regularly"}.get(low.removeprefix("on a ").removesuffix(" basis"), low)
    if one[7]:
        count, unit = _LY[one[7]]
        return f"every {count // 2 if one[6] and count > 1 else count} {unit}"
    if one[5]:
        size, unit = _UNITS[one[5]]
        said = one[4] or "1"
        many = _ORDINALS.get(said) or _NUMBERS.get(said) or int(said)
        return f"every {size * many} {unit}"
    size, unit = _UNITS[one[3]]
    said = one[2] or "1"
    times = {"once": 1, "twice": 2, "thrice": 3}.get(one[1] or "once") or _NUMBERS.get(said) or int(said)
    if size % times == 0:
        return f"every {size // times} {unit}"
    return f"{times} times in {size} {unit}"
