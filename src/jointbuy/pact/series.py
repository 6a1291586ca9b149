"""A verb that goes on with a series: intend to end it, prepare for more, and drive on; will not sell or buy.

What stands in a series is told by the verbs alone (`verbs`): a word that is a noun too counts where it can hardly be
one, so that `support peace, trade and research` stays one promise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from jointbuy.commitments import Rung
from jointbuy.pact.actors import PREPOSITIONS, Word
from jointbuy.pact.chains import DETERMINERS, Clause, over_adverbs, rung_at
from jointbuy.pact.nouns import can_act
from jointbuy.pact.strength import weakest
from jointbuy.pact.verbs import ADJECTIVES, EITHER, OF_IN_ING, SELDOM_NOUNS, VERBS, verb_of

_NO_OBJECT = frozenset("of and or , . ; : ) between among is are was were will shall has have".split())
"""What stands behind a noun, not behind a verb of a series."""
_RELATIVE = frozenset("which that who whose".split())
_APART = frozenset("while if unless because when where so".split())
"""Words with which a clause of its own begins; a comma ends it."""
_ASIDE = frozenset("by through via including".split())
"""Words after which verbs in -ing tell how something is done, not what."""
_NO_OBJECTS = frozenset("and or to not up out down forward also then further".split())
_MODAL: Mapping[str, Rung] = MappingProxyType({"will": "firm", "shall": "bound", "must": "bound", "may": "firm"})
_FAR = 120
"""Words over which a series is looked for."""
_JOINS = frozenset({",", "and", "or", ";", "to"})
_LEADING = frozenset("not never to on towards toward also jointly together".split())
_VIEWS = frozenset({"called", "restated", "stated"})


def goes_on(words: Sequence[Word], at: int, last: Clause) -> Clause | None:
    """The promise whose verb stands at a place and goes on with a series that `last` began or is of; None otherwise."""
    before = words[at - 1].low
    if before not in _JOINS and not before.endswith("ly"):  # most words: this is asked of every one
        return None
    form, sign = _form(words, at), _sign(words, at)
    if not form or last.strength in _VIEWS or last.passive or len(last.chain) < 2 or not 1 < at - last.verb < _FAR:
        return None
    if sign not in {",", "and", ";"} and not (sign == "or" and last.negated):
        return None
    if not _object(words, last.verb, at) or not _parallel(words, last.verb, at, form):
        return None
    own = rung_at(words, at)
    if own in _VIEWS and words[at - 1].low == "to":
        own = None  # to encourage is what is promised
    if own in _VIEWS or not _same_clause(words, last, at) or (sign == "," and not _closes(words, at)):
        return None
    series = sign == ";" or (in_series(last) and not _listed(words, last, at))
    if not _can_be_verb(words, at, series=series):
        return None
    rungs = [_led(words, last), *([own] if own else [])]
    chain, start = (*last.chain[:-1], at), at - (words[at - 1].low == "to")
    return Clause(last.subject, start, at, 0, last.modality, weakest(rungs), last.negated, False, chain)


def _object(words: Sequence[Word], verb: int, at: int) -> bool:
    """Whether the verb before has an object of its own: strengthen and deepen our ties is one promise."""
    return any(
        words[one].text[0].isalnum()
        and words[one].low not in _NO_OBJECTS
        and not (words[one - 1].low in {",", "and", "or"} and _form(words, one))
        for one in range(verb + 1, at)
    )


def _parallel(words: Sequence[Word], verb: int, at: int, form: str) -> bool:
    """Whether two verbs have the same form: will build, share; to build, (to) share; ending it, to build.

    What `to` leads to after `will` is an aim: will build ports, to share data.
    """
    before = next((one for one in range(verb - 1, 0, -1) if not words[one].low.endswith("ly")), 0)
    led = words[before].low == "to" or _form(words, verb) == "ing"
    if words[at - 1].low == "to":
        return led and form == "base"
    return form == _form(words, verb)


def _led(words: Sequence[Word], last: Clause) -> Rung:
    """The rung of what leads to every verb of a series: will explore it and share data is firm in what is shared."""
    if rung_at(words, last.verb) is None:
        return last.strength
    rungs = [_MODAL.get(words[at].low) or rung_at(words, at) for at in last.chain[:-1]]
    return weakest([one for one in rungs if one] or [last.strength])


def in_series(one: Clause) -> bool:
    """Whether a verb goes on with a series, so that what leads to it stands before other verbs: will … share."""
    return len(one.chain) > 1 and one.start > one.chain[-2]


def shared(words: Sequence[Word], one: Clause) -> tuple[int, int]:
    """The words that the verbs of a series share, from their subject on: Canada will not."""
    end = one.chain[-2] + 1
    while end < one.start and (words[end].low in _LEADING or words[end].low.endswith("ly")):
        end += 1
    first = one.subject.start if one.subject and one.subject.start < one.chain[0] else one.chain[0]
    return first, end


def _listed(words: Sequence[Word], last: Clause, at: int) -> bool:
    """Whether `and` may end a list of nouns: promote peace, trade and research."""
    return any(words[one].text == "," for one in range(last.verb + 1, at - 2))


def _form(words: Sequence[Word], at: int) -> str:
    """`base` or `ing` of a verb that is known, "" of other words."""
    low = words[at].low
    if words[at].text[:1].isupper() or not verb_of(low):
        return ""
    return "base" if low in VERBS or low in EITHER else "ing"


def _sign(words: Sequence[Word], at: int) -> str:
    """What stands before a verb of a series, over adverbs and `to`: a comma, and, or, a semicolon."""
    before = at - 1
    if words[before].low == "to":
        return words[before - 1].low
    while before > 0 and words[before].low.endswith("ly"):
        before -= 1
    return words[before].low


def _same_clause(words: Sequence[Word], last: Clause, at: int) -> bool:
    """Whether no clause or aim of its own begins between the verb before and this one."""
    for one in range(last.verb + 1, at - 1):
        low, after = words[one].low, words[one + 1].low
        if low in _RELATIVE and not (low == "that" and words[one - 1].low in PREPOSITIONS):
            return False
        if low in _APART and not any(words[later].text == "," for later in range(one + 1, at)):
            return False
        aim = low == "to" and words[one - 1].low not in {",", "and", "or", ";"} and after in VERBS | EITHER
        if aim and _to_verb(words, one + 1):
            return False
        if low in _ASIDE and verb_of(after) and after.endswith("ing") and words[at].low.endswith("ing"):
            return False
    return True


def _to_verb(words: Sequence[Word], at: int) -> bool:
    """Whether `to` leads to a verb: to reduce waste, not access to finance or support to trade."""
    low, after = words[at].low, words[at + 1].low if at + 1 < len(words) else "."
    if after in {"and", "or"} and at + 2 < len(words):  # to support and enhance
        return bool(_form(words, at + 2))
    return low in VERBS or after in DETERMINERS or (low in SELDOM_NOUNS and after not in _NO_OBJECT)


def _closes(words: Sequence[Word], at: int) -> bool:
    """Whether a series goes on to `and` with another verb."""
    for later in range(at + 1, min(len(words) - 1, at + _FAR)):
        if words[later].low in {"and", "or", "as"}:
            following, _ = over_adverbs(words, later + 1, False)
            following += following < len(words) and words[following].low == "to"
            if following < len(words) and _form(words, following) and _can_be_verb(words, following, series=True):
                return True
        if words[later].text in {".", ":"} or words[later].low in _RELATIVE:
            return False
    return False


def _can_be_verb(words: Sequence[Word], at: int, *, series: bool) -> bool:
    """Whether a word is a verb by what follows it; `series` says that others of its series are verbs for certain."""
    low = words[at].low
    after = words[at + 1].low if at + 1 < len(words) else "."
    if low in ADJECTIVES:
        return after in DETERMINERS
    if low == "end" and after.startswith(("use", "product")):  # end use, end users
        return False
    if low.endswith("ing"):
        if low in OF_IN_ING:
            trained = low == "training" and can_act(after)
            return trained or after in DETERMINERS or (series and after not in _NO_OBJECT and after not in PREPOSITIONS)
        return after not in _NO_OBJECT
    if low in VERBS:
        return after != "of"
    if after in _NO_OBJECT:
        return False
    if after in DETERMINERS:
        return True
    return low in SELDOM_NOUNS or (series and after not in PREPOSITIONS)
