"""How long many texts take in one run, and how much memory: variants of those in a folder.

    python benchmarks/pact_many.py [FOLDER] [NUMBER]

FOLDER holds texts in Markdown; without it, `shared/data/text` beside the project. Of each text in turn a variant is
made that lacks up to three paragraphs in ten, in another order; NUMBER of them, 1,000 when not given, by a fixed seed.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from peak import peak_mb

from jointbuy.flow.agreements import documents

NUMBER, SEED = 1000, 8


def written(sources: list[Path], folder: Path, number: int) -> None:
    """Write so many variants into a folder."""
    chance = random.Random(SEED)
    texts = [path.read_text(encoding="utf-8") for path in sources]
    for at in range(number):
        first, *rest = texts[at % len(texts)].split("\n\n")
        kept = chance.sample(rest, round(len(rest) * chance.uniform(0.7, 1)))
        (folder / f"{at:05}.md").write_text("\n\n".join([first, *kept]), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Print what one run takes."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data" / "text"
    source = Path(arguments[0]) if arguments else beside
    number = int(arguments[1]) if len(arguments) > 1 else NUMBER
    sources = sorted(source.glob("*.md"))
    if not sources:
        print(f"there is no text in {source}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written(sources, folder, number)
        began, used = time.perf_counter(), time.process_time()
        found = documents([folder])
        wall, used = time.perf_counter() - began, time.process_time() - used
        words = sum(one.words for one in found.documents)
        total = sum(one.commitments for one in found.documents)
        print(f"{len(found.documents):,} texts, {words:,} words, {total:,} commitments, {len(found.faults)} not read")
        print(f"{wall:.1f} s, of the processor {used:.1f} s: {words / used:,.0f} words a second")
        print(f"{peak_mb()} MB at the most, with the program")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
