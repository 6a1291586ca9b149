"""What proves a fix: certificates that hold and that are found out, frontiers, prices of a point, next choices."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jointbuy.cli import main
from jointbuy.errors import JointbuyError
from jointbuy.flow.certified import verify
from jointbuy.flow.fix import fix
from jointbuy.report import remedies

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "recovery-vehicle"
OFFERS = "part,supplier,origin,unit_cost,currency,qualification_cost\n"
BILL = "Part,Parent,Quantity,Unit,Supplier,Country of origin,Unit cost,Currency\nARV-60,,1,pc,,,,\n"
Wrong = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "purchase"
    shutil.copytree(EXAMPLE, there)
    return there


def bought(folder: Path, bill: list[str], offers: list[str]) -> None:
    (folder / "bom.csv").write_text(BILL + "".join(f"{row}\n" for row in bill), encoding="utf-8")
    (folder / "alternatives.csv").write_text(OFFERS + "".join(f"{row}\n" for row in offers), encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("fix")
    assert main(["fix", str(EXAMPLE), "--out", str(out)]) == 0
    return (out / "certificate.json").read_text(encoding="utf-8")


@pytest.fixture
def path(made: str, tmp_path: Path) -> Path:
    there = tmp_path / "certificate.json"
    there.write_text(made, encoding="utf-8")
    return there


def test_a_certificate_holds(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(path), "--purchase", str(EXAMPLE), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["result"], found["where"], found["cost"]) == ("same", "", 123587400)
    assert (found["bound"], found["proven"]) == (123587400, "yes")
    assert {each["digest"] for each in found["files"]} == {"same"}


def test_no_solver_is_loaded_to_verify() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from jointbuy.flow import certified; "
        "print(any(name in sys.modules for name in ('highspy', 'jointbuy.fix.solve', 'jointbuy.fix.knapsack')))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def answer_of(made: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = made["problems"][made["answer"]]
    return found


def named(actions: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [each for each in actions if each["id"] == name]
    return found


def put(*path: int | str | float | object) -> Wrong:
    """What puts the last of these at the place that the others name, within the answer's problem."""
    *steps, last, value = path

    def spoil(made: dict[str, Any]) -> None:
        here: Any = answer_of(made)
        for step in steps:
            here = here[step]
        here[last] = value

    return spoil


@pytest.mark.parametrize(
    ("spoil", "result", "where"),
    [
        (lambda made: made.update(cost=made["cost"] - 1), "different", "cost"),
        (lambda made: made.update(answer=len(made["problems"])), "different", "answer"),
        (lambda made: made.update(answer="0"), "different", "answer"),
        (lambda made: made.pop("answer"), "different", "answer"),
        (lambda made: answer_of(made).pop("cost"), "different", ".cost"),
        (put("cost", 1), "different", ".cost"),
        (put("costs", -1, 7), "different", ".cost"),
        (put("chosen", 0, 10**9), "invalid", "problems["),
        (put("bound", 10**12), "invalid", "problems["),
        (put("rows", 0, "limit", -(10**15)), "invalid", "problems["),
        (put("status", "certain"), "invalid", ".status"),
        (put("proof", [[1]]), "invalid", ".proof"),
        (put("multipliers", 0, ["-1", "2"]), "invalid", ".multipliers"),
        (put("multipliers", 0, ["1", "0"]), "invalid", ".multipliers"),
        (lambda made: answer_of(made)["chosen"].pop(), "invalid", "problems["),
        (lambda made: answer_of(made)["starts"].reverse(), "invalid", ".starts"),
        (put("costs", 0, 2**70), "invalid", ".costs"),
        (put("costs", 0, 0.5), "invalid", ".costs"),
        (put("costs", 0, True), "invalid", ".costs"),
        (lambda made: made.update(problems={}), "invalid", "problems"),
        (lambda made: made.update(version=1), "invalid", "certificate.json"),
        (lambda made: made["not_solved"].pop(), "invalid", "not_solved"),
        (lambda made: made["actions"].pop(), "invalid", "not_solved["),
        (lambda made: made["actions"].append({"id": "more", "cost": 1}), "invalid", "not_solved"),
        (lambda made: named(made["actions"], "screening").update(cost=1), "invalid", "not_solved["),
        (lambda made: named(made["actions"], "guarantees").update(cost=1), "invalid", ".cost_of_actions"),
        (lambda made: made.update(not_solved=[{"actions": ["nobody"]}]), "invalid", "not_solved["),
    ],
)
def test_a_certificate_that_was_altered_is_found_out(path: Path, spoil: Wrong, result: str, where: str) -> None:
    made = json.loads(path.read_text(encoding="utf-8"))
    spoil(made)
    path.write_text(json.dumps(made), encoding="utf-8")
    found = verify(path)
    assert (found.result, where in found.where) == (result, True), (found.where, found.because)


