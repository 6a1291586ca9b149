"""Mutants of the examples: one mistake each, drawn from a seed, as a person, a program or an enemy would make it.

`mutant(seed)` says which example, what its files become and which command reads it; `survives` runs the command and
tells what was wrong with the answer. The same seed gives the same mutant.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jointbuy import cli

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
_SELDOM = 60_000
"""Files above so many bytes are mutated seldom: what breaks a long bill breaks a short one, and faster."""
_EXITS = {0, 1, 2}

HOSTILE = (
    "", " ", "-1", "0", "1e999", "NaN", "inf", "1e-400", "9" * 400, "1.234,56", "1,234.56", "0,35", "35 %", "350 %",
    "-5 %", "½", "١٢٣", "31.02.2026", "2026-13-01", "0000-00-00", "9999-12-31", "45000", "01/02/2026", "yes", "no",
    "unknown", "null", "~", "true", "[]", "{}", "[[[[[[", "- - - -", ": :", "&a", "*a", "!!python/object:os.system",
    "!!binary x", "<<: *a", "%YAML 9.9", "---", "...", "\t", "\x00", "\x1b[31m", "\u202eevil", "\ufeff", "\ud7ff", "é",
    "=1+1", "@cmd", "+1", "-", "'", '"', "`", "<script>", "]]>", "../../etc/passwd", "C:\\con", "#REF!", "EU", "XX",
    "US 150; CA -50", "US 50; US 50", "US/CA", "DE;;;", "PL 100 %", "1/3", "1 000 000", "EUR", "€", "12 EUR", "XAU",
    "DE,US", "a" * 5000, "\n", "\r", "\r\n\r\n", "|", ">", "?", "# x", "bom.csv", "/", "\\", "..", ".",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One example with one file changed, and the command that reads it."""

    seed: int
    example: str
    file: str
    content: bytes
    command: tuple[str, ...]


def mutant(seed: int) -> Mutant:
    """The mutant of that seed."""
    chance = random.Random(seed)
    while True:
        folder = chance.choice(sorted(path for path in EXAMPLES.iterdir() if (path / "purchase.yaml").is_file()))
        file = chance.choice(sorted(path for path in folder.iterdir() if path.suffix != ".md"))
        heavy = max(path.stat().st_size for path in folder.iterdir())
        if heavy < _SELDOM or chance.random() < 0.01:
            break
    content = file.read_bytes()
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content = _changed(file.suffix, content, chance)
    return Mutant(seed, folder.name, file.name, content, _command(chance))


def _command(chance: random.Random) -> tuple[str, ...]:
    verb = chance.choice(("check",) * 8 + ("content", "control"))
    options = [option for option in ("--json",) if chance.random() < 0.3]
    if verb == "check":
        options += ["--strict"] if chance.random() < 0.2 else []
        options += ["--out"] if chance.random() < 0.1 else []
    return (verb, *options)


def _changed(suffix: str, content: bytes, chance: random.Random) -> bytes:
    if suffix == ".xlsx" and chance.random() < 0.85:
        return _in_workbook(content, chance)
    if suffix == ".json" and chance.random() < 0.5:
        return _in_json(content, chance)
    if suffix == ".csv" and chance.random() < 0.4:
        return _in_table(content, chance)
    return chance.choice(_ANYWHERE)(content, chance)


# --- anywhere in a file -------------------------------------------------------------------


def _flip(content: bytes, chance: random.Random) -> bytes:
    if not content:
        return content
    place = chance.randrange(len(content))
    return content[:place] + bytes([chance.randrange(256)]) + content[place + 1 :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(content) + 1) for _ in range(2))
    return content[:start] + content[min(end, start + 200) :]


