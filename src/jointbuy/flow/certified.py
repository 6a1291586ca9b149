"""The certificate of a fix, and its recheck: no solver, no law, nothing but whole numbers and digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jointbuy.errors import JointbuyError
from jointbuy.fix.certificate import FORMAT, VERSION, Broken, rechecked, written
from jointbuy.remedy import Fix, Verified

if TYPE_CHECKING:
    from jointbuy.flow.fix import Job, Tried
    from jointbuy.flow.sourcing import Sourcing

PRUNED = {
    "dearer": "they cost no less than the answer",
    "changes": "they are more changes than asked for",
    "time": "time was up before",
}
"""Why a set of actions was not solved, where `verify` can tell."""
_ACTIONS = 10
_MOST = 200_000_000
"""Bytes of a certificate that are read."""


def certificate(job: Job, found: Fix, tried: Sequence[Tried]) -> Mapping[str, Any]:
    """What `verify` rechecks: every problem that was solved, which of them is the answer, and why the others are none.

    Of each set of actions there is either a problem for each way, or why there is none.
    """
    problems: list[dict[str, Any]] = []
    answer: int | None = None
    best: tuple[int, int] | None = None
    for each in tried:
        options = named_options(each.sourcing)
        for way, one in enumerate(each.answers):
            made = written(one.built.problem, one.solution, options)
            made |= {"actions": [action.id for action in each.actions], "way": way, "cost_of_actions": each.cost}
            made["unpriced"] = each.unpriced
            if one.cost is not None and (best is None or (each.unpriced, each.cost + one.cost) < best):
                best, answer = (each.unpriced, each.cost + one.cost), len(problems)
            problems.append(made)
    return {
        "format": FORMAT,
        "version": VERSION,
        **headed(job),
        "cost": found.cost,
        "answer": answer,
        "verdicts": [case.verdict.outcome for case in found.after],
        "ways": [
            {"actions": [action.id for action in each.actions], "rows": named_ways(each.sourcing)}
            for each in tried
            if each.answers
        ],
        "problems": problems,
        "not_solved": [
            {"actions": [action.id for action in each.actions], "because": unsolved(each)}
            for each in tried
            if not each.answers
        ],
    }


def headed(job: Job) -> dict[str, Any]:
    """What was asked, of which purchase: all that follows without solving anything."""
    first, wanted = job.before[0], job.wanted
    return {
        "purchase": first.verdict.purchase,
        "acts": list(job.acts),
        "on": first.verdict.on.isoformat(),
        "known_on": first.verdict.known_on.isoformat(),
        "currency": job.read.purchase.contract.currency,
        "passes_as_it_is": "yes" if job.passes else "no",
        "asked": {
            "on": None if job.on is None else job.on.isoformat(),
            "known_on": None if job.known_on is None else job.known_on.isoformat(),
            "readings": dict(sorted(job.readings.items())),
            "max_share": [[country, str(share)] for country, share in wanted.most_from],
            "min_share": [[country, str(share)] for country, share in wanted.least_from],
        },
        "max_changes": wanted.changes,
        "digests": dict(sorted({**first.digests, **job.digests}.items())),
        "actions": [
            {"id": action.id, "cost": None if action.cost is None else action.cost.minor} for action in job.actions
        ],
    }


def named_options(sourcing: Sourcing | None) -> list[str]:
    """What each option changes, in words."""
    return [
        " and ".join(f"{one.part} from {one.supplier or 'another source'}" for one in option.alternatives) or "as it is"
        for option in (sourcing.options if sourcing else ())
    ]


def named_ways(sourcing: Sourcing | None) -> list[list[str]]:
    """The rows of each way in which a purchase can pass, by name."""
    return [[row.name for row in way] for way in (sourcing.ways if sourcing else ())]


def unsolved(each: Tried) -> str:
    """Why a set of actions was not solved."""
    if each.pruned:
        return PRUNED[each.pruned]
    return each.apart or f"no source can change: {', '.join(name for _, names in each.failing for name in names)}"


def verify(file: str | Path, purchase: str | Path | None = None, overlay: str | Path | None = None) -> Verified:
    """Recheck a certificate; with a purchase also that its files pose these problems, and that `check` accepts it.

    `overlay` is law data laid over ours, as `fix` was given them. Raises JointbuyError where there is no file, or where
    law data have faults or no purchase to be laid over.
    """
    if overlay is not None:
        _check_law(Path(overlay), purchase)
    path = Path(file)
    if not path.is_file():
        raise JointbuyError(f'there is no file "{path}"; fix --out FOLDER writes certificate.json')
    if path.stat().st_size > _MOST:
        raise JointbuyError(f"{path.name} has more than {_MOST:,} bytes, which is more than is read")
    try:
        made = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return Verified("invalid", path.name, "it is no JSON text")
    if not isinstance(made, dict) or made.get("format") != FORMAT or made.get("version") != VERSION:
        return Verified("invalid", path.name, f"it is no {FORMAT} of version {VERSION}")
    try:
        found = _recheck(made)
    except Broken as broken:
        return Verified("invalid", broken.where, broken.what)
    if purchase is None or found.result != "same":
        return found
    return _against(found, made, Path(purchase), overlay)


def _check_law(overlay: Path, purchase: str | Path | None) -> None:
    """Faults of the user's law data are the user's to mend, and no other answer."""
    # Imported on use: without a purchase neither files nor law are read.
    from jointbuy import law

    if purchase is None:
        raise JointbuyError("--law says by which law a purchase is looked at again; name it with --purchase")
    law.under(overlay, next(iter(law.ACTS)))


def _recheck(made: Mapping[str, Any]) -> Verified:
    problems = made.get("problems")
    if not isinstance(problems, list):
        raise Broken("problems", "a list is expected")
    costs: dict[int, tuple[int, int]] = {}
    bounds: list[tuple[int, int]] = []
    proven = True
    for at, record in enumerate(problems):
        where = f"problems[{at}]"
        again, cost = rechecked(record, where)
        extra, unpriced = record.get("cost_of_actions"), record.get("unpriced")
        said, bound = (None if (one := record.get(name)) is None else int(one) for name in ("cost", "bound"))
        if type(extra) is not int or type(unpriced) is not int:
            raise Broken(where, "the cost of actions must be a whole number")
        if cost is not None and cost != said:
            return Verified("different", f"{where}.cost", f"the choice costs {cost}, not {said}")
        if again.faults:
            return Verified("invalid", where, "; ".join(again.faults))
        proven = proven and again.proven
        if cost is not None:
            costs[at] = unpriced, extra + cost
        if bound is not None or not again.proven:
            bounds.append((unpriced, extra + ((bound if again.proven else again.relaxed) or 0)))
    best = min(costs.values(), default=None)
    least, currency = None if best is None else best[1], str(made.get("currency", ""))
    if least != made.get("cost"):
        return Verified("different", "cost", f"the cheapest choice costs {least}, not {made.get('cost')}")
    answer = made.get("answer")
    if best is not None and (type(answer) is not int or costs.get(answer) != best):
        return Verified(
            "different", "answer", f"the cheapest choice is that of problems[{min(costs, key=costs.__getitem__)}]"
        )
    _claimed(made, least)
    bounds += _covered(made, problems, best)
    told = "every choice keeps its rows and costs what it says, and every way that is named was solved"
    # A choice with fewer costs that nobody states is the better one, so its bound is that of those with as many.
    rest = [low for count, low in bounds if best is None or count == best[0]]
    return Verified("same", "", told, least, min(rest, default=None), proven, currency)


def _claimed(made: Mapping[str, Any], cost: int | None) -> None:
    """Whether acts and verdicts go with each other: of a choice that passes every act says so. Raises Broken."""
    acts, verdicts = made.get("acts"), made.get("verdicts")
    if not isinstance(acts, list) or not acts or not all(isinstance(each, str) for each in acts):
        raise Broken("acts", "names of acts are expected")
    if verdicts != ([] if cost is None else ["eligible"] * len(acts)):
        raise Broken("verdicts", "every act accepts the choice, if there is one, and there is no other verdict")


def _ways(made: Mapping[str, Any], problems: Sequence[tuple[frozenset[str], Any]]) -> None:
    """Whether of every set of actions that was solved each way was, once. Raises Broken."""
    listed = made.get("ways")
    if not isinstance(listed, list):
        raise Broken("ways", "a list is expected")
    asked = dict[tuple[frozenset[str], int], str]()
    for at, each in enumerate(listed):
        names, rows = (each.get(key) if isinstance(each, dict) else None for key in ("actions", "rows"))
        if (
            not isinstance(names, list)
            or not isinstance(rows, list)
            or not all(isinstance(one, str) for one in names)
            or len(set(names)) < len(names)
        ):
            raise Broken(f"ways[{at}]", "actions, and the rows of each way, are expected")
        for way, kept in enumerate(rows):
            if not isinstance(kept, list) or (frozenset(names), way) in asked:
                raise Broken(f"ways[{at}].rows[{way}]", "names of rows are expected, of each set of actions once")
            asked[frozenset(names), way] = f"ways[{at}].rows[{way}]"
    for place, (names, way) in enumerate(problems):
        if type(way) is not int or asked.pop((names, way), None) is None:
            raise Broken(f"problems[{place}].way", "it is none of the ways that are named, or another problem is of it")
    if asked:
        raise Broken(min(asked.values()), "there is no problem of this way")


def _covered(made: Mapping[str, Any], problems: Sequence[Any], best: tuple[int, int] | None) -> list[tuple[int, int]]:
    """Whether no set of actions is left out, and those that were not solved for their cost cost no less.

    Why others were not solved is for `fix` to say again. Of those left when time was up, the number of unknown costs
    and the least that they cost. Raises Broken.
    """
    listed, left = made.get("actions"), made.get("not_solved")
    if not isinstance(listed, list) or len(listed) > _ACTIONS or not isinstance(left, list):
        raise Broken("actions", "actions, and sets of them that were not solved, are expected")
    costs = {str(each.get("id")): each.get("cost") for each in listed if isinstance(each, dict)}
    if len(costs) != len(listed) or not all(cost is None or type(cost) is int for cost in costs.values()):
        raise Broken("actions", "each has an id of its own, and a whole number as cost or none")

    def of(record: Mapping[str, Any], where: str) -> tuple[frozenset[str], int, int]:
        names = record.get("actions")
        if not isinstance(names, list) or not all(isinstance(name, str) and name in costs for name in names):
            raise Broken(where, "these actions are not among those listed")
        found = frozenset(names)
        if len(found) < len(names):
            raise Broken(where, "an action stands there twice")
        return found, sum(costs[name] is None for name in found), sum(costs[name] or 0 for name in found)

    seen = set[frozenset[str]]()
    _ways(made, [(of(record, f"problems[{at}]")[0], record.get("way")) for at, record in enumerate(problems)])
    for at, record in enumerate(problems):
        names, unpriced, cost = of(record, f"problems[{at}]")
        if (unpriced, cost) != (record["unpriced"], record["cost_of_actions"]):
            raise Broken(f"problems[{at}].cost_of_actions", f"its actions cost {cost}")
        seen.add(names)
    least = 0
    for record in problems[:1]:  # the options cost the same under any actions
        each = [int(cost) for cost in record["costs"]]
        least = sum(min(each[low:high]) for low, high in pairwise(map(int, record["starts"])))
    waiting = []
    for at, record in enumerate(left):
        where = f"not_solved[{at}]"
        names, unpriced, cost = of(record if isinstance(record, dict) else {}, where)
        if names in seen or not isinstance(record.get("because"), str):
            raise Broken(where, "these actions are told of already, or it is not said why they were not solved")
        because, most = record.get("because"), made.get("max_changes")
        if because == PRUNED["dearer"] and (best is None or (unpriced, cost + least) < best):
            raise Broken(where, "with the cheapest sources these actions cost less than the answer")
        if because == PRUNED["changes"] and not (type(most) is int and len(names) > most):
            raise Broken(where, "these actions are no more changes than asked for")
        waiting += [(unpriced, cost + least)] if because == PRUNED["time"] else []
        seen.add(names)
    if len(seen) != 2 ** len(costs):
        raise Broken("not_solved", f"{2 ** len(costs)} sets of actions can be made, and {len(seen)} are told of")
    return waiting


def _against(found: Verified, made: Mapping[str, Any], folder: Path, overlay: str | Path | None) -> Verified:
    """Whether the files of a purchase are those that were read, and pose what the certificate has."""
    digests = made.get("digests")
    files = tuple(_files(digests if isinstance(digests, dict) else {}, folder))
    wrong = next(((name, said) for name, said in files if said != "same"), None)
    if wrong is not None:
        return replace(found, result="different", where=wrong[0], because=f"the file is {wrong[1]}", files=files)
    # Imported on use: without a purchase neither files nor law are read.
    from jointbuy.flow.reposed import differs

    where, because = differs(made, folder, overlay)
    if where:
        return replace(found, result="different", where=where, because=because, files=files)
    told = f"{found.because}; the purchase poses these problems, and is accepted as it would be"
    return replace(found, because=told, files=files, posed=True)


def _files(digests: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    there = folder if folder.is_dir() else folder.parent
    for name, digest in digests.items():
        if name == "law":
            continue
        path = there / name
        if ".." in Path(name).parts or Path(name).is_absolute() or not path.is_file():
            yield name, "not there"
        else:
            yield name, "same" if "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest() == digest else "different"
