"""How a duty or a promise is put: `is required to`, `has to`, `is going to`; inverted, denied, with words between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jointbuy.pact.actors import PREPOSITIONS, Subject, Word, head_of
from jointbuy.pact.chains import BINDS, DETERMINERS, PARTICIPLES, over_adverbs
from jointbuy.pact.declared import OWN
from jointbuy.pact.nouns import can_act
from jointbuy.pact.strength import base
from jointbuy.pact.verbs import verb_of

LAW = frozenset("shall must may".split())


class Put(NamedTuple):
    """A duty put in several words: the place behind them, the modal that they stand for, and whether it is denied."""

    end: int
    first: str
    negated: bool
    places: tuple[int, ...]
    denied: bool = False


_REQUIRED = frozenset("required obliged obligated bound".split())
_TASKED = frozenset("tasked mandated charged".split())
_NO_DUTY = frozenset("date do".split())
_PRAISED = frozenset(
    "commended welcomed congratulated applauded regretted noted hoped found seen expected understood feared".split()
)
_PLEDGES = frozenset("commit pledge promise vow guarantee oblige require bind ready prepare".split())
_AGREES = frozenset("agree resolve decide determine undertake dedicate".split())
"""And those whose denial denies a promise where no modal stands before: will not agree to it is a refusal."""
_DENIALS = frozenset("not never no".split())
_NOBODY = frozenset("no neither none nobody nothing nor noone no-one".split())
_COMPARED = frozenset("later longer less more fewer sooner earlier".split())
_INVERTS = (
    "not only", "nor", "neither", "never", "in no case", "under no circumstances", "in no circumstances", "at no time",
    "in no event", "on no account", "by no means", "in no way", "at no point",
)  # fmt: skip
"""After these the modal stands before its subject: nor will Canada pay."""
_TURNS = frozenset("no nor only not neither never".split())
"""Of these each of them has one."""


def put(words: Sequence[Word], at: int) -> Put | None:
    """A duty or a promise in several words that begins at a place: is to, are going to, has to, is required to."""
    low = words[at].low
    if low in {"do", "does", "did"} and [word.low for word in words[at + 1 : at + 4]] == ["not", "have", "to"]:
        return Put(at + 4, "must", True, (at, at + 2), denied=True)
    if low not in {"is", "are", "has", "have"}:
        return None
    place, negated = over_adverbs(words, at + 1, False)
    if place + 1 >= len(words):
        return None
    said, first = words[place].low, "will"
    places: tuple[int, ...] = (at,)
    if low in {"is", "are"} and said in _REQUIRED | {"going"}:
        first, places, place = "will" if said == "going" else "must", (at, place), place + 1
    elif low in {"is", "are"} and said in _TASKED:
        places, place = (at, place), place + 1
        if words[place].low == "with" and words[place + 1 : place + 2] and words[place + 1].low.endswith("ing"):
            return Put(place + 1, first, negated, places)
    elif low in {"has", "have"}:
        first = "must"
    if words[place].low != "to" or place + 1 >= len(words):
        return None
    verb = words[place + 1]
    plain = verb.text.isalpha() and verb.text.islower() and verb.low not in DETERMINERS | PREPOSITIONS
    done = words[place + 2].low if place + 2 < len(words) else ""
    passive = done.endswith("ed") or done in PARTICIPLES
    described = verb.low == "be" and (done in _PRAISED or (first == "must" and not passive))  # is to be commended
    if not plain or described or (verb.low in _NO_DUTY and low in {"has", "have"}):
        return None
    return Put(place + 1, first, negated, places, denied=negated and len(places) > 1 and first == "must")


def is_noun(words: Sequence[Word], at: int) -> bool:
    """Whether `will` or `may` is a noun: the will of the people, Canada's will to act, in May."""
    low, before = words[at].low, words[at - 1].low if at else ""
    after = words[at + 1].low if at + 1 < len(words) else ""
    if before in {"the", "a", "political", "free"} or (low == "may" and before == "in"):
        return True
    owned = before in OWN or before.endswith(("’s", "'s", "s’", "s'"))
    return low == "will" and (owned or after in {"to", "of"})


def is_question(words: Sequence[Word], at: int) -> bool:
    """Whether a modal opens its sentence and its subject follows: will Canada pay, should the Union agree."""
    if at or len(words) < 2:
        return False
    if words[0].low == "should":
        return True
    return words[1].low in DETERMINERS | {"we", "they", "it", "he", "she"} or words[1].text[0].isupper()


def turned(words: Sequence[Word], modal: int, *, found: bool) -> tuple[Subject, bool] | None:
    """Who acts after the modal, where a denial stands first, and whether that denies: in no case may a State charge.

    `found` tells that a verb was found behind the modal; then only fixed words turn it.
    """
    first = [word.low for word in words[max(0, modal - 6) : modal]]
    if _TURNS.isdisjoint(first):
        return None
    fixed = next((one for one in _INVERTS if " ".join(first[-len(one.split()) :]) == one), None)
    if fixed is None and (
        found or words[modal].low not in LAW or not {"no", "nor", "only", "not", "neither"} & {*first}
    ):
        return None
    for end in range(modal + 2, min(len(words), modal + 12)):
        if words[end].text.islower() and words[end].low not in PREPOSITIONS | {"and", "or"}:
            last = end - (words[end - 1].text == ",")  # nor will we, recognise
            head = head_of(words, modal + 1, last)
            if head == words[last - 1].text and can_act(head):
                denies = fixed != "not only" if fixed else bool({"no", "nor", "not", "neither"} & {*first})
                return Subject(modal + 1, last, head, agent=True), denies
    return None


