"""Files to records and back: a purchase folder is read whole, and every problem in it is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jointbuy.errors import Problem, Unusable, Where
from jointbuy.formats.files import MAX_BYTES, MAX_YAML_BYTES, find_bill, is_file, load
from jointbuy.formats.problems import Problems
from jointbuy.formats.purchase import read_purchase
from jointbuy.model import Bom, Purchase
from jointbuy.places import Places
from jointbuy.result import Lost

__all__ = ["Read", "read"]


@dataclass(frozen=True, slots=True)
class Read:
    """A purchase as read: records, what a reader of the files should know, and what was read.

    `mapping` pairs our columns with the headers they were found under; `digests` holds
    `sha256:…` of every file by its name in the folder; `left` is what the bill's file holds beside the bill.
    """

    purchase: Purchase
    bom: Bom | None
    notes: tuple[str, ...]
    mapping: tuple[tuple[str, str], ...]
    digests: Mapping[str, str]
    left: tuple[Lost, ...] = ()


def read(path: Path, places: Places) -> Read:
    """Read a folder with `purchase.yaml`, or that file itself, and the bill of materials it names.

    Raises Unusable with every problem of every file, in file order.
    """
    file = purchase_file(path)
    problems, notes = Problems(), list[str]()
    problems.files.append(file.name)
    most = MAX_BYTES if file.suffix.casefold() == ".xlsx" else MAX_YAML_BYTES
    content = load(file, file.name, Where(file.name), most, problems)
    purchase = read_purchase(content, places, problems, notes) if content else None
    if content is None or purchase is None:
        raise Unusable(problems.in_order())
    digests = {content.name: content.digest}
    bill = None
    if purchase.bill_of_materials:
        at = purchase.where["bill_of_materials"]
        found = find_bill(file.parent, purchase.bill_of_materials, at, problems)
        if found:
            # Imported on use: most of the reading is for bills.
            from jointbuy.formats.bill import read_bill

            data, sheet = found
            problems.files.append(data.name)
            bill = read_bill(data, sheet, purchase, places, problems, notes)
            digests[data.name] = data.digest
    problems.raise_if_any()
    if bill is None:
        return Read(purchase, None, tuple(notes), (), digests)
    return Read(purchase, bill.bom, tuple(notes), bill.mapping, digests, bill.left)


def purchase_file(path: Path) -> Path:
    """The file that a folder, or a path to the file itself, means. Raises Unusable."""
    if is_file(path):
        return path
    there = [path / name for name in ("purchase.yaml", "purchase.yml", "purchase.xlsx") if is_file(path / name)]
    if len(there) > 1:
        what = f"the folder holds {' and '.join(file.name for file in there)}"
        advice = f"take one away, or name the one that counts: {there[0]}"
        raise Unusable([Problem(what, Where(path.name), "only one of them can be the purchase", advice)])
    if there:
        return there[0]
    missing = "there is no purchase.yaml or purchase.xlsx in this folder"
    what = missing if path.is_dir() else "there is no such file or folder"
    advice = "`jointbuy init FOLDER` writes one to fill in"
    raise Unusable([Problem(what, Where(path.name or str(path)), do=advice)])
