"""The shape of the code (ARCHITECTURE.md): arrows, sizes, frozen records, and what must stay out."""

import ast
import os
import re
import subprocess
import sys
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from types import NoneType, UnionType

import pytest

from jointbuy import (
    agreements,
    asked,
    commitments,
    joint,
    judged,
    ledger,
    lending,
    lendingpool,
    model,
    result,
    shifted,
    spending,
    turning,
)

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "jointbuy"
MODULES = sorted(SRC.rglob("*.py"))
EVERY_MODULE = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(SRC).as_posix(), scope="module"
)
"""All tests of one module after each other, so that it is parsed once."""

GROUND = {
    "across",
    "agreements",
    "asked",
    "amendment",
    "certificate",
    "change",
    "collector",
    "commitments",
    "errors",
    "exact",
    "exchange",
    "graph",
    "joint",
    "judged",
    "kernels",
    "labels",
    "ledger",
    "lending",
    "lendingpool",
    "materials",
    "memory",
    "model",
    "modular",
    "money",
    "noted",
    "ordering",
    "packed",
    "parameters",
    "places",
    "progress",
    "remedy",
    "residues",
    "result",
    "rules",
    "shifted",
    "solver",
    "spending",
    "turning",
    "units",
    "yamltext",
}
MAX_MODULE, MAX_FUNCTION = 500, 60


def room(path: Path) -> str:
    """What a module belongs to: the first part of its path below the package."""
    return path.relative_to(SRC).parts[0].removesuffix(".py")


@lru_cache(maxsize=1)
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module's tree."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))))


# --- arrows -------------------------------------------------------------------------------


