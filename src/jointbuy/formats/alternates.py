"""Alternates: what may be used in place of another part.

They are left out and told, unless the rows of a group say how often each is used: then each is counted by its usage.
Who belongs together is told by the name or number of the group, in each of its rows, the usual part's own included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from jointbuy.formats.problems import Problems, listed, plain, shown
from jointbuy.formats.rows import Rows
from jointbuy.formats.tree import Tree

_Group = tuple[int, str]


def weighed(rows: Rows, tree: Tree, problems: Problems, notes: list[str]) -> Rows:
    """The rows with the quantities of alternates as they are used; `alternate` are then those not counted."""
    groups: dict[_Group, list[int]] = {}
    for parent, row in tree.edges:
        if (group := rows.group[row]) is not None:
            groups.setdefault((parent, group.casefold()), []).append(row)
        elif rows.usage[row] not in {None, 0, 1}:  # programs write 0 or 100 where there is no alternate
            why = "nothing tells which parts it is an alternate to"
            do = "write the name of their group under alternate, in the row of each of them"
            problems.add(_said(rows, row), rows.where(row, "usage"), why, do)
    counted: dict[int, Fraction] = {}
    for mine in groups.values():
        if any(rows.usage[row] is not None for row in mine) and not _faulty(rows, mine, problems):
            counted |= {row: usage for row in mine if (usage := rows.usage[row])}
    if counted:
        parts = listed(list(dict.fromkeys(rows.part[row] for row in counted)))
        notes.append(f"{rows.table.file}: alternates counted by how often each is used: {parts}")
    left = rows.alternate - counted.keys()
    if left:
        which = listed(list(dict.fromkeys(rows.part[row] for row in sorted(left))))
        what = f"{len(left)} rows are alternates and are" if len(left) > 1 else "1 row is an alternate and is"
        notes.append(f"{rows.table.file}: {what} not counted: {which}")
    return replace(rows, quantity=_times(rows.quantity, counted), alternate=frozenset(left))


def _faulty(rows: Rows, mine: list[int], problems: Problems) -> bool:
    """Whether the rows of a group do not say how often each of them is used."""
    where = rows.where(mine[-1], "usage")
    if silent := [row for row in mine if rows.usage[row] is None]:
        what = f"nothing says how often {shown(rows.part[silent[0]])} is used"
        why = f"other rows of its group, {shown(rows.group[silent[0]] or '')}, say it"
        problems.add(what, rows.where(silent[0], "usage"), why, "write a usage in each row of the group, 0 for never")
        return True
    total = sum((rows.usage[row] or Fraction(0) for row in mine), Fraction(0))
    if total != 1:
        which = listed([rows.table.spot(row) for row in mine])
        why = f"rows {which} share the mark {shown(rows.group[mine[0]] or '')} under one parent"
        do = "make them 100; where they are alternates at several places, give each place its own name or number"
        problems.add(f"the usage of these alternates sums to {plain(total * 100)} per cent", where, why, do)
    return total != 1


def _said(rows: Rows, row: int) -> str:
    return f"{shown(rows.part[row])} is used in {plain((rows.usage[row] or 0) * Fraction(100))} per cent of cases"


def _times(quantity: Sequence[Fraction | None], usage: Mapping[int, Fraction]) -> list[Fraction | None]:
    return [count if count is None else count * usage.get(row, Fraction(1)) for row, count in enumerate(quantity)]
