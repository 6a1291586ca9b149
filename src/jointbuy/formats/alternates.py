"""Alternates: what may be used in place of another part.

They are left out and told, unless the rows of a group say how often each is used: then each is counted by its usage.
Who belongs together is told by the name or number of the group, in each of its rows, the usual part's own included.
Without usage the usual part bears no mark, and an alternate may name it; where no such part stands beside it, nothing
of the group would be counted, and that is asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from jointbuy.formats.problems import Problems, listed, plain, shown
from jointbuy.formats.rows import Rows
from jointbuy.formats.tree import Tree
from jointbuy.model import Bom, Instead

_Group = tuple[int, str]
EXCLUDED = "excluded"
"""What CycloneDX says of a component that only tests or other work beside the product needs: it is not counted."""
_MARKS = {"x", "yes", "y", "true", "1", "ja", "j", "oui", "tak", "t", "alt", "alternate", "alternative", "substitute"}
"""What only says that a row is an alternate; the figure 1 in several rows may be the number of their group."""


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
    _missed(rows, tree, left, problems)
    if out := [row for row in sorted(left) if rows.group[row] == EXCLUDED]:
        which = listed(list(dict.fromkeys(rows.part[row] for row in out)))
        notes.append(f"{rows.table.file}: not counted, because their scope is excluded: {which}")
    if others := sorted(left.difference(out)):
        which = listed(list(dict.fromkeys(rows.part[row] for row in others)))
        what = f"{len(others)} rows are alternates and are" if len(others) > 1 else "1 row is an alternate and is"
        notes.append(f"{rows.table.file}: {what} not counted: {which}")
    return rows._replace(quantity=_times(rows.quantity, counted), alternate=frozenset(left))


def with_alternates(bom: Bom, rows: Rows, tree: Tree) -> Bom:
    """The bill with the alternates that are not counted, and with what stands in them and nowhere else."""
    if not rows.alternate:
        return bom
    below: dict[int, list[int]] = {}
    for parent, row in tree.edges:
        below.setdefault(parent, []).append(row)
    counted = set(bom.sources.part)
    ahead = [row for row in rows.alternate if rows.group[row] != EXCLUDED]
    found = set(ahead)
    while ahead:
        part = tree.part[ahead.pop()]
        new = [row for row in below.get(part, ()) if row not in found and tree.part[row] not in counted]
        found.update(new)
        ahead += new
    told = (
        Instead(
            part=rows.part[row],
            supplier=rows.supplier[row],
            origin=rows.origin[row] or (),
            supplied_from=rows.supplied_from[row],
            cost_kind=rows.cost_kind[row] or "component",
            row=rows.where(row),
        )
        for row in sorted(found)
    )
    return replace(bom, instead=tuple(told))


def _missed(rows: Rows, tree: Tree, left: frozenset[int], problems: Problems) -> None:
    """Ask about alternates that stand beside no part in whose place they may be used."""
    if not left:
        return
    alike: dict[_Group, list[int]] = {}
    for parent, row in tree.edges:
        if row in left:
            alike.setdefault((parent, (rows.group[row] or "").casefold()), []).append(row)
    above = {parent for parent, _ in alike}
    texts: dict[int, dict[str, None]] = {parent: {} for parent in above}
    for parent, row in tree.edges:
        if parent in above and row not in left:
            texts[parent] |= dict.fromkeys(text for text in (rows.part[row], rows.name[row]) if text)
    # Each text once: a text may be long, and stand in very many rows.
    usual = {parent: {text.casefold() for text in named} for parent, named in texts.items()}
    parts = {part.casefold() for part in dict.fromkeys(rows.part)}
    for (parent, mark), mine in alike.items():
        beside = usual.get(parent, set())
        if mark == EXCLUDED or mark in beside or (beside and mark in _MARKS and not (mark == "1" and mine[1:])):
            continue
        if any(rows.usage[row] is not None for row in mine):  # looked at as a whole before
            continue
        _ask(rows, mine, mark in parts, problems)


def _ask(rows: Rows, mine: list[int], known: bool, problems: Problems) -> None:
    """Ask which part of a group is used."""
    mark, where = shown(rows.group[mine[0]] or ""), rows.where(mine[0], "alternate")
    if mine[1:]:
        which = listed([rows.table.spot(row) for row in mine])
        why = f"each of its rows, {which}, is marked as an alternate, so none of them would be counted"
        do = "leave the mark away in the row of the part that is used, or write a usage in each row"
        problems.add(f"which part of the group {mark} is used?", where, why, do)
        return
    why = "that part is not used beside it" if known else "no part beside it has this id or name"
    do = "write the id of the part in whose place it may be used, or yes; or take the mark away"
    problems.add(f"{shown(rows.part[mine[0]])} is an alternate to {mark}", where, why, do)


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
    return [count * usage[row] if count is not None and row in usage else count for row, count in enumerate(quantity)]
