"""How often a term occurs, by an exact rule that is stated with the number (docs/pact.md)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from jointbuy.commitments import Block, Count, Place, Rule

_SAME = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "\u00a0": " "})


def count(
    blocks: Sequence[Block], term: str, rule: Rule = "word", *, headings: bool = True, footnotes: bool = True
) -> Count:
    """Occurrences of a term that do not overlap; capitals do not matter, white space within a term is any white space.

    `word`: the term stands between signs that are no letter, digit or underscore. `stem`: only in front of it such a
    sign stands. `substring`: anywhere. A hyphen is a sign: `cyber` as a word is in cyber-attack, not in cyberspace.
    Raises ValueError for a term without a letter or digit.
    """
    wanted = term.translate(_SAME).split()
    if not any(sign.isalnum() for sign in term):
        raise ValueError(f'"{term}" is no term')
    inner = r"\s+".join(re.escape(word) for word in wanted)
    pattern = re.compile(
        {"word": rf"(?<!\w){inner}(?!\w)", "stem": rf"(?<!\w){inner}", "substring": inner}[rule], re.IGNORECASE
    )
    lines: list[int] = []
    places: Counter[Place] = Counter()
    for block in blocks:
        if (block.place == "heading" and not headings) or (block.place == "footnote" and not footnotes):
            continue
        starts = [start for start, _ in block.lines]
        for found in pattern.finditer(block.text.translate(_SAME)):
            lines.append(block.lines[max(0, bisect_right(starts, found.start()) - 1)][1])
            places[block.place] += 1
    return Count(
        " ".join(term.split()), rule, headings, footnotes, len(lines), tuple(sorted(places.items())), tuple(lines)
    )
