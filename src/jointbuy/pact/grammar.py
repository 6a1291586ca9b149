"""Verbs that promise, within one sentence: found by modal, by a verb of the ladder, or by `and` after one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from jointbuy.commitments import Modality, Rung
from jointbuy.pact.acting import PARTICLES, RELATIVE, acting, befalls, defines
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
from jointbuy.pact.conditions import is_condition, without_conditions
from jointbuy.pact.deadlines import without_deadlines
from jointbuy.pact.declared import OWN, joint
from jointbuy.pact.deeds import deed, goes_on_by_itself, taken
from jointbuy.pact.embedded import after_belief, foreign, is_believed, is_unreal
from jointbuy.pact.modals import (
    LAW,
    denies_everybody,
    is_denied,
    is_doubted,
    is_noun,
    is_question,
    no_duty,
    past_insert,
    put,
    turned,
    without,
)
from jointbuy.pact.nouns import can_act
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
_HELPS = frozenset("help support enable allow contribute make serve benefit pave".split())
_DEEDS = frozenset("work efforts effort activity activities actions cooperation collaboration exchanges".split())
_BY_MODAL: Mapping[str, Rung] = MappingProxyType(
    {"must": "bound", "shall": "bound", "should": "called", "would": "intended"}
)
_TOWARDS = frozenset({"to", "with"})
_BEFORE_NAMES = (PREPOSITIONS - {"of"}) | {"and", "or", "that"}
_AGREED_THEN = frozenset("agreed decided confirmed announced pledged promised".split())
_AGREED = _AGREED_THEN | frozenset("agree agrees decide decides confirm confirms announce announces".split())


_OPENS = MODALS | frozenset("do does did is are has have".split())
"""Words with which a duty or a promise in one word or several begins."""
_FAR = 120
"""Words over which the rest of a list is looked for."""
_NEVER = frozenset("the a an of and or but in on at by with from as for to our their its this that these which".split())
"""Small words with which no clause's verb begins; most of a text."""


def clauses(words: Sequence[Word]) -> list[Clause]:
    """Every promising verb of a sentence in order; a sentence with two promises has two."""
    found: list[Clause] = []
    at, last, spoke = len(words) if foreign(words) > 1 else 0, None, None
    while at < len(words):
        if words[at].low in _NEVER or not words[at].text[0].isalpha():
            at += 1
            continue
        made = (
            (_modal(words, at, last) if words[at].low in _OPENS else None)
            or (last and goes_on(words, at, last))
            or spoken(words, at, last, spoke)
        )
        if made:
            found.append(made)
            at = made.verb
        elif last and (made := _joined(words, at, last)):
            found.append(made)
        if made:
            last, spoke = made, made if made.subject and made.subject.agent else spoke
        at += 1
    begun = [_begun(words, one, found[n - 1] if n else None) for n, one in enumerate(found)]
    # What only serves a clause, such as a condition with a verb of its own, belongs to it.
    serves = [one.subject is not None and is_subordinate(words, one.subject.start) for one in found]
    ends = [
        next((begun[at] for at in range(n + 1, len(found)) if not serves[at] or serves[n]), len(words))
        for n in range(len(found))
    ]
    return [
        one._replace(start=start, end=_end(words, one, end)) for one, start, end in zip(found, begun, ends, strict=True)
    ]


def _begun(words: Sequence[Word], one: Clause, before: Clause | None) -> int:
    """Where a clause begins with what belongs to it: and, where possible, it shall; if they should agree, it will."""
    if before is None:
        return one.start
    if before.subject and words[one.start - 1].text == "," and is_subordinate(words, before.subject.start):
        return before.subject.start - 1
    for at in range(one.start - 1, max(before.verb, one.start - 16), -1):
        if words[at].low in {"and", "but", "or", "while", ";"}:
            said = " ".join(word.text for word in words[at + 1 : one.start])
            left = without_deadlines(without_conditions(said)).lower()
            return at + 1 if not set(left.split()) - {",", ";", "also", "then", "further"} else one.start
    return one.start


