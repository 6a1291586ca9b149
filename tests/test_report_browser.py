"""The page in a real browser: it asks for nothing but itself, axe finds nothing, nobody scrolls sideways, it prints."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from jointbuy import check, flow
from jointbuy.flow.ledger import ledger
from jointbuy.flow.pool import pool
from jointbuy.report import certificate, html, ledger_page, pool_page

pytest.importorskip("playwright.sync_api", reason="needs: playwright (make setup)")

EXAMPLES = Path(__file__).parents[1] / "examples"
NAMES = sorted(path.name for path in EXAMPLES.iterdir() if (path / "purchase.yaml").is_file())
FORM = "certificate"
POOL, LEDGER = "fund-pool", "ledger-amber"
PAGES = [*NAMES, FORM, POOL, LEDGER]
WIDTHS = [1280, 390]
LOOKED_AT = ["armoured-vehicle", "bridge", "radar", FORM, POOL, LEDGER]
"""What axe looks at: pages that between them hold everything a page can hold, as it takes seconds for each."""
HOSTILE = '<img src="https://example.invalid/x.png"><script>fetch("https://example.invalid")</script>'


class Pages(dict[str, Path]):
    """Pages by name, each written when it is first asked for: processes that share the tests need not make them all."""

    def __init__(self, folder: Path, page: Callable[[str], str]) -> None:
        self.folder, self.page = folder, page

    def __missing__(self, name: str) -> Path:
        self[name] = self.folder / f"{name}.html"
        self[name].write_text(self.page(name), encoding="utf-8")
        return self[name]


def page_of(name: str) -> str:
    """The page of an example, of one under every reading; of the certificate, the pool and the ledger."""
    if name == FORM:
        case, (first, *_) = flow.certify(EXAMPLES / "missile")
        return certificate.page(case, first)
    if name == POOL:
        return pool_page.page(pool())
    if name == LEDGER:
        return ledger_page.page(ledger(EXAMPLES / LEDGER, lost="C5"))
    return html.page(check(EXAMPLES / name, all_readings=name == "radar"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(tmp_path_factory.mktemp("pages"), page_of)


def opened(browser: Any, path: Path, width: int, **options: Any) -> tuple[Any, list[str], list[str]]:
    """The page in a new window, every address it asked for, and whatever the browser complained of.

    A page without scripts is as it stays once it is loaded, but for what a style would fetch later: `settled` waits.
    """
    window = browser.new_page(viewport={"width": width, "height": 900}, **options)
    asked: list[str] = []
    complaints: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    window.on("console", lambda message: complaints.append(message.text))
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.goto(path.as_uri())
    return window, asked, complaints


def settled(window: Any) -> None:
    """Wait until nothing was asked for in half a second."""
    window.wait_for_load_state("networkidle")


@pytest.mark.parametrize("name", NAMES)
def test_the_page_asks_for_nothing_but_itself(browser: Any, pages: Pages, name: str) -> None:
    window, asked, complaints = opened(browser, pages[name], 1280)
    window.emulate_media(media="print")
    window.mouse.wheel(0, 20_000)
    for link in window.query_selector_all("nav a"):
        link.evaluate("link => link.click()")
    settled(window)
    assert [url.partition("#")[0] for url in asked] == [pages[name].as_uri()]
    assert complaints == []
    window.close()


def test_what_a_hostile_file_says_asks_for_nothing_either(browser: Any, tmp_path: Path) -> None:
    folder = tmp_path / "purchase"
    shutil.copytree(EXAMPLES / "drones-29-may", folder)
    text = (folder / "purchase.yaml").read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    (folder / "purchase.yaml").write_text(text.replace(title, f"title: '{HOSTILE}'"), encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(html.page(check(folder)), encoding="utf-8")
    window, asked, complaints = opened(browser, page, 1280)
    settled(window)
    assert (asked, complaints) == ([page.as_uri()], [])
    assert window.inner_text("h1") == HOSTILE
    window.close()


def faults(window: Any) -> list[tuple[str, str, list[Any]]]:
    """What axe finds: impact, rule and the first places; all but what it calls minor."""
    window.add_script_tag(content=resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    # The same rules; only what is wrong is told with its places, and only that comes back.
    found = window.evaluate("() => axe.run({resultTypes: ['violations']}).then(found => found.violations)")
    return [
        (each["impact"], each["id"], [node["target"] for node in each["nodes"]][:3])
        for each in found
        if each["impact"] != "minor"
    ]


def elements(page: Path) -> set[tuple[str, str]]:
    """Each tag of a page with each class it is given."""
    found = set()
    for tag, attributes in re.findall(r"<([a-z][a-z0-9]*)((?:\s[^>]*)?)>", page.read_text(encoding="utf-8")):
        named = re.search(r'class="([^"]*)"', attributes)
        found |= {(tag, each) for each in (named[1].split() if named else [""])}
    return found


def test_axe_looks_at_everything_a_page_can_hold(pages: Pages) -> None:
    looked_at = set().union(*(elements(pages[name]) for name in LOOKED_AT))
    assert set().union(*(elements(pages[name]) for name in PAGES)) - looked_at == set()


@pytest.mark.parametrize(
    ("name", "width"),
    [(name, 1280) for name in LOOKED_AT] + [(name, 390) for name in (LOOKED_AT[0], FORM, POOL, LEDGER)],
)
def test_nothing_is_in_the_way_of_a_reader(browser: Any, pages: Pages, name: str, width: int) -> None:
    window, _, _ = opened(browser, pages[name], width, bypass_csp=True)
    assert faults(window) == []
    window.close()


def test_axe_would_tell(browser: Any, pages: Pages, tmp_path: Path) -> None:
    """The same page without its language and with letters too pale does not pass."""
    text = pages["drones-29-may"].read_text(encoding="utf-8").replace('<html lang="en">', "<html>", 1)
    worse = tmp_path / "worse.html"
    worse.write_text(text.replace("</footer>", '<p style="color:#eee">Pale</p></footer>'), encoding="utf-8")
    window, _, _ = opened(browser, worse, 1280, bypass_csp=True)
    assert {"html-has-lang", "color-contrast"} <= {name for _, name, _ in faults(window)}
    window.close()


@pytest.mark.parametrize("name", PAGES)
def test_nobody_scrolls_sideways(browser: Any, pages: Pages, name: str) -> None:
    window, _, _ = opened(browser, pages[name], WIDTHS[0])
    for width in WIDTHS:
        window.set_viewport_size({"width": width, "height": 900})
        assert window.evaluate("() => [innerWidth, document.documentElement.scrollWidth <= innerWidth]") == [
            width,
            True,
        ]
    window.close()


def test_the_certificate_is_one_sheet_without_what_stands_before_it(browser: Any, pages: Pages) -> None:
    window, _, _ = opened(browser, pages[FORM], 1280)
    window.emulate_media(media="print")
    assert not window.is_visible("aside")
    assert not window.is_visible("footer")
    assert window.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    window.close()


def test_it_prints_on_a4(browser: Any, pages: Pages) -> None:
    window, _, _ = opened(browser, pages["drones-29-may"], 1280)
    printed = window.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 594.95996 841.91998]" in printed or b"/MediaBox [0 0 595" in printed
    window.close()
