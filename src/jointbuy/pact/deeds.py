"""Deeds of which nobody is told to do them: a fund will be established, talks will start, assets will remain frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from jointbuy.commitments import Rung
from jointbuy.pact.actors import PREPOSITIONS, Subject, Word
from jointbuy.pact.chains import DETERMINERS

_SET_UP = frozenset(
    "established created appointed posted founded instituted convened launched nominated deployed".split()
)
_WITH_OUT: Mapping[str, str] = MappingProxyType({"set": "up", "carried": "out", "drawn": "up"})
_DEEDS = _SET_UP | frozenset(
    """
    abolished accelerated addressed adopted advanced allocated analysed announced applied assessed assisted
    awarded blocked boosted built cancelled charged circulated completed concluded conducted considered
    consulted continued coordinated cut deepened defended delivered deposited designated designed developed
    disbursed dismantled diversified doubled drafted eliminated enforced enhanced enlarged ensured examined
    exchanged executed expanded explored extended facilitated financed frozen funded granted guaranteed halved
    harmonised harmonized held honored honoured hosted identified immobilised immobilized implemented imposed
    improved increased informed initiated integrated intensified introduced invested invited issued levied
    lifted lowered maintained mobilised mobilized monitored negotiated notified observed opened organised
    organized paid phased prevented prioritised promoted protected provided published purchased pursued raised
    ratified recruited reduced referred reinforced released removed renewed repaired repealed reported respected
    restored resumed reviewed safeguarded scaled secured sent settled shared signed simplified started stationed
    stepped streamlined strengthened studied submitted supported suspended tackled terminated trained
    transferred treated tripled updated upgraded upheld waived widened withdrawn
    """.split()
)
"""Participles of what partners do; what only happens (affected, needed) and what rules say (meant, deemed) is none."""
_TAKEN: Mapping[tuple[str, str], Rung] = MappingProxyType(
    {
        **{
            (head + plural, verb): "effort" if head == "effort" else "firm"
            for head, verb in (("effort", "made"), ("step", "taken"), ("measure", "taken"), ("action", "taken"))
            for plural in ("", "s")
        },
        **{(head, "given"): "explored" for head in ("consideration", "thought")},
        **{
            (head, "given"): "firm"
            for head in ("priority", "attention", "support", "assistance", "preference", "notice", "access")
        },
        ("attention", "paid"): "firm",
    }
)
"""What is done where it is made, taken or given, and how firmly: every effort will be made, priority will be given."""
_WORK = frozenset(
    """
    work cooperation collaboration coordination negotiation negotiations talks discussion discussions consultation
    consultations dialogue dialogues exchange exchanges visit visits meeting meetings exercise exercises training
    project projects operations patrols deliveries delivery construction production implementation preparations
    preparation support assistance efforts activities withdrawal summit conference workshop workshops inspections
    """.split()
)
"""What partners do together or for others, of which may be said that it goes on or begins."""
_RULES = frozenset(
    """
    measure measures tariff tariffs duty duties quota quotas restriction restrictions sanction sanctions rate rates
    exemption exemptions rule rules modification modifications change changes ceasefire embargo ban moratorium levy
    fee fees preference preferences ceiling limit limits obligations commitments cut cuts
    """.split()
)
"""What partners impose, lift or change: tariffs will apply, measures will enter into force."""
_BEGINS = frozenset("continue start begin resume commence proceed".split())
_KEPT = frozenset("frozen blocked immobilised immobilized suspended closed sealed banned prohibited stationed".split())
"""How something remains only because somebody keeps it so; what is difficult remains so by itself."""


def deed(words: Sequence[Word], verb: int) -> bool:
    """Whether a participle tells a deed that partners do together: established, strengthened, held."""
    low = words[verb].low
    after = words[verb + 1].low if verb + 1 < len(words) else ""
    if low in {"considered", "treated"} and after in {"as", "to"}:  # what is held of something
        return False
    return after == _WITH_OUT[low] if low in _WITH_OUT else low in _DEEDS


def set_up(words: Sequence[Word], verb: int) -> bool:
    """Whether somebody or something is founded or appointed: a representative shall be posted."""
    return words[verb].low in _SET_UP | {"set"} and deed(words, verb)


def taken(words: Sequence[Word], subject: Subject, chain: Sequence[int]) -> Rung | None:
    """The rung of what is done where it is taken or given: steps will be taken, consideration will be given."""
    head = subject.head.lower()
    return next((_TAKEN[head, words[at].low] for at in chain if (head, words[at].low) in _TAKEN), None)


def goes_on_by_itself(words: Sequence[Word], subject: Subject, chain: Sequence[int]) -> bool:
    """Whether somebody's deed is told as going on: work will continue, assets will remain frozen, tariffs will apply.

    Of this text it is none: this agreement will enter into force says when its words hold.
    """
    verb, head = words[chain[-1]].low, subject.head.lower()
    after = [word.low for word in words[chain[-1] + 1 : chain[-1] + 3]]
    if words[chain[0]].low == "remain":
        kept = verb in _KEPT or (after[:1] and after[0] in _KEPT)
        return bool(kept) or (after in (["in", "place"], ["in", "force"]) and head in _RULES)
    if verb in _BEGINS:
        return head in _WORK and (not after or after[0] not in DETERMINERS)
    if verb == "take":
        return (after[:1] == ["place"] and head in _WORK) or (after[:1] == ["effect"] and head in _RULES)
    if verb in {"enter", "come"}:
        return after == ["into", "force"] and head in _RULES
    return verb == "apply" and head in _RULES and (not after or not after[0][0].isalpha() or after[0] in PREPOSITIONS)
