"""What a user sees for each example, whole, so that a change of any word shows in review."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jointbuy import cli

EXAMPLES = sorted(path.parent for path in (Path(__file__).resolve().parents[1] / "examples").glob("*/purchase.yaml"))


AS_JSON = {"armoured-vehicle", "howitzer", "bridge"}
"""One of each outcome: the words of the others are in their text, and their files would be long."""


@pytest.mark.parametrize(
    ("example", "option", "suffix"),
    [pytest.param(path, [], "txt", id=f"{path.name}.txt") for path in EXAMPLES]
    + [pytest.param(path, ["--json"], "json", id=f"{path.name}.json") for path in EXAMPLES if path.name in AS_JSON],
)
def test_check(
    example: Path,
    option: list[str],
    suffix: str,
    golden: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(example.parent)
    assert cli.main(["check", example.name, *option]) == 0
    golden(f"{example.name}.{suffix}", capsys.readouterr().out)


def test_there_are_examples() -> None:
    assert {path.name for path in EXAMPLES} > AS_JSON
