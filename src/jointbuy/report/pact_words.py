"""The texts of the pages on agreements, by their key, and how scores are said."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from jointbuy.commitments import Reading, Register, Standing
from jointbuy.judged import Average, Compliance, Legalization, Overruled, Overruling

REPORTED = "Verbs are as reported: neither full text was at hand. No evidence found does not mean not done."
COMPLIANCE = (
    "Compliance after the G7 and G20 Research Groups: 1 complied, 0 in part or under way, -1 not; per cent is (x + "
    "1) / 2. It follows from the status: explored is complied with from under way on, effort from concluded, "
    "intended from signed, firm and bound from provisionally applied; lapsed and contradicted are -1. Where no "
    "evidence was found there is no score, where the manual gives -1; views and calls on others are no commitments."
)
LEGALIZATION = (
    "Legalization after Abbott and others (2000), as obligation / precision / delegation. Obligation follows from "
    "the rung: bound is high, firm and intended medium, effort and what is said again low, the others none; "
)
LEGAL_REGISTER = LEGALIZATION + (
    "of an instrument that binds nobody in law, low at the most. Precision and delegation are judged from what was "
    "reported."
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
    "family caption": "Partnerships of the Union, as reported",
    "terms": "How often",
    "terms caption": "Occurrences of each term by its rule",
    "overruled": "What a person says otherwise",
    "overruled caption": "Overruled; what the reader had said stands beside it",
    "unmet caption": "No longer fits the text; changes nothing, and stays in its file",
    "outside": "What others are told to do",
    "outside caption": "The actor is no party to the text, so that this is no commitment of its",
    "sides": "The two",
    "sides caption": "What stands side by side",
    "pairs": "In both",
    "pairs caption": "Commitments that speak of the same",
    "only first": "Only in the first",
    "only second": "Only in the second",
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
    "held": "By when, if",
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


def average(one: Average) -> str:
    """Scores together, and how far the missing ones could move them."""
    if one.mean is None:
        return f"None of {one.of} commitments can be scored yet."
    ends = f"{decimals(one.low)} to {decimals(one.high)}"
    return (
        f"{one.scored} of {one.of} commitments can be scored: {decimals(one.mean)} on average, {per_cent(one.mean)}. "
        f"With the others it lies somewhere from {ends}."
    )


def summary(found: Register) -> str:
    """The register in a sentence or two."""
    moved = sum(one.because is not None for one in found.standings)
    return (
        f"{len(found.standings)} commitments, as reported; of {moved} an event shows how far they have come, of the "
        f"others none was found that does. {average(found.average)}"
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
