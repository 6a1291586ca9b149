"""What differs between the law of two days, and which purchases change their answer through what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from pathlib import Path

from jointbuy import formats, law
from jointbuy.amendment import Amended, Amendment, Change
from jointbuy.errors import JointbuyError, NotInForce, Unusable
from jointbuy.flow.case import answered, chosen_for, day_of, own_groups
from jointbuy.law import inspect
from jointbuy.law.diff import differences, still, undone
from jointbuy.parameters import View
from jointbuy.result import Finding, Verdict

FILES = ("purchase.yaml", "purchase.yml", "purchase.xlsx")


def law_diff(
    before: str | date,
    after: str | date,
    *,
    act: str = "safe",
    over: str | Path | None = None,
    overlay: str | Path | None = None,
) -> Amendment:
    """What differs between an act's law on two days, each as it was known by then, and whose answers it changes.

    `over` is a purchase or a folder of them: each is decided by the law of the one day and by that of the other, on
    all that its file states, the day of signature included. `overlay` is laid over ours for the second day only.
    Raises NotInForce when the act had no law on a day, JointbuyError where there is no purchase.
    """
    old_act = law.act(act)
    new_act = law.under(Path(overlay), act) if overlay else old_act
    old, new = _view(old_act, before), _view(new_act, after)
    asked = inspect.groups_asked(new_act, new.places)
    changes = tuple(each for each in differences(old, new) if each.kind != "group" or each.id in asked)
    found = tuple(_amended(folder, new_act, old, new, changes) for folder in _folders(Path(over))) if over else ()
    return Amendment(act, old.on, new.on, changes, found)


def _view(act: law.Act, day: str | date) -> View:
    on = day_of(day)
    since, until = act.period
    if on is None or on < since or (until is not None and on >= until):
        last = f" to {until - timedelta(days=1)}" if until else ""
        raise NotInForce(f"{act.title} has no law on {on}; it applies from {since}{last}")
    return law.view(act, on, min(on, act.as_of))


def _folders(over: Path) -> Iterator[Path]:
    """The folder itself, where it holds a purchase; else every folder in it that does, by name."""

    def holds(folder: Path) -> bool:
        return any((folder / name).is_file() for name in FILES)

    if holds(over):
        yield over
        return
    found = sorted(path for path in over.iterdir() if holds(path)) if over.is_dir() else []
    if not found:
        raise JointbuyError(f'there is no purchase in "{over}"; name a purchase folder, or a folder of them')
    yield from found


def _amended(folder: Path, act: law.Act, old: View, new: View, changes: Sequence[Change]) -> Amended:
    """The answers of one purchase, and the changes of the law that make the difference."""
    try:
        read = formats.read(folder, law.places())
    except Unusable as error:
        return Amended(folder.name, None, None, (), (), str(error.problems[0]))
    purchase = read.purchase

    def decided(view: View) -> Verdict:
        mine = replace(
            view, chosen={**view.chosen, **chosen_for({}, purchase)}, own_groups=own_groups(purchase), touched=set()
        )
        *_, found = answered(read, act, mine, tried=False)
        return found

    base = still(new, max(act.as_of, new.on))  # all that the file states counts, whenever it came to be known

    def without(kept: Sequence[Change]) -> Verdict:
        return decided(reduce(lambda view, change: undone(change, old, view), kept, base))

    now, then = decided(base), without(changes)
    moved = tuple(_moved(then, now))
    through = _through(changes, without, then, now) if moved else ()
    return Amended(purchase.id, then.outcome, now.outcome, moved, through, "")


def _moved(then: Verdict, now: Verdict) -> Iterator[str]:
    """Rules whose finding is another one now, in the order of the verdict."""

    def by_rule(found: Verdict) -> dict[tuple[str, str | None], Finding]:
        return {(each.rule, each.route): each for each in found.findings}

    before, after = by_rule(then), by_rule(now)
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key), after.get(key)
        if (old and old.status) != (new and new.status):
            yield f"{key[0]}: {old.status if old else 'route not open'}, then {new.status if new else 'route not open'}"


def _through(
    changes: Sequence[Change], without: Callable[[Sequence[Change]], Verdict], then: Verdict, now: Verdict
) -> tuple[str, ...]:
    """Changes without which the answer would be as it was, none of them to spare; there may be other such sets."""

    def as_before(kept: Sequence[Change]) -> bool:
        found = _safely(without, kept)
        if found is None:
            return False
        return found.outcome == then.outcome if then.outcome != now.outcome else not list(_moved(then, found))

    needed = list(changes)
    for change in changes:  # leave out what makes no difference
        fewer = [each for each in needed if each is not change]
        if as_before(fewer):
            needed = fewer
    return tuple(each.id for each in needed)


def _safely(without: Callable[[Sequence[Change]], Verdict], kept: Sequence[Change]) -> Verdict | None:
    """The verdict without some changes; None where what is left cannot stand without them."""
    try:
        return without(kept)
    except NotInForce:
        return None
