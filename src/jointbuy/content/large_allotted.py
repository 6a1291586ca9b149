"""What each supplier of a large bill brings: as `allotted`, of those who may bring enough to matter.

Floats say who that may be; what it comes to is read from residues, for each supplier with all that stands inside of its
own rows left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from jointbuy.content import large
from jointbuy.content.allotted import allotted as plain
from jointbuy.content.arithmetic import Entries
from jointbuy.content.basis import TRACED, Basis
from jointbuy.content.columns import columns
from jointbuy.model import Bom
from jointbuy.packed import TooFine, coded

Flags = NDArray[np.bool_]


def allotted(
    bom: Bom,
    currency: str,
    rates: Mapping[str, Fraction],
    basis: Basis,
    numbers: Mapping[str, Fraction],
    least: Fraction,
) -> Mapping[str, Fraction]:
    """See `allotted.allotted`; only who brings `least` at least. Exact."""
    try:
        cols = columns(bom, currency, {**rates, currency: Fraction(1)})
    except TooFine:
        return _enough(plain(bom, currency, rates, basis, numbers), least)
    bill = large.Bill(cols, basis)
    codes, names = coded(bom.sources.supplier)
    supplier = codes[cols.place]
    times = [numbers.get(bom.parts[root], Fraction(0)) for root in bom.roots]
    counting = [_counting(bill, root) for root in cols.roots]
    about = sum(
        (float(many) * _about(bill, *each, supplier, len(names)) for many, each in zip(times, counting, strict=True)),
        np.zeros(len(names)),
    )
    enough = [code for code in np.flatnonzero(about * (1 + 2.0**-20) >= float(least)).tolist() if names[code]]
    tasks, many_of = list[large.Task](), list[tuple[int, Fraction]]()
    for many, each in zip(times, counting, strict=True):
        for code in enough if many else ():
            own = np.zeros(cols.graph.parts, np.bool_)
            own[cols.part[supplier == code]] = True
            shared = (cols.awarded != cols.awarded_per) & (supplier == code) & (cols.part < cols.graph.made)
            if shared.any():  # of what it brings in part, a part of what is inside is its own
                return _enough(plain(bom, currency, rates, basis, numbers), least)
            tasks.append(_task(bill, *each, supplier == code, own))
            many_of.append((code, many))
    found = dict.fromkeys(enough, Fraction(0))
    for (code, many), (sums, _) in zip(many_of, large.exactly(bill, tasks) if tasks else (), strict=True):
        found[code] += many * sum(sums[0], Fraction(0))
    return _enough({str(names[code]): amount for code, amount in found.items()}, least)


def _enough(found: Mapping[str, Fraction], least: Fraction) -> Mapping[str, Fraction]:
    return {supplier: amount for supplier, amount in sorted(found.items()) if amount >= least}


def _counting(bill: large.Bill, root: int) -> tuple[int, Flags, Flags]:
    """A root, through which rows what stands in it counts, and which rows count, as `small.counted`."""
    grouping = bill.phantom.copy()
    grouping[root] = True
    counts = np.where(bill.reached(root, grouping), large.flags(bill.basis.counted)[bill.cols.part_kind], bill.making)
    # A phantom, too, counts by its kind, and with it what it groups.
    passes: Flags = counts.copy()
    passes[root] = True
    return root, passes, bill.reached(root, passes) & counts & ~bill.phantom


def _about(
    bill: large.Bill, root: int, passes: Flags, here: Flags, supplier: NDArray[np.int32], names: int
) -> NDArray[np.float64]:
    """What each supplier brings in one end product at most, in floats: what is inside of its own rows as well."""
    cols = bill.cols
    entries = Entries.all_of(large.whole(bill, np.flatnonzero(here[cols.part])))
    amount = bill.floats.worth(entries, cols, 0) * bill.floats.awarded[entries.source]
    amount *= bill.floats.exploded(cols, passes, root)[entries.holder]
    return np.bincount(supplier[entries.source], amount, minlength=names).astype(np.float64)


def _task(bill: large.Bill, root: int, passes: Flags, here: Flags, mine: Flags, own: Flags) -> large.Task:
    """The sum of what one supplier brings in one end product, outside of its own rows."""
    cols = bill.cols
    passes = passes & ~own
    passes[root] = True
    here = here & bill.reached(root, passes)
    entries = Entries.all_of(large.whole(bill, np.flatnonzero(here[cols.part] & mine)))
    none, nothing = np.zeros(0, np.int64), np.zeros(0, np.int32)
    cell = np.zeros(entries.source.size, np.int64)
    return large.Task(
        root,
        TRACED,
        passes,
        entries,
        cell,
        np.zeros(1, np.int64),
        entries[:0],
        0,
        none,
        mine,
        0,
        nothing,
    )
