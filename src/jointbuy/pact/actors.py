"""Who acts: the subject of a verb as a noun phrase, and whether its head is somebody who can promise (docs/pact.md).

A word is a pair of its text and its place; nothing here knows a grammar beyond the order of words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from jointbuy.pact.deadlines import opens
from jointbuy.pact.nouns import can_act


class Word(NamedTuple):
    """One word or sign of a sentence: as written, in lower case, and where it begins and ends there."""

    text: str
    low: str
    start: int
    end: int


class Subject(NamedTuple):
    """Words `start` to `end` (exclusive) of a sentence; `head` is what is judged, `agent` whether it can act."""

    start: int
    end: int
    head: str
    agent: bool
    pronoun: bool = False


_WORD = re.compile(
    r"\d+(?:,\d+)+|(?:Mr|Mrs|Ms|Dr|Prof)\.|(?:[A-Z]\.){2,}(?![\w-])|\d+(?=\.[A-Z][a-z])|[^\W_](?:[\w.’'/‐‑-]*\w)?|[^\w\s]",
    re.UNICODE,
)
_SHORT = re.compile(r"(.+?)(?:(n[’'ʼ]t)|([’'ʼ](?:ll|ve|re)))$", re.IGNORECASE)
"""Two words written as one: won't, we'll, they've."""
_FULL = {"wo": "will", "ca": "can", "sha": "shall", "ll": "will", "ve": "have", "re": "are"}
MODALS = frozenset("shall will must should may can could would might cannot".split())
PREPOSITIONS = frozenset(
    "of for in on at by with to from under within into through between among amongst against during before after upon "
    "over across towards toward throughout per via pursuant without including as than regarding concerning".split()
)
_OPENERS = frozenset(
    "that which who whom whose where when if whether because while unless until since although though what how why so "
    "once provided however therefore moreover furthermore".split()
)
_SIGNS = frozenset(',;:.()[]“”‘"—–!?')
_CUTS = PREPOSITIONS | frozenset(
    "referred concerned established responsible designated appointed listed participating located providing acting "
    "subject placed issuing requesting involved whose which who that having being not conducting laid set received "
    "authorised entrusted using wishing operating intending holding carrying made manufacturing placing making "
    "seeking interested registered included established recruited employed engaged".split()
)
_DETERMINERS = frozenset("the a an each any every all both our its their this these those no some either such".split())
_POINTING = frozenset("this that itself themselves out up at on in such one two more less".split())
_AFTER_NOUNS = frozenset("liable competent able eligible entitled present capable resident party".split())
"""Adjectives that stand after the noun that they describe: the person liable for payment."""
_BEFORE_NOUNS = frozenset(
    "and or duly other such all new national competent qualified independent relevant official".split()
)
_NOUNS_IN_ING = frozenset(
    "training spending processing reporting manufacturing funding financing monitoring meeting testing planning rating "
    "listing pricing building housing marketing trading clearing advertising licensing handling labelling".split()
)
_AFTER_HEADS = frozenset("s together itself themselves himself thereof alone jointly also".split())
_TIMES = frozenset("year years month months week weeks day days quarter".split())
_SHARES = frozenset("majority minority third thirds quarter half".split())
_PARTS = frozenset("each half both all any none some most majority several two three either neither many few".split())
_AMOUNTS = ("at least", "at most", "up to", "not more than", "no more than", "no fewer than", "not less than")
_TITLES = frozenset(
    "president presidents minister ministers chancellor chancellors secretary secretaries king queen premier premiers "
    "commissioner commissioners representative ambassador ambassadors vice-president taoiseach governor senator mr mrs "
    "ms dr prof".split()
)
_STATES = frozenset("is are was were remain remains".split())
_TIMED = frozenset("when where once if until after before".split())
_DATED = frozenset("by before until within no in on from".split())
_BEGINS = frozenset("The Each Any All Every These Those".split())
_ADVERBS = frozenset("also both each all therefore however then further now thus hereby together".split())
_OPENING, _FAR = 12, 60
"""Words among which who opens a sentence is looked for, and behind which he acts no more."""
_PRONOUNS = frozenset("it they he she".split())
SPEAKERS = frozenset({"we"})


