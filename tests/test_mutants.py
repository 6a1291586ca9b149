"""No mutant of an example gives a traceback or an unknown exit code. 100,000 of them run under `make bench`."""

from __future__ import annotations

import pytest

from draws import draws
from mutants import mutant, survives

MUTANTS = draws(240)
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_no_mutant_breaks_the_program(part: int) -> None:
    """Many leave a file that can be read; if none did, nothing beyond reading would be tried."""
    wrong, read, seeds = {}, 0, range(part, MUTANTS, PARTS)
    for seed in seeds:
        case = mutant(seed)
        code, told = survives(case)
        read += code != 2
        if told:
            wrong[seed] = f"{case.example}/{case.file} {' '.join(case.command)}: {told}"
    assert not wrong, "\n".join(f"mutant {seed} of {text}" for seed, text in wrong.items())
    assert len(seeds) < 6 * read < 5.5 * len(seeds)


def test_the_same_seed_gives_the_same_mutant() -> None:
    assert mutant(7) == mutant(7)
    assert mutant(7) != mutant(8)
