"""How well the reader tells commitments of joint statements, and who must or may act in EU law; and how fast it is.

    python benchmarks/pact_reading.py [FOLDER] [--untouched] [--errors]

FOLDER holds eu_sentences_labelled_500.json (nature-of-eu-rules/regulatory-statement-classification, Apache-2.0) and
texts in Markdown; without it, `shared/data/text` beside the project. Those who labelled it call a sentence
*regulatory* that holds a legal obligation, told by shall, shall not, must or must not, of somebody who acts;
otherwise it is *constitutive*. So an actor who shall or must, or who may not, counts here; one who only may does
not. The split is by the first byte of a sentence's SHA-256: even, the part that the rules were tuned on; odd, the
part that was not, measured with --untouched only. The sentences of joint statements are those of pact_labelled.py.
--errors prints those of the tuned part that are told wrongly.
"""

from __future__ import annotations

import hashlib
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pact_labelled

from jointbuy.commitments import Sentence
from jointbuy.formats import prose
from jointbuy.pact import reader

SENTENCES = "eu_sentences_labelled_500.json"
PUBLISHED = "published rules on 1,451 sentences (dependency parse): P .86 R .70 F1 .77"
DEONTIC = frozenset({"shall", "must"})
_MODAL = re.compile(r"\b(?:shall|must|may|should|will|can)\b", re.IGNORECASE)


def by_modal(text: str) -> bool:
    """The plain baseline: a modal verb stands in the sentence."""
    return bool(_MODAL.search(text))


def by_reader(text: str) -> bool:
    """Whether the reader finds somebody who shall or must do something, or may not."""
    sentence = Sentence(" ".join(text.split()), "paragraph", 1, 1, "", 0, (), "")
    found = reader.promises_of(sentence)
    told = [(one.words[0].lower(), one.modality) for one in found if one.actor is not None]
    return any(first in DEONTIC or (first == "may" and kind == "prohibition") for first, kind in told)


def tuned_on(text: str) -> bool:
    """Whether a sentence belongs to the part that the rules were tuned on."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 0


def measure(rows: list[dict[str, str]], told: Callable[[str], bool]) -> str:
    """Precision, recall, F1 and the confusion table, in one line."""
    table = Counter((row["label"] == "regulatory", told(row["sentence"])) for row in rows)
    hit, missed, false, right = (table[key] for key in ((True, True), (True, False), (False, True), (False, False)))
    precision, recall = hit / max(1, hit + false), hit / max(1, hit + missed)
    score = 2 * precision * recall / max(1e-9, precision + recall)
    confusion = f"regulatory: {hit} told, {missed} missed; constitutive: {false} told as regulatory, {right} not"
    return f"P {precision:.3f} R {recall:.3f} F1 {score:.3f}   {confusion}"


def _statements(folder: Path, *, untouched: bool, errors: bool) -> None:
    """Print what concerns joint statements."""
    rows = list(pact_labelled.told(folder))
    print(f"joint statements, two passes over {len(rows)} sentences")
    for line in pact_labelled.agreement([row.label for row in rows]):
        print(f"  {line}")
    tuned = [row for row in rows if row.label.tuned_on]
    print(f"tuned on, {len(tuned)} sentences", *pact_labelled.measured(tuned), sep="\n")
    print("  labelled (left), told (above)", *pact_labelled.confusion(tuned), sep="\n")
    if untouched:
        rest = [row for row in rows if not row.label.tuned_on]
        print(f"untouched, {len(rest)} sentences", *pact_labelled.measured(rest), sep="\n")
        print("  labelled (left), told (above)", *pact_labelled.confusion(rest), sep="\n")
    if errors:
        for row in (one for one in tuned if one.said != one.label.settled):
            print(f"{row.label.statement}: is {row.label.settled}, told {row.said}: {row.text}")


def _wrong(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if (row["label"] == "regulatory") != by_reader(row["sentence"]):
            print(f"{row['label']}, not told so: {' '.join(row['sentence'].split())}")


def main(arguments: list[str]) -> int:
    """Print the figures; 0 also where the data is absent, which is said."""
    folders = [Path(one) for one in arguments if not one.startswith("--")]
    folder = folders[0] if folders else Path(__file__).resolve().parents[2] / "shared" / "data" / "text"
    if not (folder / SENTENCES).is_file():
        print(f"skipped: {folder} has no {SENTENCES}")
        return 0
    _statements(folder, untouched="--untouched" in arguments, errors="--errors" in arguments)
    rows = json.loads((folder / SENTENCES).read_text(encoding="utf-8"))
    parts = {"tuned on": [row for row in rows if tuned_on(row["sentence"])]}
    if "--untouched" in arguments:
        parts["untouched"] = [row for row in rows if not tuned_on(row["sentence"])]
    print("EU law\n" + PUBLISHED)
    for name, part in parts.items():
        print(f"{name}, {len(part)} sentences")
        print(f"  plain modals  {measure(part, by_modal)}")
        print(f"  reader        {measure(part, by_reader)}")
    if "--errors" in arguments:
        _wrong(parts["tuned on"])
    for path in sorted(folder.glob("*.md")):
        spent = []
        for _ in range(5):
            begun = time.process_time()
            found = reader.read(prose.read(path))
            spent.append(time.process_time() - begun)
        made = sum(one.commitment for one in found.promises)
        print(
            f"{path.name}: {found.words:,} words, {made} commitments, {statistics.median(spent):.2f} s CPU, median of 5"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
