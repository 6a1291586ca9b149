"""A skip for an absent tool fails where all tools must be there; any other skip stays one."""

from pathlib import Path

import pytest

TESTS = """
import pytest

def test_tool():
    pytest.skip("needs: some tool")

def test_data():
    pytest.skip("no ../shared/data beside this checkout")
"""
MODULE = """
import pytest

pytest.skip("needs: another tool", allow_module_level=True)
"""


@pytest.mark.parametrize(
    ("ci", "outcomes"),
    [("true", {"failed": 1, "skipped": 1, "errors": 1}), ("", {"skipped": 3})],
)
def test_needs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str, outcomes: dict[str, int]) -> None:
    monkeypatch.setenv("CI", ci)
    ours = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
    pytester.makeconftest(ours.replace('pytest_plugins = ["pytester"]', ""))
    pytester.makepyfile(test_one=TESTS, test_two=MODULE)
    result = pytester.runpytest("--continue-on-collection-errors", "-p", "no:cacheprovider")
    result.assert_outcomes(**outcomes)
