"""What a person says in place of the reader, laid over what was read; nothing that a person said is ever lost."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from jointbuy.commitments import Promise, Prose
from jointbuy.judged import Overruled, Overruling, Part, Unmet
from jointbuy.pact.language import english
from jointbuy.pact.reader import area_of, stems
from jointbuy.pact.sentences import sentences

_SHOWN = 5


def key(text: str) -> str:
    """What a sentence is known by in a file of overrulings."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def silent(text: Prose, promises: Sequence[Promise]) -> tuple[Promise, ...]:
    """For each sentence in which the reader found no verb, a promise that says nothing, for a person to fill in.

    Its id is that of the sentence.
    """
    spoken = {(one.sentence.paragraph, one.sentence.text) for one in promises}
    return tuple(
        Promise(
            stem,
            one,
            None,
            None,
            "",
            "statement",
            "stated",
            False,
            one.text,
            area_of(one.text),
            None,
            (),
            False,
            False,
            (),
        )
        for stem, one in stems(sentences(english(text)[0]))
        if (one.paragraph, one.text) not in spoken
    )


def applied(
    promises: Sequence[Promise], overrulings: Sequence[Overruling]
) -> tuple[tuple[Promise, ...], tuple[Overruled, ...], tuple[Unmet, ...]]:
    """The promises as a person has them, what was changed, and what no longer fits.

    An entry fits where id and sentence are as they were. Where paragraphs moved, the same sentence fits if it stands
    once, by the place of the verb in it. Of two entries for one promise neither is taken.
    """
    known = {one.id: at for at, one in enumerate(promises)}
    keys = [key(one.sentence.text) for one in promises]
    same: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(promises):
        same[keys[place], _verb(one.id)].append(place)
    met: dict[int, list[Overruling]] = defaultdict(list)
    unmet = []
    for entry in overrulings:
        at = known.get(entry.id)
        again = same.get((entry.sentence, _verb(entry.id)), [])
        if at is not None and keys[at] == entry.sentence:
            met[at].append(entry)
        elif len(again) == 1:
            met[again[0]].append(entry)
        else:
            unmet.append(Unmet(entry, _why(len(again), at is not None)))
    made, changed = list(promises), []
    for place, entries in sorted(met.items()):
        if len(entries) > 1:
            lines = ", ".join(str(one.where.line) for one in entries[:_SHOWN]) + (" …" if len(entries) > _SHOWN else "")
            unmet += [Unmet(one, f"lines {lines} speak of the same promise; keep one") for one in entries]
            continue
        made[place] = _changed(promises[place], entries[0])
        before = tuple((part, _is(promises[place], part)) for part, _ in entries[0].says)
        changed.append(Overruled(entries[0], promises[place].id, before))
    unmet.sort(key=lambda one: one.by.where.line or 0)
    return tuple(made), tuple(changed), tuple(unmet)


def _verb(name: str) -> str:
    """The letter that tells the verbs of a sentence apart; "" of a sentence without a verb."""
    return name.lstrip("p0123456789.")


def _why(again: int, there: bool) -> str:
    if again:
        return f"its sentence stands {again} times, none of them where it was"
    return "the sentence there reads otherwise now" if there else "there is no such sentence any more"


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
