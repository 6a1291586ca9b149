"""Many loans under scenarios of their rates: each read and held against the law, then all worked out in arrays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from jointbuy import law
from jointbuy.errors import Problem, Unusable, Where
from jointbuy.flow.loan import INSTRUMENTS, digests_of, held
from jointbuy.flow.pool import pool
from jointbuy.formats import loan as reader
from jointbuy.formats import shifts
from jointbuy.fund import draws
from jointbuy.lending import Loan
from jointbuy.lendingpool import Pool
from jointbuy.shifted import Lent, Shifted


def scenarios(path: str | Path, table: str | Path, facts: str | Path | None = None) -> Shifted:
    """The interest of a loan, or of every loan in a folder of such folders, under every scenario of a table.

    Raises Unusable with every problem of all files.
    """
    # Imported on use: only these need numpy.
    from jointbuy.fund import many

    problems: list[Problem] = []
    digests: dict[str, str] = {}
    asked: list[Loan] = []
    lent: list[Lent] = []
    stands = pool(facts=facts)
    try:
        rates, digests[Path(table).name] = shifts.read(Path(table), many.SCALE)
    except Unusable as wrong:
        problems += wrong.problems
    for folder in _folders(Path(path)):
        name = folder.name if folder != Path(path) else ""
        try:
            loan, read = _read(folder, stands)
        except Unusable as wrong:
            problems += [_within(name, each) for each in wrong.problems]
            continue
        if why := many.unfit(loan):
            problems.append(_within(name, Problem("this loan has no scenarios", Where(reader.FILE), why)))
        asked.append(loan)
        lent.append(Lent(loan.id, name, loan.currency, sum(draw.amount for draw in loan.draws)))
        own = {f"{name}/{file}" if name else file: each for file, each in read.digests.items()}
        shared = {key: each for key, each in digests_of(read, facts).items() if key not in read.digests}
        digests |= {**shared, **own}
    if problems:
        raise Unusable(problems)
    every = _interest(asked, [0, *(int(each.by * many.SCALE) for each in rates)])
    return Shifted(tuple(lent), rates, every[0], tuple(every[1:]), digests)


def _folders(path: Path) -> list[Path]:
    """The folder or file itself, or the folders in it that hold a loan."""
    below = sorted(each.parent for each in path.glob(f"*/{reader.FILE}")) if path.is_dir() else []
    return below if below and not (path / reader.FILE).is_file() else [path]


def _read(folder: Path, stands: Pool) -> tuple[Loan, reader.ReadLoan]:
    read = reader.read(folder, law.places(), INSTRUMENTS)
    loan, _ = held(read.loan, read.problems, stands)
    read.problems.raise_if_any()
    return draws.cleared(loan), read


def _within(folder: str, problem: Problem) -> Problem:
    """The problem with its file as seen from the folder of all loans."""
    if not folder or problem.where is None:
        return problem
    return replace(problem, where=replace(problem.where, file=f"{folder}/{problem.where.file}"))


def _interest(asked: list[Loan], by: list[int]) -> list[tuple[int, ...]]:
    """By shift, the interest of every loan; loans that are rounded alike are worked out together."""
    from jointbuy.fund import many

    found = [[0] * len(asked) for _ in by]
    for rounding in dict.fromkeys(loan.rounding for loan in asked):
        places = [place for place, loan in enumerate(asked) if loan.rounding == rounding]
        try:
            sums = many.scenarios(many.batch(asked[place] for place in places), by)
        except OverflowError as error:
            raise Unusable([Problem("the loans cannot be worked out", None, str(error), "lower the amounts")]) from None
        column = 0
        for place in places:
            count = len(asked[place].draws)
            for row, interest in zip(found, sums.tolist(), strict=True):
                row[place] = sum(interest[column : column + count])
            column += count
    return [tuple(row) for row in found]
