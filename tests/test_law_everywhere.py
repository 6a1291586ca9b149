"""A folder of the user's law: every command that reads law honours it or refuses it; no act hears of another's."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jointbuy import cli, law
from jointbuy.flow import across, examples
from test_law_overlay import AGREEMENT, ALL_TERMS, PARTNER, folder, parameter, terms

BRIDGE = str(examples() / "bridge")
HONOURS = {
    "check": [BRIDGE],
    "check --act": [BRIDGE, "--act", "edip"],
    "check --all-acts": [BRIDGE, "--all-acts"],
    "check --all-readings": [BRIDGE, "--all-readings"],
    "content": [BRIDGE],
    "access": ["Japan"],
    "fix": [str(examples() / "recovery-vehicle")],
    "law diff": ["2026-11-23", "2026-11-23"],
}
"""Every command that takes `--law`, with the options that choose another way through it; and words to run it with."""


def commands(parser: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command, those of two words among them."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not below:
        yield name, parser
    for action in below:
        for word, each in action.choices.items():
            yield from commands(each, f"{name} {word}".strip())


COMMANDS = dict(commands(cli.parser()))
TAKES = {name for name, each in COMMANDS.items() if "--law" in each._option_string_actions}


def test_who_takes_a_folder_of_law_is_listed() -> None:
    # A certificate has to be made first, under the same folder: tests/test_fix_certificate.py.
    assert {name.split(" --")[0] for name in HONOURS} | {"verify"} == TAKES
    assert {"plan", "rule", "control", "certificate", "law stale"} <= COMMANDS.keys() - TAKES


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - TAKES))
def test_who_does_not_take_it_refuses_it(name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    needed = [action for action in COMMANDS[name]._get_positional_actions() if action.nargs not in {"*", "?"}]
    words = ["x"] * len(needed)
    try:
        code = cli.main([*name.split(), *words, "--law", str(tmp_path)])
    except SystemExit as stop:
        code = int(stop.code or 0)
    assert code == 2, name
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", sorted(HONOURS))
def test_a_folder_that_is_not_there_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*name.split(" --")[0].split(), *HONOURS[name], "--law", str(tmp_path / "nowhere")]) == 2
    assert "there is no overlay.yaml in this folder" in capsys.readouterr().err


TWENTY = ("max_outside_share", "share", ("1 %", "2025-01-01", "2025-01-01"))
LIMITS = {
    "safe__parameters": parameter("art16", *TWENTY),
    "edip__parameters": parameter("art10", *TWENTY),
}
"""One per cent from outside and no more, which hardly any purchase keeps."""


def test_all_acts_decide_under_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer of each act is that of `check --act`; the table tells what was laid over ours."""
    overlay = str(folder(tmp_path, **LIMITS))
    purchase = str(examples() / "night-sight")

    def told(*words: str) -> Any:
        assert cli.main(["check", purchase, *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    ours = {each["act"]: each["status"] for each in told("--all-acts")["acts"]}
    found = told("--all-acts", "--law", overlay)
    theirs = {each["act"]: each["status"] for each in found["acts"]}
    assert (ours["safe"], theirs["safe"]) == ("eligible", "not eligible")
    assert len(found["overlay"]["changes"]) == 2
    for act in ("safe", "edip"):
        assert told("--act", act, "--law", overlay)["status"] == theirs[act]
    assert cli.main(["check", purchase, "--all-acts", "--law", overlay]) == 0
    assert "LAW DATA LAID OVER OURS" in capsys.readouterr().out


def test_an_agreement_and_a_reading_of_one_act_go_with_all_acts(tmp_path: Path) -> None:
    """The partner's group and a default stand beside ours, for whichever act has a use for them."""
    readings = "holder under 10(5): {default: contractors, because: invented}\n"
    overlay = folder(
        tmp_path, safe__act=AGREEMENT, groups=PARTNER, safe__parameters=terms(**ALL_TERMS), readings=readings
    )
    acts = {name: law.under(overlay, name) for name in law.ACTS}
    assert [name for name in law.ACTS if any(route.id == "atlantis" for route in acts[name].routes)] == ["safe"]
    changed = [name for name in law.ACTS if acts[name].readings != law.act(name).readings]
    assert changed == ["edip"]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each act a folder that corrects another one."""
    edip = folder(tmp_path_factory.mktemp("edip"), edip__parameters=LIMITS["edip__parameters"])
    safe = folder(tmp_path_factory.mktemp("safe"), safe__parameters=LIMITS["safe__parameters"])
    return {name: safe if name == "edip" else edip for name in law.ACTS}


@pytest.mark.parametrize("name", law.ACTS)
def test_an_act_hears_nothing_of_what_corrects_another(name: str, elsewhere: dict[str, Path]) -> None:
    ours, theirs = law.act(name), law.under(elsewhere[name], name)
    for part in ("rules", "routes", "parameters", "readings", "settled", "places", "as_of", "conditions"):
        assert getattr(theirs, part) == getattr(ours, part), part


@pytest.mark.parametrize("example", sorted(path.parent.name for path in examples().glob("*/purchase.yaml")))
def test_no_answer_changes_by_what_corrects_another_act(example: str, elsewhere: dict[str, Path]) -> None:
    purchase = examples() / example
    ours = {answer.act: answer for answer in across.check(purchase).acts}
    for act, overlay in {"edip": elsewhere["edip"], "": elsewhere["safe"]}.items():
        for answer in across.check(purchase, overlay=overlay).acts:
            if (answer.act == "edip") == (act == "edip"):
                assert answer == ours[answer.act]
