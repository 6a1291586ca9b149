"""What holds a promise back: conditions as written, also those of inverted clauses (should the Union agree)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from jointbuy.pact.deadlines import set_at

_FITTING = (
    "appropriate|necessary|needed|possible|feasible|required|relevant|applicable|warranted|desired|asked"
    "|requested|invited"
)
_SOMEBODY = r"(?:the|a|an|any|either|one|both|no|it|they|he|she|we|this|that|these|those|such|another|(?-i:[A-Z])\w*)"
_WORDS = r"(?:[^,;.]|\.(?=\d))"
"""What a condition goes on with: all but the signs that end it; 1.5 has none."""
_CONDITION = re.compile(
    rf"\b(?:(?:where|when|if|wherever|whenever|(?<!soon )(?<!much )(?<!far )as) (?:and (?:when|as|where) )?"
    rf"(?:{_FITTING})(?!\w)"
    r"|as (?:far|much|fully|widely) as (?:possible|practicable|feasible)"
    r"|to the (?:fullest|greatest|maximum) extent possible"
    r"|(?:in accordance|in line|in conformity|consistent) with (?:\w+ ){0,2}(?:national|domestic|respective"
    rf"|constitutional|internal) {_WORDS}{{3,60}}"
    r"|within (?:(?:the )?(?:limits|means) of )?(?:\w+ )?(?:available|existing) (?:resources|means|budgets?|funds)"
    rf"|with the (?:prior )?(?:\w+ )?(?:consent|agreement|approval) of {_WORDS}{{3,60}}"
    rf"|at the request of {_WORDS}{{3,60}}"
    r"|on a case[- ]by[- ]case basis"
    # the verb before its subject: should the Union agree, were it to ask
    rf"|(?:^|(?<=, )|(?<=; ))(?:should|were) {_SOMEBODY} {_WORDS}{{3,120}}(?=,)"
    rf"|(?<=\w )should {_SOMEBODY} {_WORDS}{{3,100}}|(?<=\w )were {_SOMEBODY} (?:\w+ ){{0,4}}to {_WORDS}{{3,100}}"
    rf"|^had {_SOMEBODY} {_WORDS}{{3,120}}(?=,)"
    r"|(?:^|(?<=, )|(?<=; ))(?:provided|providing|assuming) (?=the |it |they |there |a |all |both |this |that "
    rf"|[\w-]+ (?:is|are|has|have) ){_WORDS}{{3,100}}"
    r"|(?:subject to|provided that|providing that|assuming that|on (?:the )?condition that|contingent (?:up)?on|unless"
    r"|except where|without prejudice to|in the event (?:of|that)|in case of|if|only if|as long as|so long as"
    r"|in ?so ?far as|to the extent(?: that| possible)?|conditional (?:up)?on|pending|depending on|upon request)"
    rf"(?= |,|$)(?:(?:, [^,;.]{{3,60}},)? {_WORDS}{{3,100}})?"
    rf"|once (?:the|it|they|both|all|this|an?) {_WORDS}{{3,100}})",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?:only )?(?:if|unless|should|were|had|once|provid|assuming|in the event)", re.IGNORECASE)
"""Conditions with a verb of their own, to which a deadline within them belongs: unless it objects within a month."""


_HINTS = (
    *_FITTING.split("|"),
    *"practicable extent accordance line conformity consistent resources means budget funds consent agreement".split(),
    *"approval request case should were had provid assuming subject condition contingent unless except".split(),
    *"prejudice event if long far pending depending once".split(),
)
"""Of these one stands in every condition, to pass over a text quickly that has none."""


@lru_cache(maxsize=64)
def _found(text: str) -> tuple[tuple[int, int], ...]:
    """Where conditions begin and end; a promise is asked for them more than once."""
    low = text.lower()
    return tuple(_conditions(text)) if any(hint in low for hint in _HINTS) else ()


def _conditions(text: str) -> Iterator[tuple[int, int]]:
    for one in _CONDITION.finditer(text):
        end = one.end()
        if not _CLAUSE.match(one[0]) and (cut := set_at(one[0])):
            end = one.start() + cut
        yield one.start(), end


def conditions_of(text: str) -> tuple[str, ...]:
    """Conditions in a clause as written, in order."""
    return tuple(dict.fromkeys(text[start:end].strip() for start, end in _found(text)))


def without_conditions(text: str) -> str:
    """A clause without its conditions."""
    parts, last = [], 0
    for start, end in _found(text):
        parts.append(text[last:start])
        last = end
    return " ; ".join([*parts, text[last:]])


def is_condition(text: str) -> bool:
    """Whether a text is a condition and nothing else."""
    return _CONDITION.fullmatch(text) is not None
