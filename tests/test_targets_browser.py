"""The page on spending in a browser: it asks for nothing but itself, axe finds nothing, nobody scrolls sideways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import test_report_browser as kit
from jointbuy.flow.targets import Asked, targets
from jointbuy.report import targets_page

DATA = kit.EXAMPLES / "targets-eurostat"


@pytest.mark.parametrize("width", kit.WIDTHS)
@pytest.mark.parametrize(
    "asked",
    [Asked(data=[DATA / "gov_ev.json"]), Asked("LT", data=[DATA / "gov_ev.json", DATA / "planned.csv"]), Asked("CA")],
    ids=["six states", "one state", "single figures"],
)
def test_the_page(browser: Any, tmp_path: Path, asked: Asked, width: int) -> None:
    page = tmp_path / "page.html"
    page.write_text(targets_page.page(targets(asked)), encoding="utf-8")
    window, loaded, complaints = kit.opened(browser, page, width, bypass_csp=True)
    assert kit.faults(window) == []
    kit.settled(window)
    assert (loaded, complaints) == ([page.as_uri()], [])
    assert window.evaluate("() => document.documentElement.scrollWidth") <= width
    window.close()
