"""Verbs that promise, within one sentence: found by modal, by a verb of the ladder, or by `and` after one of them."""

from __future__ import annotations

from collections.abc import Sequence

from jointbuy.commitments import Modality, Rung
from jointbuy.pact.acting import LAW, PARTICLES, RELATIVE, acting
from jointbuy.pact.actors import (
    MODALS,
    PREPOSITIONS,
    Subject,
    Word,
    can_act,
    head_of,
    skip_adverbs,
    subject_of,
)
from jointbuy.pact.chains import (
    ALLOWS,
    BE,
    BINDS,
    DETERMINERS,
    FORBIDS,
    HAVE,
    PARTICIPLES,
    Clause,
    chain_of,
    is_subordinate,
    rung_at,
)
from jointbuy.pact.declared import joint
from jointbuy.pact.series import goes_on
from jointbuy.pact.spoken import spoken
from jointbuy.pact.strength import base, weakest

_OPENING = frozenset("where when if unless once as whereas although while".split())
_NAMING = frozenset("it they he she we a an such any no one".split())
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


_FAR = 120
"""Words over which the rest of a list is looked for."""
_NEVER = frozenset("the a an of and or but in on at by with from as for to our their its this that these which".split())
"""Small words with which no clause's verb begins; most of a text."""


def clauses(words: Sequence[Word]) -> list[Clause]:
    """Every promising verb of a sentence in order; a sentence with two promises has two."""
    found: list[Clause] = []
    at, last, spoke = 0, None, None
    while at < len(words):
        if words[at].low in _NEVER or not words[at].text[0].isalpha():
            at += 1
            continue
        made = _modal(words, at, last) or (last and goes_on(words, at, last)) or spoken(words, at, last, spoke)
        if made:
            found.append(made)
            at = made.verb
        elif last and (made := _joined(words, at, last)):
            found.append(made)
        if made:
            last, spoke = made, made if made.subject and made.subject.agent else spoke
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
    nouns = {"the", "a", "political", "free"} | ({"in"} if low == "may" else set())
    if at and words[at - 1].low in nouns:  # the will of the people, in May
        return None
    chain, negated = chain_of(words, _past_insert(words, at + 1), low in {"cannot"})
    turned = None if chain else _turned(words, at)
    if turned:
        chain, negated = chain_of(words, turned.end)
    if not chain:
        return None
    verb, passive = chain[-1], _is_passive(words, chain)
    floor = last.verb + 1 if last else 0
    subject = (
        turned
        or _relative(words, at)
        or (Subject(at, at + 1, low[:-3], True) if short else subject_of(words, at, floor))
    )
    if subject is None and last and words[skip_adverbs(words, at, 0) - 1].low in {"and", "or", "but"}:
        # A pronoun may act in one verb and be described by another: it shall be fair and shall pay.
        shared = last.subject
        subject = shared._replace(agent=True) if shared and shared.pronoun else shared
    told = subject is not None and (subject.agent or subject.pronoun) and not _of_relative(words, subject)
    if not told and words[at - 1].low not in RELATIVE - {"who"} and (last is None or _within(words, last)):
        stated = _stated(words, at) if subject is None and last is None else None
        subject = _opening(words, at) or stated or subject
    first = "will" if short else low
    modality, strength = _weigh(words, first, chain, negated, passive)
    subject = acting(words, subject, first, chain, passive)
    if subject and first == "will" and joint(words, subject.start, subject.head):
        subject = subject._replace(agent=True)
    start = at if subject is None or subject.end > at or (last and subject == last.subject) else subject.start
    return Clause(subject, start, verb, 0, modality, strength, negated, passive, (at, *chain))


def _turned(words: Sequence[Word], modal: int) -> Subject | None:
    """Who acts after the modal, where a denial stands first: in no case may a Member State impose charges."""
    first = [word.low for word in words[max(0, modal - 6) : modal]]
    if words[modal].low not in LAW or not {"no", "nor", "only", "not", "neither"} & set(first):
        return None
    for end in range(modal + 2, min(len(words), modal + 10)):
        if words[end].text.islower() and words[end].low not in PREPOSITIONS | {"and", "or"}:
            head = head_of(words, modal + 1, end)
            if head == words[end - 1].text and can_act(head):
                return Subject(modal + 1, end, head, agent=True)
    return None


def _within(words: Sequence[Word], last: Clause) -> bool:
    """Whether the clause before only describes a noun: any person who may be affected."""
    return words[last.chain[0] - 1].low in RELATIVE


def _of_relative(words: Sequence[Word], subject: Subject) -> bool:
    """Whether what stands before the modal is the verb of a clause: firms which are members of a group shall."""
    before, first = words[subject.start - 1].low, words[subject.start].low
    return subject.start > 0 and (before == "who" or (before in RELATIVE and first in BE | HAVE | {"was", "were"}))


