"""Neighbouring acts: one table over all, what each loads, and what the engine does for them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from jointbuy import cli, flow, law
from jointbuy.content.base import by_stated_value
from jointbuy.content.basis import MOST
from jointbuy.errors import NotInForce, Unusable
from jointbuy.exact import ADDED, Range, exactly
from jointbuy.flow import across as acts
from oracle import EXAMPLES

DAY = date(2026, 11, 26)


@pytest.mark.parametrize("name", ["loitering-munition", "night-sight"])
def test_the_table(
    name: str, golden: Callable[[str, str], None], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(EXAMPLES)
    assert cli.main(["check", name, "--all-acts"]) == 0
    golden(f"all-acts-{name}.txt", capsys.readouterr().out)


def test_the_table_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(EXAMPLES / "night-sight"), "--all-acts", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["act"] for each in told["acts"]] == list(law.ACTS)
    by_act = {each["act"]: each for each in told["acts"]}
    assert by_act["safe"]["status"] == "eligible"
    assert by_act["safe"]["verified"] == "yes"
    assert by_act["edirpa"]["status"] == "not eligible"
    assert by_act["edirpa"]["failed"] == ["components"]
    assert by_act["edirpa"]["on"] == "2025-11-18"  # its own law of the day of signature
    assert by_act["edip"]["on"] == "2025-12-30"  # Art. 7(4): an earlier contract, under the law of the first day
    assert "15 %" in by_act["edip"]["pays"]  # Art. 20(4)


def test_strict_asks_whether_some_act_accepts_it() -> None:
    assert cli.main(["check", str(EXAMPLES / "night-sight"), "--all-acts", "--strict"]) == 0
    assert cli.main(["check", str(EXAMPLES / "howitzer"), "--all-acts", "--strict"]) == 1


def test_a_report_is_of_one_act(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["check", str(EXAMPLES / "howitzer"), "--all-acts", "--out", str(tmp_path)]) == 2
    assert "choose one with --act" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_readings_are_chosen_where_they_are_open_and_refused_where_nobody_asks_them() -> None:
    folder = EXAMPLES / "night-sight"
    value = {each.act: each.because for each in acts.check(folder, readings={"base": "product value"}).acts}
    assert "12.82 % of the value" in value["safe"]  # 800 of 6240 EUR
    assert "of component cost" in value["edip"]  # Art. 10(3) leaves no choice
    with pytest.raises(Unusable, match=r'settles the reading "base"'):
        flow.check(folder, act="edip", readings={"base": "product value"})
    with pytest.raises(Unusable, match=r'no reading "bass"; did you mean "base"'):
        acts.check(folder, readings={"bass": "product value"})


def test_an_act_outside_its_days_says_which_they_are() -> None:
    folder = EXAMPLES / "loitering-munition"
    with pytest.raises(NotInForce, match=r"applied from 2023-10-27 to 2025-12-31; there is no law of it on 2026-10-12"):
        flow.check(folder, act="edirpa")
    assert flow.check(folder, act="edirpa", on="2025-12-31").verdict.on == date(2025, 12, 31)
    with pytest.raises(NotInForce, match="2026-01-01"):
        flow.check(folder, act="edirpa", on="2026-01-01")
    with pytest.raises(NotInForce, match="applies from 2023-10-27"):
        flow.check(folder, act="edirpa", on="2023-10-26")


def test_the_act_is_that_of_the_instrument_that_pays(tmp_path: Path) -> None:
    folder = tmp_path / "night-sight"
    shutil.copytree(EXAMPLES / "night-sight", folder)
    file = folder / "purchase.yaml"
    file.write_text(file.read_text("utf-8").replace("instrument: SAFE", "instrument: EDIP Ukraine"), encoding="utf-8")
    assert flow.check(folder).verdict.act == "edip_ukraine"
    assert flow.check(folder, act="safe").verdict.act == "safe"


def test_an_answer_under_one_act_is_none_under_another(tmp_path: Path) -> None:
    folder = tmp_path / "night-sight"
    shutil.copytree(EXAMPLES / "night-sight", folder)
    file = folder / "purchase.yaml"
    said = "  - {settles: edip-agent, answer: yes, by: Example, on: 2025-11-03, source: Example}\n"
    said += "  - {settles: edip-agnet, answer: yes, by: Example, on: 2025-11-03, source: Example}\n"
    said += "  - {settles: plam, answer: yes, by: Example, on: 2025-11-03, source: Example}\n"
    file.write_text(file.read_text("utf-8") + said, encoding="utf-8")
    keys = {each.act: each.conditions for each in acts.check(folder).acts}
    assert "edip-agent" not in keys["edip"]
    assert "edip-aim" in keys["edip"]  # what was said of SAFE's aim is not asked of EDIP's
    safe, edip = (flow.check(folder, act=name).verdict.remarks for name in ("safe", "edip"))
    assert [remark for remark in safe if "settles nothing" in remark] == [
        'the statement that settles "plam" settles nothing; did you mean "plan"?'
    ]
    assert any('"edip-agnet" settles nothing; did you mean "edip-agent"' in remark for remark in edip)


@pytest.mark.parametrize("act", ["safe", "edip", "edip_ukraine", "edirpa"])
@pytest.mark.parametrize("country", ["NO", "CH"])
def test_scattered_owners_are_added_up_where_their_control_does_no_harm(act: str, country: str, tmp_path: Path) -> None:
    """Three Norwegians with 20 % each outvote the rest, and bar it under none of the acts; of Swiss ones one asks."""
    folder = tmp_path / "night-sight"
    shutil.copytree(EXAMPLES / "night-sight", folder)
    file = folder / "purchase.yaml"
    owner = "      - {{name: Eier {0}, country: {1}, kind: legal entity, share: 20}}\n"
    owners = "".join(owner.format(number, country) for number in (1, 2, 3))
    owners += "      - {name: Holder, country: US, kind: legal entity, share: 40}\n"
    stated = (
        "      - name: Näidis Optika employees\n        country: EE\n        kind: natural person\n        share: 100\n"
    )
    text = file.read_text("utf-8")
    assert stated in text
    file.write_text(text.replace(stated, owners), encoding="utf-8")
    verdict = flow.check(folder, act=act, on="2025-12-30").verdict
    (finding,) = (each for each in verdict.findings if each.condition == "who supplies" and each.route is None)
    # A person judges whether the largest holder, from outside, has decisive influence (SAFE, recital 16; EDIP, 2(8)),
    # and whether all from outside have it together where those inside do not outvote them.
    assert finding.status == "for judgement"
    together = any("owners from outside together" in each.key for each in verdict.conditions)
    assert together == (country == "CH")


def test_only_the_act_that_is_asked_is_loaded() -> None:
    code = "from jointbuy import flow; import sys; flow.check(sys.argv[1]); print(*sys.modules)"
    command = [sys.executable, "-c", code, str(EXAMPLES / "drones-29-may")]
    loaded = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.split()
    assert {name.split(".")[2] for name in loaded if name.startswith("jointbuy.law.") and name.count(".") > 2} == {
        "safe",
        "shared",
    }


# --- the value of the end product ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "most", "low", "high"),
    [
        # The bill says 6240 EUR: 3000 of them are components from inside and 800 from outside.
        ("night-sight", None, 2440, 2440),
        ("night-sight", 7000, 2440, 2440),
        # The bill does not: 19593.46 EUR of components and 1480.00 of assembly, up to 25000 of contract value.
        ("loitering-munition", 25000, 1480, Fraction("5406.54")),
        ("loitering-munition", None, 1480, MOST - Fraction("19593.46")),
    ],
)
def test_a_value_that_nobody_states_is_not_guessed(
    name: str, most: int | None, low: Fraction | int, high: Fraction | int
) -> None:
    content = flow.check(EXAMPLES / name).content
    assert content
    found = by_stated_value(content, exactly(most) if most else None)
    assert found.products[0].composition[ADDED] == Range(Fraction(low), Fraction(high))
    assert any("does not say what it costs" in note for note in found.notes) == (name == "loitering-munition")


# --- days of notification: one table, and each act by itself ------------------------------------


def each_by_itself(folder: Path) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """What `--act` says under every act: status, why, and the keys of its conditions.

    The table does not try other readings, so that what hangs on one is told by the act alone.
    """
    found = {}
    for name in law.ACTS:
        try:
            verdict = flow.check(folder, act=name).verdict
        except NotInForce as error:
            found[name] = ("not in force", str(error), ())
        except Unusable as error:
            found[name] = ("refused", "; ".join(map(str, error.problems)), ())
        else:
            why = verdict.summary.partition(" So on the reading")[0]
            found[name] = (verdict.outcome, why, tuple(each.key for each in verdict.conditions))
    return found


def together(folder: Path) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    return {each.act: (each.status, each.because, each.conditions) for each in acts.check(folder).acts}


GUARANTEES = "controlled_by: US\n    guarantees: {{control_does_not_hamper: yes, notified: {0}}}\n"
SCREENING = "controlled_by: US\n    screening: {{outcome: cleared with mitigation, notified: {0}}}\n"


def notified(tmp_path: Path, instrument: str, told: str, day: str) -> Path:
    """A purchase of 18 November 2025 paid by another instrument, of which the Commission was told on a day."""
    folder = tmp_path / "night-sight"
    shutil.copytree(EXAMPLES / "night-sight", folder)
    file = folder / "purchase.yaml"
    text = file.read_text("utf-8").replace("instrument: SAFE", f"instrument: {instrument}")
    party = "executive_management_in: EE\n"
    assert text.count(party) == 1
    file.write_text(text.replace(party, f"{party}    {told.format(day)}"), encoding="utf-8")
    return folder


@pytest.mark.parametrize("told", [GUARANTEES, SCREENING])
@pytest.mark.parametrize(
    ("instrument", "day", "before"),
    [
        # SAFE is in force from 29 May 2025, EDIRPA from 27 October 2023, EDIP from 30 December 2025.
        ("EDIRPA", "2025-05-28", {"safe", "edip", "edip_ukraine"}),
        ("EDIRPA", "2025-05-29", {"edip", "edip_ukraine"}),
        ("EDIRPA", "2023-10-27", {"safe", "edip", "edip_ukraine"}),
        ("SAFE", "2025-05-29", {"edip", "edip_ukraine"}),
        ("EDIP", "2025-12-30", set()),
    ],
)
def test_a_notification_is_one_of_the_act_that_pays(
    told: str, instrument: str, day: str, before: set[str], tmp_path: Path
) -> None:
    """A day that is right under it is no fault of the file under another act, where it does not count and is told."""
    folder = notified(tmp_path, instrument, told, day)
    assert together(folder) == each_by_itself(folder)
    said = set()
    for name in law.ACTS:
        try:
            remarks = flow.check(folder, act=name).verdict.remarks
        except NotInForce:
            continue
        said |= {name for each in remarks if f"notified of NOP is {day}, and does not count" in each}
    assert said == before


@pytest.mark.parametrize("told", [GUARANTEES, SCREENING])
@pytest.mark.parametrize(
    ("instrument", "day", "first"),
    [
        ("SAFE", "2025-05-28", "2025-05-29"),
        ("EDIRPA", "2023-10-26", "2023-10-27"),
        ("EDIP", "2025-12-29", "2025-12-30"),
    ],
)
def test_no_notification_is_older_than_the_act_that_pays(
    told: str, instrument: str, day: str, first: str, tmp_path: Path
) -> None:
    folder = notified(tmp_path, instrument, told, day)
    for ask in (flow.check, acts.check):
        with pytest.raises(Unusable, match=rf"notified of .* is {day}: .* entered into force on {first}"):
            ask(folder)


def test_a_file_that_cannot_be_under_another_act_leaves_the_table(tmp_path: Path) -> None:
    """No loan of SAFE was decided before SAFE; EDIRPA, which pays, knows no loans."""
    folder = tmp_path / "night-sight"
    shutil.copytree(EXAMPLES / "night-sight", folder)
    file = folder / "purchase.yaml"
    text = file.read_text("utf-8").replace("instrument: SAFE", "instrument: EDIRPA")
    changed = text.replace("council_decision: ", "council_decision: 2025-05-28  # ", 1)
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    found = together(folder)
    assert found == each_by_itself(folder)
    assert found["safe"][0] == "refused"
    assert "entry into force on 2025-05-29" in found["safe"][1]
    assert cli.main(["check", str(folder), "--all-acts"]) == 0