def words_of(text: str) -> tuple[Word, ...]:
    """The words and signs of a text in order; `won't` is the words will and not, `we'll` we and will."""
    if not any(sign in text for sign in "'’ʼ"):
        return tuple([Word(word := one[0], word.lower(), *one.span()) for one in _WORD.finditer(text)])
    found: list[Word] = []
    for one in _WORD.finditer(text):
        short = None if one[0].isalnum() else _SHORT.fullmatch(one[0])
        if short is None:
            found.append(Word(one[0], one[0].lower(), one.start(), one.end()))
            continue
        cut, denied = one.start() + len(short[1]), short[2] is not None
        first, last = short[1].lower(), (short[2] or short[3])
        low = "not" if denied else _FULL[last[1:].lower()]
        found.append(Word(short[1], _FULL.get(first, first) if denied else first, one.start(), cut))
        if denied:
            found[-1] = found[-1]._replace(text=one[0])  # what is matched is shown: won't, not wo
        found.append(Word(low, low, cut, one.end()))
    return tuple(found)


def subject_of(words: Sequence[Word], verb: int, floor: int = 0) -> Subject | None:
    """The subject of the verb at a place, looked for before it and not before `floor`; None where there is none."""
    end = skip_insert(words, skip_adverbs(words, verb, floor), floor)
    end = start = skip_adverbs(words, end, floor)
    if end > floor and words[end - 1].low in {"and", "or", "but"}:
        return None  # it shares the subject of the verb before
    while start > floor and not _is_edge(words, start - 1):
        start -= 1
    if words[end - 1].low in SPEAKERS:
        start = end - 1
    elif floor and start == floor:
        start = _after_join(words, start, end)
    else:
        start = _series(words, _whole(words, start, floor), floor)
    start = _after_time(words, _after_last_clause(words, start, end), end)
    opened = any(words[at].text == "(" for at in range(start, end))
    while end > start and words[end - 1].text in {"’", "”", ")", "'"} and not (opened and words[end - 1].text == ")"):
        end -= 1
    if start >= end:
        return None
    told = _judge(words, start, end)
    also = end + 1 < verb and words[end + 1].low == "as"  # Canada, as well as Japan, will
    return told._replace(end=verb - 1) if also and words[end].text == words[verb - 1].text == "," else told


def skip_adverbs(words: Sequence[Word], at: int, floor: int) -> int:
    """The place before adverbs that stand in front of a verb."""
    while at > floor and (words[at - 1].low in _ADVERBS or _is_adverb(words[at - 1].low)):
        at -= 1
    return at


def _is_adverb(low: str) -> bool:
    return low.endswith("ly") and len(low) > 4 and low not in {"assembly", "italy", "supply", "family", "july"}


def skip_insert(words: Sequence[Word], at: int, floor: int) -> int:
    """Before what is put between two commas, brackets or dashes in front of the verb."""
    if at <= floor or words[at - 1].text not in {",", ")", "—", "–"}:
        return at
    opening = {",": ",", ")": "(", "—": "—", "–": "–"}[words[at - 1].text]
    before = at - 2
    while before > floor and words[before].text != opening:
        before -= 1
    if words[before].text == "(" and words[before - 1].low in {"and", "or", ","}:  # points (a), (b) and (c)
        return at
    return before if before > floor and words[before].text == opening else at


