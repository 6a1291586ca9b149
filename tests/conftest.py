"""What every test may lean on: golden files, and skips that are no excuse where all tools must be there."""

import gc
import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

GOLDEN = Path(__file__).parent / "golden"


def pytest_configure() -> None:
    # Tests make many records and few cycles: to look for some after every 700 records takes a tenth of the time.
    gc.set_threshold(50_000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="write tests/golden/ anew instead of comparing with it")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden(name, text)`: the text is what tests/golden/name holds; with --golden it is written there."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"tests/golden/{name} is missing; run: make golden"
        assert text == path.read_text(encoding="utf-8"), f"{name} changed; if that is right, run: make golden"

    return compare


def _needs(report: pytest.TestReport | pytest.CollectReport) -> str | None:
    """The reason of a skip for an absent tool, when such skips count as failures (CI=true)."""
    if not report.skipped or os.environ.get("CI") != "true" or not isinstance(report.longrepr, tuple):
        return None
    reason = report.longrepr[2].removeprefix("Skipped: ")
    return reason if reason.startswith("needs:") else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if reason := _needs(report):
        report.outcome, report.longrepr = "failed", f"with CI=true nothing may be absent; {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if reason := _needs(report):
        report.outcome, report.longrepr = "failed", f"with CI=true nothing may be absent; {reason}"
    return report
