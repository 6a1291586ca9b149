"""Promises that a noun carries, and those made by doing: announce our intention, share the goal, launch a dialogue.

Each function looks at a verb in its place and answers with the rung of what is declared by it, or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from jointbuy.commitments import Rung
from jointbuy.pact.actors import PREPOSITIONS, Word
from jointbuy.pact.verbs import verb_of

OWN = frozenset("our their its his her".split())
NOUNS: Mapping[str, Rung] = MappingProxyType(
    {
        **dict.fromkeys("commitment commitments pledge pledges determination resolve".split(), "firm"),
        **dict.fromkeys("intention intentions intent plan plans vision readiness willingness".split(), "intended"),
        **dict.fromkeys("aim aims goal goals ambition ambitions objective objectives".split(), "effort"),
    }
)
"""Nouns that promise, and how firmly where they are announced or expressed."""
_DEEDS = frozenset(
    "initiative initiatives collaboration cooperation partnership partnerships dialogue dialogues group taskforce "
    "program programs programme programmes memorandum agreement agreements arrangement arrangements establishment "
    "declaration launch creation framework fund funding mechanism mechanisms network project projects strategy "
    "million billion".split()
)
SAID_AGAIN = frozenset(
    "reaffirm reiterate restate renew confirm reconfirm affirm recall underscore underline stress emphasise emphasize "
    "highlight reemphasize re-emphasize".split()
)
"""Verbs by which a promise that was made is said again."""
_SHARED = frozenset("shared common joint mutual collective".split())
_UNDERTAKINGS = frozenset(
    "forum dialogue dialogues initiative initiatives partnership cooperation collaboration group groups work "
    "efforts effort taskforce mechanism council alliance roadmap exchanges programme program framework "
    "secretariat activity activities actions".split()
)
_WEIGHED = frozenset("importance need needs necessity role relevance concern belief view that".split())
"""Nouns after which a verb gives a view of what follows, and promises nothing."""
_OFFICIALS = frozenset(
    "sides officials ministers ministries minister ministry governments agencies teams experts departments authorities "
    "secretary secretaries representatives negotiators administrations militaries services sherpas staff".split()
)
_STEADY = frozenset("steadfast firm unwavering united resolute clear strong resolved unequivocal ironclad".split())
_STEPS = frozenset("step steps action actions measures".split())
_ENDS = frozenset(". ; : ! ?".split())
_VIEWS = frozenset(
    "stand be believe have face see remain oppose condemn welcome urge call recognize recognise view share value "
    "reject respect acknowledge deplore experience suffer grow".split()
)
"""What somebody continues to be or think, not to do."""
_DOING: Mapping[str, Rung] = MappingProxyType(
    {
        **dict.fromkeys(
            "working partnering cooperating collaborating launching establishing creating convening initiating".split(),
            "firm",
        ),
        **dict.fromkeys("exploring considering examining assessing reviewing".split(), "explored"),
        **dict.fromkeys("seeking aiming striving endeavouring endeavoring".split(), "effort"),
        "planning": "intended",
    }
)


_NO_ACTS = frozenset(
    "go make take give get keep let come meet stand visit become rely grow face follow achieve attain".split()
)
"""What is no deed by itself, or only happens: we are making progress, we are meeting."""
_NO_OBJECT = frozenset("and or but that how why".split())
_PARTIES = frozenset("we parties sides leaders governments".split())


def noun(words: Sequence[Word], at: int, most: int = 14, *, led: bool = False) -> Rung | None:
    """The rung of the first noun that promises after a verb; `led` asks for `to` or `of` behind it."""
    for here in range(at + 1, min(len(words), at + 1 + most)):
        low = words[here].low
        if words[here].text in _ENDS or (low in _WEIGHED and not led):
            return None
        leads = words[here + 1].low if here + 1 < len(words) else ""
        if low in NOUNS and (leads in {"to", "of", "for"} if led else leads in {"to", "of"} or _owned(words, at, here)):
            return NOUNS[low]
    return None


def _owned(words: Sequence[Word], at: int, here: int) -> bool:
    """Whether a noun is somebody's: our firm commitment, Canada's pledge, a shared goal."""
    before = [word.low for word in words[max(at + 1, here - 4) : here]]
    return any(low in OWN or low in _SHARED or low.endswith(("’s", "'s", "s’")) for low in before)


def joint(words: Sequence[Word], start: int, head: str) -> bool:
    """Whether a subject is something that the parties do or set up together: this forum, our efforts."""
    return words[start].low in OWN | {"this", "these", "such", "the"} and head.lower() in _UNDERTAKINGS


_ORDERS = frozenset("direct instruct task call ask charge mandate request encourage".split())
_HEREBY = frozenset("adopt establish create found institute".split())
DECLARES = _ORDERS | _HEREBY | frozenset("announce express share launch continue make makes give gives".split())
"""Verbs with which something may be declared."""


def declared(words: Sequence[Word], at: int, verb: str) -> Rung | None:
    """The rung of what a verb in its base form declares: its noun's, or firm for what is launched by saying so."""
    after = [word.low for word in words[at + 1 : at + 10]] if verb in {"announce", "launch"} else []
    if verb == "announce":
        return noun(words, at, 4, led=True) or ("firm" if _deed(after) else noun(words, at))
    if words[at].low in {"make", "makes", "give", "gives"}:
        given = {word.low for word in words[at + 1 : at + 5]}
        return "firm" if given & {"commitment", "undertaking", "pledge", "promise"} and "to" in given else None
    if verb == "express":
        return noun(words, at, 16, led=True)
    if verb == "share":
        return noun(words, at, 4, led=True)
    if verb == "launch":
        return (
            "firm"
            if after and after[0] in {"a", "an", "the", "our", "new", "several", "two", "three", "joint"}
            else None
        )
    if verb == "continue":
        return _continued(words, at)
    hereby = verb in _HEREBY and at > 0 and words[at - 1].low == "hereby"
    return "firm" if hereby or ordered(words, at, verb) else None


