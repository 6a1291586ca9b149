"""A certificate against its purchase: every element of it is held, and a purchase that passes is searched for less."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from fix_kit import Instance, Offer, Source, absorbing_instance, excluding_instance, random_instance, undrawn
from jointbuy.cli import main
from jointbuy.errors import JointbuyError
from jointbuy.flow.certified import verify
from jointbuy.flow.fix import Wanted, fix
from jointbuy.remedy import Verified
from jointbuy.report import remedies
from test_law_overlay import folder, parameter

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "recovery-vehicle"
Steps = tuple[str | int, ...]
HARMLESS = {
    "answer altered": "another problem whose choice costs as little is as good an answer",
    "digests.law altered": "law data of another day may pose the same, which is looked at",
    "problems.*.multipliers.*.* altered": "a bound that other prices prove is proven",
}
"""What may be otherwise, by its place, and why that does no harm."""


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    wanted = Wanted(most_from=(("US", Fraction(1, 10)),), least_from=(("FI", Fraction(1, 100)),), changes=8)
    found = fix(EXAMPLE, wanted=wanted, readings={"components": "traced"}, known_on="2026-11-20")
    assert found.cost is not None
    whole: dict[str, Any] = json.loads(json.dumps(found.certificate))
    assert len(whole["problems"]) > 1
    return whole


def again(made: dict[str, Any], folder: Path, purchase: Path | None = EXAMPLE) -> Verified:
    path = folder / "certificate.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    found = verify(path)
    return found if found.result != "same" or purchase is None else verify(path, purchase)


def places(value: object, steps: Steps = ()) -> Iterator[Steps]:
    """Every place of a certificate, the whole left out."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inner:
        yield (*steps, step)
        yield from places(each, (*steps, step))


def told(steps: Steps) -> str:
    return ".".join("*" if isinstance(step, int) else step for step in steps)


def changed(made: dict[str, Any], steps: Steps, how: str) -> dict[str, Any]:
    """A copy in which one element is gone, or another."""
    copy: Any = deepcopy(made)
    here = copy
    for step in steps[:-1]:
        here = here[step]
    if how == "removed":
        del here[steps[-1]]
    else:
        here[steps[-1]] = other(here[steps[-1]])
    whole: dict[str, Any] = copy
    return whole


def other(value: object) -> object:
    if isinstance(value, str):
        return str(int(value) + 1) if value.isdecimal() else f"{value}x"
    if isinstance(value, list):
        return [*value, value[0] if value else 1]
    return {} if isinstance(value, dict) else 1 if value is None else int(str(value)) + 1


def test_every_element_that_is_gone_or_another_is_found_out(made: dict[str, Any], tmp_path: Path) -> None:
    assert again(made, tmp_path).result == "same"
    by: dict[str, list[Steps]] = {}
    for steps in places(made):
        by.setdefault(told(steps), []).append(steps)
    passed = set()
    for name, found in by.items():
        for steps in {found[0], found[-1]}:
            for how in ("removed", "altered"):
                if again(changed(made, steps, how), tmp_path).result == "same":
                    passed.add(f"{name} {how}")
    assert sorted(passed - set(HARMLESS)) == []
    assert len(by) > 40


def test_a_way_that_is_gone_is_named(made: dict[str, Any], tmp_path: Path) -> None:
    copy = deepcopy(made)
    del copy["problems"][copy["answer"] - 1 if copy["answer"] else 1]
    copy["answer"] = 0
    found = again(copy, tmp_path, None)
    assert found.result != "same"
    assert "ways[" in found.where or found.where in {"cost", "answer"}
    # With its name gone too the certificate holds by itself: what it leaves out the purchase tells.
    copy = deepcopy(made)
    kept = copy["problems"][copy["answer"]]
    copy["problems"], copy["answer"] = [{**kept, "way": 0}], 0
    (entry,) = [each for each in copy["ways"] if each["actions"] == kept["actions"]]
    entry["rows"], copy["ways"] = [entry["rows"][kept["way"]]], [entry]
    assert again(copy, tmp_path, None).result == "same"
    found = again(copy, tmp_path)
    assert (found.result, found.where) == ("different", "ways[0].rows")


