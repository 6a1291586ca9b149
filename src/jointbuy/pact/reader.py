"""A text's promises: who, what, how firmly, when, on what conditions; every answer with the words that were matched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from jointbuy import progress
from jointbuy.collector import resting
from jointbuy.commitments import Promise, Prose, Reading, Sentence
from jointbuy.pact.actors import SPEAKERS, Word, words_of
from jointbuy.pact.amounts import amounts_of, frequency_of
from jointbuy.pact.areas import Theme, area_of, terms
from jointbuy.pact.chains import Clause
from jointbuy.pact.conditions import conditions_of, without_conditions
from jointbuy.pact.deadlines import deadline_of, due_of
from jointbuy.pact.declared import noun
from jointbuy.pact.embedded import claimant, foreign, may_be_foreign, speaker
from jointbuy.pact.grammar import clauses
from jointbuy.pact.inline import Piece, pieces
from jointbuy.pact.language import english
from jointbuy.pact.parties import first_named
from jointbuy.pact.sentences import LONGEST, cuts, introduces, sentences
from jointbuy.pact.series import in_series, shared
from jointbuy.pact.strength import PROMISES, base


@resting()
def read(prose: Prose) -> Reading:
    """What a text promises, in order. Raises Unusable where it is not English."""
    blocks, notes = english(prose)
    every = tuple(sentences(blocks))
    with progress.part(len(every), "sentences"):
        promises = _in_our_voice(tuple(_numbered(every)))
    words = sum(len(block.text.split()) for block in blocks)
    told = list(_foreign(every, promises, prose.unit))
    said = [*prose.notes, *notes, *told]
    if places := cuts(every):
        said.append(
            f"cut in {places:,} places, where a sentence is over {LONGEST:,} signs long; one may be missed there"
        )
    return Reading(prose.file, prose.digest, words, len(every), promises, (), terms().titles, tuple(said), prose.unit)


def _foreign(every: Sequence[Sentence], promises: Sequence[Promise], unit: str) -> Iterator[str]:
    """Notes on sentences with `will` that are in another language, or may be and in which nothing was found."""
    heard = {id(one.sentence) for one in promises}
    for one in every:
        sure = foreign(words_of(one.text)) if " will " in one.text and may_be_foreign(one.text) else 0
        if sure > 1:
            yield f"{unit} {one.line}: a sentence in another language is not read"
        elif sure and id(one) not in heard:
            yield f"{unit} {one.line}: a sentence that may be in another language; nothing was found in it"


def _in_our_voice(promises: tuple[Promise, ...]) -> tuple[Promise, ...]:
    """Where a text speaks as `we`, what somebody else must do is asked of them, not promised."""
    ours = sum((one.actor or "").lower() in SPEAKERS for one in promises)
    if ours * 4 < len(promises):
        return promises
    return tuple(
        replace(one, strength="called", commitment=False)
        if one.words[0].lower() == "must" and one.commitment and (one.actor or "").lower() not in SPEAKERS
        else one
        for one in promises
    )


def stems(every: Iterable[Sentence]) -> Iterator[tuple[str, Sentence]]:
    """Each sentence that is no heading, with what the ids of its promises begin with: p12.3."""
    paragraph, count = 0, 0
    for sentence in every:
        if sentence.place != "heading":
            count = count + 1 if sentence.paragraph == paragraph else 1
            paragraph = sentence.paragraph
            yield f"p{paragraph}.{count}", sentence


def _numbered(every: Sequence[Sentence]) -> Iterator[Promise]:
    """The promises of all sentences; an id is paragraph, sentence and place in it."""
    before, spoke, theme = 0, None, Theme(())
    follows = {id(one): following for one, following in pairwise(every)}
    for stem, sentence in stems(every):
        progress.more(1)
        following = follows.get(id(sentence))
        led = following is not None and following.lead and introduces(sentence.text)
        if sentence.paragraph != before:
            before, spoke, theme = sentence.paragraph, None, Theme(sentence.above)
        # What introduces a list is told by its items.
        found = [] if led else promises_of(sentence, spoke, stem, theme)
        spoke = asked(found) or next((one.meant for one in found if one.meant and not one.quoted), spoke)
        yield from found
        theme.add(sentence.text)


def asked(found: Sequence[Promise]) -> str | None:
    """Of whom a sentence in our voice speaks, for the pronoun of the next: We call on Russia to go. It must go."""
    only = found[-1] if found else None
    if only is None or only.strength != "called" or (only.actor or "").lower() not in SPEAKERS:
        return None
    return first_named(only.object)


def promises_of(
    sentence: Sentence, spoke: str | None = None, stem: str = "p1.1", theme: Theme | None = None
) -> list[Promise]:
    """What one sentence promises; `spoke` is who acted in the sentence before, whom a pronoun may stand for."""
    found: list[Promise] = []
    number = 0
    for at, piece in enumerate(pieces(sentence.text)):
        words = words_of(piece.text)
        lead, first = max(sentence.lead, piece.lead), True
        for clause in clauses(words):
            end = words[clause.end - 1].end
            if at and end <= piece.head:
                continue  # told with the first item
            # What stands wholly in the lead of a list is told by its items.
            if not (sentence.lead and end <= sentence.lead):
                name = f"{stem}{letter(number)}"
                found.append(_promise(sentence, piece, words, clause, spoke, name, lead, theme, whole=first))
                first = False
            number += 1
    return found


def letter(number: int) -> str:
    """The letter of the verb with a number from 0: a to z, then aa, ab."""
    return (letter(number // 26 - 1) if number > 25 else "") + chr(97 + number % 26)


def _promise(
    sentence: Sentence,
    piece: Piece,
    words: Sequence[Word],
    clause: Clause,
    spoke: str | None,
    name: str,
    lead: int,
    theme: Theme | None,
    *,
    whole: bool,
) -> Promise:
    """One promise; `whole` takes in what stands in front of its clause, `lead` of the signs introduce a list."""
    text, subject = piece.text, clause.subject
    series = in_series(clause)
    first = words[clause.start if series else min(clause.start, clause.chain[0])].start
    last = words[clause.end - 1].end
    if whole:
        first = 0  # what stands in front of the first clause belongs to it: By 2030, where possible, we will
    span = text[first:last]
    behind = text[words[clause.verb].end : last].strip(' ,;:.”“"')
    actor = text[words[subject.start].start : words[subject.end - 1].end] if subject and subject.agent else None
    verb, said, free = words[clause.verb], clause.modality == "statement", without_conditions(span)
    # What an item says of time goes before what the words say that introduce its list.
    own = without_conditions(text[lead:last]) if lead > first else ""
    deadline = deadline_of(own, verb.text, said=said) if own else None
    deadline = deadline or deadline_of(free, verb.text, said=said)
    again = base(words[clause.chain[0]].low) == "recommit" or noun(words, clause.chain[0]) is not None
    restated = clause.strength == "restated" and again and not clause.negated
    undertakes = clause.strength in PROMISES and clause.modality in {"obligation", "prohibition"}
    return Promise(
        id=name,
        sentence=sentence,
        actor=actor,
        meant=_meant(sentence, clause, actor, _of_himself(text, words, clause) or spoke, piece.place(verb.start)),
        verb=verb.text,
        modality=clause.modality,
        strength=clause.strength,
        commitment=(actor is not None and (undertakes or restated)) or (clause.unnamed and undertakes),
        object=behind,
        area=area_of(f"{verb.text} {behind}", text, theme=theme),
        deadline=deadline,
        conditions=conditions_of(span),
        negated=clause.negated,
        quoted=any(start <= piece.place(verb.start) < end for start, end in sentence.quoted),
        words=tuple(words[at].text for at in clause.chain),
        due=due_of(deadline) if deadline else None,
        amounts=amounts_of(free),
        frequency=frequency_of(free),
        clause=_own(piece, words, clause, span, whole=whole),
    )


def _meant(sentence: Sentence, clause: Clause, actor: str | None, spoke: str | None, at: int) -> str | None:
    """Whom an actor stands for: who speaks within quotation marks, who acted before a pronoun; `it` is never `we`."""
    if actor is None or clause.subject is None:
        return actor
    if actor.lower() in SPEAKERS and (said := speaker(sentence.text, sentence.quoted, at)):
        return said
    if actor.lower() == "our":  # our goal is to
        return "we"
    plural = spoke is not None and spoke.lower() in SPEAKERS and clause.subject.head.lower() != "they"
    return spoke if clause.subject.pronoun and spoke and not plural else actor


def _of_himself(text: str, words: Sequence[Word], clause: Clause) -> str | None:
    """Who says of himself what a pronoun will do: Russia said that it will."""
    who = claimant(words, clause.subject) if clause.subject else None
    return text[words[who[0]].start : words[who[1] - 1].end] if who else None


def _own(piece: Piece, words: Sequence[Word], clause: Clause, span: str, *, whole: bool) -> str:
    """The words of a promise, behind those that it shares with others in its sentence: We will … share data."""
    own, first, end = span.strip(" ,;"), 0, 0
    if not whole and in_series(clause):
        first, end = shared(words, clause)
    elif not whole and clause.subject and clause.subject.end <= clause.start:
        first, end = clause.subject.start, clause.subject.end
    return f"{piece.text[words[first].start : words[end - 1].end]} … {own}" if end else own
