"""How firmly something is promised: the ladder, and which words stand on which rung (docs/pact.md).

A chain of verbs is as firm as its weakest one: "will explore" is explored, "commit to work towards" is effort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from jointbuy.commitments import Rung

LADDER: tuple[tuple[Rung, str, str], ...] = (
    ("bound", "a duty in the words of law", "shall must undertake guarantee bind oblige require"),
    ("firm", "a promise without reserve", "will commit pledge agree resolve decide determine dedicate promise vow"),
    ("intended", "an intention", "intend plan expect would propose prepare ready"),
    (
        "effort",
        "an attempt, not a result",
        "work-to endeavour endeavor strive seek aim aspire try attempt move-towards pursue",
    ),
    (
        "explored",
        "an examination, not an action",
        "explore consider examine assess study discuss evaluate look-into investigate reflect review",
    ),
    ("called", "asked of others", "encourage urge call invite ask recommend should appeal request-that"),
    (
        "restated",
        "said again",
        "reaffirm reiterate restate recommit recall confirm reconfirm renew reemphasize re-emphasize",
    ),
    (
        "stated",
        "a view, no promise",
        "welcome recognise recognize acknowledge note applaud commend condemn support stress underscore underline "
        "highlight emphasise emphasize express affirm believe regret deplore endorse share appreciate thank oppose "
        "reject look-forward congratulate celebrate demand salute",
    ),
)
"""Rungs from the firmest down, what each means, and the verbs that stand on it."""

RUNGS: tuple[Rung, ...] = tuple(rung for rung, _, _ in LADDER)
_RANK: Mapping[Rung, int] = MappingProxyType({rung: at for at, rung in enumerate(RUNGS)})
_OF: Mapping[str, Rung] = MappingProxyType({verb: rung for rung, _, verbs in LADDER for verb in verbs.split()})
_BASES = frozenset(_OF) | frozenset("announce launch direct instruct task charge mandate continue work request".split())
"""Verbs whose forms are known."""
PROMISES: frozenset[Rung] = frozenset({"bound", "firm", "intended", "effort", "explored"})
"""Rungs on which an actor undertakes something; `restated` counts where it restates a commitment."""
_IRREGULAR = MappingProxyType(
    {"sought": "seek", "undertook": "undertake", "undertaken": "undertake", "tried": "try", "tries": "try"}
    | {"studied": "study", "studies": "study", "is": "be", "are": "be", "was": "be", "were": "be", "been": "be"}
    | {"has": "have", "had": "have", "doing": "do", "made": "make", "took": "take", "taken": "take", "bound": "bind"}
)


def rung(verb: str) -> Rung | None:
    """The rung of a verb in its base form, None for one that is not on the ladder."""
    return _OF.get(verb)


def weakest(rungs: Iterable[Rung]) -> Rung:
    """The lowest of some rungs. Raises ValueError where there is none."""
    return max(rungs, key=_RANK.__getitem__)


@lru_cache(maxsize=20_000)
def base(word: str) -> str:
    """The base form of a verb, as far as the ladder needs it: commits, committed, committing → commit."""
    if word in _BASES or word in _IRREGULAR:
        return _IRREGULAR.get(word, word)
    for ending in ("ing", "ed", "es", "s", "d"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            doubled = stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem
            found = next((one for one in (stem, stem + "e", doubled) if one in _BASES), None)
            if found:
                return found
    return word
