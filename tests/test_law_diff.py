"""What differs between the law of two days, which purchases change their answer, and through what."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from jointbuy import cli
from jointbuy.errors import JointbuyError, NotInForce
from jointbuy.flow import examples
from jointbuy.flow.amended import law_diff
from jointbuy.law.stale import stale
from test_law_overlay import NEITHER, folder, parameter


def test_canadas_agreement_is_what_changed_and_one_purchase_with_it() -> None:
    found = law_diff("2026-02-13", "2026-02-14", over=examples())
    assert {change.id for change in found.changes} == {
        "canada.applies",
        "canada.min_inside_share",
        "canada.max_partner_share",
        "canada.max_neither_share",
    }
    changed = {each.purchase: each for each in found.purchases if each.before != each.after}
    assert changed.keys() == {"PATROL-4X4-2026-A"}  # examples/canadian-vehicle: Canada supplies most of it
    one = changed["PATROL-4X4-2026-A"]
    assert (one.before, one.after) == ("not eligible", "eligible")
    assert one.through == ("canada.applies",)  # the shares alone open nothing


def test_within_one_state_of_the_law_nothing_differs() -> None:
    found = law_diff("2026-09-01", "2026-09-30", over=examples() / "bridge")
    assert found.changes == ()
    assert [(each.before, each.after, each.through) for each in found.purchases] == [
        ("undetermined", "undetermined", ())
    ]


def test_a_partner_joins_on_its_day() -> None:
    (change,) = law_diff("2026-01-26", "2026-01-27").changes
    assert (change.kind, change.before, change.after) == ("group", None, "IN")
    assert not change.verified


def test_law_data_of_the_users_own_count_for_the_later_day(tmp_path: Path) -> None:
    overlay = folder(tmp_path, safe__parameters=parameter(*NEITHER, ("10 %", "2026-02-14", "2026-11-20")))
    found = law_diff("2026-11-23", "2026-11-23", over=examples() / "canadian-vehicle", overlay=overlay)
    (change,) = found.changes
    assert (change.id, change.before, change.after) == ("canada.max_neither_share", "35.00 %", "10.00 %")
    (one,) = found.purchases
    assert (one.before, one.after, one.through) == ("eligible", "not eligible", ("canada.max_neither_share",))


def test_files_that_cannot_be_read_are_told_and_the_others_decided(tmp_path: Path) -> None:
    shutil.copytree(examples() / "bridge", tmp_path / "one")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "purchase.yaml").write_text("id: [", encoding="utf-8")
    one, two = law_diff("2026-02-13", "2026-09-15", over=tmp_path).purchases
    assert one.after == "undetermined"
    assert (two.before, two.after) == (None, None)
    assert "purchase.yaml" in two.unread


@pytest.mark.parametrize(("day", "error"), [("2025-05-28", NotInForce), ("soon", JointbuyError)])
def test_a_day_without_law_is_refused(day: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        law_diff(day, "2026-09-15")


def test_a_folder_without_purchases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JointbuyError, match="there is no purchase in"):
        law_diff("2026-02-13", "2026-09-15", over=tmp_path)


def test_the_command_line_tells_it(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["law", "diff", "2026-02-13", "2026-02-14", "--over", str(examples() / "canadian-vehicle")]
    assert cli.main(line) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "not eligible, then eligible through canada.applies" in said
    assert cli.main([*line, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["purchases"][0]["changed"] == "yes"
    assert {each["kind"] for each in found["changes"]} == {"parameter"}


def test_what_nobody_has_checked_for_half_a_year(capsys: pytest.CaptureFixture[str]) -> None:
    assert stale(date(2027, 5, 23)) == ()  # checked on 23 November 2026 and later
    found = stale(date(2027, 5, 24))
    assert {each.checked for each in found} == {date(2026, 11, 23)}
    assert cli.main(["law", "stale", "--on", "2027-05-24"]) == 0
    assert "checked 23 November 2026" in capsys.readouterr().out
    assert cli.main(["law", "stale", "--on", "2026-12-01"]) == 0
    assert "checked within the last six months" in capsys.readouterr().out
