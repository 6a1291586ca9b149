"""Whether a certificate's problems are those that a purchase poses, by its files and the law and without a solver.

Every set of actions is opened again: rows, options, costs and weights of each way are worked out as `fix` works them
out, what was barred because `check` refused it is refused again, and every choice is accepted by `check`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

from jointbuy.errors import JointbuyError
from jointbuy.fix.build import Row, built
from jointbuy.fix.certificate import posed as told_of
from jointbuy.fix.problem import Problem, Status
from jointbuy.flow.certified import PRUNED, headed, named_options, named_ways, unsolved
from jointbuy.flow.fix import Job, Tried, Wanted, opener, posed, sets_of
from jointbuy.flow.sourcing import REFUSED, Sourcing
from jointbuy.remedy import Alternative

_NOTHING = "nothing"
_SHARE = re.compile(r"\d{1,60}(/\d{1,60})?", re.ASCII)


class _Differs(Exception):
    """What is otherwise, with its place in the certificate."""

    def __init__(self, where: str, because: str) -> None:
        self.where, self.because = where, because
        super().__init__(f"{where}: {because}")


def differs(made: Mapping[str, Any], folder: Path, overlay: str | Path | None = None) -> tuple[str, str]:
    """Where and why a certificate that holds is not that of a purchase; both empty where it is.

    `overlay` is law data laid over ours, as `fix` was given them.
    """
    try:
        job = _job(made, folder, overlay)
        _head(made, job)
        _every_set(made, job)
    except _Differs as found:
        return found.where, found.because
    except JointbuyError as error:
        return "asked", f"what was asked cannot be asked of this purchase: {error}"
    return "", ""


def _job(made: Mapping[str, Any], folder: Path, overlay: str | Path | None) -> Job:
    """The purchase as it was asked about; under law data of another day, as published by the day of the certificate."""
    asked, acts, changes = made.get("asked"), made["acts"], made.get("max_changes")
    if not isinstance(asked, dict) or not (changes is None or type(changes) is int):
        raise _Differs("asked", "what was asked is not told")
    readings, days = asked.get("readings"), (asked.get("on"), asked.get("known_on"), made.get("known_on"))
    if not isinstance(readings, dict) or not all(each is None or isinstance(each, str) for each in days):
        raise _Differs("asked", "readings by name, and days as text, are expected")
    wanted = Wanted(_shares(asked, "max_share"), _shares(asked, "min_share"), changes)
    how = {"acts": acts, "on": days[0], "readings": readings, "overlay": overlay, "wanted": wanted}
    job = posed(folder, known_on=days[1], **how)
    if days[1] is None and len(acts) == 1 and _law(made) != _law(headed(job)):
        job = replace(posed(folder, known_on=days[2], **how), known_on=None)
    return job


def _shares(asked: Mapping[str, Any], key: str) -> tuple[tuple[str, Fraction], ...]:
    pairs = asked.get(key)
    if not isinstance(pairs, list) or not all(isinstance(each, list) and len(each) == 2 for each in pairs):
        raise _Differs(f"asked.{key}", "countries, each with a share, are expected")
    if not all(isinstance(share, str) and _SHARE.fullmatch(share) and isinstance(name, str) for name, share in pairs):
        raise _Differs(f"asked.{key}", "a share is told as a fraction, such as 1/10")
    return tuple((name, Fraction(share)) for name, share in pairs if not share.endswith("/0"))


def _law(made: Mapping[str, Any]) -> object:
    digests = made.get("digests")
    return digests.get("law") if isinstance(digests, dict) else None


def _head(made: Mapping[str, Any], job: Job) -> None:
    """What was asked, of which purchase; law data may be others, as long as they pose the same."""
    for key, value in headed(job).items():
        _as_posed(key, value, made.get(key, _NOTHING))


def _as_posed(where: str, value: object, said: object) -> None:
    """Whether a value is as the purchase has it; named by the innermost place."""
    if isinstance(value, dict) and isinstance(said, dict):
        for key in dict.fromkeys((*value, *said)):
            if (where, key) != ("digests", "law") or key not in said:
                _as_posed(f"{where}.{key}", value.get(key, _NOTHING), said.get(key, _NOTHING))
    elif value != said:
        raise _Differs(where, f"the purchase has {value}, the certificate {said}")


def _every_set(made: Mapping[str, Any], job: Job) -> None:
    """Every set of actions: each way as the purchase poses it, or why there is none."""
    opening = opener(job)
    left = {frozenset(each["actions"]): (at, each["because"]) for at, each in enumerate(made["not_solved"])}
    ways = {frozenset(each["actions"]): (at, each["rows"]) for at, each in enumerate(made["ways"])}
    for chosen in sets_of(job.actions):
        key = frozenset(each.id for each in chosen)
        at, because = left.get(key, (0, ""))
        if because in PRUNED.values():
            continue  # that is rechecked without the purchase
        opened = opening(chosen, None)
        why = unsolved(opened) if opened.apart or opened.failing else ""
        if why != because:
            raise _Differs(f"not_solved[{at}]" if because else "problems", why or "sources may be chosen there")
        if because:
            continue
        at, rows = ways[key]
        sourcing = opened.sourcing
        assert sourcing is not None  # noqa: S101 - nothing stands in the way
        names = named_ways(sourcing)
        if rows != names:
            told = "; or ".join(", ".join(way) for way in names)
            raise _Differs(f"ways[{at}].rows", f"the purchase can pass by {len(names)}: {told}")
        for place, record in enumerate(made["problems"]):
            if frozenset(record["actions"]) == key:
                _problem(opened, sourcing, record, f"problems[{place}]")


def _problem(opened: Tried, sourcing: Sourcing, record: Mapping[str, Any], where: str) -> None:
    """One way: its problem number by number, what was barred, and the choice."""
    way, sizes = sourcing.ways[record["way"]], [len(group) for group in sourcing.offers.groups]
    cuts = [(at, row["weights"]) for at, row in enumerate(record["rows"]) if row.get("name") == REFUSED]
    for at, weights in cuts:
        taken = [place for place, weight in enumerate(weights[: sum(sizes)]) if weight in (1, "1")]
        if not _one_each(taken, sizes) or _refusal(sourcing, _bought(sourcing, taken)) == "":
            raise _Differs(f"{where}.rows[{at}]", "it bars what check does not refuse")
    rows = [
        Row(REFUSED, [Fraction(str(each)) for each in weights[: sum(sizes)]], Fraction(len(sizes) - 1))
        for _, weights in cuts
    ]
    # Where time was up before rows were made, nothing is told of them: no choice costs less for that.
    bare = not record["rows"] and record["status"] == Status.STOPPED.value
    costs = [[option.cost for option in group] for group in sourcing.offers.groups]
    again = built(costs, []) if bare else sourcing.problem(way, len(opened.actions), rows)
    _alike(record, again.problem, named_options(sourcing), where)
    if record["chosen"] is None:
        return
    chosen = _bought(sourcing, [int(each) for each in record["chosen"][: len(sizes)]])
    why = _refusal(sourcing, chosen) or ("" if sourcing.kept(way, chosen) else "it breaks a limit that was asked for")
    if why:
        raise _Differs(f"{where}.chosen", why)


def _alike(record: Mapping[str, Any], problem: Problem, options: Sequence[str], where: str) -> None:
    """Whether a problem is the one that is told, number by number."""
    for key, value in told_of(problem, options).items():
        here, said = f"{where}.{key}", _text(record.get(key))
        expected: Any = _text(value)
        while said != expected:
            if not (isinstance(said, list) and isinstance(expected, list) and len(said) == len(expected)):
                if not (isinstance(said, dict) and isinstance(expected, dict)):
                    told = f"the purchase has {expected}, the certificate {said}"
                    raise _Differs(here, told if len(told) < 200 else "the purchase has others")
                step: Any = next(name for name in expected if said.get(name) != expected[name])
                said, expected, here = said.get(step), expected[step], f"{here}.{step}"
                continue
            step = next(at for at, pair in enumerate(zip(said, expected, strict=True)) if pair[0] != pair[1])
            said, expected, here = said[step], expected[step], f"{here}[{step}]"


def _text(value: object) -> Any:
    """Numbers as text, which they may be written as."""
    if isinstance(value, list):
        return [_text(each) for each in value]
    if isinstance(value, dict):
        return {key: _text(each) for key, each in value.items()}
    return str(value) if type(value) is int else value


def _one_each(taken: Sequence[int], sizes: Sequence[int]) -> bool:
    """Whether of every part one option is taken."""
    ends = [*accumulate(sizes, initial=0)]
    return len(taken) == len(sizes) and all(a <= at < b for at, a, b in zip(taken, ends, ends[1:], strict=False))


def _bought(sourcing: Sourcing, taken: Sequence[int]) -> list[Alternative]:
    return [each for at in taken for each in sourcing.options[at].alternatives]


def _refusal(sourcing: Sourcing, chosen: Sequence[Alternative]) -> str:
    """What `check` holds against a choice; empty where every act accepts it."""
    refused = (each for each in sourcing.verdicts(chosen) if each.outcome != "eligible")
    return next((f"check refuses it: {each.summary}" for each in refused), "")
