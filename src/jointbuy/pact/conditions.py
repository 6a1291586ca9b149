"""What holds a promise back: conditions as written, also those of inverted clauses (should the Union agree)."""

from __future__ import annotations

import re

_FITTING = "appropriate|necessary|needed|possible|feasible|required|relevant|applicable|warranted|desired"
_SOMEBODY = r"(?:the|a|an|any|either|one|both|no|it|they|he|she|we|this|that|these|those|such|another|(?-i:[A-Z])\w*)"
_CONDITION = re.compile(
    rf"\b(?:(?:where|when|if|wherever|whenever|(?<!soon )(?<!much )(?<!far )as) (?:and (?:when|as|where) )?(?:{_FITTING})(?!\w)"
    r"|as (?:far|much|fully|widely) as (?:possible|practicable|feasible)|to the (?:fullest|greatest|maximum) extent possible"
    r"|(?:in accordance|in line|in conformity|consistent) with (?:\w+ ){0,2}(?:national|domestic|respective|constitutional"
    r"|internal) [^,;.]{3,60}"
    r"|within (?:(?:the )?(?:limits|means) of )?(?:\w+ )?(?:available|existing) (?:resources|means|budgets?|funds|funding)"
    r"|on a case[- ]by[- ]case basis"
    rf"|(?:^|(?<=, )|(?<=; ))(?:should|were) {_SOMEBODY} [^,;.]{{3,120}}(?=,)"
    rf"|(?<=\w )should {_SOMEBODY} [^,;.]{{3,100}}|(?<=\w )were {_SOMEBODY} (?:\w+ ){{0,4}}to [^,;.]{{3,100}}"
    rf"|^had {_SOMEBODY} [^,;.]{{3,120}}(?=,)"
    r"|(?:^|(?<=, )|(?<=; ))(?:provided|providing|assuming) (?=the |it |they |there |a |all |both |this |that |[\w-]+ (?:is|are|has|have) )[^,;.]{3,100}"
    r"|(?:subject to|provided that|providing that|assuming that|on (?:the )?condition that|contingent (?:up)?on|unless"
    r"|except where|without prejudice to|in the event (?:of|that)|in case of|if|only if|as long as|so long as|in ?so ?far as"
    r"|to the extent(?: that| possible)?|conditional (?:up)?on|pending|depending on|upon request)(?= |,|$)(?: [^,;.]{3,100})?"
    r"|once (?:the|it|they|both|all|this|an?) [^,;.]{3,100})",
    re.IGNORECASE,
)


def conditions_of(text: str) -> tuple[str, ...]:
    """Conditions in a clause as written, in order."""
    return tuple(dict.fromkeys(one[0].strip() for one in _CONDITION.finditer(text)))


def without_conditions(text: str) -> str:
    """A clause without its conditions."""
    return _CONDITION.sub(" ; ", text)


def is_condition(text: str) -> bool:
    """Whether a text is a condition and nothing else."""
    return _CONDITION.fullmatch(text) is not None
