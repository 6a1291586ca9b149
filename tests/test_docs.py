"""Documentation that repeats the code is written from it; what README says to type can be typed."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from jointbuy import cli

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import docs  # noqa: E402  it stands in tools/, beside the package

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = "\n".join(re.findall(r"^```(?:sh|text|bat)\n(.*?)^```", README, re.MULTILINE | re.DOTALL))


def test_every_verb_is_described() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for verb in docs.verbs(cli.parser()):
        assert f"## {verb.prog}\n" in page, f"{verb.prog} is not in docs/cli.md; run: make docs"
        assert verb.description, f"{verb.prog} --help says nothing"
        assert verb.prog in (verb.epilog or ""), f"{verb.prog} --help shows no example"


def test_generated_pages_are_fresh() -> None:
    assert docs.stale() == [], "run: make docs"


def commands(word: str) -> list[str]:
    """Lines of README's blocks that call `word`, without path, prompt or comment."""
    lines = (line.split("  #")[0].strip() for line in BLOCKS.splitlines())
    return [match[1] for line in lines if (match := re.match(rf"(?:\S*[/\\])?({word} .+)", line))]


def test_readme_shows_commands() -> None:
    assert len(commands("jointbuy")) >= 4
    assert len(commands("make")) >= 1


@pytest.mark.parametrize("command", commands("jointbuy"))
def test_readme_commands_parse(command: str) -> None:
    cli.parser().parse_args(shlex.split(command)[1:])


@pytest.mark.parametrize("command", commands("make"))
def test_readme_targets_exist(command: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in command.split()[1:]:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("page", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_readme_shows_the_verdict_that_the_demo_gives() -> None:
    """The excerpt is the beginning of the reviewed report, to the letter."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```text\n(.*?)\n```", readme, re.DOTALL)
    assert (ROOT / "tests/golden/armoured-vehicle.txt").read_text(encoding="utf-8").startswith(shown)
