"""What every test may lean on: golden files, and skips that are no excuse where all tools must be there."""

import gc
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, started once for all the pages that a process tests; each test has a window of its own."""
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome", "msedge")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.skip("needs: Chromium (apt install chromium, or CHROMIUM=path)")
    with sync_playwright() as driver:
        # The sandbox of Chromium does not start for root, which is who builds in a container.
        started = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


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