def test_numbers_may_be_written_as_text(path: Path) -> None:
    """Exact numbers are text in other files of ours: both are read, and mean the same."""
    made = json.loads(path.read_text(encoding="utf-8"))
    for name in ("cost", "bound"):
        answer_of(made)[name] = str(answer_of(made)[name])
    path.write_text(json.dumps(made), encoding="utf-8")
    assert verify(path).result == "same"


def test_a_certificate_of_other_files_is_found_out(path: Path, folder: Path) -> None:
    text = (folder / "bom.csv").read_text(encoding="utf-8")
    (folder / "bom.csv").write_text(text.replace("412000.00", "412000.01"), encoding="utf-8")
    found = verify(path, folder)
    assert (found.result, found.where) == ("different", "bom.csv")


def test_what_is_no_certificate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "no.json").write_text("{", encoding="utf-8")
    assert verify(tmp_path / "no.json").result == "invalid"
    with pytest.raises(JointbuyError, match="there is no file"):
        verify(tmp_path / "none.json")
    assert main(["verify", str(tmp_path / "no.json")]) == 1
    assert "INVALID" in capsys.readouterr().out


def test_the_frontier_falls_and_meets_the_answer() -> None:
    found = fix(EXAMPLE)
    first, second = found.frontiers
    for frontier in (first, second):
        costs = [point.cost for point in sorted(frontier.points, key=lambda point: point.share)]
        assert costs == sorted(costs, reverse=True)
        assert all(point.exact for point in frontier.points)
    assert [point.cost for point in first.points if point.share == first.limit] == [found.cost]
    assert second.name.endswith("from United States")
    assert second.points[-1].cost == found.cost


def test_the_price_of_a_point_is_what_a_looser_limit_saves(folder: Path) -> None:
    # Each of forty parts is 1 % of the whole and costs 600 to move; five must move, and a point is one of them.
    bill = [f"A{at},ARV-60,1,pc,S{at},US,1000.00,EUR" for at in range(40)] + ["B,ARV-60,1,pc,T,DE,60000.00,EUR"]
    bought(folder, bill, [f"A{at},New {at},DE,1000.00,EUR,600" for at in range(40)])
    found = fix(folder)
    assert found.cost == 5 * 600_00 + 180_000_00  # and the guarantees
    (limit,) = found.limits
    assert limit.point == 600_00


def test_dearer_parts_from_inside_loosen_the_ratio(folder: Path) -> None:
    # 36 of 100 are from outside. Moving them costs 1 000, a part from inside dearer by 3 costs 180: 34.95 % of 103.
    bill = ["A,ARV-60,1,pc,One,US,36.00,EUR", "B,ARV-60,1,pc,Two,DE,64.00,EUR"]
    bought(folder, bill, ["A,Three,FR,36.00,EUR,1000", "B,Four,FR,67.00,EUR,0"])
    found = fix(folder)
    assert [(each.part, each.cost) for each in found.changes] == [("B", 180_00)]
    assert [each.part for each in found.loosened] == ["B"]
    assert "dearer and no better" in remedies.text(found, colour=False, width=100)


def test_next_best_choices_are_close_and_other_choices() -> None:
    found = fix(EXAMPLE)
    assert found.cost is not None
    best = {each.part for each in found.changes}
    assert found.runners_up
    for runner in found.runners_up:
        assert found.cost <= runner.cost <= found.cost * Fraction(105, 100)
        assert not best <= {each.part for each in runner.changes}
