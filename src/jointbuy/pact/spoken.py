"""Verbs that promise by being said: `We commit to`, `the leaders welcome`, `are determined to`, `have agreed to`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from jointbuy.commitments import Modality, Rung
from jointbuy.pact.actors import (
    MODALS,
    PREPOSITIONS,
    SPEAKERS,
    Subject,
    Word,
    head_of,
    opener,
    skip_adverbs,
    skip_insert,
    subject_of,
)
from jointbuy.pact.chains import (
    BE,
    BY_PLACE,
    DETERMINERS,
    HAVE,
    Clause,
    chain_of,
    is_subordinate,
    over_adverbs,
    rung_at,
)
from jointbuy.pact.declared import DECLARES, NOUNS, OWN, SAID_AGAIN, aim, declared, doing, noun, ordered, steady
from jointbuy.pact.embedded import is_believed, is_past
from jointbuy.pact.modals import denies_everybody, is_denied, no_duty, without
from jointbuy.pact.nouns import can_act
from jointbuy.pact.strength import PROMISES, base, rung, weakest

_ASKED = frozenset(
    "work resolve seek support commit agree pledge use plan share aim undertake explore consider".split()
)
"""Verbs that after `and` belong to what others are asked to do."""
_SIDE = frozenset("committing pledging agreeing resolving undertaking vowing".split())
"""Promises made beside another verb: we welcome the plan, committing to carry it out."""
_BESIDE = frozenset("a an the its their of without before from against despite by instead".split())
"""Words after which they are not made: stopped short of committing to a date."""
_BEGINNING = 60
"""Words of a sentence among which who acts first in it is looked for."""
_AUXILIARY = frozenset({"do", "does", "did"})
_DECLINES = frozenset("decline declines declined refuse refuses refused".split())
_MAKES = frozenset("make makes made give gives gave offer offers".split())
_PLEDGES = frozenset("commit pledge promise agree guarantee vow undertake".split())
_TAKES = frozenset("undertakes assume assumes accept accepts incur".split())
_WISHES = frozenset("intention intentions intent plan plans wish desire".split())
_NO_SPEAKER = frozenset({"to", "which", "that", "the", "a", "our", "their", "its", "of"})
_BEHIND = frozenset("to on for that upon at".split())
_MONEY = frozenset("EUR USD CAD GBP JPY AUD CHF NOK SEK DKK € $ £ ¥ UP OVER MORE".split())
_SPOKEN = frozenset(
    "endeavour endeavor promise vow demand regret plan pledge aim resolve seek work support note share ask call "
    "ready attempt move study".split()
)


def spoken(words: Sequence[Word], at: int, last: Clause | None, spoke: Clause | None) -> Clause | None:
    """The promise or view that a verb in its place says; `spoke` is the clause before it in which somebody acts."""
    if not may_open(words[at].low) or (at and words[at - 1].low == "having"):
        return None
    if found := _agreed(words, at) or _aimed(words, at) or _planned(words, at):
        return found
    opened = _opened(words, at)
    if opened is None:
        return None
    chain, negated = opened
    refused = words[at].low in _AUXILIARY or _refuses(words, at) or _unwilling(words, at)
    again = _said_again(words, at) or words[at].low in _SIDE
    before = skip_adverbs(words, at, 0)
    if not chain or (at and words[before - 1].low in _NO_SPEAKER and not again):
        return None
    subject = None if again else subject_of(words, at, last.verb + 1 if last else 0)
    if subject and subject.start and words[subject.start - 1].low in {"that", "which", "who"}:
        whole = subject_of(words, subject.start - 1) if words[subject.start].low in BE | HAVE else None
        subject = whole or subject  # members that are parties to it commit
    inherited = subject is None and (again or words[before - 1].low in {"and", "or", "but"})
    if inherited and last and _belongs(words, at, last):
        return None
    if inherited:
        subject = _inherited(words, at, spoke)
    if subject is None or not subject.agent or is_subordinate(words, subject.start) or _is_noun(words, subject, at):
        return None
    past = is_past(words, at, subject)
    if not (past or refused) and not _said_by(words, at, before, subject, inherited):
        return None
    strength = _strength(words, at, chain)
    if strength is None:
        return None
    nobody = not inherited and denies_everybody(words, subject)
    against = base(words[chain[-1]].low) == "decide" and [word.low for word in words[chain[-1] + 1 :][:1]] == [
        "against"
    ]
    turned = not inherited and _turned(words, subject)
    negated ^= nobody or against or turned or without(words, chain[-1])  # decided against a joint fleet
    if past and strength in PROMISES:
        strength = "restated"  # what was promised then is told, not promised
    start = at if inherited else subject.start
    modality: Modality = "statement" if strength in {"called", "restated", "stated"} else "obligation"
    if is_denied(words, chain, modal=False, nobody=nobody or turned) or _refuses(words, at):
        modality, negated = "statement", True
    return Clause(subject, start, chain[-1], 0, modality, strength, negated, False, chain)


def _inherited(words: Sequence[Word], at: int, spoke: Clause | None) -> Subject | None:
    """Who says a verb after `and` that has no subject of its own; `spoke` is the clause before it that has one."""
    told = spoke.subject if spoke else None
    if told and told.start and words[told.start - 1].low == "that" and rung(base(words[at].low)) in _VIEWS:
        return _first_actor(words, at) or told  # we hold that they must go, and reiterate that
    if told:
        return told
    leads = at + 1 < len(words) and words[at + 1].low == "to"
    return _first_actor(words, at) or (opener(words, at) if leads else None)


def _is_noun(words: Sequence[Word], subject: Subject, at: int) -> bool:
    """Whether what looks like a verb is somebody's noun (Russia's attempts to), or is only told of another."""
    return words[at - 1].low.endswith(_OWNED) or is_believed(words, subject)


def _turned(words: Sequence[Word], subject: Subject) -> bool:
    """Whether a denial stands before the subject: nor do we seek to."""
    before = [word.low for word in words[max(0, subject.start - 2) : subject.start]]
    return len(before) == 2 and before[0] in _DENYING and before[1] in _AUXILIARY


_OWNED = ("’s", "'s", "s’", "s'")
_VIEWS = ("called", "restated", "stated")
_WEAKER = ("intended", "effort", "explored")
_DONE_TO = frozenset("promised pledged vowed sought intended proposed undertaken".split())
_BOTH = frozenset("parties sides participants leaders ministers governments countries members states".split())
_DENYING = frozenset("nor neither never".split())
_FIRST = BE | HAVE | _AUXILIARY | _DECLINES | _MAKES | _SIDE | _TAKES | {"it"}


@lru_cache(maxsize=20_000)
def may_open(low: str) -> bool:
    """Whether something can be said that begins with a word, in small letters: with most nothing can."""
    verb = base(low)
    return low in _FIRST or verb in BY_PLACE | DECLARES or rung(verb) is not None


def _agreed(words: Sequence[Word], at: int) -> Clause | None:
    """A promise that nobody in the sentence makes: it was agreed to set up an office."""
    if words[at].low != "it" or at + 4 >= len(words):
        return None
    said = [word.low for word in words[at + 1 : at + 4]]
    verb = at + 3 if said[:2] == ["has", "been"] else at + 2
    if said[0] not in {"is", "was", "has"} or words[verb].low not in {"agreed", "decided", "resolved"}:
        return None
    chain, negated = chain_of(words, verb)
    if words[verb + 1].low != "to" or len(chain) < 2:
        return None
    rungs: list[Rung] = ["firm", *(one for at in chain if (one := rung_at(words, at)) in {"effort", "explored"})]
    return Clause(None, at, chain[-1], 0, "obligation", weakest(rungs), negated, False, chain, unnamed=True)


def _planned(words: Sequence[Word], at: int) -> Clause | None:
    """What is planned, of which nobody is told to plan it: a summit is planned for spring 2027."""
    if words[at].low not in {"is", "are"} or at + 2 >= len(words):
        return None
    if words[at + 1].low not in {"planned", "scheduled", "foreseen"} or words[at + 2].low not in {"for", "in", "on"}:
        return None
    subject = subject_of(words, at)
    if subject is None or is_subordinate(words, subject.start) or words[subject.start - 1].low in _NO_SPEAKER:
        return None
    thing = subject._replace(agent=False)
    return Clause(thing, subject.start, at + 1, 0, "obligation", "intended", False, True, (at, at + 1), unnamed=True)


def _aimed(words: Sequence[Word], at: int) -> Clause | None:
    """A promise that somebody's aim carries: our goal is to double trade, it is our intention to sign."""
    told = aim(words, at)
    if told is None:
        return None
    start, end, place = told
    head = "we" if words[start].low == "our" else head_of(words, start, end)
    to = next(here for here in range(max(at, place) + 1, len(words)) if words[here].low == "to")
    chain, negated = chain_of(words, to + 1, any(word.low == "not" for word in words[at:to]))
    theirs = can_act(head) and (head[:1].isupper() or head.lower() in _BOTH)  # not: the aim of the dialogue is to
    if not chain or not (head == "we" or theirs):
        return None
    subject = Subject(start, end, head, agent=True)
    rungs = [NOUNS[words[place].low], *(one for one in (rung_at(words, verb) for verb in chain) if one in _WEAKER)]
    return Clause(subject, min(start, at), chain[-1], 0, "obligation", weakest(rungs), negated, False, (at, *chain))


