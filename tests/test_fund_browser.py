"""The pages on loans in a browser: axe finds nothing, nobody scrolls sideways, no text of a picture is cut off."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import loans
import test_report_browser as kit
from jointbuy.flow.compared import compare
from jointbuy.flow.ledger import ledger
from jointbuy.flow.pool import pool
from jointbuy.flow.targets import Asked, targets
from jointbuy.fund.schedule import schedule
from jointbuy.report import ledger_page, loan_page, pool_page, savings_page, targets_page

ROMANIA = kit.EXAMPLES / "loan-romania"
LARGE = 1668005539400
"""Romania's loan in cents: as many digits as a page must hold."""
OUTSIDE = """() => [...document.querySelectorAll("svg text")].filter(text => {
    const box = text.getBoundingClientRect(), around = text.ownerSVGElement;
    const most = document.documentElement.clientWidth;
    const edge = around.ownerSVGElement ? around.getBoundingClientRect().right : most;
    return box.width && (box.left < 0 || box.right > Math.min(edge, most) + 1);
}).map(text => text.textContent)"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every kind of page; a loan of few rows, and two cases of a comparison: axe looks at each cell."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(ROMANIA, folder / "loan")
    asked = folder / "loan" / "compare.yaml"
    asked.write_text(asked.read_text(encoding="utf-8").partition("  - name: hedged")[0], encoding="utf-8")
    texts = {
        "loan": loan_page.page(schedule(loans.loan(amount=LARGE, draws=(loans.draw(date(2027, 3, 15), LARGE),)))),
        "saving": savings_page.page(compare(folder / "loan").compared),
        "pool": pool_page.page(pool()),
        "empty pool": pool_page.page(pool(on="2025-06-01")),
        "ledger": ledger_page.page(ledger(kit.EXAMPLES / "ledger-amber", lost="C5")),
        "targets": targets_page.page(targets(Asked("CA"))),
        "no figure": targets_page.page(targets(Asked("RO"))),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.mark.parametrize("width", kit.WIDTHS)
@pytest.mark.parametrize("name", ["loan", "saving", "empty pool", "no figure"])
def test_nothing_is_in_the_way_of_a_reader(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    window, loaded, complaints = kit.opened(browser, pages[name], width, bypass_csp=True)
    assert kit.faults(window) == []
    kit.settled(window)
    assert (loaded, complaints) == ([pages[name].as_uri()], [])
    assert window.evaluate("() => document.documentElement.scrollWidth") <= width
    window.close()


@pytest.mark.parametrize("width", kit.WIDTHS)
@pytest.mark.parametrize("name", ["loan", "saving", "pool", "ledger", "targets"])
def test_no_text_of_a_picture_is_cut_off(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    window, _, _ = kit.opened(browser, pages[name], width)
    assert window.evaluate("() => document.querySelectorAll('svg text').length") > 9
    assert window.evaluate(OUTSIDE) == []
    window.close()


@pytest.mark.parametrize("name", ["loan", "saving", "pool", "ledger", "targets"])
def test_every_cell_says_its_column_on_a_narrow_screen(browser: Any, pages: dict[str, Path], name: str) -> None:
    """Where rows are stacked, a number without its title could be anything, and a row's head has none."""
    window, _, _ = kit.opened(browser, pages[name], 390)
    bare = "() => [...document.querySelectorAll('.stack tbody td:not([data-title]):not(.drawn)')].length"
    assert window.evaluate(bare) == 0
    headed = "() => [...document.querySelectorAll('.stack tbody th.word')].length"
    assert window.evaluate(headed) == 0
    window.close()
