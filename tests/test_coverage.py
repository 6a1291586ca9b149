"""No provision of SAFE is unaccounted for, and nothing is named that does not exist."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from jointbuy import law
from jointbuy.cli import main
from jointbuy.errors import LawError
from jointbuy.law.coverage import coverage

SAFE = law.act("safe")
PARAGRAPHS = {
    2: 3, 4: 3, 7: 5, 8: 8, 9: 2, 10: 3, 11: 3, 12: 5, 15: 2, 16: 15, 17: 4, 18: 6, 20: 2, 21: 2, 22: 3,
}  # fmt: skip
"""Numbered paragraphs (of Art. 2: definitions) of each article that has any, counted in the regulation's text."""
WHOLE = {3, 5, 6, 13, 14, 19, 23}
"""Articles without numbered paragraphs; Art. 1 has two subparagraphs."""
NAMES = [one.name for one in coverage(SAFE).provisions]


def test_every_article_and_paragraph_is_there_once() -> None:
    """Twenty-three articles; a paragraph may stand in several entries, one for each of its sentences or points."""
    assert {*PARAGRAPHS, *WHOLE, 1} == set(range(1, 24))
    wanted = {f"Art. {article}({number})" for article, last in PARAGRAPHS.items() for number in range(1, last + 1)}
    wanted |= {f"Art. {article}" for article in WHOLE}
    wanted |= {"Art. 1, first subparagraph", "Art. 1, second subparagraph", "Annex"}
    told = [re.sub(r"(\(\d+\))(\([a-d]\)|, \w+ sentence)$", r"\1", name) for name in NAMES]
    assert wanted == {name for name in told if not name.startswith("Recital")}
    assert max(Counter(NAMES).values()) == 1
    split = {name for name in told if name not in NAMES}
    assert split == {"Art. 16(10)", "Art. 16(14)", "Art. 17(2)"}


def test_every_rule_clause_and_reading_of_the_act_is_named() -> None:
    """What is not named would be on no page."""
    found = coverage(SAFE)
    assert {name for one in found.provisions for name in one.rules} == {rule.id for rule in SAFE.rules}
    asked = {name for one in found.questions for name in one.readings}
    assert asked == set(SAFE.readings)
    ours = {name for one in found.provisions for name in one.clauses}
    assert {clause.id for clause in SAFE.clauses} - ours == {
        # Advice on several provisions together, and what the agreement with Canada alone asks.
        "changes-reported",
        "agreement-with-canada",
    }


def test_a_rule_stands_under_the_provision_it_cites() -> None:
    """An agreement's rules cite the agreement."""
    places: dict[str, set[str]] = {}
    for one in coverage(SAFE).provisions:
        for name in one.rules:
            places.setdefault(name, set()).add(one.name)
    for rule in SAFE.rules:
        cited = re.match(r"Art\. \d+(\(\d+\))?", rule.provision)
        if cited:
            assert any(name.startswith(cited[0]) for name in places[rule.id]), rule.id


def test_what_is_not_decided_says_why() -> None:
    for one in coverage(SAFE).provisions:
        assert one.rules or one.clauses or one.command or one.why, one.name
        assert one.says, one.name


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("rules: [safe.art01_category]", "rules: [safe.art01_categories]", '"safe.art01_categories", which does not'),
        ("    why: a principle, with nothing to hold a purchase against\n", "", "nothing is said of Art. 3"),
        ("readings: [raw materials]", "readings: [raw material]", '"raw material", which does not exist'),
        ("    says: in euro", "    tells: in euro", "nobody reads the key"),
    ],
)
def test_what_does_not_exist_is_refused_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    shutil.copytree(Path(law.__file__).parent, tmp_path / "law")
    path = tmp_path / "law" / "safe" / "coverage.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawError, match=re.escape(told)) as raised:
        coverage(SAFE, tmp_path / "law")
    assert re.search(r"coverage\.yaml, line \d+|coverage\.yaml:\d+", str(raised.value))


@pytest.mark.parametrize(
    ("asked", "told"),
    [("Art. 5", "loan to the Member State"), ("Art. 13", "three largest"), ("Annex", "VAT"), ("Art. 17(3)", "balance")],
)
def test_a_provision_without_a_rule_says_what_becomes_of_it(
    asked: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rule", *asked.split()]) == 0
    assert told in capsys.readouterr().out


NEIGHBOURS = {
    "edip": {
        1: 3, 2: 31, 3: 8, 4: 3, 5: 6, 6: 3, 7: 4, 8: 1, 9: 9, 10: 6, 11: 10, 12: 4, 13: 3, 14: 2, 15: 12, 16: 3, 17: 6,
        18: 5, 19: 1, 20: 8, 21: 5,
    },
    "edip_ukraine": {
        22: 2, 23: 6, 24: 3, 25: 4, 26: 9, 27: 8, 28: 11, 29: 3, 30: 6, 31: 5, 32: 1, 33: 5, 34: 4,
    },
}  # fmt: skip
"""Paragraphs of Chapters I to III of EDIP, counted in the regulation's text; an article without any counts one."""


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_every_paragraph_of_a_neighbouring_act_is_there_once(name: str) -> None:
    """An entry stands for a whole article, or for the paragraphs that it numbers: `Art. 3(1) to (2), (4) to (8)`."""
    told: list[tuple[int, int]] = []
    for one in coverage(law.act(name)).provisions:
        article = int(re.findall(r"\d+", one.name)[0])
        runs = re.findall(r"\((\d+)\)(?: to \((\d+)\))?", one.name) or [("1", str(NEIGHBOURS[name][article]))]
        told += [(article, each) for low, high in runs for each in range(int(low), int(high or low) + 1)]
    assert Counter(told) == Counter(
        (article, each) for article, last in NEIGHBOURS[name].items() for each in range(1, last + 1)
    )


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_every_rule_and_every_reading_of_its_own_is_named(name: str) -> None:
    act, found = law.act(name), coverage(law.act(name))
    assert {each for one in found.provisions for each in one.rules} == {rule.id for rule in act.rules}
    own = set(act.readings) - set(SAFE.readings) | {"raw materials"}
    assert {each for one in found.questions for each in one.readings} == own