def test_a_verdict_that_is_another_is_found_out(made: dict[str, Any], tmp_path: Path) -> None:
    found = again({**made, "verdicts": ["not eligible"]}, tmp_path, None)
    assert (found.result, found.where) == ("invalid", "verdicts")


def test_what_was_not_looked_at_is_said(
    made: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    assert main(["verify", str(path)]) == 0
    assert "Not rechecked without --purchase" in " ".join(capsys.readouterr().out.split())
    assert main(["verify", str(path), "--purchase", str(EXAMPLE), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["posed"] == "yes"


def test_a_choice_that_check_refuses_is_refused_again(
    made: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that bars a choice is believed only where `check` refuses that choice."""
    copy = deepcopy(made)
    problem = copy["problems"][copy["answer"]]
    first = [1 if at in set(problem["starts"]) else 0 for at in range(len(problem["costs"]))]
    cut = {"name": "refused by check", "limit": len(problem["starts"]) - 2, "weights": first}
    problem["rows"].append(cut)
    for key in ("multipliers",):
        problem[key].append(["0", "1"])
    found = again(copy, tmp_path)
    # As it is the purchase does not pass: check refuses that, and the row is right. Its choice is another's place.
    assert found.result == "same"
    chosen = set(problem["chosen"])
    cut["weights"] = [int(at in chosen) for at in range(len(problem["costs"]))]
    assert again(copy, tmp_path).result != "same"


def test_no_solver_is_loaded_to_pose_the_problems_again(made: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    code = (
        "import sys; from jointbuy.flow.certified import verify; "
        f"print(verify({str(path)!r}, {str(EXAMPLE)!r}).posed, 'highspy' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.split() == ["True", "False"]


# --- what passes already --------------------------------------------------------------------


def purchase(folder: Path, *offers: Offer) -> Path:
    """Sixty pieces of which each has 300 from the United States and 700 from Germany: 30 % from outside passes."""
    euros = Fraction(300), Fraction(700)
    sources = [
        Source(
            "A", "END", 1, "One", "US", euros[0], euros[0], offers=[each for each in offers if "A" in each.supplier]
        ),
        Source(
            "B", "END", 1, "Two", "DE", euros[1], euros[1], offers=[each for each in offers if "B" in each.supplier]
        ),
    ]
    Instance(sources, {}, folder).write()
    return folder


def offer(name: str, origin: str, price: int) -> Offer:
    return Offer(name, origin, Fraction(price), Fraction(price), "EUR", 0)


def test_what_passes_already_is_searched_for_savings(tmp_path: Path) -> None:
    """By hand: A for 280 saves 20 of each of 60, and 280 of 980 are outside; B from Korea would break the limit."""
    folder = purchase(tmp_path / "p", offer("New A", "US", 280), offer("New B", "KR", 500), offer("Dear A", "DE", 400))
    found = fix(folder)
    assert (found.passed, found.cost, found.bound, found.gap) == (True, -1200_00, -1200_00, 0)
    assert [(each.part, each.supplier) for each in found.changes] == [("A", "New A")]
    text = " ".join(remedies.text(found, colour=False, width=100).split())
    assert "PASSES ALREADY; THE CHEAPEST THAT STILL PASSES SAVES 1 200.00" in text
    assert remedies.json(found)["passes_as_it_is"] == "yes"
    assert again(dict(found.certificate), tmp_path, folder).cost == -1200_00
    # The frontier goes up to the limit, where the answer lies, and not only from what is on.
    assert max(point.share for point in found.frontiers[0].points) == Fraction(35, 100)
    assert min(point.cost for point in found.frontiers[0].points) == -1200_00


@pytest.mark.parametrize(("origin", "price"), [("US", 300), ("US", 320), ("DE", 301)])
def test_what_passes_already_stays_where_nothing_is_cheaper(origin: str, price: int, tmp_path: Path) -> None:
    folder = purchase(tmp_path / "p", offer("New A", origin, price))
    found = fix(folder)
    assert (found.passed, found.cost, found.bound, found.changes) == (True, 0, 0, ())
    text = " ".join(remedies.text(found, colour=False, width=100).split())
    assert "No cheaper choice among what is offered passes" in text
    checked = again(dict(found.certificate), tmp_path, folder)
    assert (checked.result, checked.cost, checked.bound, checked.posed) == ("same", 0, 0, True)


def test_what_passes_already_does_so_when_time_is_up(tmp_path: Path) -> None:
    folder = purchase(tmp_path / "p", offer("New A", "US", 280))
    found = fix(folder, wanted=Wanted(stop=lambda: True))
    assert (found.cost, found.changes, found.stopped) in (((0, (), True)), (-1200_00, found.changes, False))
    assert found.bound is not None
    assert found.bound <= -1200_00
    assert again(dict(found.certificate), tmp_path, folder).result == "same"


def test_nothing_named_is_said_so(tmp_path: Path) -> None:
    folder = tmp_path / "purchase"
    shutil.copytree(EXAMPLE, folder)
    text = (folder / "purchase.yaml").read_text(encoding="utf-8")
    (folder / "purchase.yaml").write_text(text.replace("alternatives: alternatives.csv\n", ""), encoding="utf-8")
    told = " ".join(remedies.summary(fix(folder)))
    assert "No other sources are named, by alternatives:" in told
    assert "No combination" not in told


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(most_from=(("US", Fraction(1, 10)), ("United States", Fraction(1, 20)))), "given twice for United"),
        (
            Wanted(most_from=(("CA", Fraction(1, 10)),), least_from=(("CA", Fraction(1, 5)),)),
            "asks for more from Canada",
        ),
    ],
)
def test_limits_that_contradict_each_other_are_refused(wanted: Wanted, said: str) -> None:
    with pytest.raises(JointbuyError, match=said):
        fix(EXAMPLE, wanted=wanted)


def test_one_product_has_one_name() -> None:
    found = fix(EXAMPLE, wanted=Wanted(most_from=(("US", Fraction(1, 10)),)))
    names = {each.name.partition(":")[0] for each in found.limits}
    assert names == {"Armoured recovery vehicle"}


@pytest.mark.parametrize("drawn", [random_instance, absorbing_instance, excluding_instance])
def test_a_certificate_is_that_of_its_purchase(drawn: Callable[[int, Path], Instance], tmp_path: Path) -> None:
    """Of purchases that pass, can be made to and cannot; with time, without any, and with limits of one's own."""
    told = 0
    asked = (Wanted(), Wanted(stop=lambda: True), Wanted(changes=2, most_from=(("US", Fraction(1, 4)),)))
    for seed in range(4):
        instance = drawn(seed, tmp_path / str(seed))
        if not any(source.offers for source in instance.sources):
            continue
        instance.write()
        for wanted in asked:
            with undrawn():
                found = fix(instance.folder, acts=instance.acts, readings=instance.readings, wanted=wanted)
            checked = again(dict(found.certificate), tmp_path, instance.folder)
            assert (checked.result, checked.posed) == ("same", True), (seed, checked.where, checked.because)
            told += 1
    assert told > 4


def test_a_certificate_made_under_a_folder_of_law_is_of_that_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the folder it is the same; without it what the purchase poses is another problem."""
    laid = folder(
        tmp_path,
        safe__parameters=parameter("art16", "max_outside_share", "share", ("30 %", "2025-01-01", "2025-01-01")),
    )
    assert main(["fix", str(EXAMPLE), "--law", str(laid), "--out", str(tmp_path / "out")]) == 0
    made = str(tmp_path / "out" / "certificate.json")
    results = []
    for words in (["--law", str(laid)], []):
        capsys.readouterr()
        main(["verify", made, "--purchase", str(EXAMPLE), *words, "--json"])
        results.append(json.loads(capsys.readouterr().out)["result"])
    assert results == ["same", "different"]
    assert main(["verify", made, "--purchase", str(EXAMPLE), "--law", str(tmp_path / "nowhere")]) == 2
    assert "there is no overlay.yaml in this folder" in capsys.readouterr().err
    assert main(["verify", made, "--law", str(laid)]) == 2
    assert "name it with --purchase" in capsys.readouterr().err
