"""The labels of joint statements, and how well the reader does on the part that its rules were tuned on."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "benchmarks"))

import pact_labelled as labelled  # noqa: E402  it stands in benchmarks/, beside the package

DATA = ROOT.parent / "shared" / "data" / "text"
ACTORS = {"joint", "one", "other", "none"}
STRENGTHS = {"bound", "firm", "intended", "effort", "explored", "restated"}


def test_every_label_is_one_of_the_guide() -> None:
    rows = labelled.labels()
    assert len({row.key for row in rows}) == len(rows) >= 400
    for row in rows:
        for label in (row.first, row.second, row.settled):
            if label != labelled.NONE:
                actor, strength = label.split()
                assert actor in ACTORS
                assert strength in STRENGTHS


def test_where_both_passes_agree_nothing_was_settled_otherwise() -> None:
    for row in labelled.labels():
        assert row.settled in {row.first, row.second}


def test_kappa() -> None:
    """Worked by hand: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: agreed .70, by chance .50, kappa .40."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert labelled.kappa(pairs) == pytest.approx((0.7, 0.4))


def test_precision_and_recall() -> None:
    """Three are told, two of them rightly; four are so."""
    pairs = [("a", "a"), ("b", "b"), ("a", "b"), ("a", "-"), ("-", "-")]
    assert labelled.scores(pairs) == pytest.approx((2 / 3, 1 / 2, 4 / 7))


@pytest.mark.parametrize(
    ("actor", "who"),
    [
        ("We", "joint"),
        ("The United States and Canada", "joint"),
        ("the two leaders", "joint"),
        ("Canada", "one"),
        ("President Biden", "one"),
        ("The Commission of the Summit", "other"),
        (None, "none"),
    ],
)
def test_who_acts_by_the_parties_names(actor: str | None, who: str) -> None:
    assert labelled.who("2021-02-23", actor) == who


@pytest.mark.skipif(not DATA.is_dir(), reason="no ../shared/data beside this checkout")
def test_the_reader_keeps_what_it_reached_on_the_tuned_part() -> None:
    rows = [row for row in labelled.told(DATA) if row.label.tuned_on]
    assert len(rows) == 220
    for field, floor in ((labelled.commitment, 0.97), (labelled.actor, 0.95), (labelled.strength, 0.95)):
        pairs = [(field(row.label.settled), field(row.said)) for row in rows]
        assert labelled.scores(pairs)[2] >= floor, field.__name__