def _opened(words: Sequence[Word], at: int) -> tuple[tuple[int, ...], bool] | None:
    """The chain of verbs that begins at a place, and whether it is denied; None where nothing is said there."""
    low, verb = words[at].low, base(words[at].low)
    after = words[at + 1].low if at + 1 < len(words) else ""
    if unwilling := _refuses(words, at) or _unwilling(words, at):
        return unwilling, True
    if low in _AUXILIARY and after == "not":
        place, _ = over_adverbs(words, at + 1, False)
        return ((at, *chain_of(words, place)[0]), True) if place < len(words) and _spoken_rung(words, place) else None
    if low in BE and (place := steady(words, at)):
        return (at, place), False
    if low in BE | HAVE:
        chain, negated = chain_of(words, at)
        if low in BE and len(chain) > 1 and words[chain[1]].low in _DONE_TO:
            return None  # it is promised to somebody
        if low in BE and len(chain) > 1 and words[chain[1]].low == "expected":
            return None  # by somebody else
        going = low in BE and len(chain) > 1 and doing(words, chain[1])
        said = going or any(_spoken_rung(words, one) for one in chain[1:])
        return (chain, negated) if said and not _given(words, chain) else None
    if at and words[at].text[0].isupper():
        return None
    if low in _SIDE and after == "to":
        return None if at and words[at - 1].low in _BESIDE else chain_of(words, at)
    if low.endswith("ing"):
        return None
    if place := ordered(words, at, verb):
        return (at, place), False
    return chain_of(words, at) if _spoken_rung(words, at) else None


