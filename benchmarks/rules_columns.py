"""P10: every rule of SAFE over a million purchases, beside OpenFisca-core; and a million cases at the limits.

OpenFisca-core is under the AGPL: it is neither imported nor installed beside jointbuy, but run as a program of its own
in an environment of its own (docs/decisions/0014). It is given its facts flat, each member in a column.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import purchases
from row import Row

from jointbuy import law
from jointbuy.decide import columns
from jointbuy.decide.table import Table
from jointbuy.parameters import View
from jointbuy.rules import AtLeast, ByReading, Every, Expression, inner

IDS = ("P10",)
ROWS = 1_000_000
PEER, PEER_VERSION = "openfisca-core", "46.0.1"
GOAL = "at least 25 times faster"
HERE = Path(__file__).parent
ENVIRONMENT = HERE.parent / ".venv" / "openfisca"
GROUPS = (
    "union",
    "inside",
    "inside and canada",
    "canada",
    "may join as buyers",
    "contravening suggested",
    "inside edirpa",
)
RUNS = 3
"""Of the peer, and of ours before and after each run of the peer: what else the machine does changes meanwhile."""
SHAPES = {
    "members": "buyers, suppliers and end products as persons with roles, as country packages have them",
    "flat": "each member's facts in variables of their own, written by hand",
}
"""Two ways in which the peer may hold the same facts; the first is how it is used."""


def rows() -> list[Row]:
    """Ours and the peer on a mix, then both on the cases at the limits, whose answers are known."""
    act = law.act("safe")
    view = law.view(act, date(2026, 9, 15), act.as_of)
    _ours(purchases.table(purchases.mixed(50_000, seed=1)), act, view)  # loads the compiled loops
    mixed, (at_limits, eligible, which) = purchases.mixed(ROWS, seed=2), purchases.at_limits(ROWS, seed=3)
    table, near = purchases.table(mixed), _near(mixed)
    found, before = _ours(table, act, view)
    answers, mine_at = _ours(purchases.table(at_limits), act, view)
    known = np.where(eligible, 2, 0)
    wrong = answers.outcomes != known
    assert not wrong.any(), [purchases.LIMITS[place] for place in np.unique(which[wrong])]
    compared = sum(conditions(each.expression, table, view) for each in act.rules)
    made = []
    for shape, told in SHAPES.items():
        theirs, them = _peer(mixed, view, shape)
        after = _ours(table, act, view)[1]
        both = (before + after) / 2
        rate = f"{compared / both / 1e6:,.0f} million conditions a second, {compared / ROWS:.0f} a purchase"
        differ = found.outcomes != theirs
        assert not (differ & ~near).any(), f"{shape}: {int((differ & ~near).sum())} other answers away from any limit"
        note = (
            f"{told}; CPU seconds; {rate}; equal outcomes, but for {int(differ.sum()):,} of the {int(near.sum()):,} "
            "purchases within 1e-5 of a limit, which the peer holds in float32"
        )
        goal, met = (GOAL, them >= 25 * both) if shape == "members" else ("beside it", None)
        made.append(_row("whole rule set and outcome, mixed purchases", both, them, goal, met, note))
        before = after
    what = "the same exactly at each limit, and one cent, day or buyer beyond"
    for shape in SHAPES:
        theirs, them = _peer(at_limits, view, shape)
        note = (
            f"{shape}; wrong: ours {int(wrong.sum())}, the peer {int((theirs != known).sum()):,}, which accepts "
            f"{_over(theirs != known, which, eligible):.0%} of the cases one cent over a highest share"
        )
        made.append(_row(what, mine_at, them, "none wrong", True, note))
    return made


def _row(what: str, mine: float, them: float, goal: str, met: bool | None, note: str) -> Row:
    return Row(
        id="P10",
        workload=what,
        size=f"{ROWS:,} purchases",
        ours_s=round(mine, 4),
        peer=PEER,
        peer_version=PEER_VERSION,
        peer_s=round(them, 3),
        ratio=round(them / mine, 1),
        goal=goal,
        met=met,
        note=note,
    )


def _ours(table: Table, act: law.Act, view: View) -> tuple[columns.Verdicts, float]:
    """Verdicts, and the median of several runs in CPU seconds, both threads together."""
    taken = []
    for _ in range(RUNS):
        start = time.process_time()
        found = columns.verdicts(table, act, view)
        taken.append(time.process_time() - start)
    return found, median(taken)


# --- what is compared ---------------------------------------------------------------------


def conditions(expression: Expression, table: Table, view: View) -> int:
    """How many comparisons an expression is over all purchases and their members, under the readings of a view."""
    if isinstance(expression, ByReading):
        return conditions(expression.options[view.reading(expression.reading)], table, view)
    if isinstance(expression, Every | AtLeast):
        collection = table.collections.get(expression.collection)
        return conditions(expression.member, collection.members, view) if collection else 0
    below = inner(expression)
    return sum(conditions(each, table, view) for each in below) if below else table.rows


def _near(flat: purchases.Flat) -> Any:
    """Purchases with a share so near to its limit that float32 may decide it either way."""
    share, contract = flat.facts["entities.share"].astype(float), flat.facts["entities.contract"].astype(float)
    near = _any_near(share / contract, 0.15, 0.35)
    amounts = flat.facts["end_products.amounts"].astype(float)
    whole = np.maximum(amounts.sum(axis=1), 1)
    inside, canada, other, unknown = (amounts[:, place] / whole for place in range(4))
    for low, limit in ((canada + other, 0.35), (other, 0.35), (canada, 0.80), (1 - inside - unknown, 0.80)):
        near |= _any_near(low, limit) | _any_near(low + unknown, limit)
    unlisted = flat.facts["unlisted_suppliers.share"] / flat.facts["unlisted_suppliers.contract"]
    years = flat.facts["entities.study_days"] / 366
    return near | _any_near(unlisted, 0.15) | _any_near(years, 2.0)


def _any_near(values: Any, *limits: float) -> Any:
    return np.any([np.abs(values - limit) <= 1e-5 for limit in limits], axis=(0, 1))


def _over(wrong: Any, which: Any, eligible: Any) -> float:
    """How many of the cases one cent over a highest share are taken for eligible."""
    shares = {
        "art16.max_outside_share",
        "canada.max_neither_share",
        "canada.max_partner_share",
        "art16.derogation_top",
    }
    places = [place for place, name in enumerate(purchases.LIMITS) if name in shares]
    over = np.isin(which, places) & ~eligible
    return float(wrong[over].mean())


# --- the peer -----------------------------------------------------------------------------


def _peer(flat: purchases.Flat, view: View, shape: str) -> tuple[Any, float]:
    """Outcomes of the peer in its own environment, and the median of its runs in CPU seconds."""
    python = _environment()
    with tempfile.TemporaryDirectory() as folder:
        source, groups, target = (Path(folder) / name for name in ("facts.npz", "groups.json", "found.npz"))
        np.savez(source, **dict(_flat_facts(flat)))
        groups.write_text(json.dumps({name: _codes(name, view) for name in GROUPS}), encoding="utf-8")
        command = [
            str(python),
            str(HERE / "openfisca_rules.py"),
            shape,
            str(source),
            str(groups),
            str(target),
            str(RUNS),
        ]
        subprocess.run(command, check=True)
        with np.load(target) as found:
            return found["outcomes"], median(found["seconds"].tolist())


def _environment() -> Path:
    """The interpreter of the peer's environment, which is made once."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (ENVIRONMENT / PEER_VERSION).exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        quiet = ["--quiet", "--disable-pip-version-check"]
        subprocess.run([str(python), "-m", "pip", "install", *quiet, f"{PEER}=={PEER_VERSION}"], check=True)
        (ENVIRONMENT / PEER_VERSION).touch()
    return python


AGAIN = {f"entities.{name}" for name in purchases.SHARED}
"""Facts of entities that the peer is given as those of companies."""


def _flat_facts(flat: purchases.Flat) -> Iterator[tuple[str, Any]]:
    for name, values in flat.facts.items():
        if name == "end_products.amounts":
            for place, origin in enumerate(("de", "ca", "us", "open")):
                yield f"amount_{origin}", values[:, place].astype(np.float64)
        elif name in AGAIN or name.endswith((".contract", ".study_days")):
            continue
        elif name.endswith(".share"):
            yield name, values / flat.facts[name.replace(".share", ".contract")]
        else:
            yield name, values.astype(np.int64)
    days = flat.facts["entities.study_days"]
    yield "entities.study_years", np.where(days < 0, -1.0, days / 366)
    for name, there in flat.there.items():
        yield f"{name}_there", there.astype(np.int64)
    yield from flat.statements.items()


def _codes(group: str, view: View) -> list[int]:
    """A status for each code of a country: unknown for none, met for a member."""
    members = view.group(group).members
    return [1, *(3 if country in members else 0 for country in purchases.COUNTRIES)]