def _is_edge(words: Sequence[Word], at: int) -> bool:
    word = words[at]
    if word.text == ")" or word.text == "(":
        return False
    if word.low == "that" and at and words[at - 1].low in PREPOSITIONS:  # of that state
        return False
    if word.text == "," and 0 < at < len(words) - 1 and _counted(words[at - 1].text, words[at + 1].text):
        return False
    if word.low == "once" and at + 1 < len(words) and words[at + 1].low in {"again", "more"}:
        return False
    if word.low == "provided" and at + 1 < len(words):  # provided that, not the data provided by
        return words[at + 1].low == "that"
    return word.text in _SIGNS or word.low in _OPENERS


def _counted(before: str, after: str) -> bool:
    """Whether a comma stands between numbers or letters of provisions: points (a), (b) and (c)."""
    return (before == ")" and after == "(") or (before[0].isdigit() and after[0].isdigit())


def _whole(words: Sequence[Word], start: int, floor: int) -> int:
    """Back over a comma where what follows it only describes: a firm, established in a third country, or its owner."""
    tries = 3
    while tries and start - 1 > floor and words[start - 1].text == "," and words[start].low in _CUTS | {"or"}:
        before = start - 1
        while before > floor and not _is_edge(words, before - 1):
            before -= 1
        if not can_act(head_of(words, before, start - 1)):
            break
        start, tries = before, tries - 1
    return start


def _series(words: Sequence[Word], start: int, floor: int) -> int:
    """Back over `the United States, Canada` where what follows begins with `and`."""
    start = _further(words, start, floor)
    while (
        start < len(words) and words[start].low in {"and", "or"} and start - 1 > floor and words[start - 1].text == ","
    ):
        before = start - 1
        while before > floor and not _is_edge(words, before - 1) and start - before < 9:
            before -= 1
        head = head_of(words, before, start - 1)
        if not can_act(head) and not words[before].text[0].isupper():
            break
        start = before
        while start - 1 > floor and words[start - 1].text == ",":
            further = start - 1
            while further > floor and not _is_edge(words, further - 1):
                further -= 1
            head = head_of(words, further, start - 1)
            somebody = can_act(head) or is_person(words, further, start - 1, head)
            if start - further > 7 or not somebody or words[further].low in PREPOSITIONS:
                break
            start = further
        break
    return start


def _further(words: Sequence[Word], start: int, floor: int) -> int:
    """Back over `the United States,` before `Japan and Korea`: names only."""
    while start - 1 > floor and words[start - 1].text == "," and words[start].text[0].isupper():
        before = start - 1
        while before > floor and not _is_edge(words, before - 1):
            before -= 1
        names = [word for word in words[before : start - 1] if word.low not in {"the", "of"}]
        named = bool(names) and all(word.text[0].isupper() for word in names) and len(names) < 5
        if not named or words[before].low in PREPOSITIONS or not can_act(head_of(words, before, start - 1)):
            break
        start = before
    return start


def _after_join(words: Sequence[Word], start: int, end: int) -> int:
    """Past the object of the verb before: `to meet its goals and Canada` begins with Canada."""
    joins = [at for at in range(start, end) if words[at].low in {"and", "but", "while"}]
    acting = [at for at in joins if can_act(head_of(words, at + 1, end))]
    return (acting or joins or [start - 1])[0] + 1


def _after_last_clause(words: Sequence[Word], start: int, end: int) -> int:
    """Past an `and` that joins this clause to one that has its verb already, and past a leading `and`."""
    verbs = [at for at in range(start, end) if words[at].low in MODALS]
    if not verbs:  # prices remain high and banks will
        told = [at for at in range(start + 1, end) if words[at].low in _STATES]
        verbs = [at for at in told[-1:] if any(words[later].low in {"and", "but"} for later in range(at, end))]
    if verbs:
        joins = [at for at in range(verbs[-1], end) if words[at].low in {"and", "but", "or"}]
        # After `and` without a subject of its own, the verb has the subject of the clause before.
        start = joins[0] + 1 if joins else end
    while start < end and words[start].low in {"and", "or", "but", "then", "-", "•", "*", "to"}:
        start += 1
    return start