def _end(words: Sequence[Word], one: Clause, end: int) -> int:
    """Where a clause ends, before the signs and joins that lead to the next."""
    end = max(end, one.verb + 1)
    while end > one.verb + 1 and words[end - 1].low in {",", ";", "and", ".", "but", "or"}:
        end -= 1
    return end


# --- shall, will, must, should, may ---------------------------------------------------------


def _modal(words: Sequence[Word], at: int, last: Clause | None) -> Clause | None:
    told = put(words, at)
    low = words[at].low
    if told is None and (low not in MODALS or (words[at].text in {"May", "Will"} and at > 0) or is_noun(words, at)):
        return None
    if is_question(words, at):
        return None
    first = told.first if told else low
    negated = told.negated if told else low == "cannot"
    begin = told.end if told else at + 1
    if [word.low for word in words[begin : begin + 2]] == ["not", ","]:  # shall not, unless both agree, sell
        begin, negated = begin + 1, True
    chain, negated = chain_of(words, past_insert(words, begin), negated)
    inverted = turned(words, at, found=bool(chain))
    if inverted:
        chain, negated = chain_of(words, inverted[0].end, inverted[1])
    if not chain or (words[chain[-1]].low not in _ACTS and foreign(words)):
        return None
    if low == "would" and _agreed_then(words, at):
        first = "will"
    elif low == "would" and (words[chain[0]].low == "have" or is_unreal(words, at)):  # it would have paid: it did not
        return None
    chain, negated = _without_fail(words, chain, negated)
    places = (*(told.places if told else (at,)), *chain)
    passive = _is_passive(words, chain)
    relative, apposed = _apposed(words, at, last) or (0, None)
    subject = inverted[0] if inverted else apposed or _subject(words, at, last)
    nobody = subject is not None and not inverted and denies_everybody(words, subject)
    negated ^= nobody
    ours = first == "must" and not told and subject is not None and subject.head.lower() in SPEAKERS
    modality, strength = _weigh(words, "will" if ours else first, chain, negated, passive)  # we must: nobody binds us
    denied = is_denied(words, places, modal=True, nobody=nobody) or is_doubted(words, at, chain[-1])
    if (told and told.denied) or denied or no_duty(words, chain[-1], negated=negated):
        modality, negated = "statement", True
    elif not negated and defines(words, chain, first):
        modality, strength = "statement", "stated"
    if modality != "statement" and without(words, chain[-1]):
        negated = not negated
        modality = "prohibition" if negated and modality == "obligation" else modality
    named = acting(words, subject, first, chain, passive)
    if (
        named
        and first == "will"
        and joint(words, named.start, named.head)
        and not (passive or befalls(words, chain[-1], named))
    ):
        named = named._replace(agent=len(chain) > 1 or not _helps(words, named, chain[-1]))
    if named and (is_believed(words, named) or _asked_too(words, named, last)):
        named = subject = named._replace(agent=False)
    elif told and not passive and not (named and named.agent):
        return None  # the aim is to
    if subject and (own := taken(words, subject, chain)):
        passive, strength = True, weakest([strength, own])  # every effort will be made to
    unnamed = modality != "statement" and _is_unnamed(words, named, first, chain, passive=passive)
    start = at if named is None or named.end > at or (last and named == last.subject) else named.start
    start = relative or start
    return Clause(named, start, chain[-1], 0, modality, strength, negated, passive, places, unnamed)


