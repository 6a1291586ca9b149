"""The texts of the pages on agreements, by their key, and how scores are said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from jointbuy.agreements import Comparison, Item, Reach, Side
from jointbuy.commitments import Basis, Promise, Reading, Register, Standing
from jointbuy.judged import Compliance, Legalization, Overruled, Overruling

REPORTED = (
    "Verbs are as reported: neither full text was at hand. Where none was reported, how firm it is was not either. No "
    "evidence found does not mean not done."
)
COMPLIANCE = (
    "Compliance after the G7 and G20 Research Groups: 1 complied, 0 in part or under way, -1 not; per cent is (x + "
    "1) / 2. It follows from the status: explored is complied with from under way on, effort from concluded, "
    "intended from signed, firm and bound from provisionally applied; lapsed and contradicted are -1. Where no "
    "evidence was found there is no score, where the manual gives -1; nor where no verb was reported. Views and calls "
    "on others are no commitments. Where fewer than half have a score there is no average: it would tell of those "
    "that make news."
)
LEGALIZATION = (
    "Legalization after Abbott and others (2000), as obligation / precision / delegation. Obligation follows from "
    "the rung: bound is high, firm and intended medium, effort and what is said again low, the others none; "
)
LEGAL_REGISTER = LEGALIZATION + (
    "of an instrument that binds nobody in law, low at the most; not reported where no verb was. Precision is high "
    "with a deadline and an amount, medium with one of them, otherwise low; delegation is that of who was reported to "
    "judge or carry it out. Neither deadline nor amount nor such a body was reported of any."
)
LEGAL_TEXT = LEGALIZATION + (
    "a step lower under a condition. Whether the instrument binds is not in its words: if it binds nobody, take "
    "low at the most. Precision: high with a day and an amount, medium with one of them, otherwise low. "
    "Delegation: high to a court or an arbiter, medium to somebody apart from the parties, low to a body of theirs."
)
MATCHED = (
    "Two commitments are taken for one where the sentence and the verb are the same, or where their area is the "
    "same and their objects share two words or more: half of the words of the shorter one where the verb is the "
    "same or not reported, two thirds where it is not; in different areas three words or more, and all of the "
    "shorter one."
)
_FEW = 6
"""Scores that are named one by one at the most."""
PACT: Mapping[str, str] = {
    "timeline": "What has happened",
    "timeline title": "Events by date and kind",
    "timeline caption": "Events; the number is that in the picture",
    "areas": "Areas by rung",
    "areas title": "Commitments by area and rung",
    "areas caption": "Commitments by area and rung",
    "commitments": "Commitments",
    "scores": "Scores",
    "family": "Others of the family",
    "family caption": "Security and Defence Partnerships of the Union; commitments where any was reported",
    "terms": "How often",
    "terms caption": "Occurrences of each term by its rule",
    "overruled": "What a person says otherwise",
    "overruled caption": "Overruled; what the reader had said stands beside it",
    "unmet caption": "No longer fits the text; changes nothing, and stays in its file",
    "others": "Found, and no commitment",
    "outside": "What others are told to do",
    "outside caption": "The actor is no party to the text, so that this is no commitment of its",
    "sides": "The two",
    "sides caption": "What stands side by side",
    "pairs": "In both",
    "pairs caption": "Commitments that speak of the same",
    "only first": "Of the first",
    "only second": "Of the second",
    "numbers": "The numbers as a table (empty: none)",
    "method": "How they are scored",
    "basis": "What they build on",
    "basis caption": "As reported",
    "year": "Year",
    "documents": "Texts",
    "documents caption": "Commitments of each text by rung",
    "faults": "Not read",
    "notes": "Notes",
    "id": "Id",
    "no": "No.",
    "day": "Day",
    "kind": "Kind",
    "what": "What",
    "touches": "Touches",
    "confidence": "Confidence",
    "source": "Source",
    "area": "Area",
    "verb": "Verb as reported",
    "rung": "Rung",
    "status": "Status",
    "compliance": "Compliance",
    "law": "Law",
    "with": "With",
    "signed": "Signed",
    "remark": "Remark",
    "reported": "Commitments reported",
    "line": "Id, place",
    "who": "Who",
    "held": "By when, if; whether denied",
    "matched": "Words matched",
    "of": "Part of",
    "term": "Term",
    "count": "Times",
    "first count": "First",
    "second count": "Second",
    "rule": "Counted",
    "was": "The reader said",
    "says": "A person says",
    "by": "Who and why",
    "why": "Why",
    "first": "First",
    "second": "Second",
    "differs": "Second is",
    "alike": "Words in both",
    "text": "Text",
    "words": "Words",
    "all": "Commitments",
}


def no_commitment(one: Promise) -> str:
    """As what a verb was found that is no commitment."""
    if one.modality == "permission":
        return "permitted"
    if one.modality == "statement" and one.negated:
        return "denied"
    if one.strength in _NO_PROMISE:
        return _NO_PROMISE[one.strength]
    return "nobody acts" if one.actor is None else "other"


_NO_PROMISE: Mapping[str, str] = {"called": "asked of others", "restated": "said again", "stated": "a view"}
NO_COMMITMENT = ("permitted", "denied", *_NO_PROMISE.values(), "nobody acts", "other")
"""In the order in which they are listed."""


def standing(one: Standing) -> str:
    """The status of a commitment, with the event that decided."""
    return one.status + (f" ({one.because.id})" if one.because else "")


def scored(one: Compliance) -> str:
    """A score of compliance, or that there is none."""
    return "not scored" if one.score is None else f"{one.score:+d}".replace("+0", "0")


def law(one: Legalization | None) -> str:
    """Obligation, precision and delegation."""
    return f"{one.obligation} / {one.precision} / {one.delegation}" if one else ""


def per_cent(score: Fraction) -> str:
    """A score of compliance from -1 to 1 as the research groups print it."""
    return f"{round((score + 1) / 2 * 100)} %"


def decimals(score: Fraction) -> str:
    """A score with two decimals and its sign."""
    hundredths = round(score * 100)
    return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02}"


def average(found: Register) -> str:
    """Scores together, of how many, and how far the missing ones could move them."""
    one = found.average
    views = len(found.standings) - one.of - one.unreported
    beside = (
        f"Beside them, {one.unreported} have no reported verb and {views} {'is a view' if views == 1 else 'are views'}."
    )
    if not one.scored:
        return f"None of {one.of} commitments can be scored yet. {beside}"
    scores = [(each.commitment.id, each.compliance) for each in found.standings if each.compliance.score is not None]
    which = f" ({', '.join(f'{name} {scored(each)}' for name, each in scores)})" if len(scores) <= _FEW else ""
    told = "too few for an average"
    if one.mean is not None:
        told = f"{decimals(one.mean)} on average, {per_cent(one.mean)}"
    return (
        f"{one.scored} of {one.of} commitments can be scored{which}: {told}. With all others at -1 the average "
        f"would be {decimals(one.low)}, with all at 1 it would be {decimals(one.high)}. {beside}"
    )


def summary(found: Register) -> str:
    """The register in a sentence or two."""
    if all(one.status == "not yet made" for one in found.standings):
        return found.notes[0]
    moved = sum(one.because is not None for one in found.standings)
    return (
        f"{len(found.standings)} commitments, as reported; of {moved} an event shows how far they have come, of the "
        f"others none was found that does. {average(found)}"
    )


def whose(found: Reading) -> str:
    """Whose text it is, and how that is known."""
    one = found.parties
    if one is None or not one.names:
        return f"Parties: {one.how if one else 'not told'}."
    return f"Parties: {', '.join(one.names)} ({one.how})."


def says(entry: Overruling) -> str:
    """What a person says of a promise."""
    return ", ".join(f"{part}: {value or 'none'}" for part, value in entry.says)


def said(one: Overruled) -> str:
    """What the reader had said of it."""
    return ", ".join(f"{part}: {value or 'none'}" for part, value in one.before) or "nothing, it is added"


def now(one: Overruled) -> str:
    """The id of what was overruled, with the one by which it was judged where that is another by now."""
    return one.id if one.id == one.by.id else f"{one.id} (judged as {one.by.id})"


def by(entry: Overruling) -> str:
    """Who overruled, why, and where that stands."""
    return f"{entry.who}: {entry.reason} ({entry.where})"


def basis(one: Basis) -> str:
    """What the agreements build on."""
    year = f" of {one.year}" if one.year else ""
    return f"{one.title}{year} ({one.source}; confidence {one.confidence})"


# --- two side by side -----------------------------------------------------------------------

_ALONE: Mapping[Reach, str] = {
    "whole": "Only in the {one}",
    "in part": "In the {one}; not reported of the {other}",
    "not made yet": "In the {one}; the {other} had not been made on its day",
}


def alone(found: Comparison) -> Iterator[tuple[str, str, Sequence[Item]]]:
    """What stands beside nothing: its key, what that means by how much is known of the other side, the commitments."""
    if unreported(found):
        return
    for one, other, items, side in (
        ("first", "second", found.only_first, found.second),
        ("second", "first", found.only_second, found.first),
    ):
        if items or side.reach == "whole":
            yield f"only {one}", _ALONE[side.reach].format(one=one, other=other), items


def unreported(found: Comparison) -> str:
    """That nothing is reported of a side, so that nothing is set beside each other; "" where something is."""
    sides: tuple[tuple[str, Side], ...] = (("first", found.first), ("second", found.second))
    none = " and ".join(name for name, side in sides if side.reach == "nothing reported")
    beside = "; ".join(
        f"the {len(side.items)} of the {name} stand beside nothing" for name, side in sides if side.items
    )
    said = f"Nothing is reported of the {none}, which says nothing of what it holds"
    return f"{said}{f': {beside}' if beside else ''}." if none else ""


def comparison(found: Comparison) -> str:
    """Two side by side in a sentence or two."""
    if said := unreported(found):
        return said
    alone_each = " ".join(f"{told}: {len(items):,}." for _, told, items in alone(found))
    return f"Commitments in both: {len(found.pairs):,}{f' ({changes(found)})' if found.pairs else ''}. {alone_each}"


def changes(found: Comparison) -> str:
    """How many pairs are the same, and how many differ in what, the most frequent first: the same 46, firmer 3."""
    counted = Counter(change for pair in found.pairs for change in pair.changes or ("the same",))
    return ", ".join(f"{change} {number:,}" for change, number in counted.most_common())


def titles(found: Comparison) -> tuple[str, str]:
    """What the two sides are called; with their days where they are one agreement then and now."""
    one, other = found.first, found.second
    if one.title != other.title or not one.on or not other.on:
        return one.title, other.title
    return f"{one.title}, as of {one.on}", f"as of {other.on}"
