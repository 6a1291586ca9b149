"""What a person says in place of the reader, laid over what was read; nothing that a person said is ever lost."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from jointbuy.commitments import Promise, Prose, Sentence
from jointbuy.judged import Overruled, Overruling, Part, Unmet
from jointbuy.pact.areas import area_of
from jointbuy.pact.language import english
from jointbuy.pact.reader import stems
from jointbuy.pact.sentences import sentences

_SHOWN = 5
ADDED = "+"
"""Between the id of a sentence and the number of what a person adds to it: p12.3+1."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def key(text: str) -> str:
    """What a sentence is known by in a file of overrulings."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def silent(text: Prose, promises: Sequence[Promise]) -> tuple[Promise, ...]:
    """For each sentence in which the reader found no verb, a promise that says nothing, for a person to fill in.

    Its id is that of the sentence.
    """
    spoken = {(one.sentence.paragraph, one.sentence.text) for one in promises}
    return tuple(
        _silent(stem, one)
        for stem, one in stems(sentences(english(text)[0]))
        if (one.paragraph, one.text) not in spoken
    )


def _silent(name: str, one: Sentence) -> Promise:
    area = area_of(one.text)
    return Promise(
        name, one, None, None, "", "statement", "stated", False, one.text, area, None, (), False, False, ()
    )  # fmt: skip


class _Known(NamedTuple):
    """A text's promises by what an entry may name: places by id, by sentence and verb; sentences by key, by stem."""

    ids: Mapping[str, int]
    verbs: Mapping[tuple[str, str], Sequence[int]]
    sentences: Mapping[str, Sequence[str]]
    """The stems of the sentences of each key, each once."""
    keys: Mapping[str, str]
    """The key of the sentence of each stem."""


def _known(promises: Sequence[Promise]) -> _Known:
    verbs: dict[tuple[str, str], list[int]] = defaultdict(list)
    stems_of: dict[str, list[str]] = defaultdict(list)
    keys: dict[str, str] = {}
    for place, one in enumerate(promises):
        name, stem = key(one.sentence.text), _stem(one.id)
        verbs[name, _verb(one.id)].append(place)
        if stem not in keys:
            keys[stem] = name
            stems_of[name].append(stem)
    return _Known({one.id: at for at, one in enumerate(promises)}, verbs, stems_of, keys)


def applied(
    promises: Sequence[Promise], overrulings: Sequence[Overruling]
) -> tuple[tuple[Promise, ...], tuple[Overruled, ...], tuple[Unmet, ...]]:
    """The promises as a person has them, what was changed or added, and what no longer fits.

    An entry fits where id and sentence are as they were. Where paragraphs moved, the same sentence fits if it stands
    once, by the place of the verb in it. Of two entries for one promise neither is taken. `promises` has at least one
    of every sentence (`silent`); what a person adds stands behind those of its sentence.
    """
    known = _known(promises)
    met: dict[str, list[Overruling]] = defaultdict(list)
    unmet = []
    for entry in overrulings:
        name = _added_to(entry, known) if _is_added(entry.id) else _meant(entry, known, promises)
        if name:
            met[name].append(entry)
        else:
            unmet.append(Unmet(entry, _why(entry, known, promises)))
    made, changed = dict[str, Promise](), []
    for name, entries in met.items():
        if len(entries) > 1:
            lines = ", ".join(str(one.where.line) for one in entries[:_SHOWN]) + (" …" if len(entries) > _SHOWN else "")
            unmet += [Unmet(one, f"lines {lines} speak of the same promise; keep one") for one in entries]
            continue
        entry, was = entries[0], known.ids.get(name)
        before = promises[was] if was is not None else _blank(name, promises)
        made[name] = _changed(before, entry)
        said = tuple((part, _is(before, part)) for part, _ in entry.says) if was is not None else ()
        changed.append(Overruled(entry, name, said))
    unmet.sort(key=lambda one: one.by.where.line or 0)
    every = tuple(_in_order(promises, made))
    places = {one.id: at for at, one in enumerate(every)}
    return every, tuple(sorted(changed, key=lambda one: places[one.id])), tuple(unmet)


