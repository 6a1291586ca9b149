"""Golden texts: what a report said when a reader last approved it. `JOINTBUY_GOLDEN=write` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def check_golden(name: str, text: str) -> None:
    """Compare a text with the file `golden/<name>`, or write it where the environment asks for that."""
    path = FOLDER / name
    if os.environ.get("JOINTBUY_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert path.exists(), f"{path} is missing; write it with JOINTBUY_GOLDEN=write and read it"
    assert text == path.read_text(encoding="utf-8")