def _refuses(words: Sequence[Word], at: int) -> tuple[int, ...]:
    """The verbs of a promise that is not made: declines to commit, makes no commitment, has no intention of."""
    low = words[at].low
    if at + 2 < len(words) and (duty := no_duty(words, at)):
        return (at, duty)
    if low not in _DECLINES | _MAKES | BE or at + 2 >= len(words):
        return ()
    said = [word.low for word in words[at + 1 : at + 3]]
    if low in _DECLINES and said[0] == "to" and base(said[1]) in _PLEDGES:
        return (at, *chain_of(words, at + 2)[0])
    no_pledge = low in _MAKES and said[1] in {"commitment", "commitments", "promise", "promises", "pledge", "guarantee"}
    return (at, at + 2) if said[0] == "no" and no_pledge else ()


def _unwilling(words: Sequence[Word], at: int) -> tuple[int, ...]:
    """The words of have no intention of leaving: an intention not to."""
    if words[at].low not in HAVE:
        return ()
    said = [word.low for word in words[at + 1 : at + 5]]
    if said[:1] == ["no"] and said[1:2] and said[1] in _WISHES and said[2:3] in (["of"], ["to"]):
        return (at, at + 2, *((at + 4,) if len(said) > 3 else ()))
    return ()


def _given(words: Sequence[Word], chain: Sequence[int]) -> bool:
    """Whether what is said is done: have committed funds."""
    if words[chain[0]].low not in HAVE or len(chain) != 2 or base(words[chain[1]].low) not in {"commit", "pledge"}:
        return False
    after = [word.low for word in words[chain[1] + 1 : chain[1] + 4]]
    return bool(after) and "to" not in after


def _said_again(words: Sequence[Word], at: int) -> bool:
    """They met to reaffirm their commitment: who met says it again."""
    before = skip_adverbs(words, at, 0) - 1
    if before < 1 or words[before].low != "to" or base(words[at].low) not in SAID_AGAIN or at + 1 == len(words):
        return False
    return words[at + 1].low in OWN and noun(words, at) is not None