def _in_order(promises: Sequence[Promise], made: Mapping[str, Promise]) -> Iterator[Promise]:
    """The promises, changed where a person says so, and behind those of each sentence what was added to it."""
    added: dict[str, list[str]] = defaultdict(list)
    for name in sorted((one for one in made if _is_added(one)), key=lambda one: int(one.partition(ADDED)[2])):
        added[_stem(name)].append(name)
    for one, following in zip(promises, [*promises[1:], None], strict=True):
        yield made.get(one.id, one)
        if following is None or _stem(following.id) != _stem(one.id):
            yield from (made[name] for name in added[_stem(one.id)])


def _meant(entry: Overruling, known: _Known, promises: Sequence[Promise]) -> str:
    """The id of the promise that an entry judges; "" where it fits none."""
    at = known.ids.get(entry.id)
    if at is not None and key(promises[at].sentence.text) == entry.sentence:
        return entry.id
    again = known.verbs.get((entry.sentence, _verb(entry.id)), ())
    return promises[again[0]].id if len(again) == 1 else ""


def _added_to(entry: Overruling, known: _Known) -> str:
    """The id of what an entry adds to its sentence, wherever that stands now; "" where it stands nowhere or twice."""
    stem, _, number = entry.id.partition(ADDED)
    if known.keys.get(stem) == entry.sentence:
        return entry.id
    now = known.sentences.get(entry.sentence, ())
    return f"{now[0]}{ADDED}{number}" if len(now) == 1 else ""


def _blank(name: str, promises: Sequence[Promise]) -> Promise:
    """A promise that says nothing yet, of the sentence that an id names."""
    stem = _stem(name)
    sentence = next(one.sentence for one in promises if _stem(one.id) == stem)
    return _silent(name, sentence)


def _is_added(name: str) -> bool:
    return ADDED in name


def _stem(name: str) -> str:
    """The id of the sentence that a promise stands in."""
    return name.partition(ADDED)[0].rstrip(_LETTERS)


def _verb(name: str) -> str:
    """The letters that tell the verbs of a sentence apart; "" of a sentence without a verb."""
    return name.lstrip("p0123456789.")


def _why(entry: Overruling, known: _Known, promises: Sequence[Promise]) -> str:
    """Why an entry fits nothing: its sentence is gone, stands several times, or has no such verb."""
    again = known.sentences.get(entry.sentence, ())
    stem = _stem(entry.id)
    if not again:
        return "the sentence there reads otherwise now" if stem in known.keys else "there is no such sentence any more"
    if len(again) > 1 and known.keys.get(stem) != entry.sentence:
        return f"its sentence stands {len(again)} times, none of them where it was"
    now = stem if stem in again else again[0]
    verbs = [_verb(one.id) for one in promises if _stem(one.id) == now and one.words]
    has = f"the verbs {', '.join(verbs)}" if len(verbs) > 1 else f"the verb {verbs[0]}" if verbs else "no verb"
    return f"its sentence, {now}, has {has}; a promise is added to it as {now}{ADDED}1"


def _is(one: Promise, part: Part) -> str:
    value = getattr(one, part)
    return ("yes" if value else "no") if part == "commitment" else value or ""


def _changed(one: Promise, entry: Overruling) -> Promise:
    """The promise with what the person says; who is named as actor is also whom it means."""
    said: dict[str, Any] = dict(entry.says)
    if "commitment" in said:
        said["commitment"] = said["commitment"] == "yes"
    if "actor" in said:
        said["actor"] = said["meant"] = said["actor"] or None
    if "area" in said:
        said["area"] = said["area"] or None
    return replace(one, **said)
