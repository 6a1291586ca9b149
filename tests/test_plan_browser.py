"""Pages of a plan and of a fix on a narrow screen: every number bears its head, and no text is cut or runs into one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from jointbuy import flow
from jointbuy.flow.fix import fix
from jointbuy.flow.plan import plan
from jointbuy.report import plan_page, remedies_page

pytest.importorskip("playwright.sync_api", reason="needs: playwright (make setup)")
HEADLESS = """() => [...document.querySelectorAll('.stack tbody td.number, .stack tbody th.number')]
    .filter(cell => ['none', 'normal', '""'].includes(getComputedStyle(cell, '::before').content))
    .map(cell => cell.textContent)"""
CUT = """() => [...document.querySelectorAll('.picture text')].filter(text => !text.closest('.scrolls'))
    .filter(text => { const box = text.getBoundingClientRect(); return box.right > innerWidth || box.left < 0; })
    .map(text => text.textContent)"""
TOGETHER = """() => [...document.querySelectorAll('.picture')].flatMap(picture => {
    const texts = [...picture.querySelectorAll('text:not([transform])')]
        .map(text => [text.textContent, text.getBoundingClientRect()]);
    return texts.flatMap(([one, a], at) => texts.slice(at + 1)
        .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4)
        .map(([other]) => `${one} | ${other}`));
})"""


def page_of(name: str) -> str:
    if name == "fix":
        return remedies_page.page(fix(flow.examples() / "recovery-vehicle"))
    return plan_page.page(plan(flow.examples() / name, frontier=name == "plan-four-states").planned)


@pytest.mark.parametrize("name", ["fix", "plan-four-states", "plan-impossible"])
def test_numbers_bear_their_heads_and_texts_have_room(name: str, browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(page_of(name), encoding="utf-8")
    for width in (390, 1280):
        opened = browser.new_page(viewport={"width": width, "height": 900})
        opened.goto(path.as_uri())
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
        assert opened.evaluate(CUT) == [], width
        assert opened.evaluate(TOGETHER) == [], width
        if width == 390:
            assert opened.evaluate(HEADLESS) == []
        opened.close()


def test_the_answer_has_its_point_above_the_limit_s_line() -> None:
    """What is drawn later lies above: the line of the limit comes before the points."""
    page = page_of("fix")
    drawn = page[page.index("frontier-0-title") :]
    assert drawn.index('class="limit"') < drawn.index('class="point"')
