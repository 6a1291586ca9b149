"""The page: whole, closed to the outside, and safe from whatever a user's file says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import sample_case
from jointbuy.flow import check
from jointbuy.flow.fix import fix
from jointbuy.report import (
    charts,
    every_reading,
    every_reading_page,
    exploring_page,
    figures,
    files,
    frontier_chart,
    html,
    ledger_page,
    markup,
    minerals_page,
    pieces,
    plan_charts,
    plan_page,
    pool_page,
    remedies_page,
    words,
)
from jointbuy.result import Case

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
SAMPLES = [sample_case.eligible, sample_case.not_eligible, sample_case.undetermined]
VOID = {"br", "meta"}


class Reader(HTMLParser):
    """Reads a page as a tree: every tag closed in order, what links where, headings, ids and visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


@pytest.mark.parametrize("name", ["armoured-vehicle", "howitzer", "canadian-vehicle", "radar", "bridge"])
def test_example(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.html", html.page(check(EXAMPLES / name)))


@pytest.mark.parametrize("case", SAMPLES, ids=lambda make: make.__name__)
def test_is_well_formed_and_reads_aloud_in_order(case: Callable[[], Case]) -> None:
    reader = read(html.page(case()))
    tags = [tag for tag, _ in reader.tags]
    assert [tags.count(tag) for tag in ("h1", "header", "nav", "main", "footer")] == [1, 1, 1, 1, 1]
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in attrs for tag, attrs in reader.tags if tag == "th")
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    pointed = [attrs.get(key) for _, attrs in reader.tags for key in ("aria-labelledby", "aria-describedby")]
    assert {key for key in pointed if key} <= set(ids)
    images = [attrs for tag, attrs in reader.tags if tag == "svg" and not attrs.get("aria-hidden")]
    assert all(image.get("role") == "img" or image.get("class") == "in" for image in images)


@pytest.mark.parametrize("case", SAMPLES, ids=lambda make: make.__name__)
def test_asks_nothing_of_the_outside(case: Callable[[], Case]) -> None:
    page = html.page(case())
    reader = read(page)
    assert "://" not in page
    assert not {"script", "link", "img", "iframe", "form", "object", "base"} & {tag for tag, _ in reader.tags}
    links = [attrs[key] or "" for _, attrs in reader.tags for key in ("href", "src") if key in attrs]
    assert links
    assert all(link.startswith("#") for link in links)
    assert re.findall(r"url\((.)", page) == ["#"] * page.count("url(")
    assert not [key for _, attrs in reader.tags for key in attrs if key.startswith("on")]
    policies = [attrs["content"] for _, attrs in reader.tags if "http-equiv" in attrs]
    assert policies[0] is not None
    assert policies[0].startswith("default-src 'none'")


HOSTILE = "</style></title><script>alert(1)</script>\" onload='x' &amp; \u202egnissim\u2066 \x00\x1b[31m"


def hostile() -> Case:
    case = sample_case.undetermined()
    purchase = replace(
        case.purchase,
        title=HOSTILE,
        end_products=tuple(replace(product, name=HOSTILE) for product in case.purchase.end_products),
    )
    verdict = replace(
        case.verdict,
        purchase=HOSTILE,
        summary=HOSTILE,
        unverified=(HOSTILE,),
        conditions=tuple(replace(each, text=HOSTILE, key=HOSTILE, who=HOSTILE) for each in case.verdict.conditions),
        findings=tuple(replace(each, because=HOSTILE, title=HOSTILE) for each in case.verdict.findings),
        missing=tuple(replace(each, name=HOSTILE, supplier=HOSTILE) for each in case.verdict.missing),
    )
    assert case.content
    made = case.content.products[0]
    lines = tuple(replace(line, name=HOSTILE, supplier=HOSTILE, part=f"{line.part}{HOSTILE}") for line in made.lines)
    content = replace(case.content, products=(replace(made, lines=lines),))
    return replace(
        case, purchase=purchase, verdict=verdict, content=content, notes=(HOSTILE,), digests={HOSTILE: HOSTILE}
    )


