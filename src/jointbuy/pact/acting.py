"""Who acts in a clause, if anybody does: nobody in `it shall apply`, the Council in `shall be set by the Council`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from jointbuy.pact.actors import MODALS, PREPOSITIONS, SPEAKERS, Subject, Word, head_of, is_person, without_deadline
from jointbuy.pact.chains import ALLOWS, BINDS, DETERMINERS, FORBIDS, PARTICIPLES, is_subordinate
from jointbuy.pact.deadlines import opens
from jointbuy.pact.deeds import set_up
from jointbuy.pact.modals import LAW
from jointbuy.pact.nouns import can_act, is_acronym, known

_DESCRIBES = frozenset(
    "apply include contain consist mean constitute form cover relate cease expire lapse affect "
    "become amount belong comprise specify indicate show".split()
)
"""Verbs that say what a thing is or holds, where `it` or `they` is their subject."""
_LASTS = frozenset(
    "exceed remain correspond concern begin commence end expire last describe list reflect result depend extend fall "
    "equal entail imply enable permit mention prejudice preclude supersede govern".split()
)
"""And those of a text of law, which elsewhere may be promised: it shall remain in force."""
_ONLY_BEFORE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "take": frozenset("effect place precedence the".split()),
        "refer": frozenset({"to"}),
        "enter": frozenset({"into"}),
        "have": frozenset("effect legal".split()),
        "set": frozenset({"out"}),
    }
)
"""Verbs that say what a thing is before these words only: take effect, but take measures."""
_SAYING = frozenset(
    "and or but so provide provides provided decide decides decided ensure ensures agree agrees agreed require "
    "requires determine find finds consider considers specify state states show establish stipulate demonstrate "
    "indicate inform declare conclude believe believes certain concerned necessary satisfied".split()
)
_DONE_TO_PERSONS = frozenset(
    "informed consulted heard invited involved assisted elected instructed reimbursed remunerated employed".split()
)
_OF_PERSONS = frozenset("independent accountable answerable impartial aware members nationals".split())
_PERSONAL = frozenset("entitled empowered obliged responsible liable".split())
_SOFT = frozenset(
    "service services fund unit units network group groups centre center side sides conference summit forum dialogue "
    "hub administration assembly panel".split()
)
"""Nouns of those who act and of things alike."""
_HOLDS = frozenset("include contain cover take form".split())
"""And those of them that plan something after `will`."""
RELATIVE = frozenset("that which who whose whom".split())
PARTICLES = frozenset({"up", "out", "down", "forward", "off"})


def acting(
    words: Sequence[Word], subject: Subject | None, first: str, chain: Sequence[int], passive: bool
) -> Subject | None:
    """The subject as somebody who acts, or not: `it shall apply` says what a rule does."""
    lows = {words[at].low for at in chain}
    if subject is not None and is_subordinate(words, subject.start):
        return subject._replace(agent=False)
    passing = subject is not None and _in_passing(words, subject, first)
    # In law it may be what a rule imposes: shall lose the fee.
    passing |= subject is not None and first not in LAW and befalls(words, chain[-1], subject)
    if subject is not None and (words[chain[-1]].low in _MEANT or passing or _held_to_be(words, chain, first)):
        return subject._replace(agent=False)
    if lows & (ALLOWS | BINDS) and subject is not None:
        # Costs may be eligible and imports be allowed; who is entitled or obliged to act is somebody.
        end = chain[-1]
        led = (
            words[end].low not in ALLOWS | BINDS
            or words[end].low in _PERSONAL
            or any(word.low == "to" for word in words[end + 1 : end + 2])
        )
        somebody = subject.agent and subject.head.lower() not in _SOFT | {"it", "they"}
        return subject._replace(agent=led or somebody)
    done = chain[-1] if passive else _payable(words, chain)
    if done and (by := _by(words, done)):
        return by
    if "be" in lows and (also := _also_done(words, chain[-1])) and (by := _by(words, also)):
        return by
    if lows & FORBIDS:
        return (subject and not subject.agent and _barred(words, chain[0] - 1)) or subject
    if subject is not None and (falls := _falls_to(words, chain[-1], subject)):
        return falls
    named = subject is not None and _may_be_thing(subject.head, first)
    promised = words[chain[-1]].low in _HOLDS and first == "will"  # it will also include a working group
    described = passive or (_describes(words, chain[-1], first) and not promised)
    somebody = subject is not None and (subject.head.lower() in {"he", "she"} or _personal(words, chain))
    if subject is not None and (subject.pronoun or named) and described and not (somebody and first in LAW):
        return subject._replace(agent=False)
    if (
        subject is not None
        and passive
        and subject.head.lower() not in SPEAKERS
        and (first not in LAW or set_up(words, chain[-1]))
    ):
        return subject._replace(agent=False)  # whom it is done to does not do it
    return subject


_MEANT = frozenset("mean deemed presumed construed regarded".split())
_NAMED = frozenset("called named known".split())
_DUTIES = frozenset("responsibility duty task".split())
_IN_A_TEXT = frozenset("added inserted deleted replaced listed amended".split())
"""What is done to the words of a text, whoever they name: the persons shall be added to the list."""
_STANDING = frozenset("legal jurisdiction competence personality capacity juridical".split())
_BEFALLS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys("suffer lose undergo experience".split(), frozenset[str]()),
        "bear": frozenset({"brunt"}),
        "see": frozenset({".", "that", "whether", "how", ""}),
        "take": frozenset({"time"}),
        "be": frozenset({"unable"}),
    }
)
"""What befalls somebody, and before which words only: lose jobs, bear the brunt, take time."""


def defines(words: Sequence[Word], chain: Sequence[int], first: str) -> bool:
    """Whether a text of law says what somebody is, and imposes nothing: shall be a body, have legal standing.

    A duty may be put like that: shall be the responsibility of the importer.
    """
    low, after = words[chain[-1]].low, [word.low for word in words[chain[-1] + 1 : chain[-1] + 4]]
    if first != "shall" or len(chain) > 1 or not after:
        return False
    if low == "have":
        return after[0] in _STANDING or "seat" in after[:2]
    return low == "be" and after[0] in {"a", "an", "the"} and _DUTIES.isdisjoint(after)


def _held_to_be(words: Sequence[Word], chain: Sequence[int], first: str) -> bool:
    """Whether a text of law says how somebody is held, called or listed, not by whom: shall be considered as small."""
    if first != "shall" or words[chain[0]].low != "be" or len(chain) < 2:
        return False
    place = chain[1]
    low, after = words[place].low, words[place + 1] if place + 1 < len(words) else words[place]
    told = low in _IN_A_TEXT or (low in _NAMED and (after.text[0].isupper() or after.low in DETERMINERS))
    told |= (low == "considered" and after.low in {"as", "to"}) or (low == "treated" and after.low == "as")
    return told and _by(words, place) is None


def befalls(words: Sequence[Word], verb: int, subject: Subject) -> bool:
    """Whether what is told happens to its subject, who does not do it: will suffer, face trouble, turn 160."""
    low, after = words[verb].low, [word.low for word in words[verb + 1 : verb + 3]] or [""]
    if low == "turn":
        return after[0][:1].isdigit()
    if low == "face":
        return subject.head.lower() not in SPEAKERS
    if low not in _BEFALLS:
        return False
    only = _BEFALLS[low]
    return not only or after[0] in only or (low == "bear" and after[-1] in only)


_FAR = 120
"""Words before a prohibition among which is looked for whom it binds."""


def _barred(words: Sequence[Word], modal: int) -> Subject | None:
    """Who must not do what is prohibited: the sale of arms by firms shall be prohibited."""
    for at in range(max(1, modal - _FAR), modal - 1):
        if words[at].low != "by" or words[at - 1].low.endswith("ed"):
            continue
        end = next((later for later in range(at + 2, modal) if words[later].low in {"or", "and", ","}), modal)
        head = head_of(words, at + 1, end)
        if can_act(head):
            return Subject(at + 1, end, head, agent=True)
    return None


def _payable(words: Sequence[Word], chain: Sequence[int]) -> int:
    """The place of what can be done by somebody: payable by the Agency; 0 where there is none."""
    at = chain[-1] + 1
    able = words[chain[-1]].low == "be" and at + 1 < len(words) and words[at].low.endswith(("able", "ible"))
    return at if able and words[at + 1].low in {"by", "to"} else 0


def _in_passing(words: Sequence[Word], subject: Subject, first: str) -> bool:
    """Whether a clause only describes a noun: the period within which the applicant may appeal."""
    relative = subject.start - 1
    if relative < 1 or words[relative].low not in RELATIVE or first not in LAW:
        return False
    before = words[relative - 1].low
    if words[relative].low == "that":  # what is decided or ensured is no description
        return before.isalpha() and before not in _SAYING | PREPOSITIONS and first == "may"
    return first == "may" or before not in PREPOSITIONS | {","}


def _personal(words: Sequence[Word], chain: Sequence[int]) -> bool:
    """Whether only somebody can be what is told: shall be informed, shall be independent."""
    after = words[chain[-1] + 1].low if chain[-1] + 1 < len(words) else ""
    return words[chain[-1]].low in _DONE_TO_PERSONS or (words[chain[-1]].low == "be" and after in _OF_PERSONS)


def _may_be_thing(head: str, first: str) -> bool:
    """Whether a noun names things as well as somebody: an acronym; in law also a service or a unit."""
    return (is_acronym(head) and not known(head)) or (first in LAW and head.lower() in _SOFT)


def _describes(words: Sequence[Word], verb: int, first: str) -> bool:
    low, after = words[verb].low, words[verb + 1].low if verb + 1 < len(words) else ""
    if low == "provide" and after == "for":
        return True
    if low in _ONLY_BEFORE:
        force = words[verb + 2].low if verb + 2 < len(words) else ""
        place = low in {"take", "enter"} and after in {"the", "into"}
        return after in _ONLY_BEFORE[low] and (not place or force in {"form", "force", "effect", "operation"})
    applied = low == "apply" and after in DETERMINERS
    return low == "be" or (low in _DESCRIBES and not applied) or (first in LAW and low in _LASTS)


def _falls_to(words: Sequence[Word], verb: int, subject: Subject) -> Subject | None:
    """Whose duty it is: it shall be for the Member States to, shall be the responsibility of the importer."""
    low, said = words[verb].low, [word.low for word in words[verb + 1 : verb + 4]]
    duty = (
        low == "be"
        and said[:1] == ["the"]
        and said[1:2] in (["duty"], ["responsibility"], ["task"])
        and said[2:] == ["of"]
    )
    lies = low in {"lie", "rest"} and said[:1] == ["with"]
    left = low == "be" and subject.head.lower() == "it" and said[:1] == ["for"]
    if not (duty or lies or left):
        return None
    start = verb + (4 if duty else 2)
    stop = {"to", "."} if left else {"to", ",", ";", "."}
    end = next((at for at in range(start + 1, min(len(words), start + 12)) if words[at].low in stop), 0)
    head = head_of(words, start, end) if end and (not left or words[end].low == "to") else ""
    return Subject(start, end, head, agent=True) if head and can_act(head) else None


def _also_done(words: Sequence[Word], verb: int) -> int:
    """The participle of a second passive under one modal: shall be in writing and be signed by; 0 for none."""
    for at in range(verb + 2, min(len(words) - 1, verb + 30)):
        if words[at].text in {".", ";", ":"} or words[at].low in MODALS:
            return 0
        if words[at].low == "be" and words[at - 1].low in {"and", "or"}:
            low = words[at + 1].low
            return at + 1 if low.endswith("ed") or low in PARTICIPLES else 0
    return 0


def _by(words: Sequence[Word], verb: int) -> Subject | None:
    """Who does what is put in the passive: `shall be adopted, after a vote, by the Council`."""
    for at in range(verb + 1, min(len(words), verb + 30)):
        if words[at].text in {".", ";", ":"} or (words[at].low in MODALS | RELATIVE and words[at].text != "May"):
            return None
        if words[at].low == "by" and _doing_of(words, at, verb):
            end = at + 1
            while end < len(words) and end - at < 12 and not _ends_by(words, end):
                end += 1
            if opens([word.text for word in words[at:end]]):  # by the next summit
                continue
            _, end = without_deadline(words, at + 1, end)
            head = head_of(words, at + 1, end)
            if can_act(head) or is_person(words, at + 1, end, head):
                return Subject(at + 1, end, head, agent=True)
    return None


def _ends_by(words: Sequence[Word], at: int) -> bool:
    """Whether who stands after `by` ends here: hosted by Canada | and funded by the Union."""
    if words[at].text in {".", ";", ",", ":"} or words[at].low == "by":
        return True
    after = words[at + 1].low if at + 1 < len(words) else ""
    return words[at].low in {"and", "or"} and (after.endswith("ed") or after in PARTICIPLES)


def _doing_of(words: Sequence[Word], by: int, verb: int) -> bool:
    """Whether a `by` belongs to the verb, not to a participle after it: a procedure laid down by the Commission."""
    before = by - 1
    while before > verb and (words[before].low in PARTICLES or words[before].low.endswith("ly")):
        before -= 1
    if before == verb or words[before].text == ",":
        return True
    low = words[before].low
    if low.endswith("ed") or low in PARTICIPLES:
        return words[before - 1].low in {"and", "or", ","}
    return not low.endswith(("ation", "val", "ment"))
