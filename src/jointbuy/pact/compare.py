"""Two agreements side by side: which commitments speak of the same, by one stated rule, and how they differ.

The same sentence with the same verb is one commitment. Otherwise two may be one where their area is the same and their
objects share two words or more: half of the words of the shorter one where the verb is the same or not reported, two
thirds where it is not; in different areas three words or more, and all of the shorter one. The pairs with most in
common are made first, of equal ones those that come first; each commitment is in one pair at the most (docs/pact.md).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from jointbuy.agreements import Change, Item, Pair, Side
from jointbuy.commitments import Commitment, Promise, Status, Unit
from jointbuy.pact import otherwise
from jointbuy.pact.amounts import amount, frequency
from jointbuy.pact.strength import RUNGS, base

SAME_VERB, OTHER_VERB = (1, 2), (2, 3)
"""How many of how many words of the shorter object the other has at the least."""
SAME = 9.0
"""How well the same sentence fits: better than anything else can."""
MOST = 2_250_000
"""Pairs that are weighed at the most: 1,500 commitments on each side, some 110,000 words."""
FEWEST, FEWEST_APART = 2, 3
"""Words that two objects share at the least, in one area and in different ones, unless they are the same."""
UNKNOWN = "not reported"
"""The verb and the strength of a commitment of which no verb was reported."""
_WORD = re.compile(r"[a-z][a-z-]{2,}")
_EMPTY = frozenset(
    "the and for our its their his her this that these those with from into within through between among against "
    "upon over across towards toward such other others all any each both including well not are was were been being "
    "have has had every hold will shall may can also more most further which who whose where when while order based "
    "common joint jointly together".split()
)


_ALL = frozenset(
    ["we", "parties", "both parties", "sides", "both sides", "two sides", "participants", "signatories", "leaders"]
)
_PARTS: Mapping[str, tuple[Change, Change, Change, Change]] = MappingProxyType(
    {
        part: (f"{part} added", f"{part} dropped", f"{part} changed", f"{part} reported of one alone")  # type: ignore[misc]
        for part in ("deadline", "amount", "frequency", "condition")
    }
)


class _Key(NamedTuple):
    """What of a commitment is compared."""

    text: str
    area: str | None
    verb: str
    words: frozenset[str]
    negated: bool


def of_promise(one: Promise, unit: Unit = "line") -> Item:
    """A commitment of a text."""
    who = one.meant or one.actor or ""
    place = one.sentence
    return Item(
        one.id,
        who,
        one.verb,
        one.strength,
        one.area,
        one.object,
        one.deadline,
        place.text,
        line=place.line,
        unit=unit,
        negated=one.negated,
        frequency=one.frequency,
        amounts=one.amounts,
        conditions=one.conditions,
        due=one.due,
        clause=one.clause,
    )


def of_commitment(one: Commitment, status: Status | None = None) -> Item:
    """A commitment of the register; its object is our own words."""
    return Item(
        one.id,
        ", ".join(one.parties),
        one.verb,
        one.strength,
        one.area,
        one.summary,
        one.deadline,
        one.summary,
        status=status,
        frequency=one.frequency,
        amounts=one.amounts,
    )


def pairs(first: Sequence[Item], second: Sequence[Item]) -> tuple[tuple[Pair, ...], tuple[Item, ...], tuple[Item, ...]]:
    """The pairs in the order of the first, and what only the first and only the second has, each in its order."""
    keys, others = [_key(one) for one in first], [_key(one) for one in second]
    found = sorted(_alike(keys, others), key=lambda one: (-one[0], one[1], one[2]))
    taken: dict[int, tuple[int, Fraction]] = {}
    used: set[int] = set()
    for _, here, there, share in found:
        if here not in taken and there not in used:
            taken[here] = there, share
            used.add(there)
    made = tuple(_pair(first[here], second[there], share) for here, (there, share) in sorted(taken.items()))
    only = tuple(one for at, one in enumerate(first) if at not in taken)
    return made, only, tuple(one for at, one in enumerate(second) if at not in used)


def _pair(first: Item, second: Item, share: Fraction) -> Pair:
    """A pair with how it differs; of two texts also the words that differ, where nothing else tells of them."""
    changes = tuple(_changes(first, second))
    apart = ("", "")
    if first.line and second.line:
        apart = otherwise.words_apart(first, second, whole=not {"reversed", "firmer", "softer"} & set(changes))
    return Pair(first, second, share, (*changes, "reads otherwise") if any(apart) else changes, apart)


def with_lesser(
    pairs_made: Sequence[Pair], only: Sequence[Item], other: Side, *, later: bool
) -> tuple[tuple[Pair, ...], tuple[Item, ...]]:
    """The pairs with those of commitments of one side alone that the other permits, denies, calls for or states.

    And what then is still of that side alone. `later` says whether the other side is the second.
    """
    if not other.lesser or len(only) * len(other.lesser) > MOST:
        return tuple(pairs_made), tuple(only)
    found, left, _ = pairs(only, other.lesser)
    told = []
    for one in found:
        first, second = (one.first, one.second) if later else (one.second, one.first)
        apart = otherwise.words_apart(first, second, whole=True)
        how = () if one.second.lesser is None else (otherwise.turned(one.second.lesser, later=later),)
        told.append(Pair(first, second, one.alike, how, apart))
    return (*pairs_made, *told), left


def _key(one: Item) -> _Key:
    # By when, how much and how often are compared, and say nothing of what it is.
    what = one.object
    for limit in (one.deadline, one.frequency, *one.amounts):
        what = what.replace(limit, " ") if limit else what
    words = frozenset(_stem(word) for word in _WORD.findall(what.lower()) if word not in _EMPTY)
    return _Key(one.text, one.area, base(one.verb.lower()), words, one.negated)


def _stem(word: str) -> str:
    """A word without the ending of number and tense, so that exercise, exercises and exercising are one."""
    for ending in ("ies", "ing", "es", "ed", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending) + ("y" if ending == "ies" else "")
    return word


def _alike(first: Sequence[_Key], second: Sequence[_Key]) -> Iterator[tuple[float, int, int, Fraction]]:
    """Pairs that may be one: how well they fit, their places, and the share of words that both have.

    How well is a quotient of small whole numbers: as floats, equal ones are equal and different ones are in order.
    """
    having: dict[str, list[int]] = defaultdict(list)
    same_text: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, key in enumerate(second):
        same_text[key.text, key.verb].append(at)
        for word in key.words:
            having[word].append(at)
    shares: dict[tuple[int, int], Fraction] = {}
    for here, key in enumerate(first):
        yield from ((SAME, here, there, Fraction(1)) for there in same_text.get((key.text, key.verb), ()))
        for there in sorted({at for word in key.words for at in having.get(word, ())}):
            other = second[there]
            both, apart = len(key.words & other.words), key.area != other.area
            if both < (FEWEST_APART if apart else FEWEST) and key.words != other.words:
                continue
            same = key.verb == other.verb or UNKNOWN in {key.verb, other.verb}
            of = min(len(key.words), len(other.words))
            wanted, parts = (1, 1) if apart else SAME_VERB if same else OTHER_VERB
            if both * parts >= of * wanted:
                share = shares.get((both, of)) or shares.setdefault((both, of), Fraction(both, of))
                alike = same + (not apart) + (key.negated == other.negated)
                yield both / of + alike, here, there, share


def _who(one: Item) -> str:
    """The actor of a text, the same for all words that mean all of its parties."""
    low = one.actor.casefold().removeprefix("the ")
    return "" if low in _ALL else low


def _changes(first: Item, second: Item) -> Iterator[Change]:
    """How the second differs from the first."""
    if first.negated != second.negated:
        yield "reversed"
    elif UNKNOWN in {first.strength, second.strength}:
        # Of one entry then and now nothing is left open.
        if (first.id, first.text) != (second.id, second.text):
            yield "firmness not reported"
    elif fell := RUNGS.index(second.strength) - RUNGS.index(first.strength):
        yield "softer" if fell > 0 else "firmer"
    # Who acts in the register are its parties; in a text `we` and `the parties` are the same.
    if first.line and second.line and _who(first) != _who(second):
        yield "other actor"
    if first.area != second.area:
        yield "other area"
    for part, (was, now) in _parts(first, second).items():
        yield from _part(part, was, now, registered=not (first if not was else second).line)
    if first.status != second.status and first.status and second.status:
        yield "status changed"


def _parts(first: Item, second: Item) -> dict[str, tuple[Hashable, Hashable]]:
    """What limits a commitment, of both, in words that can be compared; conditions stand in texts alone."""
    parts: dict[str, tuple[Hashable, Hashable]] = {
        "deadline": (first.due, second.due)
        if first.due and second.due
        else (_plain(first.deadline), _plain(second.deadline)),
        "amount": (frozenset(map(amount, first.amounts)), frozenset(map(amount, second.amounts))),
        "frequency": (frequency(first.frequency or ""), frequency(second.frequency or "")),
    }
    if first.line and second.line:
        parts["condition"] = frozenset(map(_plain, first.conditions)), frozenset(map(_plain, second.conditions))
    return parts


def _part(part: str, was: Hashable, now: Hashable, *, registered: bool) -> Iterator[Change]:
    """How one part differs. What is missing in the register was not reported, yet may be there."""
    added, dropped, changed, alone = _PARTS[part]
    if was == now:
        return
    if was and now:
        yield changed
    elif registered:
        yield alone
    else:
        yield dropped if was else added


def _plain(said: str | None) -> str:
    return " ".join((said or "").lower().split())
