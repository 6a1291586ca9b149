"""From a purchase folder to its verdict: the cases of `verdicts.yaml`, whose expectations come from the law."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

import jointbuy
from jointbuy import flow
from jointbuy.errors import Unusable
from jointbuy.exact import Range
from jointbuy.result import Case

WORDS = {
    "case",
    "change",
    "bill",
    "expect",
    "finding",
    "conditions",
    "share",
    "unverified",
    "known_on",
    "remarks",
    "readings",
    "because",
}
TEXT = Path(__file__).with_name("verdicts.yaml").read_text("utf-8")


class _Words(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Every value as the text that stands there; only merge keys (`<<`) mean more."""

    yaml_implicit_resolvers = {"<": [("tag:yaml.org,2002:merge", re.compile("^<<$"))]}


FILE: Any = yaml.load(TEXT, _Words)
CASES: list[dict[str, Any]] = FILE["cases"]


def merged(base: Any, change: Any) -> Any:
    """Mappings are merged; anything else replaces what stood there, and `not stated` takes it out."""
    if isinstance(change, list):
        return [merged({}, each) for each in change]
    if not isinstance(change, dict):
        return change
    base = base if isinstance(base, dict) else {}
    both = base | {key: merged(base.get(key), value) for key, value in change.items()}
    return {key: value for key, value in both.items() if value != "not stated"}


def folder(case: dict[str, Any], at: Path) -> Path:
    """The case's purchase and bill as files."""
    purchase = merged(FILE["base"], case.get("change", {}))
    purchase["parties"] = [{"id": name} | party for name, party in purchase["parties"].items()]
    (at / "purchase.yaml").write_text(yaml.dump(purchase, Dumper=_Plain, sort_keys=False), "utf-8")
    (at / "bom.csv").write_text(case.get("bill", FILE["bill"]), "utf-8")
    return at


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes no aliases, which a purchase file may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def statuses(found: Case) -> dict[str, str]:
    return {finding.rule: finding.status for finding in found.verdict.findings}


def share(found: Case) -> Range:
    """The share from outside that the ordinary rule compared."""
    finding = next(each for each in found.verdict.findings if each.rule == "safe.art16_10_component_share")
    values = [each.value for each in (finding, *finding.parts) if isinstance(each.value, Range)]
    return values[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_folder_has_the_verdict_of_the_law(case: dict[str, Any], tmp_path: Path) -> None:
    found = flow.check(folder(case, tmp_path), readings=case.get("readings"), known_on=case.get("known_on"))
    verdict = found.verdict
    assert verdict.outcome == case["expect"], f"{case['because']}\n{verdict.summary}"
    assert statuses(found).items() >= case.get("finding", {}).items(), verdict.summary
    for words in case.get("remarks", []):
        assert any(words in remark for remark in verdict.remarks), verdict.remarks
    assert bool(verdict.remarks) == ("remarks" in case), verdict.remarks
    if "share" in case:
        low, high = (Fraction(end) / 100 for end in case["share"])
        assert share(found) == Range(low, high)
    if "conditions" in case or verdict.outcome == "eligible":
        assert sorted(each.key.partition(":")[0] for each in verdict.conditions) == case.get("conditions", [])
    if "unverified" in case:
        assert verdict.unverified


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_case_says_what_it_is_and_why(case: dict[str, Any]) -> None:
    assert {"case", "expect", "because"} <= set(case) <= WORDS
    assert case["because"].startswith("Art. ")


def test_no_two_cases_have_one_name() -> None:
    assert len({case["case"] for case in CASES}) == len(CASES)


def test_package_checks_more_than_one_purchase(tmp_path: Path) -> None:
    at = folder({}, tmp_path)
    first = jointbuy.check(at).verdict
    assert first == jointbuy.check(at).verdict


def test_a_member_state_contravenes_nothing(tmp_path: Path) -> None:
    at = folder({"change": {"contravening_countries": ["RU", "HU"]}}, tmp_path)
    with pytest.raises(Unusable, match="a Member State is no third country") as caught:
        jointbuy.check(at)
    (problem,) = caught.value.problems
    assert problem.where is not None
    assert problem.where.line is not None
