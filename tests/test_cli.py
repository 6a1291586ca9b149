"""The command line: exit codes, streams, words for every kind of trouble. The flow is a stand-in."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import time
import types
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import jointbuy
import sample_case
from jointbuy import cli, law, progress
from jointbuy import flow as real_flow
from jointbuy.asked import Explored
from jointbuy.cli import printing
from jointbuy.errors import JointbuyError, Problem, Unusable, Where
from jointbuy.result import AllReadings, Case, Combination, Outcome
from jointbuy.rules import Rule

SRC = Path(jointbuy.__file__).parents[1]
ACCESS = types.SimpleNamespace(
    act="safe",
    act_title="SAFE",
    country="CA",
    title="Canada",
    on=date(2026, 11, 23),
    groups=("partnership",),
    may_buy="yes",
    may_supply="unknown",
    may_borrow="no",
    because=("only Member States borrow (Art. 4(1))",),
    unverified=(),
)


class Flow(types.ModuleType):
    """A flow that answers with one case, or raises, and remembers what it was asked."""

    def __init__(self, answer: Case | BaseException) -> None:
        super().__init__("jointbuy.flow")
        self.answer = answer
        self.asked: dict[str, Any] = {}

    def check(self, folder: Path, **asked: Any) -> Case:
        self.asked = {"folder": folder, **asked}
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    Asked = real_flow.Asked

    def explore(self, folder: Path, asked: Any, **more: Any) -> Explored:
        return Explored(self.check(folder, **more))

    def examples(self) -> Path:
        return Path("examples")

    def access(self, country: str, on: date | None = None, overlay: Path | None = None, act: str = "safe") -> Any:
        return ACCESS

    def law_of(self, name: str, overlay: Path | None = None) -> law.Act:
        return law.act(name)

    def rule(self, name: str) -> Rule:
        return next(rule for rule in law.act("safe").rules if rule.id == name)


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(given: Case | BaseException) -> Flow:
        flow = Flow(given)
        monkeypatch.setitem(sys.modules, "jointbuy.flow", flow)
        monkeypatch.setattr(jointbuy, "flow", flow, raising=False)
        return flow

    return put


@pytest.fixture
def formats(monkeypatch: pytest.MonkeyPatch) -> None:
    room = types.ModuleType("jointbuy.formats")
    template, schema = types.ModuleType("jointbuy.formats.template"), types.ModuleType("jointbuy.formats.schema")
    template.template = lambda: {"purchase.yaml": "id: x\n", "bom.csv": "part\n"}  # type: ignore[attr-defined]
    schema.json_schema = lambda: {"type": "object"}  # type: ignore[attr-defined]
    for module in (room, template, schema):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(room, "template", template, raising=False)
    monkeypatch.setattr(room, "schema", schema, raising=False)


def test_check_hands_everything_on(answer: Any, capsys: pytest.CaptureFixture[str]) -> None:
    flow = answer(sample_case.eligible())
    line = "check p --on 2026-09-15 --known-on 2026-11-01 --reading".split()
    assert cli.main([*line, "mixed systems=main purpose"]) == 0
    assert flow.asked == {
        "folder": Path("p"),
        "act": None,
        "on": date(2026, 9, 15),
        "known_on": date(2026, 11, 1),
        "readings": {"mixed systems": "main purpose"},
        "overlay": None,
        "all_readings": False,
    }
    assert "ELIGIBLE, with 2 conditions" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "code"), [("eligible", 1), ("not_eligible", 1), ("undetermined", 1), ("certain", 0)])
def test_strict_asks_for_eligible_without_conditions(answer: Any, name: str, code: int) -> None:
    case = sample_case.eligible() if name == "certain" else getattr(sample_case, name)()
    if name == "certain":
        case = dataclasses.replace(case, verdict=dataclasses.replace(case.verdict, conditions=()))
    answer(case)
    assert cli.main(["check", "p", "--strict"]) == code
    assert cli.main(["check", "p"]) == 0


@pytest.mark.parametrize(("outcomes", "code"), [(("eligible",), 0), (("eligible", "undetermined"), 1)])
def test_strict_wants_one_outcome_under_all_readings(answer: Any, outcomes: tuple[Outcome, ...], code: int) -> None:
    ways = tuple(Combination(outcome, (("base", "product value"),) * place) for place, outcome in enumerate(outcomes))
    case = sample_case.eligible()
    every = AllReadings(ways, (), (), ("base",), (), (), 3, 5, 1)
    answer(dataclasses.replace(case, verdict=dataclasses.replace(case.verdict, conditions=()), all_readings=every))
    assert cli.main(["check", "p", "--strict", "--all-readings"]) == code


def test_strict_is_not_content_with_a_default_that_another_reading_reverses(answer: Any) -> None:
    case = sample_case.eligible()
    hanging = dataclasses.replace(case.verdict, conditions=(), hangs_on=("subcontractor control",))
    answer(dataclasses.replace(case, verdict=hanging))
    assert cli.main(["check", "p", "--strict"]) == 1
    assert cli.main(["check", "p", "--strict", "--reading", "components=traced"]) == 1
    assert cli.main(["check", "p", "--strict", "--reading", "subcontractor control=cured"]) == 0


@pytest.mark.parametrize("verb", ["check", "content", "control"])
def test_json_is_one_object_and_nothing_else(
    answer: Any, verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(sample_case.undetermined())
    out = ["--out", str(tmp_path / "o")] if verb == "check" else []
    assert cli.main([verb, "p", "--json", *out]) == 0
    assert json.loads(capsys.readouterr().out)["purchase"] == "sample-vehicles"


def test_demo_writes_its_files_and_says_what_next(
    answer: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(sample_case.eligible())
    assert cli.main(["demo", "--out", str(tmp_path / "d")]) == 0
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == [
        "checklist.md",
        "components.csv",
        "findings.csv",
        "report.html",
        "verdict.json",
        "verdict.txt",
    ]
    assert "Try next" in capsys.readouterr().out


def test_access_in_text_and_json(answer: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answer(sample_case.eligible())
    assert cli.main(["access", "Canada"]) == 0
    assert "Components from anywhere" in capsys.readouterr().out
    assert cli.main(["access", "Canada", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["may_buy"], said["may_supply"], said["may_borrow"]) == ("yes", "unknown", "no")


@pytest.mark.usefixtures("formats")
def test_init_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new"
    assert cli.main(["init", str(folder)]) == 0
    (folder / "purchase.yaml").write_text("mine", encoding="utf-8")
    (folder / "bom.csv").unlink()
    assert cli.main(["init", str(folder)]) == 2
    assert (folder / "purchase.yaml").read_text(encoding="utf-8") == "mine"
    assert not (folder / "bom.csv").exists()
    assert "is there already: nothing is overwritten" in capsys.readouterr().err


@pytest.mark.usefixtures("formats")
def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == {"type": "object"}


def test_a_rule_is_told_whole(answer: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answer(sample_case.eligible())
    assert cli.main(["rule", "safe.art16_10_component_share"]) == 0
    said = capsys.readouterr().out
    assert "Art. 16(10)" in said
    assert "35 % from 2025-05-29" in said


# --- trouble --------------------------------------------------------------------------------


def test_every_problem_has_a_line_of_its_own_up_to_twenty(answer: Any, capsys: pytest.CaptureFixture[str]) -> None:
    answer(Unusable(Problem("no price", Where("bom.csv", row), do="state one") for row in range(1, 31)))
    assert cli.main(["check", "p"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "jointbuy: bom.csv:1: no price; state one"
    assert (len(lines), lines[-1]) == (21, "jointbuy: and 10 more")


@pytest.mark.parametrize(
    ("trouble", "code", "told"),
    [
        (JointbuyError("no such reading"), 2, "jointbuy: no such reading\n"),
        (PermissionError(13, "Permission denied", "out"), 2, "jointbuy: out: Permission denied\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_trouble_is_told_in_words(
    answer: Any, trouble: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(trouble)
    assert cli.main(["check", "p"]) == code
    assert capsys.readouterr().err == told


def test_our_own_mistake_is_owned(
    answer: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(ZeroDivisionError("a secret of ours"))
    assert cli.main(["check", "p"]) == 2
    said = capsys.readouterr().err
    assert "our mistake" in said
    assert said.count("\n") == 1
    monkeypatch.setenv("JOINTBUY_DEBUG", "1")
    cli.main(["check", "p"])
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("chek p", 'did you mean "check"?'),
        ("check p --strcit", 'did you mean "--strict"?'),
        ("check p --on yesterday", "write it like 2026-09-15"),
        ("check p --reading foo", "is not NAME=OPTION"),
        ("check p --reading a=b --reading a=c", "--reading a is given twice"),
        ("check", "required: PURCHASE"),
        ("", "required: VERB"),
    ],
)
def test_a_wrong_word_is_met_with_advice(answer: Any, line: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer(sample_case.eligible())
    assert cli.main(line.split()) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("verb", "demo init schema check content control access rule".split())
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([verb, "--help"]) == 0
    assert f"Example: jointbuy {verb}" in capsys.readouterr().out


# --- as a process ---------------------------------------------------------------------------


def run(program: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONIOENCODING", "PYTHONUTF8"}}
    paths = os.pathsep.join((str(SRC), str(Path(__file__).parent)))
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**kept, "PYTHONPATH": paths, **environment},
        capture_output=True,
        check=False,
    )


PRINT = """
import sys, types, sample_case, jointbuy
from jointbuy import cli
flow = types.ModuleType("jointbuy.flow"); flow.check = lambda *a, **k: sample_case.eligible()
sys.modules["jointbuy.flow"] = jointbuy.flow = flow
{before}
sys.exit(cli.main({argv}))
"""


def test_a_stream_that_cannot_carry_our_signs_gets_plain_ones() -> None:
    done = run(PRINT.format(before="", argv=["check", "p"]), PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
    assert b"+ ELIGIBLE" in done.stdout
    done = run(PRINT.format(before="", argv=["check", "p", "--json"]), PYTHONIOENCODING="ascii")
    assert json.loads(done.stdout.decode("ascii"))["status"] == "eligible"


def test_a_pipe_gets_utf_8_without_colour() -> None:
    done = run(PRINT.format(before="", argv=["check", "p"]), PYTHONUTF8="0", LC_ALL="C")
    text = done.stdout.decode("utf-8")
    assert "✓ ELIGIBLE" in text
    assert "\x1b" not in text


@pytest.mark.skipif(os.name == "nt", reason="pipes end differently there")
def test_a_reader_that_leaves_is_no_error() -> None:
    before = "import os; r, w = os.pipe(); os.close(r); os.dup2(w, 1)"
    done = run(PRINT.format(before=before, argv=["check", "p"]))
    assert (done.returncode, done.stderr) == (cli.PIPE_CLOSED, b"")


def test_help_imports_no_room() -> None:
    program = (
        "import sys\nfrom jointbuy import cli\ncli.main(['--help'])\n"
        "heavy = {'yaml', 'numpy', 'openpyxl', 'python_calamine', 'jointbuy.flow', 'jointbuy.report'}\n"
        "sys.exit(','.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = run(program)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        (["Art. 16(10)"], {"safe.art16_10_component_share", "safe.art16_10_contravening_source"}),
        (["art.", "1"], {"safe.art01_category"}),
        (["share", "COMPONENTS"], {"safe.art16_10_component_share"}),
        ([], {rule.id for rule in law.act("safe").rules}),
    ],
)
def test_rules_are_found_by_words(asked: list[str], listed: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rule", *asked]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.strip() for line in lines if line.startswith("  safe.")} == listed


@pytest.mark.parametrize("asked", ["safe.art16_component_share", "art16_10_componet_share"])
def test_a_wrong_rule_id_gets_the_near_one(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rule", asked]) == 2
    assert 'did you mean "safe.art16_10_component_share"?' in capsys.readouterr().err


def test_a_rule_says_its_numbers_by_unit_and_what_it_was_checked_against(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["rule", "safe.art02_common_procurement"])
    said = capsys.readouterr().out
    assert "    2 from 2025-05-29" in said
    assert "against the text" in said
    cli.main(["rule", "safe.art17_components"])
    said = capsys.readouterr().out
    assert "80 % from 2026-02-14" in said
    assert "against secondary sources; the text itself was not seen" in " ".join(said.split())


def test_access_by_an_unread_agreement_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["access", "Canada"])
    assert "the text of the Agreement with Canada was not seen" in capsys.readouterr().out
    cli.main(["access", "Canada", "--on", "2025-07-01"])
    assert "not seen" not in capsys.readouterr().out


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_report_does_not_go_onto_a_file(
    answer: Any, below: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(sample_case.eligible())
    (tmp_path / "there").write_text("mine", encoding="utf-8")
    assert cli.main(["check", "p", "--out", str(tmp_path / "there" / below)]) == 2
    said = capsys.readouterr()
    assert "is a file: the files of a report go into a folder; name another folder" in said.err
    assert not said.out


def test_access_by_an_unchecked_membership_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["access", "Bosnia and Herzegovina", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert answer["may_buy"] == "yes"
    assert any("candidate" in each for each in answer["unverified"]), "shared/law.md gives no primary source for it"


def test_access_with_a_partnership_only_announced_is_open(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["access", "Australia", "--json"])
    assert json.loads(capsys.readouterr().out)["may_buy"] == "unknown"
    cli.main(["access", "Brazil", "--json"])
    assert json.loads(capsys.readouterr().out)["may_buy"] == "no"


def test_long_work_shows_on_a_terminal_that_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line that is written over each second and gone at the end; nothing at all where nobody looks."""
    with printing.working("rolling up"):
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with printing.working("rolling up"):
        progress.start(4_000, "rows")
        progress.more(1_000)
        time.sleep(1.3)
        progress.end()
    said = capsys.readouterr().err
    assert re.search(r"rolling up: 1 s, 1,000 of 4,000 rows, about \d+ s more", said)
    assert said.endswith("\r")
    assert "\n" not in said