def denies_everybody(words: Sequence[Word], subject: Subject) -> bool:
    """Whether a subject is nobody: no Party, neither Canada nor the Union, none of them."""
    after = words[subject.start + 1].low if subject.start + 1 < len(words) else ""
    if words[subject.start].low in _NOBODY:
        return after not in _COMPARED
    if words[subject.start].low == "not":  # not a single soldier
        return after in {"a", "one", "any"}
    before = [word.low for word in words[max(0, subject.start - 3) : subject.start]]
    while before and before[-1] in {"of", "the"}:
        before.pop()
    return bool(before) and before[-1] in {"no", "neither", "none"}


_DUTIES = frozenset("obligation obligations duty duties liability liabilities commitment commitments".split())
_HOLDS_NO = frozenset("be is are was were have has undertake undertakes assume assumes accept accepts incur".split())
"""Verbs behind which no duty is told: shall be under no obligation, has no duty, undertakes no obligation."""


def no_duty(words: Sequence[Word], verb: int, *, negated: bool = False) -> int:
    """The place of the duty that nobody has by a verb: shall be under no obligation, has no duty to; 0 for none.

    `negated` tells that the verb is denied: shall not be under any obligation.
    """
    if words[verb].low not in _HOLDS_NO:
        return 0
    at = verb + 1 + (verb + 1 < len(words) and words[verb + 1].low == "under")
    if at >= len(words) or words[at].low not in ({"any", "an"} if negated else {"no"}):
        return 0
    return next((here for here in range(at + 1, min(len(words), at + 5)) if words[here].low in _DUTIES), 0)


_FULLY = frozenset("be spare spares leave lose make waste".split())
"""Verbs with which no such thing denies nothing: spare no effort, leave no doubt, lose no time."""
_NOTHING_LOST = frozenset(
    "effort efforts hesitation doubt choice alternative option time delay objection objections stone".split()
)


def without(words: Sequence[Word], verb: int) -> bool:
    """Whether the object of a verb denies it: shall have no troops, will pay nothing."""
    after = [word.low for word in words[verb + 1 : verb + 3]]
    if after[:1] == ["nothing"]:
        return after[1:] not in (["but"], ["less"])
    denied = len(after) > 1 and after[0] == "no" and after[1] not in _COMPARED | _NOTHING_LOST
    return denied and words[verb].low not in _FULLY


_DOUBTS = frozenset("hardly scarcely barely".split())
_NOT_ALWAYS = frozenset("necessarily always".split())


def is_doubted(words: Sequence[Word], modal: int, verb: int) -> bool:
    """Whether the words before a verb leave open that it is done: will hardly pay, will not necessarily pay."""
    between = [word.low for word in words[modal:verb]]
    return not _DOUBTS.isdisjoint(between) or ("not" in between and not _NOT_ALWAYS.isdisjoint(between))


def is_denied(words: Sequence[Word], chain: Sequence[int], *, modal: bool, nobody: bool) -> bool:
    """Whether the promise itself is denied: is not obliged to consult, does not commit to; not: commits not to."""
    denials = _PLEDGES if modal else _PLEDGES | _AGREES
    for at, place in enumerate(chain):
        low = words[place].low
        if base(low) in denials or low in BINDS - {"liable", "responsible"}:
            begin = chain[0] if at else max(0, place - 2)
            return nobody or any(word.low in _DENIALS for word in words[begin:place])
    return False


# --- words between a modal and its verb -----------------------------------------------------

_JOINS = frozenset("and or but where if when subject together including as jointly provided unless".split())


def past_insert(words: Sequence[Word], at: int) -> int:
    """Past what stands between a modal and its verb: will, where appropriate, report; shall in particular: (a) meet."""
    if words[at : at + 2] and words[at].low == "in" and words[at + 1 : at + 2] and words[at + 1].low == "particular":
        at += 2
    label = at
    while label < min(len(words) - 1, at + 5) and (label == at or len(words[label].text) < 3):
        if words[label].text in {":", "("} or (label > at and not words[label].text.isalpha()):
            label += 1
        elif label > at and words[label + 1].text in {")", "."}:
            label += 2
        else:
            break
    if label > at:
        return label
    if at < len(words) and words[at].text in {",", "—", "–"}:
        return _past_commas(words, at)
    return _past_phrase(words, at) if at < len(words) and words[at].low in {"in", "by", "of", "with", "for"} else at


def _past_commas(words: Sequence[Word], at: int) -> int:
    """Past one insert between commas or several: shall, by 2030, and subject to available funds, deliver."""
    first = 0
    for later in range(at + 1, min(len(words) - 1, at + 40)):
        if words[later].text in {";", ":", "."}:
            break
        following, _ = over_adverbs(words, later + 1, False)
        if (
            words[later].text != words[at].text
            or following >= len(words)
            or words[following].low in _JOINS | PREPOSITIONS
        ):
            continue
        if verb_of(words[following].low):  # not: with its laws, policies and aims, share
            return later + 1
        first = first or later + 1
    # at the time of signature, ratification or accession declare
    listed = first and any(word.low in {"and", "or"} for word in words[first : first + 4])
    return (_past_phrase(words, first) if listed else first) or at


def _past_phrase(words: Sequence[Word], at: int) -> int:
    """Past a phrase without commas before the verb, which is known by its object: shall by 1 May inform the Council."""
    for later in range(at + 2, min(len(words) - 1, at + 12)):
        low, before = words[later].text, words[later - 1].low
        plain = low.islower() and low.isalpha() and low not in PREPOSITIONS and before not in DETERMINERS | PREPOSITIONS
        if plain and words[later + 1].low in DETERMINERS:
            return later
    return at