def _belongs(words: Sequence[Word], at: int, last: Clause) -> bool:
    """Whether a verb after `and` goes on with what others are asked, or stands before a noun: and shared values."""
    asked = last.strength == "called" and base(words[at].low) in _ASKED
    # a process that can be widened and continue to help
    within = words[at].low == "continue" and words[last.chain[0] - 1].low in {"that", "which"}
    return asked or within or (words[at].low.endswith("ed") and words[last.chain[0]].low in MODALS)


def _strength(words: Sequence[Word], at: int, chain: Sequence[int]) -> Rung | None:
    """How firmly a chain says it. Of the verbs that follow, only what weakens counts: we commit to support."""
    low, verb = words[at].low, base(words[at].low)
    if _unwilling(words, at):
        return "intended"
    if _refuses(words, at):
        return "firm"
    heads = [place for n, place in enumerate(chain) if n == 0 or words[chain[n - 1]].low in BE | HAVE | _AUXILIARY]
    heads = heads[1:] if low in BE | _AUXILIARY and len(chain) > 1 else heads  # to remain committed is to be committed
    rungs = [one for place in heads if (one := _said_rung(words, place, going=low in BE))]
    if ordered(words, at, verb) or (not rungs and steady(words, at)):
        rungs = ["firm"]
    if not rungs:
        return None
    strength = weakest(
        [*rungs, *(one for place in chain if place not in heads and (one := rung_at(words, place)) in _WEAKER)]
    )
    if strength == "stated" and verb in SAID_AGAIN and noun(words, at):
        return "restated"  # underscore our commitment
    if strength == "explored" and low.endswith("ed") and len(chain) == 1:
        return "stated"  # what was discussed or considered has happened
    return strength


def _first_actor(words: Sequence[Word], at: int) -> Subject | None:
    """Who acts first in a sentence, where a verb after `and` has no subject nearer: They met and agreed to."""
    for verb in range(min(at, _BEGINNING)):
        if words[verb].low in SPEAKERS:
            return Subject(verb, verb + 1, words[verb].text, agent=True)
        past = words[verb].low.endswith("ed") and words[verb].text[0].islower()
        if past or words[verb].low in {"met", "held"}:
            subject = subject_of(words, verb)
            if subject and subject.agent and subject.end == skip_adverbs(words, verb, 0):
                return subject
    return None


def _said_rung(words: Sequence[Word], at: int, *, going: bool) -> Rung | None:
    """The rung of a verb where it is said, or done by who says it: we support is a view, we are supporting no view."""
    said = _spoken_rung(words, at)
    return said if said in PROMISES else (going and doing(words, at)) or said


def _spoken_rung(words: Sequence[Word], at: int) -> Rung | None:
    low = base(words[at].low)
    if found := declared(words, at, low):
        return found
    if low in {"support", "share", "express", "note", "determine", "prepare"}:
        return rung(low)
    return None if low in {"will", "shall", "must", "should", "would"} else rung_at(words, at)


def _in_phrase(words: Sequence[Word], subject: Subject) -> bool:
    """Whether what seems a verb is the noun of a phrase: Ukraine with all necessary | support."""
    last = words[subject.end - 1]
    joined = any(words[at].low in PREPOSITIONS for at in range(subject.start + 1, subject.end - 1))
    return joined and last.text.islower() and not can_act(last.text)


def _said_by(words: Sequence[Word], at: int, before: int, subject: Subject, inherited: bool) -> bool:
    """Whether a word is the verb of its subject: `measures agreed by` is none, and `plan` needs `to` or an object."""
    low, after = words[at].low, words[at + 1].low if at + 1 < len(words) else ""
    direct = inherited or subject.end in {before, skip_insert(words, before, 0)}
    if low.endswith("ed") or low in {"sought", "undertook"}:
        if base(low) == "share" and after not in DETERMINERS:
            return False
        promised = after == "to" and base(low) in {"agree", "commit", "pledge", "resolve", "decide", "undertake"}
        persons = not subject.pronoun or subject.head.lower() in {"they", "he", "she"}
        return direct and (promised or persons) and after not in {"by", "in", "at", "under"}
    if low.endswith("s") and base(low) != low and subject.head.lower() in SPEAKERS | {"it"}:
        return False
    if base(low) in _SPOKEN:
        sum_ = base(low) == "pledge" and (after[:1].isdigit() or after.upper() in _MONEY)
        spoken = sum_ or subject.head.lower() in SPEAKERS or after in DETERMINERS | _BEHIND
        return direct and spoken and not subject.pronoun and not _in_phrase(words, subject)
    return True
