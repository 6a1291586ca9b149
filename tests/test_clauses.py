"""The checklist of clauses: what each purchase must carry, from the law (`clauses.yaml`), and how it is written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from jointbuy import flow, law
from jointbuy.report import checklist
from jointbuy.result import Carried
from test_verdicts import _Words, folder

SAFE = law.act("safe")
CASES: list[dict[str, Any]] = yaml.load(Path(__file__).with_name("clauses.yaml").read_text("utf-8"), _Words)


def found(case: dict[str, Any], at: Path) -> dict[str, Carried]:
    return {clause.id: clause for clause in flow.check(folder(case, at)).verdict.checklist}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_purchase_carries_what_the_law_asks_of_it(case: dict[str, Any], tmp_path: Path) -> None:
    carried = found(case, tmp_path)
    settled = {name for name, clause in carried.items() if not clause.open}
    assert set(case.get("needs", [])) <= settled, case["because"]
    assert set(case.get("open", [])) <= set(carried) - settled, case["because"]
    assert not set(case.get("lacks", [])) & set(carried), case["because"]
    for name, whom in case.get("about", {}).items():
        assert carried[name].about == (whom,)


def test_every_clause_is_needed_in_some_case_and_those_with_a_condition_not_in_all() -> None:
    needed = {name for case in CASES for name in case.get("needs", [])}
    assert needed == {clause.id for clause in SAFE.clauses}
    lacking = {name for case in CASES for name in case.get("lacks", [])}
    assert lacking == {clause.id for clause in SAFE.clauses if clause.when or clause.whom}


def test_clauses_cite_and_are_told_apart() -> None:
    assert len({clause.id for clause in SAFE.clauses}) == len(SAFE.clauses)
    for clause in SAFE.clauses:
        assert clause.provision.startswith(("Art. ", "Agreement under Art. 17")), clause.id
        assert clause.text.endswith((".", "\u201d.")), clause.id
        for name in re.findall(r"{(.*?)}", clause.text):
            assert name in SAFE.parameters, clause.id


def test_no_number_of_the_law_stands_in_a_clause() -> None:
    """Numbers come from dated parameters; what is left are names of provisions."""
    for clause in SAFE.clauses:
        rest = re.sub(r"{.*?}|Articles? \d+", "", clause.text)
        assert not re.search(r"\d", rest), clause.id


def test_the_markdown_lists_every_clause_once_with_its_provision(tmp_path: Path) -> None:
    case = flow.check(folder({}, tmp_path))
    text = checklist.markdown(case)
    assert text.count("- [ ] ") == len(case.verdict.checklist)
    for clause in case.verdict.checklist:
        box = text.index(clause.text)
        assert clause.provision in text[box : box + len(clause.text) + 120]
    assert "35 %" in text
    assert "15 %" in text
    assert "2030-12-31" in text


def test_names_of_the_users_stay_text_in_markdown(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script> [x](javascript:y) `z` # ![i](http://e)"
    change = {"title": hostile, "parties": {"C": {"name": hostile, "controlled_by": "US"}}}
    text = checklist.markdown(flow.check(folder({"change": change}, tmp_path)))
    assert "\\<script\\>" in text
    assert not re.search(r"(?<!\\)[<`\[](?! \])", text.replace("- [ ] ", ""))
