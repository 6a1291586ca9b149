"""Labels of the items of lists: signs, numbers, letters; which of them may follow which."""

from __future__ import annotations

CELL = "|"
"""The label of a cell that goes on with the cell before it in its row: Canada | will build a port."""
_ROMAN = {"i": 1, "v": 5, "x": 10}


def ordinals(label: str) -> tuple[int, ...]:
    """The places in a list that a label may be of: "b." the second, "(v)" the fifth or the 22nd; () of a sign."""
    bare = label.strip("().\\").replace("\\", "")
    if bare.replace(".", "").isdigit():
        return (int(bare.rpartition(".")[2]),)
    low = bare.lower()
    found = [ord(low) - 96] if len(low) == 1 and "a" <= low <= "z" else []
    if low and set(low) <= set(_ROMAN):
        found.append(_roman(low))
    return tuple(found)


def _roman(low: str) -> int:
    values = [_ROMAN[sign] for sign in low]
    return sum(-one if one < later else one for one, later in zip(values, [*values[1:], 0], strict=True))


def roman(number: int) -> str:
    """A number from 1 to 39 in small Roman numerals; others as they are."""
    tens, ones = divmod(number, 10)
    ends = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    return "x" * tens + ends[ones] if 0 < number < 40 else str(number)


def form(label: str) -> str:
    """What an item is labelled by: sign, number, letter, or a number with its chapter such as 1.2; "" by nothing."""
    bare = label.strip("().\\")
    if not label:
        return ""
    if bare.replace(".", "").isdigit():
        return "chapter" if "." in bare else "digit"
    return "letter" if bare.isalpha() else "sign"


def follows(before: str, label: str) -> bool:
    """Whether a label may come next in the list in which another stood: b) after (a), 3. after 2., - after –."""
    if form(before) != form(label):
        return False
    if form(label) == "sign":
        return True
    if form(label) == "chapter" and _chapter(before) != _chapter(label):
        return False
    return any(one == other + 1 for one in ordinals(label) for other in ordinals(before))


def _chapter(label: str) -> str:
    return label.strip("().\\").rpartition(".")[0]


def looks_new(label: str) -> bool:
    """Whether a label is also that of headings: 1.2 Scope, A) Scope."""
    return form(label) == "chapter" or label.strip("()").isupper()


def begins(label: str) -> bool:
    """Whether a label may be the first of its list."""
    return form(label) == "sign" or 1 in ordinals(label)
