"""Verbs as they lead to each other, `continue to work to ensure`, and the rung of each in its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jointbuy.commitments import Modality, Rung
from jointbuy.pact.actors import PREPOSITIONS, Subject, Word
from jointbuy.pact.declared import doing, noun
from jointbuy.pact.strength import base, rung


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
    unnamed: bool = False
    """Whether it is promised in the passive without a word of who does it: a fund will be established."""


_BETWEEN = frozenset(
    "also therefore further both each then particular together now still once always today hereby again ever ipso "
    "facto mutatis mutandis inter alia ,".split()
)
_WITH = frozenset("together closely jointly with and others our steps action best efforts partners concrete".split())
"""Words between a verb and the `to` that leads to the next: work together and with others to."""
_NO_VERBS = frozenset("and or but the a an of for in by with we they it i our their its that which who".split())
_NOT = frozenset({"not", "never", "neither", "nor"})
_ONLY = frozenset("only merely just solely simply".split())
_IN = frozenset("in under at by on".split())
_NEVER = frozenset("circumstances circumstance case event way means account time point moment".split())
"""Nouns after `no` that deny: under no circumstances, in no way."""
BE = frozenset({"is", "are", "be", "remain", "remains", "been", "being", "stand", "stands"})
HAVE = frozenset({"have", "has"})
_GOING = frozenset("continue keep begin start".split())
DETERMINERS = frozenset("the a an our its their this these those any all each every more further new both".split())
_CHAIN = frozenset(
    "continue work seek aim aspire intend plan endeavour endeavor strive try attempt commit pledge agree resolve "
    "decide undertake move begin start remain be look take make use do determine dedicate ready prepare need have "
    "explore consider examine assess study discuss evaluate expect hope vow promise keep".split()
)
ALLOWS = frozenset("entitled empowered authorised authorized allowed permitted able free eligible".split())
BINDS = frozenset("required obliged responsible bound liable".split())
FORBIDS = frozenset({"prohibited", "forbidden"})
_SUBORDINATE = frozenset("if whether unless until when where while because than as how why once".split())
_SERVED = frozenset("so order condition understanding provided providing assuming".split())
"""Before `that`: so that, in order that, on condition that, provided that."""
_TRIES = frozenset("efforts effort endeavours endeavors".split())
_VALUES = frozenset("importance need necessity value urgency".split())
PARTICIPLES = frozenset(
    "made taken given set put held kept drawn sent paid borne laid shown found understood met built seen done written "
    "brought known sold left chosen undertaken begun lost withdrawn read dealt led".split()
)


def is_subordinate(words: Sequence[Word], start: int) -> bool:
    """Whether a clause only serves another: if, unless, so that."""
    before = words[start - 1].low if start else ""
    if before == "than" and start > 1 and words[start - 2].low in {"more", "fewer", "less"}:  # not more than one judge
        return False
    if start + 2 < len(words) and words[start].low == "as":  # As Russia seeks to; as soon as the Union agrees
        after = words[start + 1]
        return after.text[0].isupper() or after.low in {"the", "we", "it", "they", "soon", "long"}
    return before in _SUBORDINATE or (before == "that" and start > 1 and words[start - 2].low in _SERVED)


def chain_of(words: Sequence[Word], at: int, negated: bool = False) -> tuple[tuple[int, ...], bool]:
    """Verbs from a place on, as long as each leads to the next: `continue to work to ensure`."""
    chain: list[int] = []
    while at < len(words):
        at, negated = over_adverbs(words, at, negated)
        if at >= len(words) or not words[at].text[0].isalpha() or words[at].low in _NO_VERBS:
            break
        chain.append(at)
        low = base(words[at].low)
        if low not in _CHAIN and words[at].low not in BE | ALLOWS | BINDS:
            break
        following, negated = over_adverbs(words, at + 1, negated)
        if low in {"be", "remain", "have"} or words[at].low in BE | HAVE:
            leads = words[following].low if following < len(words) else ""
            if leads.endswith("ed") or base(leads) in _CHAIN or (leads and doing(words, following)):
                at = following
                continue
            if following < len(words) and words[following].low in ALLOWS | BINDS | FORBIDS | PARTICIPLES:
                chain.append(following)
            break
        following = following if _goes_on_trying(words, at, following) else _to(words, following)
        if not following:
            break
        at = following
    return tuple(chain), negated


def _goes_on_trying(words: Sequence[Word], at: int, following: int) -> bool:
    """Whether a verb only tells that the next, weaker one goes on: continue exploring, begin examining."""
    low = words[following].low if following < len(words) else ""
    return base(words[at].low) in _GOING and low.endswith("ing") and rung(base(low)) in {"effort", "explored"}


def _to(words: Sequence[Word], at: int) -> int:
    """The place of the next verb after `to`, `towards` or `on …ing`; 0 where the chain ends."""
    while at < len(words) and words[at].low in _WITH:
        at += 1
    if at + 1 < len(words) and words[at].low in {"to", "towards", "toward", "on", "at"}:
        following, _ = over_adverbs(words, at + 1, False)
        if following >= len(words):
            return 0
        low = words[following].low
        if low.endswith("ing") and len(low) > 5:
            return following
        if words[at].low == "to" and low not in DETERMINERS | PREPOSITIONS and low.replace("-", "").isalpha():
            return following
    return 0


def over_adverbs(words: Sequence[Word], at: int, negated: bool) -> tuple[int, bool]:
    """Past adverbs and `in particular`, and whether `not` was among them."""
    while at < len(words):
        low = words[at].low
        particular = low == "in" and at + 1 < len(words) and words[at + 1].low == "particular"
        adverb = low.endswith("ly") and low not in {"apply", "comply", "supply", "rely", "reply"}
        said = tuple(word.low for word in words[at : at + 3])
        if low == "not" and said[1:2] and said[1] in _ONLY:  # not only but also
            at += 1
        elif said[:2] == ("no", "longer"):
            negated = True
            at += 1
        elif low in _IN and said[1:2] == ("no",) and said[2:] and said[2] in _NEVER:
            negated = True
            at += 2
        elif low in _NOT:
            negated = True
        elif low == "at" and said[1:2] and said[1] in {"best", "least", "most"}:
            at += 1
        elif said in {("at", "any", "time"), ("at", "all", "times")}:
            at += 2 + (at + 3 < len(words) and words[at + 3].low == "thereafter")
        elif not (adverb or particular or low in _BETWEEN):
            break
        at += 1
    return at, negated


_NO_RUNG = frozenset("support share request require prepare propose determine express note".split())
BY_PLACE = _NO_RUNG | frozenset(
    "agree work hold begin start launch open renew move make use do spare expect look commit undertake".split()
)
"""Verbs whose rung the words behind them tell."""


def rung_at(words: Sequence[Word], at: int) -> Rung | None:
    """The rung of a verb in its place: `work` only with `to` or `towards` after it, `call` only with `on` or `for`."""
    low = base(words[at].low)
    if low not in BY_PLACE:
        return rung(low)
    after = {word.low for word in words[at + 1 : at + 5]}
    directly = words[at + 1].low if at + 1 < len(words) else ""
    if low == "agree" and (directly == "that" or (directly in {"on", "upon"} and after & _VALUES)):
        return "stated"
    if low == "work":  # to work together is what is done, to work to or towards something is an attempt
        following, _ = over_adverbs(words, at + 1, False)
        together = any(word.low in _BETWEEN for word in words[at + 1 : following])
        leads = words[following].low if following < len(words) else ""
        return "effort" if leads in {"to", "towards", "toward", "for"} and not together else None
    if low in {"hold", "begin", "start", "launch", "open"} and after & {"discussions", "consultations"}:
        return "explored"
    if low == "expect" and directly != "to":
        return None  # what is expected of others
    if low == "renew":
        return "restated" if noun(words, at) else None
    if low == "move" and directly in {"towards", "toward"}:
        return "effort"
    if low == "commit" and after & {"endeavours", "endeavors", "efforts"} and "best" in after:
        return "effort"
    if low == "undertake" and directly in _TRIES | {"every", "all"} and after & _TRIES:
        return "effort"
    if (low in {"make", "use", "spare"} and after & {"efforts", "effort"}) or (
        low == "do" and after & {"utmost", "best"}
    ):
        return "effort"
    if low == "look":
        searches = directly in {"into", "at"} or (directly == "for" and bool(after & {"ways", "opportunities"}))
        if directly == "to" and at + 2 < len(words) and words[at + 2].low not in DETERMINERS:
            return "intended"
        return "stated" if directly == "forward" else "explored" if searches else None
    return None if low in _NO_RUNG else rung(low)
