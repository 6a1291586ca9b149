"""Verbs that promise, within one sentence: found by modal, by a verb of the ladder, or by `and` after one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jointbuy.commitments import Modality, Rung
from jointbuy.pact.actors import (
    MODALS,
    PREPOSITIONS,
    SPEAKERS,
    Subject,
    Word,
    can_act,
    head_of,
    is_acronym,
    known,
    skip_adverbs,
    skip_insert,
    subject_of,
)
from jointbuy.pact.declared import OWN, SAID_AGAIN, declared, doing, joint, noun, ordered, steady
from jointbuy.pact.strength import base, rung, weakest


class Clause(NamedTuple):
    """One verb with its subject: places of words; `verb` is the last of the chain, `end` one past the clause."""

    subject: Subject | None
    start: int
    verb: int
    end: int
    modality: Modality
    strength: Rung
    negated: bool
    passive: bool
    chain: tuple[int, ...]


_BETWEEN = frozenset(
    "also therefore further both each then particular together now still once always today hereby ,".split()
)
_WITH = frozenset("together closely jointly with and others our steps action best efforts partners concrete".split())
"""Words between a verb and the `to` that leads to the next: work together and with others to."""
_NO_VERBS = frozenset("and or but the a an of for in by with we they it i our their its that which who".split())
_NOT = frozenset({"not", "never", "neither", "nor"})
_BE = frozenset({"is", "are", "be", "remain", "remains", "been", "being", "stand", "stands"})
_HAVE = frozenset({"have", "has"})
_DETERMINERS = frozenset("the a an our its their this these those any all each every more further new both".split())
_CHAIN = frozenset(
    "continue work seek aim intend plan endeavour endeavor strive try attempt commit pledge agree resolve decide "
    "undertake move begin start remain be look take make use do determine dedicate ready prepare need have explore "
    "consider examine assess study discuss evaluate expect hope vow promise".split()
)
_ALLOWS = frozenset("entitled empowered authorised authorized allowed permitted able free eligible".split())
_BINDS = frozenset("required obliged responsible bound liable".split())
_FORBIDS = frozenset({"prohibited", "forbidden"})
_SUBORDINATE = frozenset("if whether unless until when where while because than as".split())
_DESCRIBES = frozenset(
    "apply enter take include contain consist mean constitute form cover refer relate cease expire lapse affect "
    "become amount belong comprise specify indicate show".split()
)
"""Verbs that say what a thing is or holds, where `it` or `they` is their subject."""
_ACTS = frozenset(
    """
    accelerate address adopt advance align allocate allow analyse announce apply appoint assist boost bring build
    carry collaborate combat complete conclude conduct consult contribute convene cooperate coordinate counter create
    deepen defend deliver deploy design develop diversify eliminate enable encourage engage enhance ensure establish
    examine exchange expand explore facilitate finance foster fund harmonise harmonize help hold identify implement
    improve increase inform initiate integrate intensify invest invite issue join launch lead leverage maintain make
    meet mobilise mobilize monitor negotiate notify open organise organize phase prevent prioritise prioritize
    procure promote protect provide publish purchase pursue put raise ratify reduce refrain remove report resume
    review safeguard scale seek send set share sign speed step strengthen submit support sustain tackle take train
    uphold upgrade use widen work
    """.split()
)
_EITHER = frozenset(
    "address advance boost build counter design exchange finance fund help hold increase issue lead meet open phase "
    "purchase report review scale set share sign speed step support train use work raise put monitor".split()
)
"""Verbs that are nouns as well: after `and` they count only before a determiner."""
_ASKED = frozenset(
    "work resolve seek support commit agree pledge use plan share aim undertake explore consider".split()
)
"""Verbs that after `and` belong to what others are asked to do."""
_SIDE = frozenset("committing pledging agreeing resolving undertaking vowing".split())
"""Promises made beside another verb: we welcome the plan, committing to carry it out."""
_VALUES = frozenset("importance need necessity value urgency".split())
_NO_SPEAKER = frozenset({"to", "which", "that", "the", "a", "our", "their", "its", "of"})
_PARTICLES = frozenset({"up", "out", "down", "forward", "off"})
_SPOKEN = frozenset(
    "promise vow demand regret plan pledge aim resolve seek work support note share ask call ready attempt move "
    "study".split()
)


def clauses(words: Sequence[Word]) -> list[Clause]:
    """Every promising verb of a sentence in order; a sentence with two promises has two."""
    found: list[Clause] = []
    at = 0
    while at < len(words):
        last = found[-1] if found else None
        spoke = next((one for one in reversed(found) if one.subject and one.subject.agent), None)
        made = _modal(words, at, last) or _spoken(words, at, last, spoke)
        if made:
            found.append(made)
            at = made.verb
        elif last and (made := _joined(words, at, last)):
            found.append(made)
        at += 1
    return [one._replace(end=_end(words, one, found, n + 1)) for n, one in enumerate(found)]


def _end(words: Sequence[Word], one: Clause, found: Sequence[Clause], after: int) -> int:
    later = (found[at].start for at in range(after, len(found)))
    end = next((start for start in later if start > one.verb), len(words))
    while end > one.verb + 1 and words[end - 1].low in {",", ";", "and", ".", "but", "or"}:
        end -= 1
    return end


# --- shall, will, must, should, may ---------------------------------------------------------


def _modal(words: Sequence[Word], at: int, last: Clause | None) -> Clause | None:
    low = words[at].low
    short = low.endswith(("’ll", "'ll"))
    if not short and (low not in MODALS or (words[at].text in {"May", "Will"} and at > 0)):
        return None
    if at and words[at - 1].low in {"the", "a", "political", "free", "in"}:  # the will of the people, in May
        return None
    chain, negated = _chain(words, _past_insert(words, at + 1), low in {"cannot"})
    if not chain:
        return None
    verb, passive = chain[-1], _is_passive(words, chain)
    floor = last.verb + 1 if last else 0
    subject = _relative(words, at) or (Subject(at, at + 1, low[:-3], True) if short else subject_of(words, at, floor))
    if subject is None and last and words[skip_adverbs(words, at, 0) - 1].low in {"and", "or", "but"}:
        subject = last.subject
    first = "will" if short else low
    modality, strength = _weigh(words, first, chain, negated, passive)
    subject = _acting(words, subject, chain, passive)
    if subject and first == "will" and joint(words, subject.start, subject.head):
        subject = subject._replace(agent=True)
    start = at if subject is None or subject.end > at or (last and subject == last.subject) else subject.start
    return Clause(subject, start, verb, 0, modality, strength, negated, passive, (at, *chain))


def _past_insert(words: Sequence[Word], at: int) -> int:
    """Past what stands between commas after a modal: will, where appropriate, report."""
    if at < len(words) and words[at].text == ",":
        for later in range(at + 1, min(len(words), at + 15)):
            if words[later].text == ",":
                return later + 1
    return at


def _relative(words: Sequence[Word], at: int) -> Subject | None:
    """`which will` says what a thing does: nobody promises it."""
    if at and words[at - 1].low in {"which", "that"}:
        return Subject(at - 1, at, words[at - 1].low, agent=False)
    return None


def _weigh(
    words: Sequence[Word], first: str, chain: Sequence[int], negated: bool, passive: bool
) -> tuple[Modality, Rung]:
    lows = {words[at].low for at in chain}
    rungs: list[Rung] = [{"must": "bound", "shall": "bound", "should": "called"}.get(first, "firm")]  # type: ignore[list-item]
    if not passive:  # to welcome or to urge is a view or a call where it is said, an action where it is promised
        said = {"stated", "called"} if first not in {"should", "may", "can", "could", "might"} else set()
        rungs += [one for at in chain if (one := _rung_at(words, at)) and (one not in said or _forward(words, at))]
    modality: Modality = "permission" if first in {"may", "can", "could", "might"} else "obligation"
    if lows & _FORBIDS or (negated and first in {"shall", "must", "may", "will", "cannot"}):
        modality = "prohibition"
    elif lows & _ALLOWS:
        modality = "permission"
    return modality, weakest(rungs)


def _acting(words: Sequence[Word], subject: Subject | None, chain: Sequence[int], passive: bool) -> Subject | None:
    """The subject as somebody who acts, or not: `it shall apply` says what a rule does."""
    lows = {words[at].low for at in chain}
    if subject is not None and _is_subordinate(words, subject.start):
        return subject._replace(agent=False)
    if lows & (_ALLOWS | _BINDS) and subject is not None:
        return subject._replace(agent=True)
    if passive and (by := _by(words, chain[-1])):
        return by
    if lows & _FORBIDS:
        return subject
    named = subject is not None and is_acronym(subject.head) and not known(subject.head)
    if subject is not None and (subject.pronoun or named) and (passive or _describes(words, chain[-1])):
        return subject._replace(agent=False)
    return subject


def _is_subordinate(words: Sequence[Word], start: int) -> bool:
    """Whether a clause only serves another: if, unless, so that."""
    before = words[start - 1].low if start else ""
    return before in _SUBORDINATE or (before == "that" and start > 1 and words[start - 2].low in {"so", "order"})


def _describes(words: Sequence[Word], verb: int) -> bool:
    low, after = words[verb].low, words[verb + 1].low if verb + 1 < len(words) else ""
    return low == "be" or (low in _DESCRIBES and not (low == "apply" and after in _DETERMINERS))


def _by(words: Sequence[Word], verb: int) -> Subject | None:
    """Who does what is put in the passive: `shall be adopted by the Council`."""
    for at in range(verb + 1, min(len(words), verb + 13)):
        if words[at].text in {".", ";", ":", ","} or words[at].low in {"which", "that"}:
            return None
        if words[at].low == "by":
            end = at + 1
            while end < len(words) and end - at < 8 and words[end].text not in {".", ";", ",", ":"}:
                end += 1
            head = head_of(words, at + 1, end)
            return Subject(at + 1, end, head, agent=True) if can_act(head) else None
    return None


def _chain(words: Sequence[Word], at: int, negated: bool = False) -> tuple[tuple[int, ...], bool]:
    """Verbs from a place on, as long as each leads to the next: `continue to work to ensure`."""
    chain: list[int] = []
    while at < len(words):
        at, negated = _over_adverbs(words, at, negated)
        if at >= len(words) or not words[at].text[0].isalpha() or words[at].low in _NO_VERBS:
            break
        chain.append(at)
        low = base(words[at].low)
        if low not in _CHAIN and words[at].low not in _BE | _ALLOWS | _BINDS:
            break
        following, negated = _over_adverbs(words, at + 1, negated)
        if low in {"be", "remain", "have"} or words[at].low in _BE | _HAVE:
            leads = words[following].low if following < len(words) else ""
            if leads.endswith("ed") or base(leads) in _CHAIN or (leads and doing(words, following)):
                at = following
                continue
            if following < len(words) and words[following].low in _ALLOWS | _BINDS | _FORBIDS | _PARTICIPLES:
                chain.append(following)
            break
        following = _to(words, following)
        if not following:
            break
        at = following
    return tuple(chain), negated


def _to(words: Sequence[Word], at: int) -> int:
    """The place of the next verb after `to`, `towards` or `on …ing`; 0 where the chain ends."""
    while at < len(words) and words[at].low in _WITH:
        at += 1
    if at + 1 < len(words) and words[at].low in {"to", "towards", "toward", "on", "at"}:
        following, _ = _over_adverbs(words, at + 1, False)
        if following >= len(words):
            return 0
        low = words[following].low
        if low.endswith("ing") and len(low) > 5:
            return following
        if words[at].low == "to" and low not in _DETERMINERS | PREPOSITIONS and low.isalpha():
            return following
    return 0


def _over_adverbs(words: Sequence[Word], at: int, negated: bool) -> tuple[int, bool]:
    """Past adverbs and `in particular`, and whether `not` was among them."""
    while at < len(words):
        low = words[at].low
        particular = low == "in" and at + 1 < len(words) and words[at + 1].low == "particular"
        adverb = low.endswith("ly") and low not in {"apply", "comply", "supply", "rely", "reply"}
        if low in _NOT:
            negated = True
        elif not (adverb or particular or low in _BETWEEN):
            break
        at += 1
    return at, negated


_PARTICIPLES = frozenset(
    "made taken given set put held kept drawn sent paid borne laid shown found understood met built seen done written "
    "brought known sold left chosen undertaken begun lost withdrawn read dealt led".split()
)


def _is_passive(words: Sequence[Word], chain: Sequence[int]) -> bool:
    if len(chain) < 2 or words[chain[-2]].low not in _BE:
        return False
    low = words[chain[-1]].low
    return (
        (low.endswith("ed") or low in _PARTICIPLES)
        and low not in _ALLOWS | _BINDS
        and base(low) not in {"commit", "determine", "resolve", "dedicate", "prepare"}
    )


def _rung_at(words: Sequence[Word], at: int) -> Rung | None:
    """The rung of a verb in its place: `work` only with `to` or `towards` after it, `call` only with `on` or `for`."""
    low = base(words[at].low)
    after = {word.low for word in words[at + 1 : at + 5]}
    directly = words[at + 1].low if at + 1 < len(words) else ""
    if low == "agree" and (directly == "that" or (directly in {"on", "upon"} and after & _VALUES)):
        return "stated"
    if low == "work":  # to work together is what is done, to work to or towards something is an attempt
        following, _ = _over_adverbs(words, at + 1, False)
        together = any(word.low in _BETWEEN for word in words[at + 1 : following])
        leads = words[following].low if following < len(words) else ""
        return "effort" if leads in {"to", "towards", "toward", "for"} and not together else None
    if low in {"hold", "begin", "start", "launch", "open"} and after & {"discussions", "consultations"}:
        return "explored"
    if low == "renew":
        return "restated" if noun(words, at) else None
    if low == "move" and directly in {"towards", "toward"}:
        return "effort"
    if low in {"make", "use"} and "efforts" in after:
        return "effort"
    if low == "look":
        searches = directly in {"into", "at"} or (directly == "for" and bool(after & {"ways", "opportunities"}))
        if directly == "to" and after.isdisjoint(_DETERMINERS):
            return "intended"
        return "stated" if directly == "forward" else "explored" if searches else None
    if low in {"support", "share", "request", "require", "prepare", "propose", "determine", "express", "note"}:
        return None
    return rung(low)


# --- verbs that promise by being said -------------------------------------------------------


def _spoken(words: Sequence[Word], at: int, last: Clause | None, spoke: Clause | None) -> Clause | None:
    """`We commit to`, `the leaders welcome`, `are determined to`, `have agreed to`."""
    low, verb = words[at].low, base(words[at].low)
    if low in _BE and (place := steady(words, at)):
        chain, negated = (at, place), False
    elif low in _BE | _HAVE:
        chain, negated = _chain(words, at)
        going = low in _BE and len(chain) > 1 and doing(words, chain[1])
        given = low in _HAVE and len(chain) == 2 and base(words[chain[1]].low) in {"commit", "pledge"}
        if given and chain[1] + 1 < len(words) and words[chain[1] + 1].low != "to":
            return None  # have committed funds: that is done
        if len(chain) < 2 or not (going or any(_spoken_rung(words, one) for one in chain[1:])):
            return None
    elif at and words[at].text[0].isupper():
        return None
    elif low in _SIDE and words[at + 1 : at + 2] and words[at + 1].low == "to":
        chain, negated = _chain(words, at)
    elif (place := ordered(words, at, verb)) and not low.endswith("ing"):
        chain, negated = (at, place), False
    elif _spoken_rung(words, at) and not low.endswith("ing"):
        chain, negated = _chain(words, at)
    else:
        return None
    before = skip_adverbs(words, at, 0)
    # They met to reaffirm their commitment: who met says it again.
    again = (
        at > 1
        and words[before - 1].low == "to"
        and verb in SAID_AGAIN
        and words[at + 1 :][:1]
        and (words[at + 1].low in OWN and noun(words, at) is not None)
    )
    if not chain or (at and words[before - 1].low in _NO_SPEAKER and not again):
        return None
    subject = None if again else subject_of(words, at, last.verb + 1 if last else 0)
    again = again or low in _SIDE
    subject = None if again else subject
    inherited = subject is None and (bool(again) or words[before - 1].low in {"and", "or", "but"})
    if inherited and last and last.strength == "called" and verb in _ASKED:
        return None  # we urge them to respect the law and resolve the matter
    if inherited and low.endswith("ed") and last and words[last.chain[0]].low in MODALS:
        return None  # will champion principles and shared values
    if inherited:
        subject = spoke.subject if spoke else _first_actor(words, at)
    if subject is None or not subject.agent or _is_subordinate(words, subject.start):
        return None
    if not _said_by(words, at, before, subject, inherited):
        return None
    # Of the verbs that follow, only what weakens counts: we commit to support.
    heads = [place for n, place in enumerate(chain) if n == 0 or words[chain[n - 1]].low in _BE | _HAVE]
    heads = heads[1:] if low in _BE and len(chain) > 1 else heads  # to remain committed is to be committed
    rungs = [one for place in heads if (one := _spoken_rung(words, place) or (low in _BE and doing(words, place)))]
    rungs = ["firm"] if not rungs and (steady(words, at) or ordered(words, at, verb)) else rungs
    if ordered(words, at, verb):
        rungs = ["firm"]
    if not rungs:
        return None
    weaker = ("intended", "effort", "explored")
    rungs += [one for place in chain if place not in heads and (one := _rung_at(words, place)) in weaker]
    strength = weakest(rungs)
    if strength == "stated" and verb in SAID_AGAIN and noun(words, at):
        strength = "restated"  # underscore our commitment
    if strength == "explored" and low.endswith("ed") and len(chain) == 1:
        strength = "stated"  # what was discussed or considered has happened
    start = at if inherited else subject.start
    modality: Modality = "statement" if strength in {"called", "restated", "stated"} else "obligation"
    return Clause(subject, start, chain[-1], 0, modality, strength, negated, False, chain)


def _first_actor(words: Sequence[Word], at: int) -> Subject | None:
    """Who acts first in a sentence, where a verb after `and` has no subject nearer: They met and agreed to."""
    for verb in range(at):
        if words[verb].low in SPEAKERS:
            return Subject(verb, verb + 1, words[verb].text, agent=True)
        past = words[verb].low.endswith("ed") and words[verb].text[0].islower()
        if past or words[verb].low in {"met", "held"}:
            subject = subject_of(words, verb)
            if subject and subject.agent and subject.end == skip_adverbs(words, verb, 0):
                return subject
    return None


def _forward(words: Sequence[Word], at: int) -> bool:
    return words[at].low == "look"


def _spoken_rung(words: Sequence[Word], at: int) -> Rung | None:
    low = base(words[at].low)
    if found := declared(words, at, low):
        return found
    if low in {"support", "share", "express", "note", "determine", "prepare"}:
        return rung(low)
    return None if low in {"will", "shall", "must", "should", "would"} else _rung_at(words, at)


def _said_by(words: Sequence[Word], at: int, before: int, subject: Subject, inherited: bool) -> bool:
    """Whether a word is the verb of its subject: `measures agreed by` is none, and `plan` needs `to` or an object."""
    low, after = words[at].low, words[at + 1].low if at + 1 < len(words) else ""
    direct = inherited or subject.end in {before, skip_insert(words, before, 0)}
    if low.endswith("ed") or low in {"sought", "undertook"}:
        if base(low) == "share" and after not in _DETERMINERS:
            return False
        promised = after == "to" and base(low) in {"agree", "commit", "pledge", "resolve", "decide", "undertake"}
        persons = not subject.pronoun or subject.head.lower() in {"they", "he", "she"}
        return direct and (promised or persons) and after not in {"by", "in", "at", "under"}
    if low.endswith("s") and base(low) != low and subject.head.lower() in SPEAKERS | {"it"}:
        return False
    if base(low) in _SPOKEN:
        spoken = subject.head.lower() in SPEAKERS or after in _DETERMINERS | {"to", "on", "for", "that", "upon"}
        return direct and spoken and not subject.pronoun
    return True


# --- a second verb under the same modal -----------------------------------------------------


def _joined(words: Sequence[Word], at: int, last: Clause) -> Clause | None:
    """`will strengthen cooperation and develop a plan`: two promises; `strengthen and deepen` is one."""
    low = words[at].low
    if (
        low not in _ACTS
        or at <= last.verb
        or last.passive
        or at <= last.verb + 2 + (words[last.verb + 1].low in _PARTICLES)
        or last.strength in {"called", "restated", "stated"}
    ):
        return None
    before = at - 1
    while before > last.verb and words[before].low.endswith("ly"):
        before -= 1
    again = words[before].low == "to" and words[before - 1].low == "and"
    listed = words[before].text == "," and low not in _EITHER
    if words[before].low not in {"and", ";"} and not listed and not again:
        return None
    if words[before].text == "," and not _more_to_come(words, at):
        return None
    # After an aim of its own (`efforts to reduce poverty and promote trade`) the verb may belong to that aim.
    if any(words[one].low == "to" and words[one + 1].low in _ACTS for one in range(last.verb + 1, at - 1)):
        return None
    after = words[at + 1].low if at + 1 < len(words) else ""
    if low in _EITHER and after not in _DETERMINERS:
        return None
    if after in {"of", "and", ",", "."}:
        return None
    rungs = [last.strength] + [one for one in (_rung_at(words, at),) if one]
    return Clause(last.subject, at, at, 0, last.modality, weakest(rungs), last.negated, False, (*last.chain[:-1], at))


def _more_to_come(words: Sequence[Word], at: int) -> bool:
    """Whether a list of verbs goes on to `and` with another of them."""
    return any(
        words[later].low == "and" and later + 1 < len(words) and words[later + 1].low in _ACTS
        for later in range(at + 1, len(words))
    )
