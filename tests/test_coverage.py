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
