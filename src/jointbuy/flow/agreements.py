"""Agreements beside each other, and many texts in one run; one text and the register are in `pact`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from jointbuy import law, progress
from jointbuy.agreements import Comparison, Document, Documents, Fault, Item, Reach, Side
from jointbuy.commitments import Agreement, Partnership, Reading, Register, Standing
from jointbuy.errors import JointbuyError, Limit, Unusable, did_you_mean
from jointbuy.flow.pact import Counted, parties_of, promised, read
from jointbuy.judged import Parties
from jointbuy.pact import compare, otherwise
from jointbuy.pact.areas import terms
from jointbuy.pact.register import register

TEXTS = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx"})
"""What is looked for in a folder."""
ALL = "register"
MOST = compare.MOST
_NOTHING = Counted()


# --- two ------------------------------------------------------------------------------------


def diff(first: str, second: str, counted: Counted = _NOTHING, on: date | None = None) -> Comparison:
    """Two agreements side by side: each a text, or of the register, an agreement or a partner, with @DATE on a day.

    Raises Unusable with what is wrong with a text, JointbuyError for a name that is neither, Limit for texts so long
    that their pairs would take minutes.
    """
    one, other = (_side(name, counted, on) for name in (first, second))
    if len(one.items) * len(other.items) > MOST:
        numbers = f"{len(one.items):,} and {len(other.items):,}"
        raise Limit(f"{numbers} commitments are too many to set beside each other; give parts of the texts")
    if "nothing reported" in {one.reach, other.reach}:
        # What nobody reported of one side may be in it: nothing is only in the other.
        return Comparison(one, other, (), (), (), terms().titles)
    pairs, only_first, only_second = compare.pairs(one.items, other.items)
    pairs, only_first = compare.with_lesser(pairs, only_first, other, later=True)
    pairs, only_second = compare.with_lesser(pairs, only_second, one, later=False)
    return Comparison(one, other, pairs, only_first, only_second, terms().titles)


def _side(name: str, counted: Counted, on: date | None) -> Side:
    if Path(name).is_file():
        return _text_side(name, counted)
    wanted, day = _dated(name, on)
    found = register(day)
    for agreements in (found.agreements, *((one,) for one in found.agreements)):
        if wanted.casefold() == (ALL if len(agreements) > 1 else agreements[0].id):
            return _own_side(name, found, agreements)
    partner = law.places().recognise(wanted)
    for partnership in found.partnerships:
        if wanted.casefold() == partnership.id or (partner and partnership.partner == partner):
            return _partner_side(name, found, partnership)
    raise JointbuyError(_nothing(name, found))


_REPORTED = "as reported and in our own words, not the agreement's text"


def _dated(name: str, on: date | None) -> tuple[str, date | None]:
    """A name with the day behind its @, if it has one. Raises JointbuyError for a day that is none."""
    wanted, mark, day = name.rpartition("@")
    if not mark:
        return name, on
    try:
        return wanted, date.fromisoformat(day)
    except ValueError:
        raise JointbuyError(f'"{day}" is no date; write it like {wanted}@2026-11-23') from None


def _nothing(name: str, found: Register) -> str:
    known = [ALL, *(one.id for one in found.agreements), *(one.id for one in found.partnerships)]
    near = did_you_mean(name, known) or f"of the register there are {', '.join(known)}, or a partner such as Japan"
    return f'"{name}" is no file and nothing of the register; {near}'


def _text_side(name: str, counted: Counted) -> Side:
    found = read(name, counted.terms, counted.rule, headings=counted.headings, footnotes=counted.footnotes)
    items = tuple(compare.of_promise(one, found.unit) for one in found.promises if one.commitment)
    lesser = tuple(
        replace(compare.of_promise(one, found.unit), lesser=what)
        for one in found.promises
        if (what := otherwise.lesser(one))
    )
    return Side(
        name, found.file, items, found.counts, found.digest, words=found.words, notes=found.notes, lesser=lesser
    )


def _own_side(name: str, found: Register, agreements: Sequence[Agreement]) -> Side:
    """One agreement of the register, or all, as far as it was made by the day."""
    ids = {one.id for one in agreements if one.signed <= found.on}
    items = tuple(_items(one for one in found.standings if one.commitment.agreement in ids))
    title = "; ".join(one.title for one in agreements)
    reach: Reach = "in part" if ids else "not made yet"
    return Side(name, title, items, (), found.digest, on=found.on, notes=(_REPORTED, *found.notes), reach=reach)


def _partner_side(name: str, found: Register, one: Partnership) -> Side:
    """A partnership, as far as it is reported; before it was signed there was nothing to report."""
    notes = found.notes if found.on > found.as_of else ()  # before the data end they are of Canada's agreements
    if one.on is not None and found.on < one.on:
        notes = ("not signed on that day", *notes)
        return Side(name, one.title, (), (), found.digest, on=found.on, facts=one, notes=notes, reach="not made yet")
    ids = {each.id for each in one.commitments}
    own = tuple(_items(each for each in found.standings if each.commitment.id in ids))
    items = own or tuple(compare.of_commitment(each) for each in one.commitments)
    said = _REPORTED if items else "no commitment of it was found reported; that says nothing of what it holds"
    reach: Reach = "in part" if items else "nothing reported"
    return Side(name, one.title, items, (), found.digest, on=found.on, facts=one, notes=(said, *notes), reach=reach)


def _items(standings: Iterable[Standing]) -> Iterator[Item]:
    for one in standings:
        yield compare.of_commitment(one.commitment, one.status)


# --- many -----------------------------------------------------------------------------------


def documents(paths: Sequence[Path], counted: Counted = _NOTHING, parties: Sequence[str] = ()) -> Documents:
    """What every text promises, in counts; a folder stands for the texts in it and below it.

    One faulty text stops none of the others. Only counts are kept, so that memory does not grow with the texts.
    Raises JointbuyError where there is no text at all.
    """
    given = parties_of(parties) if parties else None
    every = list(dict.fromkeys(_every(paths)))
    if not every:
        kinds = ", ".join(sorted(TEXTS))
        raise JointbuyError(f"there is no text in {', '.join(map(str, paths))}; texts are {kinds}")
    made, faults = [], []
    progress.start(len(every), "texts")
    try:
        for path, name in every:
            try:
                made.append(_document(path, name, counted, given))
            except JointbuyError as error:
                why = [str(one) for one in error.problems] if isinstance(error, Unusable) else [str(error)]
                faults.append(Fault(name, tuple(why)))
            progress.more(1)
    finally:
        progress.end()
    return Documents(tuple(made), tuple(faults), terms().titles)


def _every(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Each text with the name it goes by: below its folder, with slashes. What is named itself is one in any case."""
    for path in paths:
        if not path.is_dir():
            yield path, path.as_posix()
            continue
        inner = sorted(one for one in path.rglob("*") if one.suffix.lower() in TEXTS and one.is_file())
        for one in inner:
            yield one, one.relative_to(path).as_posix()


def _document(path: Path, name: str, counted: Counted, given: Parties | None) -> Document:
    from jointbuy.formats import prose
    from jointbuy.pact.scores import legalization

    found: Reading = promised(prose.read(path), counted, given)
    made = [one for one in found.promises if one.commitment]
    by = Counter((one.area or "", one.strength) for one in made)
    precise = Counter(legalization(one).precision for one in made)
    return Document(
        name,
        found.digest,
        found.words,
        found.sentences,
        len(made),
        tuple(sorted(by.items())),
        tuple(sorted(precise.items())),
        found.counts,
        found.notes,
    )