def aim(words: Sequence[Word], at: int) -> tuple[int, int, int] | None:
    """Whose aim it is to do something, in words `start` to `end`, and the noun, by `is` or `remains` in its place.

    Our goal is to, Canada's plan remains to, it is our intention to, it is the intention of the Parties to. None
    where it is nobody's: the aim is to.
    """
    if words[at].low not in {"is", "remains"} or at == 0:
        return None
    if words[at - 1].low == "it":
        to = next((here for here in range(at + 2, min(len(words), at + 12)) if words[here].low == "to"), 0)
        begin = at + 1
    else:
        to, begin = at + 1 + (at + 1 < len(words) and words[at + 1].low == "not"), max(0, at - 10)
        begin = max((here + 1 for here in range(begin, at) if words[here].text in _ENDS | {","}), default=begin)
    end = to if begin > at else at
    if not 0 < to < len(words) - 1 or words[to].low != "to":
        return None
    place = next((here for here in range(begin, end) if words[here].low in NOUNS), 0)
    if not place:
        return None
    if words[place + 1].low == "of" and place + 2 < end:
        return place + 2, end, place
    owner = next((here for here in range(begin, place) if words[here].low == "our"), -1)
    return (owner, owner + 1, place) if owner >= 0 and place + 1 == end else None


def _deed(after: Sequence[str]) -> bool:
    stop = next((n for n, low in enumerate(after) if low in {"that", ",", ".", ";", ":"}), len(after))
    return any(low in _DEEDS for low in after[:stop])


def _continued(words: Sequence[Word], at: int) -> Rung | None:
    """Going on with what one does oneself: continue to deepen, continue working."""
    if words[at].low != "continue" or at + 2 >= len(words):
        return None
    to, verb = words[at + 1].low, words[at + 2].low
    if to == "to":
        return None if verb in _VIEWS or not verb.isalpha() else "firm"
    return "firm" if to.endswith("ing") and len(to) > 5 else None


def ordered(words: Sequence[Word], at: int, verb: str) -> int:
    """The place of what one's own officials are told to do: direct our ministers to report; 0 where none is told."""
    if verb not in _ORDERS:
        return 0
    own = verb in {"direct", "instruct", "task"}
    official = False
    for here in range(at + 1, min(len(words) - 1, at + 12)):
        low = words[here].low
        own |= low in OWN
        official |= low in _OFFICIALS or (own and low == "them")
        given = low == "to" or (low == "with" and words[here + 1].low.endswith("ing"))
        if given and own and official:
            return here + 1
        if words[here].text in _ENDS:
            break
    return 0


def doing(words: Sequence[Word], at: int) -> Rung | None:
    """The rung of `are working`, `are launching`, `are taking steps`, by the word behind the verb to be.

    What we, or the parties, are doing tells how things are (we are limiting exports), but for what is done to what is
    one's own: are increasing our help. Not even that is told by what only happens: we are facing threats.
    """
    low, after = words[at].low, words[at + 1].low if at + 1 < len(words) else "."
    if low == "announcing":
        return declared(words, at, "announce")
    if low == "taking":
        return "firm" if {word.low for word in words[at + 1 : at + 4]} & _STEPS else None
    if low in _DOING:
        return _DOING[low]
    if not low.endswith("ing") or not (verb := verb_of(low)):
        return None
    acts = verb not in _NO_ACTS and after[0].isalpha() and after not in PREPOSITIONS | _NO_OBJECT
    return "firm" if after in OWN else "stated" if acts and _by_parties(words, at) else None


def _by_parties(words: Sequence[Word], at: int) -> bool:
    """Whether we, or the parties, stand before the verb to be: we are also | limiting."""
    for here in range(at - 1, max(-1, at - 5), -1):
        if words[here].low in {"are", "is"}:
            return here > 0 and words[here - 1].low in _PARTIES
    return False


def steady(words: Sequence[Word], at: int) -> int:
    """The place of the noun in `are steadfast in our commitment to` or `stand by our pledge`; 0 without one."""
    if words[at].low.startswith("stand") and words[at + 1 : at + 2] and words[at + 1].low == "by":
        return next((here for here in range(at + 2, min(len(words), at + 6)) if words[here].low in NOUNS), 0)
    low = [word.low for word in words[at + 1 : at + 7]]
    for n, one in enumerate(low):
        if one in {"commitment", "determination", "resolve"} and n >= 2 and "in" in low[:n] and _STEADY & {*low[:n]}:
            return at + 1 + n
    return 0
