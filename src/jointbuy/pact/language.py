"""Whether a text is English, by the small words it uses; what is not is refused or marked, never misread."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from jointbuy.commitments import Block, Prose
from jointbuy.errors import Problem, Unusable, Where

_SMALL: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        name: frozenset(words.split())
        for name, words in {
            "English": "the of and to in that is for with on as by this be are we our will shall which from or it an "
            "at has have not their its should may all",
            "French": "le la les des du de et à un une dans pour que qui sur par est au aux avec ce cette nous notre",
            "German": "der die das und den dem des zu in mit für auf von ein eine im ist sich nicht werden wird wir",
            "Spanish": "el la los las de del y en que un una por para con se su al es como nuestra nuestro más",
            "Italian": "il la le gli di del della e in che un una per con si al dei delle nel è nostra nostro",
            "Dutch": "de het een van en in op te dat die voor met zijn is aan door niet wij onze worden",
            "Portuguese": "o a os as de da do das dos e em que um uma por para com se ao no na nossa",
            "Polish": "i w na z do się że oraz o po nie dla przez jest od jak będą naszej",
            "Swedish": "och att det som en på är av för med den till ett vi ska inte har",
            "Danish": "og at det som en på er af for med den til et vi skal ikke har",
            "Romanian": "și de la în cu pe care a al ale din pentru să o un este vor",
            "Czech": "a v na se že je do pro s z k o jako které bude",
            "Hungarian": "a az és hogy nem is egy meg van ez vagy",
            "Finnish": "ja on ei että se joka sekä ovat myös olla",
        }.items()
    }
)
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_OTHER = re.compile(r"[^\W\d_\u0000-\u024f]")
"""A letter of another script than Latin."""
OTHER = "another language than English"
_VARIOUS = 4
"""Different small words of a language that it takes to name it."""
_ENOUGH, _LEAST = 12, 12
"""Words from which a language can be told; per cent of English small words below which a text is none."""


def language(text: str) -> str | None:
    """The language of a text; None for one too short to tell. Scripts other than Latin are told as such."""
    words = _WORD.findall(text.lower())
    if not text.isascii():
        letters = sum(map(len, words))
        if letters and len(_OTHER.findall(text)) * 2 > letters:
            return "a script other than Latin"
    if len(words) < _ENOUGH:
        return None
    counted = Counter(words)
    scores = {name: sum(counted[word] for word in small if word in counted) for name, small in _SMALL.items()}
    best = max(scores, key=lambda name: (scores[name], name == "English"))
    if best == "English" or scores["English"] * 10 >= scores[best] * 9:
        return "English" if scores["English"] * 100 >= _LEAST * len(words) else "no language that is known here"
    return best if _is_sure(best, scores, counted, len(words)) else OTHER


def _is_sure(best: str, scores: Mapping[str, int], counted: Mapping[str, int], words: int) -> bool:
    """Whether a language may be named: a fifth of the words are small ones of it, several, and of no other as many."""
    others = max(score for name, score in scores.items() if name != best)
    various = sum(word in counted for word in _SMALL[best])
    return scores[best] * 5 >= words and various >= _VARIOUS and scores[best] * 4 >= others * 5


def _in_english(sentence: str) -> bool:
    """Whether a sentence, however short, has more small words of English than of any other language."""
    words = _WORD.findall(sentence.lower())
    scores = {name: sum(word in small for word in words) for name, small in _SMALL.items()}
    return scores.pop("English") > max(scores.values())


def english(prose: Prose) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks that are English, and notes on those that are not. Raises Unusable where the whole is not."""
    whole = language(" ".join(block.text for block in prose.blocks)[:200_000])
    if whole not in {None, "English"}:
        where = Where(prose.file, prose.blocks[0].lines[0][1])
        why = "its rules are those of English; another language would be misread"
        raise Unusable(
            [Problem(f"the text looks like {whole}, and only English is read", where, why, "give its English version")]
        )
    kept, notes = [], []
    for block in prose.blocks:
        found = language(block.text)
        # A list of names has few small words: only another language, clearly told, is left out.
        if found in {None, "English", "no language that is known here"}:
            kept.append(block)
        elif any(map(_in_english, _SENTENCE.split(block.text))):
            kept.append(block)
            notes.append(
                f"{prose.unit} {block.lines[0][1]}: of a paragraph that looks like {found} "
                "its English sentences are read"
            )
        else:
            notes.append(f"{prose.unit} {block.lines[0][1]}: a paragraph that looks like {found} is not read")
    return tuple(kept), tuple(notes)