def _truncate(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _insert(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + _hostile(chance) + content[place:]


def _word(content: bytes, chance: random.Random) -> bytes:
    """A value after a colon, a comma or a semicolon becomes another."""
    lines = content.split(b"\n")
    place = chance.randrange(len(lines))
    for sign in chance.sample([b": ", b",", b";", b"- "], 4):
        head, found, _ = lines[place].partition(sign)
        if found:
            lines[place] = head + found + _hostile(chance)
            break
    return b"\n".join(lines)


def _line(content: bytes, chance: random.Random) -> bytes:
    """A line is lost, doubled, moved or indented."""
    lines = content.split(b"\n")
    place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[place]
        case 1:
            lines.insert(other, lines[place])
        case 2:
            lines[place], lines[other] = lines[other], lines[place]
        case 3:
            lines[place] = b" " * chance.randrange(1, 5) + lines[place]
        case 4:
            lines[place] = lines[place].lstrip()
    return b"\n".join(lines)


def _encoded(content: bytes, chance: random.Random) -> bytes:
    """The file saved in another encoding or with other line ends."""
    text = content.decode("utf-8", errors="replace")
    match chance.randrange(5):
        case 0:
            return text.encode("utf-16")
        case 1:
            return text.encode("latin-1", errors="replace")
        case 2:
            return b"\xef\xbb\xbf" + content
        case 3:
            return content.replace(b"\n", b"\r\n")
        case _:
            return content.replace(b"\n", b"\r")


def _hostile(chance: random.Random) -> bytes:
    return chance.choice(HOSTILE).encode("utf-8", errors="surrogatepass")


_ANYWHERE: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _cut, _truncate, _insert, _insert, _word, _word, _word, _line, _line, _line, _encoded,
)  # fmt: skip


# --- in what a format holds ---------------------------------------------------------------


def _in_table(content: bytes, chance: random.Random) -> bytes:
    """Two cells change places, a column goes, or a heading is written otherwise."""
    sign = b";" if content.count(b";") > content.count(b",") else b","
    rows = [line.split(sign) for line in content.split(b"\n")]
    row = rows[0] if chance.random() < 0.3 else chance.choice(rows)
    one, other = chance.randrange(len(row)), chance.randrange(len(row))
    match chance.randrange(4):
        case 0:
            row[one], row[other] = row[other], row[one]
        case 1:
            rows = [[cell for place, cell in enumerate(each) if place != one] for each in rows]
        case 2:
            row[one] = _hostile(chance)
        case 3:
            row[one] = row[one].swapcase() + chance.choice((b"", b" ", b"_2"))
    return b"\n".join(sign.join(row) for row in rows)


def _in_json(content: bytes, chance: random.Random) -> bytes:
    """One value of a JSON document becomes another, or goes."""
    try:
        tree = json.loads(content)
    except ValueError:
        return _flip(content, chance)
    places: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        here = waiting.pop()
        keys = list(here) if isinstance(here, dict) else range(len(here)) if isinstance(here, list) else []
        places += [(here, key) for key in keys]
        waiting += [here[key] for key in keys]
    if places:
        parent, key = chance.choice(places)
        if chance.random() < 0.3:
            del parent[key]
        else:
            odd = [None, True, -1, 10**400, 0.1, [], {}, [[]], chance.choice(HOSTILE), tree.get("components")]
            parent[key] = json.loads(json.dumps(chance.choice(odd)))
    return json.dumps(tree).encode("utf-8", errors="surrogatepass")


def _in_workbook(content: bytes, chance: random.Random) -> bytes:
    """A part of the workbook's package is changed, emptied or lost."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return _flip(content, chance)
    name = chance.choice(sorted(parts))
    match chance.randrange(8):
        case 0:
            del parts[name]
        case 1:
            parts[name] = b""
        case _:
            parts[name] = chance.choice(_ANYWHERE)(parts[name], chance)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for each, inside in parts.items():
            package.writestr(zipfile.ZipInfo(each), inside)
    return made.getvalue()


# --- what it answers ----------------------------------------------------------------------


def survives(case: Mutant) -> tuple[int, str]:
    """The exit code of a mutant's command, and what is wrong with the answer; nothing where all is well."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in (EXAMPLES / case.example).iterdir():
            if path.name != case.file:
                shutil.copyfile(path, folder / path.name)
        (folder / case.file).write_bytes(case.content)
        options = list(case.command[1:])
        if "--out" in options:
            options.insert(options.index("--out") + 1, str(folder / "out"))
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = cli.main([case.command[0], name, *options])
            except BaseException as error:
                return -1, f"raised {type(error).__name__}: {error}"
    return code, _wrong(case, code, out.getvalue(), err.getvalue())


def _wrong(case: Mutant, code: int, out: str, err: str) -> str:
    if code not in _EXITS or (code == 1 and "--strict" not in case.command):
        return f"exit code {code}"
    if "our mistake" in err or "Traceback" in err:
        return err.strip()
    if code == 2 and not (err.startswith("jointbuy: ") and not out):
        return f"unusable, but said: {err[:200]!r} and printed {out[:80]!r}"
    if code != 2 and "--json" in case.command:
        json.loads(out)
    return ""
