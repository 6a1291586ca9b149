"""Pages on agreements in a browser: they ask for nothing but themselves, axe finds nothing, nobody scrolls sideways."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import test_report_browser as kit
from jointbuy.flow import agreements, pact
from jointbuy.report import pact_pages

TEXT = (
    f"# Statement of Canada and Japan {kit.HOSTILE}\n\nWe will explore exercises at sea by 2030.\n\n"
    "Iran shall stop. We shall share reports on cyber attacks.\n"
)


MOST = 9_000
"""Pixels that the whole register takes at the most where the screen is narrow: some ten screens of a telephone."""


def test_the_register_is_no_endless_page(browser: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(pact_pages.register(pact.register()), encoding="utf-8")
    window, _, _ = kit.opened(browser, page, min(kit.WIDTHS), bypass_csp=True)
    assert window.evaluate("() => document.documentElement.scrollHeight") <= MOST
    closed = "() => [...document.querySelectorAll('details')].filter(one => one.open).length"
    assert window.evaluate(closed) == 0
    window.close()


def page_of(name: str, folder: Path) -> str:
    text = folder / "text.txt"
    text.write_text(TEXT, encoding="utf-8")
    if name == "register":
        found = pact.register()
        return pact_pages.register(replace(found, standings=found.standings[:1] + found.standings[5:6]))
    if name == "text":
        return pact_pages.reading(pact.read(text, ["cyber"]))
    if name == "two":
        return pact_pages.comparison(agreements.diff(str(text), "UK", agreements.Counted(["cyber"])))
    return pact_pages.documents(agreements.documents([text, folder / "none.txt"]))


@pytest.mark.parametrize("width", kit.WIDTHS)
@pytest.mark.parametrize("name", ["register", "text", "two", "many"])
def test_the_page(browser: Any, tmp_path: Path, name: str, width: int) -> None:
    page = tmp_path / "page.html"
    page.write_text(page_of(name, tmp_path), encoding="utf-8")
    window, loaded, complaints = kit.opened(browser, page, width, bypass_csp=True)
    assert (loaded, complaints) == ([page.as_uri()], [])
    assert window.evaluate("() => document.documentElement.scrollWidth") <= width
    if width == min(kit.WIDTHS):
        shown = "() => [...document.querySelectorAll('td:empty')].filter(one => one.checkVisibility()).length"
        assert window.evaluate(shown) == 0
        assert window.evaluate("() => document.querySelector('.narrow .picture')?.checkVisibility() ?? true")
    if width == max(kit.WIDTHS):  # axe takes seconds, and the page is the same on a narrow screen
        assert kit.faults(window) == []
    kit.settled(window)
    assert (loaded, complaints) == ([page.as_uri()], [])
    assert window.evaluate("() => document.documentElement.scrollWidth") <= width
    window.close()
