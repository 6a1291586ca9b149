"""No mutant of an example gives a traceback or an unknown exit code. 100,000 of them run under `make bench`."""

from __future__ import annotations

import pytest

from mutants import mutant, survives

MUTANTS = 400
PARTS = 8


@pytest.mark.parametrize("part", range(PARTS))
def test_no_mutant_breaks_the_program(part: int) -> None:
    wrong = {}
    for seed in range(part, MUTANTS, PARTS):
        case = mutant(seed)
        if told := survives(case)[1]:
            wrong[seed] = f"{case.example}/{case.file} {' '.join(case.command)}: {told}"
    assert not wrong, "\n".join(f"mutant {seed} of {text}" for seed, text in wrong.items())


def test_mutants_are_not_all_refused() -> None:
    """Most mistakes leave a file that can be read; if none did, nothing beyond reading would be tried."""
    codes = [survives(mutant(seed))[0] for seed in range(10_000, 10_060)]
    assert 10 <= sum(code != 2 for code in codes) <= 55


def test_the_same_seed_gives_the_same_mutant() -> None:
    assert mutant(7) == mutant(7)
    assert mutant(7) != mutant(8)
