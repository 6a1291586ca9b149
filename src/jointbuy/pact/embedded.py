"""What is said of a promise and is none: believed, hoped or claimed by somebody, made long ago, or not in English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jointbuy.pact.actors import MODALS, SPEAKERS, Subject, Word, subject_of
from jointbuy.pact.chains import BE, DETERMINERS


def _forms(verbs: str) -> Iterable[str]:
    for verb in verbs.split():
        stem = verb.removesuffix("e")
        yield from (verb, verb + "s", stem + "ed", stem + "ing")
        if verb.endswith("y"):
            yield from (verb[:-1] + "ies", verb[:-1] + "ied")


_BELIEF = frozenset(
    _forms(
        "believe hope expect doubt fear predict anticipate assume suppose suspect wonder imagine guess forecast worry"
    )
) | frozenset("think thinks thought see sees saw seen".split())
"""Who believes or hopes that somebody will act promises nothing for him."""
_CLAIM = frozenset(
    _forms("claim allege assert argue warn insist contend complain report suggest maintain")
) | frozenset("say says said".split())
"""Who claims it promises nothing for anybody but himself."""
_NOTES = frozenset(_forms("note recall recognise recognize acknowledge observe")) | {"aware"}
"""Who notes what another will do promises nothing for him, whoever notes it."""
_NEEDED = frozenset("essential important vital crucial imperative necessary critical desirable paramount".split())
"""What should be so is no promise: it is essential that all States will."""
_REPORTS = frozenset(
    "reports media press sources newspapers analysts experts observers critics estimates forecasts rumours rumors "
    "surveys polls".split()
)
_SURE = frozenset("confident hopeful afraid sure certain optimistic convinced".split())
_BELIEFS = frozenset(
    "confidence hope hopes conviction "
    "view belief expectation expectations concern concerns doubts fears claims allegation allegations impression "
    "chance risk possibility likelihood danger".split()
)
_DISTANT = frozenset(_forms("claim allege assert contend"))
"""And nothing for himself where who tells it keeps his distance: Russia claims it will withdraw."""
_TOGETHER = SPEAKERS | frozenset("parties sides leaders participants ministers signatories".split())
_PRONOUNS = frozenset("it they he she".split())


_STOPS = frozenset({".", ";"})
_FAR = 120
"""Words before a subject among which a source is looked for."""


def is_believed(words: Sequence[Word], subject: Subject) -> bool:
    """Whether a clause only tells what somebody believes, hopes or claims of another: it claims that the EU will."""
    if _is_reported(words, subject):
        return True
    told = subject.start - 1
    that = told > 0 and words[told].low == "that"
    told -= that
    if told < 1:
        return False
    low = words[told].low
    if that and low in _SURE | _BELIEFS | _NEEDED:
        return True
    if that and low in _NOTES:
        return not subject.pronoun and subject.head.lower() not in _TOGETHER
    if low in _BELIEF:
        return words[told - 1].low not in DETERMINERS or that
    if low not in _CLAIM or words[told - 1].low in DETERMINERS:
        return False
    if words[told - 1].low in BE:  # it is claimed that
        return True
    who = subject_of(words, told)
    if who is None or (who.agent and who.head.lower() in _TOGETHER):
        return False
    return low in _DISTANT or not (subject.pronoun or subject.head == who.head)


def _is_reported(words: Sequence[Word], subject: Subject) -> bool:
    """Whether others are named as the source, at most so many words before: according to reports, Canada will join."""
    for at in range(subject.start - 1, max(0, subject.start - _FAR), -1):
        low = words[at].low
        if low in _STOPS:
            return False
        if low == "to" and words[at - 1].low == "according":
            return any(word.low in _REPORTS for word in words[at + 1 : at + 5])
    return False


def is_unreal(words: Sequence[Word], at: int) -> bool:
    """Whether what would be done hangs on what did not happen: had talks succeeded, the Union would host."""
    had = next((here for here in range(at) if words[here].low == "had"), -1)
    opens = had == 0 or (had > 0 and (words[had - 1].text in {",", ";"} or words[0].low == "if"))
    return opens and any(words[here].text == "," for here in range(had, at))


_SAYS_SO = _CLAIM | frozenset(
    (*_forms("announce state declare pledge promise vow confirm indicate signal threaten add"), "told", "swore")
)


def claimant(words: Sequence[Word], subject: Subject) -> tuple[int, int] | None:
    """Who says of himself, in words `start` to `end`, what a pronoun will do: Russia said | it will; None without."""
    said = subject.start - 1
    said -= said > 0 and words[said].low == "that"
    if said < 1 or not subject.pronoun or words[said].low not in _SAYS_SO:
        return None
    said -= words[said - 1].low in {"has", "have", "had", "is", "are"}
    who = subject_of(words, said)
    return (who.start, who.end) if who else None


def after_belief(words: Sequence[Word], subject: Subject) -> Subject | None:
    """The subject of what is believed, where no `that` stands before it: experts believe | Canada; None without."""
    for at in range(subject.start + 1, subject.end - 1):
        if words[at].low not in _BELIEF | _CLAIM or words[at - 1].low in DETERMINERS:
            continue
        following = words[at + 1]
        if following.text[0].isupper() or following.low in DETERMINERS | _PRONOUNS | SPEAKERS:
            pronoun = following.low in _PRONOUNS
            return subject._replace(start=at + 1, agent=subject.agent or pronoun, pronoun=pronoun)
    return None


# --- what was promised long ago -------------------------------------------------------------

_AGO = re.compile(
    r"(?:in (?:(?:early|mid|late) )?(?:[a-z]+ )?(?:19|20)\d\d|last (?:year|month|week|summer|autumn|fall|spring|winter"
    r"|decade)|(?:\w+ ){1,2}(?:years?|months?|weeks?|decades?) ago|previously|yesterday|earlier this|back in"
    r"|at (?:our|the|their) (?:last|previous)|(?:at|during) (?:our|the|their) (?:[\w-]+ ){0,3}?(?:19|20)\d\d "
    r"(?:[\w-]+ )?(?:summit|meeting|conference|ministerial|dialogue|session)"
    r"|at (?:our|the|their) (?:[\w-]+ ){0,3}?(?:summit|meeting|conference|session) in (?:[a-z]+ )?(?:19|20)\d\d"
    r"|under the (?:19|20)\d\d|since (?:[a-z]+ )?(?:19|20)\d\d)\b"
)


def is_past(words: Sequence[Word], at: int, subject: Subject) -> bool:
    """Whether a verb in the past says what was promised at a time that is over: we committed in 2019, last year."""
    low = words[at].low
    if not (low.endswith("ed") or low in {"undertook", "sought", "made", "gave"}):
        return False
    after = " ".join(word.low for word in words[at + 1 : at + 7])
    begin = subject.start
    while begin > 0 and subject.start - begin < 8 and words[begin - 1].text not in {";", ":", "."}:
        begin -= 1
    before = " ".join(word.low for word in words[begin : subject.start] if word.text != ",")
    stated = any(word.low in MODALS and word.text != "May" for word in words[begin : subject.start])
    if any(word.low == "previously" for word in words[subject.end : at]):
        return True
    if _AGO.match(after):
        return True
    own = " ".join(word.low for word in words[subject.start : subject.end])  # Last year Canada committed
    said = before.rpartition(" that ")[2].removeprefix("already ")  # we recall that in 2022 we committed
    return not stated and (_AGO.match(said) or _AGO.match(own)) is not None


# --- not in English -------------------------------------------------------------------------

_FOREIGN = frozenset(
    "der das und den dem des ein eine einen einem einer ist nicht zu mit für auf von im wir werden wird sich le les du "
    "une et pour dans sur est aux avec nous notre il el los las y una por con del que gli della di het een van".split()
)
"""Small words of other languages that English has not."""
_ENGLISH = frozenset(
    "the of and to in that is for with on as by be are we our shall which from or it an at has have not their".split()
)


def may_be_foreign(text: str) -> bool:
    """Whether a text has a word of another language at all: a quick look before the full one."""
    return not _FOREIGN.isdisjoint(text.lower().split())


def foreign(words: Sequence[Word]) -> int:
    """How surely a sentence is in another language, in which `will` is another word: 0 not, 1 perhaps, 2 surely."""
    theirs = sum(word.low in _FOREIGN for word in words)
    ours = sum(word.low in _ENGLISH for word in words) if theirs else 0
    return 0 if not theirs or ours >= theirs else 1 if theirs == 1 else 2


# --- who speaks within quotation marks ------------------------------------------------------

_SAYS = re.compile(
    r"(?:^|[.;,] )((?:the |The )?(?:[A-Z][\w.’'-]+ ){0,4}?[A-Z]?[\w’'-]+),? "
    r"(?:said|says|stated|declared|announced|added)(?: (?:on|in|at) [\w ]{1,30})?[:,] ?$"
)
_SAID = re.compile(r"^,? ?(?:said|says|stated|declared|added) ((?:the )?(?:[A-Z][\w’'-]+\.? ?){1,5})")
_SAID_BY = re.compile(r"^,? ?((?:the )?(?:[A-Z][\w’'-]+\.? ){1,5})(?:said|says|stated|declared|added)")


def speaker(text: str, quoted: Sequence[tuple[int, int]], at: int) -> str | None:
    """Who says what stands within quotation marks at a place, as written beside them; None where nobody is named."""
    for start, end in quoted:
        if start <= at < end:
            before, after = text[:start].rstrip(), text[end:]
            found = _SAYS.search(before) or _SAID.match(after) or _SAID_BY.match(after)
            return found[1].strip() if found else None
    return None