def _subject(words: Sequence[Word], at: int, last: Clause | None) -> Subject | None:
    """Who is told before a modal to act, wherever he stands."""
    if last and last.subject and words[last.subject.start].low in RELATIVE and words[at - 1].text == ",":
        whole = subject_of(words, last.subject.start - 1)  # Sweden, which will chair it, will report
        if whole and whole.agent:
            return whole
    subject = _relative(words, at) or subject_of(words, at, last.verb + 1 if last else 0)
    if subject is not None and (inner := after_belief(words, subject)):
        return inner
    if subject is None and last and words[skip_adverbs(words, at, 0) - 1].low in {"and", "or", "but"}:
        # A pronoun may act in one verb and be described by another: it shall be fair and shall pay.
        shared = last.subject
        subject = shared._replace(agent=True) if shared and shared.pronoun else shared
    told = subject is not None and (subject.agent or subject.pronoun) and not _of_relative(words, subject)
    if not told and words[at - 1].low not in RELATIVE - {"who"} and (last is None or _within(words, last)):
        stated = _stated(words, at) if subject is None and last is None else None
        return _opening(words, at) or stated or subject
    return subject


def _agreed_then(words: Sequence[Word], at: int) -> bool:
    """Whether `would` is the `will` of what was agreed: they agreed that a group would be set up."""
    that = next((here for here in range(at - 1, max(0, at - 10), -1) if words[here].low == "that"), 0)
    return that > 0 and words[that - 1].low in _AGREED_THEN


def _apposed(words: Sequence[Word], at: int, last: Clause | None) -> tuple[int, Subject] | None:
    """Who is named last in a clause and has one of his own behind it: inform the Council, which shall | notify all.

    Its place, and him; None where there is none, or where a thing is told of. With `will` it only describes him.
    """
    if words[at].low not in LAW:
        return None
    place = skip_adverbs(words, at, 0) - 1
    if last is None or place < last.verb + 2 or words[place].low not in {"who", "which"}:
        return None
    end = start = place - (words[place - 1].text == ",")
    while (
        start > last.verb + 1 and words[start - 1].low not in _BEFORE_NAMES and words[start - 1].text not in {",", "("}
    ):
        start -= 1
    reached = words[start - 1].low in _TOWARDS or start == last.verb + 1
    head = head_of(words, start, end) if end < place and (words[place].low == "who" or reached) else ""
    return (place, Subject(start, end, head, agent=True)) if head and can_act(head) else None


def _without_fail(words: Sequence[Word], chain: tuple[int, ...], negated: bool) -> tuple[tuple[int, ...], bool]:
    """Two denials are none: will not fail to pay, will not hesitate to act; and past have to."""
    verb = chain[-1]
    if words[verb].low == "have" and [word.low for word in words[verb + 1 : verb + 2]] == ["to"]:
        return (*chain, *chain_of(words, verb + 2)[0]), negated
    if (
        negated
        and words[verb].low in {"fail", "hesitate"}
        and [word.low for word in words[verb + 1 : verb + 2]] == ["to"]
    ):
        further, negated = chain_of(words, verb + 2)
        return (*chain, *further), negated
    return chain, negated


def _asked_too(words: Sequence[Word], subject: Subject, last: Clause | None) -> bool:
    """Whether who should do something is asked to tell more: every State should have said that it will."""
    told = subject.pronoun and subject.start > 0 and words[subject.start - 1].low == "that"
    return told and last is not None and last.strength == "called"


def _helps(words: Sequence[Word], subject: Subject, verb: int) -> bool:
    """Whether it is told what good something does, not what is done: such efforts will help preserve peace.

    What it seeks to do, behind a verb that leads to another, is done.
    """
    return words[subject.start].low not in OWN and words[verb].low in _HELPS and subject.head.lower() in _DEEDS