def imported(path: Path) -> Iterator[str]:
    """Dotted names below jointbuy that a module imports anywhere: `formats.template`, `exact`."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: write imports in full"
            # A name taken from the package, or from a room, may itself be a module.
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.removeprefix("jointbuy.") for name in names if name.startswith("jointbuy."))


def may_import(importer: str, name: str) -> bool:
    """Whether an arrow runs from one part to another."""
    target = name.split(".")[0]
    if target in {importer, "__version__"}:
        return True
    if importer in GROUND:
        return target in GROUND
    if importer == "law":
        return target in GROUND
    if importer == "__init__":
        return target == "flow"
    if importer == "cli":
        return target in GROUND | {"flow", "law", "report"} or name.startswith(("formats.template", "formats.schema"))
    if importer == "flow":
        return target != "cli"
    return target in GROUND | {"law"}


@EVERY_MODULE
def test_arrows(path: Path) -> None:
    wrong = [name for name in imported(path) if not may_import(room(path), name)]
    assert not wrong, f"{room(path)} must not import {wrong}: rooms meet in flow.py only"


def loaded_by(statement: str) -> set[str]:
    """Names of the modules that a new process has loaded after a statement."""
    code = f"import sys; {statement}; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(SRC.parent)}
    command = [sys.executable, "-c", code]
    return set(
        subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True).stdout.split()
    )


def test_command_line_starts_with_itself_alone() -> None:
    """`--help` is fast because a verb imports what it needs when it runs."""
    ours = {name for name in loaded_by("import jointbuy.cli") if name.startswith("jointbuy.")}
    assert {name for name in ours if not name.startswith("jointbuy.cli")} <= {"jointbuy.errors"}


def test_flow_starts_without_what_is_slow() -> None:
    """A check is fast because what reads workbooks or computes columns is imported by the function that does."""
    assert not loaded_by("import jointbuy.flow") & {"numpy", "openpyxl", "pypdf", "python_calamine"}


# --- sizes --------------------------------------------------------------------------------


@EVERY_MODULE
def test_sizes(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_MODULE, f"{lines} lines: make it a folder of few files"
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION, f"{path.name}:{node.lineno}: {node.name} has {length} lines"


# --- records ------------------------------------------------------------------------------


PACT = (commitments, judged, agreements)


def records() -> list[type]:
    return [
        thing
        for module in (model, result, turning, asked, joint, ledger, lending, lendingpool, shifted, spending, *PACT)
        for thing in vars(module).values()
        if isinstance(thing, type) and is_dataclass(thing)
    ]


def loose(hint: object, seen: set[object]) -> Iterator[str]:
    """Every type within a type hint that something could change after the record was made."""
    if hint in seen:
        return
    seen.add(hint)
    if isinstance(hint, typing.NewType):
        yield from loose(hint.__supertype__, seen)
        return
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal or hint in {str, int, bool, Fraction, date, NoneType, Ellipsis}:
        return
    if origin in {tuple, Mapping, Sequence, UnionType, typing.Union}:
        for argument in arguments:
            yield from loose(argument, seen)
    elif isinstance(hint, type) and is_dataclass(hint):
        if not hint.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            yield f"{hint.__name__} is not frozen"
        for name, field in typing.get_type_hints(hint).items():
            yield from (f"{hint.__name__}.{name}: {what}" for what in loose(field, seen))
    else:
        yield str(hint)


@pytest.mark.parametrize("record", records(), ids=lambda record: record.__name__)
def test_records_are_frozen_to_the_leaves(record: type) -> None:
    assert list(loose(record, set())) == []


def test_a_loose_leaf_is_seen() -> None:
    assert list(loose(tuple[list[str], ...], set())) == ["list[str]"]


# --- what must stay out -------------------------------------------------------------------


@EVERY_MODULE
def test_solvers_are_called_from_few_modules(path: Path) -> None:
    """HiGHS is in fix/solve*.py, plan/solve*.py and what they share, solver.py (docs/decisions/0016-highs.md)."""
    names = [alias.name for node in nodes(path) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes(path) if isinstance(node, ast.ImportFrom)]
    used = any(name.split(".")[0] in {"highspy", "ortools", "scipy"} for name in names)
    assert not used or (room(path) in {"fix", "plan", "solver"} and path.name.startswith("solve"))


def test_pages_load_nothing_from_outside() -> None:
    for path in SRC.rglob("*"):
        if path.suffix in {".html", ".css", ".js", ".svg"}:
            # Names of namespaces look like addresses; nothing fetches them.
            text = path.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
            assert not re.search(r"https?://|[\"'(]//\w", text), path.name


POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {
    "os": {"chown", "fork", "geteuid", "getpgid", "getuid", "killpg", "mkfifo", "nice", "setsid", "uname", "wait3"},
    "signal": {"SIGALRM", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGUSR1", "SIGUSR2", "alarm", "pause", "setitimer"},
}


def opens_text_without_encoding(node: ast.Call) -> bool:
    """Whether a call reads or writes text in whatever encoding the machine happens to use."""
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name not in {"open", "read_text", "write_text"} or any(word.arg == "encoding" for word in node.keywords):
        return False
    if ast.unparse(node.func) in {"os.open", "archive.open"}:  # a descriptor, an entry of a zip archive: bytes
        return False
    values = [*node.args, *(word.value for word in node.keywords)]
    binary = any(isinstance(value, ast.Constant) and value.value in {"rb", "wb", "ab", "xb"} for value in values)
    return not binary


@EVERY_MODULE
def test_runs_on_windows(path: Path) -> None:
    for node in nodes(path):
        place = f"{path.name}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            assert not POSIX_MODULES & {alias.name for alias in node.names}, place
        elif isinstance(node, ast.ImportFrom):
            assert node.module not in POSIX_MODULES, place
            assert not POSIX_NAMES.get(node.module or "", set()) & {alias.name for alias in node.names}, place
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert node.attr not in POSIX_NAMES.get(node.value.id, set()), place
        elif isinstance(node, ast.Call):
            assert not opens_text_without_encoding(node), f"{place}: name the encoding"


@pytest.mark.parametrize(
    "path", [path for path in MODULES if room(path) in {"law", "money"}], ids=lambda path: path.stem
)
def test_law_and_money_are_exact(path: Path) -> None:
    for node in nodes(path):
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        call = isinstance(node, ast.Name) and node.id == "float"
        place = f"{path.name}:{getattr(node, 'lineno', 0)}"
        assert not literal, (
            f"{place}: a number from a law stands in parameters.yaml; money is whole minor units (§2, §6)"
        )
        assert not call, f"{place}: no binary float here (§2, §3)"


# --- the map ------------------------------------------------------------------------------


def test_architecture_names_what_exists() -> None:
    """The tree in ARCHITECTURE.md is the package: no name missing, none invented."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    (drawn,) = re.findall(r"^src/jointbuy/.*?^(?=\S)", text, re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"^  (\w+(?:/|\.py))", drawn, re.MULTILINE))
    there = {path.name for path in SRC.glob("*.py") if path.name != "__init__.py"}
    there |= {f"{path.name}/" for path in SRC.iterdir() if path.is_dir() and any(path.rglob("*.py"))}
    assert named == there


def test_top_of_the_tree_exists() -> None:
    """So do the files and folders that ARCHITECTURE.md names beside the package."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    drawn = text.split("```text\n")[1].split("```")[0]
    named = re.findall(r"^([A-Za-z][\w./-]*)(?=\s)", drawn, re.MULTILINE)
    assert [name for name in named if not (ROOT / name).exists()] == []
