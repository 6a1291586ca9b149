"""Where the figures on spending and dependence come from, in words: each source once, with what it says and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jointbuy.report import targets_words as words
from jointbuy.spending import Targets


def sources(found: Targets) -> Iterator[str]:
    """Of single figures, decided loans, the escape clause and published shares; tables are cited by their edition."""
    yield from _grouped(_figures(found))
    yield from _grouped(_loans(found))
    yield from _grouped(
        (f"escape clause, {words.since(one)}", one.country, one.source + words.marked(one.verified))
        for one in found.rearm.active
    )
    yield from _grouped(
        (
            f"{words.wordy(one.share)}, {one.what}{f', said on {one.told}' if one.told else ''}",
            "",
            one.source + words.marked(one.verified),
        )
        for one in found.statements
    )


def _figures(found: Targets) -> Iterator[tuple[str, str, str]]:
    files = {edition.file for edition in found.editions} - {""}
    for state in found.states:
        for figure in (one.share for one in state.years if one.share):
            if not files:  # what a table of the user's holds is cited by its file
                yield f"core share of {figure.year}, {words.editions(figure)}", state.country, figure.source


def _loans(found: Targets) -> Iterator[tuple[str, str, str]]:
    for one in found.rearm.decisions:
        yield f"loan decided on {one.on}", one.country, one.source + words.marked(one.verified)


def _grouped(said: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """One line for each thing and its source, with the countries of which both hold."""
    kept: dict[tuple[str, str], list[str]] = {}
    for what, country, source in said:
        kept.setdefault((what, source), []).append(country)
    for (what, source), countries in kept.items():
        of = ", ".join(filter(None, countries))
        yield f"{what}{f' ({of})' if of else ''}: {source}"