def _is_unnamed(
    words: Sequence[Word], subject: Subject | None, first: str, chain: Sequence[int], *, passive: bool
) -> bool:
    """Whether a deed is promised without a word of who does it: a joint fund will be established, talks will start."""
    if subject is None or subject.agent or first not in {"will", "shall"}:
        return False
    done = passive and (deed(words, chain[-1]) or taken(words, subject, chain) is not None)
    # With shall it is what a rule says: the measures shall apply.
    if not (done or (first == "will" and goes_on_by_itself(words, subject, chain))):
        return False
    before = words[subject.start - 1].low if subject.start else ""
    if words[subject.start].low in RELATIVE or is_subordinate(words, subject.start) or is_believed(words, subject):
        return False
    return before not in RELATIVE or (before == "that" and words[subject.start - 2].low in _AGREED)


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
    plain = words[verb].low == "will"  # Canada holds the presidency and will host
    first = next((at for at in range(1, verb) if words[at].low in BE | HAVE or (plain and _may_say(words, at))), 0)
    subject = subject_of(words, first) if first else None
    if subject and subject.agent and not is_subordinate(words, subject.start):
        return subject
    return opener(words, verb) if plain else None


def _may_say(words: Sequence[Word], at: int) -> bool:
    """Whether a word can be the verb of who stands directly before it: we give, Canada holds."""
    word, before = words[at], words[at - 1]
    if at == 1 and before.low in SPEAKERS:
        return True
    return at < 6 and word.text.islower() and word.low.endswith("s") and before.text.istitle() and can_act(before.text)


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


def _relative(words: Sequence[Word], at: int) -> Subject | None:
    """`which will` says what a thing does: nobody promises it."""
    if at and words[at - 1].low in {"which", "that"}:
        return Subject(at - 1, at, words[at - 1].low, agent=False)
    return None


def _weigh(
    words: Sequence[Word], first: str, chain: Sequence[int], negated: bool, passive: bool
) -> tuple[Modality, Rung]:
    lows = {words[at].low for at in chain}
    rungs = [_BY_MODAL.get(first, "firm")]
    if not passive:  # to welcome or to urge is a view or a call where it is said, an action where it is promised
        said = {"stated", "called"} if first not in {"should", "may", "can", "could", "might"} else set()
        rungs += [one for at in chain if (one := rung_at(words, at)) and (one not in said or _forward(words, at))]
    modality: Modality = "permission" if first in {"may", "can", "could", "might"} else "obligation"
    if lows & FORBIDS or (negated and first in {"shall", "must", "may", "will", "cannot", "can"}):
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
    while before > last.verb and (words[before].low.endswith("ly") or words[before].low == "also"):
        before -= 1
    held = _before_condition(words, before, last.verb)
    before, conditional = held, held != before
    but = words[before].low == "but"
    again = words[before].low == "to" and words[before - 1].low == "and"
    listed = words[before].text == "," and low not in _EITHER
    if words[before].low not in {"and", ";", "but"} and not listed and not again:
        return None
    if words[before].text == "," and not _more_to_come(words, at):
        return None
    # After an aim of its own (`efforts to reduce poverty and promote trade`) the verb may belong to that aim.
    if any(words[one].low == "to" and words[one + 1].low in _ACTS for one in range(last.verb + 1, at - 1)):
        return None
    after = words[at + 1].low if at + 1 < len(words) else ""
    if low in _EITHER and after not in DETERMINERS:
        return None
    if after in {"of", "and", "."} or (after == "," and not conditional):
        return None
    rungs = [last.strength] + [one for one in (rung_at(words, at),) if one]
    return Clause(
        last.subject, at, at, 0, last.modality, weakest(rungs), last.negated and not but, False, (*last.chain[:-1], at)
    )


def _before_condition(words: Sequence[Word], before: int, floor: int) -> int:
    """Back over a condition between `and` and a verb: and, where appropriate, send; and where possible send."""
    begin = skip_insert(words, before + 1, floor)
    begin = begin if begin <= before else before - 1
    said = " ".join(word.text for word in words[begin : before + 1]).strip(" ,")
    return begin - 1 if begin - 1 > floor and words[begin - 1].low in {"and", "but"} and is_condition(said) else before


def _more_to_come(words: Sequence[Word], at: int) -> bool:
    """Whether a list of verbs goes on to `and` with another of them."""
    return any(
        words[later].low == "and" and later + 1 < len(words) and words[later + 1].low in _ACTS
        for later in range(at + 1, min(len(words), at + _FAR))
    )