def _long(words: Sequence[Word], start: int) -> Subject | None:
    """Who acts, where what describes him has commas: operators in production, storage or sale."""
    if not start or words[start].low in DETERMINERS | _NAMING or words[start].text[0].isupper():
        return None
    last = start - 1
    while last > 0:
        before = next((at for at in range(last - 1, -1, -1) if words[at].text in {",", ";", ":", "."}), -1)
        first, after = words[before + 1], words[last + 1].low
        named = first.low in DETERMINERS or first.text[0].isupper()
        if named and first.low not in PREPOSITIONS | _OPENING:
            described = after in PREPOSITIONS or after.endswith(("ing", "ed")) or last == start - 1 or before < 0
            end = last - 1 if words[last - 1].low in RELATIVE else last  # a member who, without a reason, is absent
            clause = any(words[at].low in BE | HAVE | MODALS | RELATIVE for at in range(before + 1, end))
            head = head_of(words, before + 1, end)
            return Subject(before + 1, end, head, agent=True) if described and not clause and can_act(head) else None
        last = before
    return None


def _stated(words: Sequence[Word], verb: int) -> Subject | None:
    """Whose state is told before `and`, where the verb has no other subject: Spain is authorised and may."""
    if verb < 2 or words[verb - 1].low not in {"and", "but", "or"}:
        return None
    first = next((at for at in range(1, verb) if words[at].low in BE | HAVE), 0)
    subject = subject_of(words, first) if first else None
    return subject if subject and subject.agent and not is_subordinate(words, subject.start) else None


def _opening(words: Sequence[Word], verb: int) -> Subject | None:
    """Who has a clause of its own before the verb: firms that win shall pay, the State in which it lies shall act."""
    start = max((at + 1 for at in range(verb) if words[at].text in {",", ";", ":", "."}), default=0)
    if words[verb].low in LAW and (long := _long(words, start)):
        return long
    end = clause = next(
        (at for at in range(start + 1, verb) if words[at].low in RELATIVE or words[at].low == "where"), 0
    )
    if not end or words[start].low in PREPOSITIONS or is_subordinate(words, start + 1):
        return None
    if words[end - 1].low in PREPOSITIONS:
        end -= 1
    if end <= start or (words[clause].low == "that" and words[clause - 1].low in {"so", "provided", "ensure"}):
        return None
    head = head_of(words, start, end)
    persons = words[clause].low == "who" and head == words[end - 1].text
    return Subject(start, end, head, agent=True) if persons or can_act(head) else None


def _past_insert(words: Sequence[Word], at: int) -> int:
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
        for later in range(at + 1, min(len(words), at + 15)):
            if words[later].text == words[at].text:
                return later + 1
    return _past_phrase(words, at) if at < len(words) and words[at].low in {"in", "by", "of", "with", "for"} else at


def _past_phrase(words: Sequence[Word], at: int) -> int:
    """Past a phrase without commas before the verb, which is known by its object: shall by 1 May inform the Council."""
    for later in range(at + 2, min(len(words) - 1, at + 12)):
        low, before = words[later].text, words[later - 1].low
        plain = low.islower() and low.isalpha() and low not in PREPOSITIONS and before not in DETERMINERS | PREPOSITIONS
        if plain and words[later + 1].low in DETERMINERS:
            return later
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
        rungs += [one for at in chain if (one := rung_at(words, at)) and (one not in said or _forward(words, at))]
    modality: Modality = "permission" if first in {"may", "can", "could", "might"} else "obligation"
    if lows & FORBIDS or (negated and first in {"shall", "must", "may", "will", "cannot"}):
        modality = "prohibition"
    elif lows & ALLOWS:
        modality = "permission"
    return modality, weakest(rungs)


def _is_passive(words: Sequence[Word], chain: Sequence[int]) -> bool:
    if len(chain) < 2 or words[chain[-2]].low not in BE:
        return False
    low = words[chain[-1]].low
    return (
        (low.endswith("ed") or low in PARTICIPLES)
        and low not in ALLOWS | BINDS
        and base(low) not in {"commit", "determine", "resolve", "dedicate", "prepare"}
    )


def _forward(words: Sequence[Word], at: int) -> bool:
    return words[at].low == "look"


# --- a second verb under the same modal -----------------------------------------------------


def _joined(words: Sequence[Word], at: int, last: Clause) -> Clause | None:
    """`will strengthen cooperation and develop a plan`: two promises; `strengthen and deepen` is one."""
    low = words[at].low
    if (
        low not in _ACTS
        or at <= last.verb
        or last.passive
        or at <= last.verb + 2 + (words[last.verb + 1].low in PARTICLES)
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
    if low in _EITHER and after not in DETERMINERS:
        return None
    if after in {"of", "and", ",", "."}:
        return None
    rungs = [last.strength] + [one for one in (rung_at(words, at),) if one]
    return Clause(last.subject, at, at, 0, last.modality, weakest(rungs), last.negated, False, (*last.chain[:-1], at))


def _more_to_come(words: Sequence[Word], at: int) -> bool:
    """Whether a list of verbs goes on to `and` with another of them."""
    return any(
        words[later].low == "and" and later + 1 < len(words) and words[later + 1].low in _ACTS
        for later in range(at + 1, min(len(words), at + _FAR))
    )