def _after_time(words: Sequence[Word], start: int, end: int) -> int:
    """Past a clause of time without a comma behind it: when such consent has been obtained | the Party shall."""
    if not start or words[start - 1].low not in _TIMED:
        return start
    done = next((at for at in range(start + 1, end) if words[at].low in _STATES | {"has", "have"}), end)
    for at in range(done + 1, end - 1):
        if words[at].low.endswith("ed") and words[at + 1].low in {"the", "each", "any", "a"}:
            return at + 1
    return start


def head_of(words: Sequence[Word], start: int, end: int) -> str:
    """The noun that a phrase is about: the last before `of`, `referred` and the like; "" where there is none."""
    cut = start
    while cut < end and not (cut > start and _describes_what_stands_before(words, cut, end)):
        cut += 1
    kept = [word for word in words[start:cut] if word.text not in _SIGNS and not word.text[0].isdigit()]
    while len(kept) > 1 and kept[-1].low in _AFTER_HEADS:  # the operator(s), the Member States themselves
        kept.pop()
    return kept[-1].text if kept else ""


def _describes_what_stands_before(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether what describes a noun begins here: a body | notified under, firms | using, States | other than those."""
    low, before = words[at].low, words[at - 1]
    after = words[at + 1].low if at + 1 < end else ""
    if low == "subject" and after != "to":  # data subjects
        return False
    # A participle after a determiner stands before its noun: the requesting authority, duly authorised staff.
    if low in _CUTS:
        first = before.low in _BEFORE_NOUNS or _is_adverb(before.low)
        noun = bool(after) and after not in PREPOSITIONS and low not in PREPOSITIONS | {"concerned", "involved"}
        return before.low not in _DETERMINERS and not (first and noun and words[at].low.endswith(("ed", "ing")))
    if low == "other":
        return after == "than"
    if _is_adverb(low):  # nationals legally staying
        return can_act(before.text) and after.endswith(("ed", "ing"))
    doing, done = low.endswith("ing") and len(low) > 5, low.endswith("ed") and len(low) > 4
    if not (doing or done or low in _AFTER_NOUNS) or not can_act(before.text):
        return False
    if not after or after in PREPOSITIONS:
        return not doing or (bool(after) and low not in _NOUNS_IN_ING)
    plural = before.low.endswith("s") and doing  # a participle after a plural; user training is a noun
    return plural or (doing and after in _DETERMINERS | _POINTING)


def _tail(words: Sequence[Word], start: int, end: int) -> int:
    """Where a name in capitals that can act begins, directly before the verb and after no `of` or `the`; or `end`."""
    at = end
    while at > start and words[at - 1].text[0].isupper():
        at -= 1
    before = words[at - 1].low if at > start else ""
    free = start < at < end and before not in _DETERMINERS | PREPOSITIONS | {"and", "or"}
    return at if free and can_act(words[end - 1].text) else end


def _of_data(words: Sequence[Word], start: int, end: int) -> bool:
    return any(words[at].low == "data" and words[at + 1].low == "subject" for at in range(start, end - 1))


def _past_amount(words: Sequence[Word], start: int, end: int) -> int:
    """Past how many of them: at least two inspectors, half of the members."""
    amount = ""
    if words[start].low in {"at", "up", "not", "no"}:  # what most subjects do not begin with
        said = " ".join(word.low for word in words[start : start + 4])
        amount = next((one for one in _AMOUNTS if said.startswith(one + " ")), "")
    start = min(start + len(amount.split()), end - 1)
    of = next((at for at in range(start + 1, min(end - 1, start + 5)) if words[at].low == "of"), 0)
    if not of or words[of + 1].low == "them":
        return start
    several = words[start].low == "a" and words[of - 1].low == "number"
    shares = words[of - 1].low in _SHARES or several
    return of + 1 if shares or (of == start + 1 and words[start].low in _PARTS) else start


def opener(words: Sequence[Word], verb: int) -> Subject | None:
    """Who opens a sentence with a verb that is not known, and acts again after `and`: Norway holds it and will pay."""
    if verb > _FAR or words[0].low in PREPOSITIONS or any(words[at].low in _OPENERS for at in range(verb)):
        return None
    for end in range(1, min(verb, _OPENING)):
        if not words[end].text.islower() or not words[end].text.isalpha() or _is_adverb(words[end].low):
            continue
        if words[end].low in PREPOSITIONS | _DETERMINERS | {"and", "or"}:
            continue
        head = head_of(words, 0, end)
        if head == words[end - 1].text and can_act(head):
            return Subject(0, end, head, agent=True)
    return None


def is_person(words: Sequence[Word], start: int, end: int, head: str) -> bool:
    """Whether a phrase is a name with an office: President Smith, Ministers Smith and Jones, Ms. Smith."""
    return head[:1].isupper() and any(words[at].low.rstrip(".") in _TITLES for at in range(start, end))


def without_deadline(words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    """A phrase without the deadline that it begins or ends with: Canada by 31 December 2026."""
    if start >= end:
        return start, end
    if words[start].low in _DATED:
        past = start + opens([word.text for word in words[start:end]])
        start = past if past < end and can_act(head_of(words, past, end)) else start
    for at in range(start + 1, end):
        if words[at].low in _DATED and opens([word.text for word in words[at:end]]) == end - at:
            return start, at
    return start, end


def _judge(words: Sequence[Word], start: int, end: int) -> Subject:
    if words[end - 1].text in {"It", "They"}:  # a heading that ran into its sentence
        start = end - 1
    start, end = without_deadline(words, start, end)
    start = _past_amount(words, start, end)
    first = words[start].low
    if end - start == 1 and first in _PRONOUNS:
        return Subject(start, end, first, agent=True, pronoun=True)
    if words[end - 1].low in {"latter", "former", "them"} and words[end - 2].low in {"the", "of"} and end - start < 4:
        return Subject(start, end, words[end - 1].low, agent=True, pronoun=True)  # the latter, each of them
    yearly = first in {"each", "every"} and any(word.low in _TIMES for word in words[start + 1 : start + 3])
    if yearly or first in PREPOSITIONS or first in {"prior", "subject", "upon", "notwithstanding", "following"}:
        # A phrase without a comma in front of the subject: what stands directly before the verb counts.
        inner = [at for at in range(start + 1, end) if words[at].low in _DETERMINERS | SPEAKERS]
        if inner:
            start = inner[-1]
    begun = [at for at in range(start + 1, end) if words[at].text in _BEGINS]
    start = begun[-1] if begun else start  # a heading that ran into its sentence: Compensation The recipient shall
    head = head_of(words, start, end)
    if (
        can_act(head)
        or (head == "one" and words[end - 2].low == "no")
        or (head == "subject" and _of_data(words, start, end))
    ):
        return Subject(start, end, head, agent=True)
    if is_person(words, start, end, head):
        return Subject(start, end, head, agent=True)
    for at in range(start + 2, end - 1):  # they meet in the U.S. Canada will attend
        if (
            "." in words[at].text
            and words[at].text.isupper()
            and words[at - 1].low == "the"
            and can_act(words[at + 1].text)
        ):
            start = at + 1 if words[at - 2].low in PREPOSITIONS else start
    tail = _tail(words, start, end)
    if tail < end:
        return Subject(tail, end, words[end - 1].text, agent=True)
    for at in range(start, end):  # one of several joined by `and`: the Commission and the report
        if words[at].low in {"and", "or"} and at + 1 < end:
            before = head_of(words, start, at)
            named = words[end - 1].text[0].isupper() and words[end - 1].text == head
            if before and can_act(before) and (named or can_act(head_of(words, at + 1, end))):
                return Subject(start, end, before, agent=True)
    return Subject(start, end, head, agent=False)
