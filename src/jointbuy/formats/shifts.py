"""Scenarios of rates from a CSV: `scenario`, and `shift`, by which all rates rise; every fault is told at once (§9)."""

from __future__ import annotations

from pathlib import Path

from jointbuy.errors import Unusable, Where
from jointbuy.formats import files
from jointbuy.formats import loan_scalars as values
from jointbuy.formats import plan_tables as tables
from jointbuy.formats.loan_draws import GUIDE
from jointbuy.formats.problems import Problems
from jointbuy.shifted import Shift

_MOST = 1000


def read(path: Path, finest: int) -> tuple[tuple[Shift, ...], str]:
    """The scenarios in their order, and the digest of the file; a shift is a whole number of parts of `finest`.

    Raises Unusable with every problem.
    """
    problems = Problems()
    found: dict[str, Shift] = {}
    at = Where(path.name)
    for row in tables.rows(path.parent, path.name, ["scenario", "shift"], [], problems, named_in=at, guide=GUIDE):
        name, by = row.text("scenario"), row.read("shift", values.rate)
        if not name or by is None:
            continue
        if name in found:
            row.wrong("scenario", f"{name} stands twice", f"{found[name].where} has it too", "name each otherwise")
        elif (by * finest).denominator != 1:
            row.wrong("shift", f"is finer than a part of {finest:,}", "rates are computed in these", "round it")
        else:
            found[name] = Shift(name, by, row.where)
    if len(found) > _MOST:
        problems.add(f"{len(found):,} scenarios are stated", at, f"at most {_MOST:,} are worked out", "take some out")
    if not found and not problems.found:
        problems.add(f"{path.name} has no row", at, do="write rows with scenario and shift, such as higher,+1 %")
    if problems.found:
        raise Unusable(problems.in_order())
    return tuple(found.values()), files.Content(path.name, path.read_bytes()).digest
