"""What holds a promise back: conditions as written, also those of inverted clauses (should the Union agree)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from jointbuy.pact.deadlines import set_at
from jointbuy.pact.hints import has_one

_FITTING = (
    "appropriate|necessary|needed|possible|feasible|required|relevant|applicable|warranted|desired|asked"
    "|requested|invited"
)
_SOMEBODY = r"(?:the|a|an|any|either|one|both|no|it|they|he|she|we|this|that|these|those|such|another|(?-i:[A-Z])\w*)"
_WORDS = r"(?:[^,;.]|\.(?=\d))"
"""What a condition goes on with: all but the signs that end it; 1.5 has none."""
_LEVIED = r" (?:(?!the )[\w%.-]+ ){0,4}(?:tariffs?|duty|duties|taxes|levies|quotas|sanctions|actions)\b"
"""What goods are subject to, which is no condition of a promise."""
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
    rf"|(?:^|(?<=, )|(?<=; ))(?:should|were) (?:{_SOMEBODY}|[a-z]+s) {_WORDS}{{3,120}}(?=,)"
    rf"|(?<=\w )should {_SOMEBODY} {_WORDS}{{3,100}}|(?<=\w )were {_SOMEBODY} (?:\w+ ){{0,4}}to {_WORDS}{{3,100}}"
    rf"|^had {_SOMEBODY} {_WORDS}{{3,120}}(?=,)"
    r"|(?:^|(?<=, )|(?<=; ))(?:provided|providing|assuming) (?=the |it |they |there |a |all |both |this |that "
    rf"|[\w-]+ (?:is|are|has|have) ){_WORDS}{{3,100}}"
    rf"|(?:subject to(?!{_LEVIED})"
    r"|provided that|providing that|assuming that|on (?:the )?condition that|contingent (?:up)?on"
    r"|unless"
    r"|except (?:where|as)|without prejudice to|in the event (?:of|that)|in case of|if|only if|(?:for )?as long as"
    r"|so long as|on the (?:understanding|condition) that"
    r"|without the (?:prior )?(?:\w+ )?(?:consent|agreement|approval) of"
    r"|in ?so ?far as|to the extent(?: that| possible)?|conditional (?:up)?on|pending|depending on|upon request)"
    rf"(?= |,|$)(?:(?:, [^,;.]{{3,60}},)? {_WORDS}{{3,100}})?"
    # what must come first: once ratified, when the Council adopts it, after it has been signed
    rf"|(?<!at )once (?!again|more|every|per |in |an? (?:year|month|week|day|quarter|decade))\w{_WORDS}{{3,160}}"
    rf"|(?:^|(?<=, )|(?<=; ))(?:if and )?when(?:ever)? (?!{_WORDS}{{0,120}}\b(?:met|was|were|had)\b){_SOMEBODY}"
    rf" {_WORDS}{{3,160}}(?=,)"
    rf"|(?:^|(?<=, )|(?<=; ))after (?:{_SOMEBODY}|\w+) {_WORDS}{{0,120}}?\b(?:is|are|has been|have been)"
    rf" {_WORDS}{{3,120}}(?=,)"
    rf"|(?<=\w )after {_SOMEBODY} {_WORDS}{{0,80}}?\b(?:is|are|has been|have been) \w+(?:ed|en)\b"
    rf"{_WORDS}{{0,80}}"
    rf"|as soon as (?!possible|practicable|feasible){_SOMEBODY} {_WORDS}{{3,120}}"
    rf"|upon (?:the |its |their )?(?:ratification|approval|adoption|accession|completion|receipt)\b{_WORDS}{{0,100}}"
    rf"|(?:circumstances|conditions|resources|funds|budgets?|time|weather) permitting"
    rf"|(?:^|(?<=, ))(?:failing|barring) {_WORDS}{{3,80}})",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"(?:only )?(?:if|unless|should|were|had|once|when|after|as soon|upon|provid|assuming|in the event)", re.IGNORECASE
)
"""Conditions with a verb of their own, to which a deadline within them belongs: unless it objects within a month."""


_HINTS = (
    *_FITTING.split("|"),
    *"practicable extent accordance line conformity consistent resources means budget funds consent agreement".split(),
    *"approval request case should were had provid assuming subject condition contingent unless except".split(),
    *"prejudice event if long far pending depending once when after soon upon understanding without permitting".split(),
    *"failing barring".split(),
)
"""Of these one stands in every condition, to pass over a text quickly that has none."""


@lru_cache(maxsize=64)
def _found(text: str) -> tuple[tuple[int, int], ...]:
    """Where conditions begin and end; a promise is asked for them more than once."""
    return tuple(_conditions(text)) if has_one(text, _HINTS) else ()


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