def test_what_a_user_writes_stays_text() -> None:
    page = html.page(hostile())
    reader = read(page)
    assert {tag for tag, _ in reader.tags} <= {tag for tag, _ in read(html.page(sample_case.undetermined())).tags}
    assert not [key for _, attrs in reader.tags for key in attrs if key.startswith("on")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", page)
    assert "".join(reader.text).count("<script>alert(1)</script>\" onload='x' &amp; gnissim") > 20


def test_a_purchase_without_a_bill_has_a_page_too() -> None:
    page = html.page(replace(sample_case.eligible(), content=None))
    assert words.PAGE["no bill"] in page
    assert 'id="share"' not in page
    read(page)


def test_text_is_escaped_and_markup_is_not() -> None:
    assert markup.tag("p", "<b>", markup.tag("b", "x"), title='"') == '<p title="&quot;">&lt;b&gt;<b>x</b></p>\n'


def test_the_page_of_a_fix_is_well_formed_draws_its_frontiers_and_stays_text() -> None:
    found = fix(EXAMPLES / "recovery-vehicle")
    changes = tuple(replace(each, name=HOSTILE, supplier=HOSTILE) for each in found.changes)
    page = remedies_page.page(replace(found, changes=changes, notes=(HOSTILE,)))
    reader = read(page)
    tags = [tag for tag, _ in reader.tags]
    assert [tags.count(tag) for tag in ("h1", "header", "main", "footer")] == [1, 1, 1, 1]
    pictures = [attrs for tag, attrs in reader.tags if tag == "svg" and attrs.get("role") == "img"]
    assert len(pictures) == len(found.frontiers) == 2
    assert "script" not in tags
    assert not [key for _, attrs in reader.tags for key in attrs if key.startswith("on")]
    assert "http" not in page.replace("Content-Security-Policy", "").replace("http-equiv", "")


def test_every_text_of_the_page_is_used() -> None:
    """The table of texts holds what the page says, no more; a key that is missing would stop a page above."""
    source = "".join(
        Path(module.__file__ or "").read_text("utf-8")
        for module in (
            html,
            charts,
            every_reading,
            every_reading_page,
            exploring_page,
            frontier_chart,
            minerals_page,
            pieces,
            remedies_page,
            plan_charts,
            plan_page,
            pool_page,
            ledger_page,
        )
    )
    computed = {"by group", "by origin", "language", *html._MARK}
    assert [
        key for key in words.PAGE if key not in computed and not re.search(f"""["']{re.escape(key)}["']""", source)
    ] == []


def test_the_page_is_among_the_files(tmp_path: Path) -> None:
    case = sample_case.eligible()
    assert files.write(case, tmp_path)[0].name == "report.html"
    assert (tmp_path / "report.html").read_text("utf-8") == html.page(case)


def test_the_command_names_what_is_not_the_default() -> None:
    case = check(EXAMPLES / "howitzer", readings={"second buyer": "declared intention"})
    assert '--on 2026-09-22 --known-on 2026-11-23 --reading "contravening' in words.command(case)
    assert words.command(case).endswith('--reading "second buyer=declared intention"')


# --- the bill, drawn ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["armoured-vehicle", "howitzer", "canadian-vehicle", "radar", "bridge"])
def test_blocks_are_all_of_the_cost(name: str) -> None:
    case = check(EXAMPLES / name)
    product = figures.products(case)[0]
    blocks = figures.blocks(case, product.id, charts.SMALLEST)
    assert sum(block.amount.low for block in blocks) == product.total.low
    assert sum(block.amount.high for block in blocks) == product.total.high
    assert all(sum(slice_.amount.high for slice_ in block.slices) == block.amount.high for block in blocks)
    by_group = {slice_.name: slice_.amount.high for slice_ in product.by_group}
    found = dict.fromkeys(by_group, Fraction(0))
    for block in blocks:
        for slice_ in block.slices:
            found[slice_.name] += slice_.amount.high
    assert found == by_group


def test_parts_inside_a_part_cost_what_the_bill_says() -> None:
    """Power pack and the rest of the chassis, whose price is its parts and the maker's own work."""
    case = check(EXAMPLES / "howitzer")
    blocks = figures.blocks(case, "HOW-155-T9", Fraction(1, 100))
    chassis = next(block for block in blocks if block.name and block.name.startswith("Tracked chassis"))
    assert chassis.inner
    assert sum(block.amount.high for block in chassis.inner) <= chassis.amount.high
    assert all(not block.inner for block in chassis.inner)


def test_small_parts_are_one_block() -> None:
    blocks = figures.blocks(check(EXAMPLES / "howitzer"), "HOW-155-T9", Fraction(1, 2))
    assert len(blocks) == 1
    assert (blocks[0].several, blocks[0].part) == (52, "")
