"""What the examples add up to, computed from their files without a line of the product.

Plain Python over csv, json and openpyxl, exact fractions throughout. Run it to see the figures that
stand in the examples' README files: `python tests/oracle.py`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import yaml

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
INSIDE = set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO UA".split())
NOT_COMPONENTS = {"final assembly", "engineering", "licence", "test", "overhead"}
Origin = dict[str, Fraction]
Amount = tuple[Fraction, Fraction]  # low, high
Row = dict[str, str]


@dataclass
class Figures:
    """Amounts in euro for one end product, each low and high; shares of what originates outside."""

    total: list[Fraction] = field(default_factory=lambda: [Fraction(0), Fraction(0)])
    by_origin: dict[str, list[Fraction]] = field(default_factory=dict)  # "" is undeclared

    def add(self, amount: Amount, origin: Origin) -> None:
        """Count an amount at its origins, what is left of it as undeclared."""
        rest = {"": 1 - sum(origin.values(), Fraction(0))}
        for i in (0, 1):
            self.total[i] += amount[i]
            for country, share in (origin | rest).items():
                if share:
                    self.by_origin.setdefault(country, [Fraction(0), Fraction(0)])[i] += amount[i] * share

    def of(self, *groups: str) -> tuple[Fraction, Fraction]:
        """Low and high amount of what is "inside", "outside" or "undeclared"."""
        low, high = Fraction(0), Fraction(0)
        for country, amount in self.by_origin.items():
            if group(country) in groups:
                low, high = low + amount[0], high + amount[1]
        return low, high

    @property
    def share(self) -> Amount:
        """Lowest and highest share from outside over every price and origin still open."""
        return self.share_of(lambda country: country not in INSIDE)

    def share_of(self, counts: Callable[[str], bool]) -> Amount:
        """Lowest and highest share of the countries that count, over every price and origin still open."""
        mine, others, still_open = [Fraction(0)] * 2, [Fraction(0)] * 2, self.of("undeclared")
        for country, amount in self.by_origin.items():
            if country:
                side = mine if counts(country) else others
                side[0], side[1] = side[0] + amount[0], side[1] + amount[1]
        most = mine[1] + still_open[1]
        return mine[0] / (mine[0] + others[1] + still_open[1]), most / (most + others[0])


def group(country: str) -> str:
    """Whether a country counts as inside or outside; no country is undeclared."""
    return "undeclared" if not country else "inside" if country in INSIDE else "outside"


def origin(text: str) -> Origin:
    """`DE`, `DE 60; US 40`, or nothing known."""
    if text in {"", "tbd", "unknown"}:
        return {}
    pairs = [part.split() for part in text.split(";")]
    return {pair[0]: Fraction(pair[1]) / 100 if len(pair) > 1 else Fraction(1) for pair in pairs}


class Bill:
    """Rows by parent; `names` maps our column names to the file's, and is empty where the rows bear ours."""

    def __init__(self, rows: Iterable[Row], names: Row, rates: dict[str, Fraction]) -> None:
        self.names, self.rates = names, rates
        self.children: dict[str, dict[tuple[str, str, str], Row]] = {}
        for row in rows:
            # What stands at the same place again is a repeated sub-bill and falls on itself.
            place = (self.cell(row, "part"), self.cell(row, "position"), self.cell(row, "supplier"))
            self.children.setdefault(row["parent"], {})[place] = row

    def cell(self, row: Row, ours: str) -> str:
        return row[self.names[ours]] if self.names else row.get(ours, "")

    def need(self, row: Row) -> Fraction:
        """How many of the row's part one parent takes from the row's supplier."""
        awarded = Fraction(self.cell(row, "awarded") or "100") / 100
        return Fraction(self.cell(row, "quantity")) / Fraction(self.cell(row, "per") or "1") * awarded

    def cost(self, row: Row) -> Amount:
        """One part in euro: its own price, or what its children cost."""
        text = self.cell(row, "unit_cost")
        if not text:
            below = [(self.need(child), self.cost(child)) for child in self.below(row)]
            return sum((n * c[0] for n, c in below), Fraction(0)), sum((n * c[1] for n, c in below), Fraction(0))
        rate = self.rates[self.cell(row, "currency")] / Fraction(self.cell(row, "cost_per") or "1")
        ends = [Fraction(end) * rate for end in text.split(" - ")]
        return ends[0], ends[-1]

    def below(self, row: Row) -> Iterable[Row]:
        return self.children.get(self.cell(row, "part"), {}).values()

    def first_level(self, root: str) -> Iterator[Row]:
        """Children of the end product that count as components."""
        for row in self.children[root].values():
            if self.cell(row, "cost_kind") not in NOT_COMPONENTS:
                yield row

    def whole(self, root: str) -> Figures:
        """First-level components, each whole at its declared origin."""
        found = Figures()
        for row in self.first_level(root):
            low, high = self.cost(row)
            found.add((self.need(row) * low, self.need(row) * high), origin(self.cell(row, "origin")))
        return found

    def traced(self, root: str) -> Figures:
        """Down to the leaves; what an assembly costs above its children counts at its own origin."""
        found = Figures()

        def visit(row: Row, need: Fraction) -> None:
            children = list(self.below(row))
            for child in children:
                visit(child, need * self.need(child))
            if self.cell(row, "unit_cost"):
                own = self.cost(row)
                parts = [[self.need(child) * end for end in self.cost(child)] for child in children]
                low, high = (own[i] - sum((part[i] for part in parts), Fraction(0)) for i in (0, 1))
                if not (0 <= low <= high) or any(part[0] != part[1] for part in parts):
                    raise ValueError(f"{self.cell(row, 'part')}: children cost {own} or more, or have a price range")
                found.add((need * low, need * high), origin(self.cell(row, "origin")))

        for row in self.first_level(root):
            visit(row, self.need(row))
        return found


COLUMNS_CSV = {
    "part": "Part number", "position": "Position", "quantity": "Quantity", "per": "Per", "supplier": "Supplier",
    "origin": "Country of origin", "unit_cost": "Unit cost", "cost_per": "Cost per", "currency": "Currency",
    "cost_kind": "Cost kind", "awarded": "Awarded",
}  # fmt: skip
COLUMNS_XLSX = COLUMNS_CSV | {
    "position": "Find No.", "quantity": "Qty", "per": "Qty basis", "cost_per": "Price unit", "awarded": "Awarded %",
}  # fmt: skip


def rates(folder: Path) -> dict[str, Fraction]:
    """Exchange rates of the purchase file, as written."""
    stated: Any = yaml.load((folder / "purchase.yaml").read_text("utf-8"), yaml.BaseLoader)
    return {"EUR": Fraction(1)} | {
        rate["currency"]: Fraction(rate["rate"]) for rate in stated.get("exchange_rates", ())
    }


def ours(lines: Iterable[Iterable[Any]], names: Mapping[str, str]) -> list[Row]:
    """Lines under their header, by our column names; `names` maps the file's."""
    header, *rest = [["" if cell is None else str(cell) for cell in line] for line in lines]
    return [{names[title]: cell for title, cell in zip(header, line, strict=True) if title in names} for line in rest]


def by_level(rows: list[Row]) -> list[Row]:
    """Rows with the parent that their level tells: the last row one level up."""
    path = {"-1": ""}
    for row in rows:
        row["parent"] = path[str(int(row["level"]) - 1)]
        path[row["level"]] = row["part"]
    return rows


def howitzer() -> tuple[Bill, str]:
    """The bill in parent form and its end product."""
    folder = EXAMPLES / "howitzer"
    with (folder / "bom.csv").open(encoding="utf-8", newline="") as file:
        rows = [row | {"parent": row["Parent"]} for row in csv.DictReader(file, delimiter=";")]
    return Bill(rows, COLUMNS_CSV, rates(folder)), "HOW-155-T9"


def armoured_vehicle() -> tuple[Bill, str]:
    """The bill in level form and its end product."""
    folder = EXAMPLES / "armoured-vehicle"
    sheet = openpyxl.load_workbook(folder / "bom.xlsx", data_only=True)["BOM"]
    lines = [
        ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(min_row=4, values_only=True)
    ]
    rows, path = [], {-1: ""}
    for line in lines[1:]:
        row = dict(zip(lines[0], line, strict=True))
        level = int(row["Level"])
        rows.append(row | {"parent": path[level - 1]})
        path[level] = row["Part number"]
    return Bill(rows, COLUMNS_XLSX, rates(folder)), path[0]


def csv_lines(path: Path, delimiter: str = ",") -> list[list[str]]:
    """The cells of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def canadian_vehicle(folder: str = "canadian-vehicle") -> tuple[Bill, str]:
    """A bill by levels; the twin's is the same."""
    names = {"Level": "level", "Part number": "part", "Qty": "quantity", "Supplier": "supplier"}
    names |= {"Country of origin": "origin", "Unit cost": "unit_cost", "Currency": "currency", "Cost kind": "cost_kind"}
    rows = by_level(ours(csv_lines(EXAMPLES / folder / "bom.csv"), names))
    return Bill(rows, {}, rates(EXAMPLES / folder)), "LPV-4400"


def missile(folder: str = "missile") -> tuple[Bill, str]:
    """A German bill by parents, with decimal commas; the twin's is the same."""
    names = {"Teilenummer": "part", "Übergeordnetes Teil": "parent", "Menge": "quantity", "Lieferant": "supplier"}
    names |= {"Ursprungsland": "origin", "Stückpreis": "unit_cost", "Währung": "currency", "Kostenart": "cost_kind"}
    rows = ours(csv_lines(EXAMPLES / folder / "stueckliste.csv", ";"), names)
    for row in rows:
        for column in ("quantity", "unit_cost"):
            row[column] = row[column].replace(".", "").replace(",", ".")
    return Bill(rows, {}, rates(EXAMPLES / folder)), "PLK-7"


def drones(folder: str = "drones-29-may") -> tuple[Bill, str]:
    """A flat bill; the twin's is the same."""
    names = {"Item code": "part", "Quantity": "quantity", "Supplier": "supplier", "Made in": "origin"}
    names |= {"Unit price": "unit_cost", "Currency": "currency", "Cost type": "cost_kind"}
    rows = [row | {"parent": "UAS-2026"} for row in ours(csv_lines(EXAMPLES / folder / "bom.csv"), names)]
    return Bill(rows, {}, rates(EXAMPLES / folder)), "UAS-2026"


def bridge() -> tuple[Bill, str]:
    """A workbook by levels, with the two ends of a price in columns of their own."""
    folder = EXAMPLES / "bridge"
    sheet = openpyxl.load_workbook(folder / "bom.xlsx", data_only=True)["Bill"]
    names = {"Level": "level", "Part number": "part", "Qty": "quantity", "Supplier": "supplier"}
    names |= {"Country of origin": "origin", "Unit cost": "unit_cost", "Min cost": "low", "Max cost": "high"}
    names |= {"Currency": "currency", "Cost kind": "cost_kind"}
    rows = by_level(ours(sheet.iter_rows(min_row=3, values_only=True), names))
    for row in rows:
        row["unit_cost"] = row["unit_cost"] or (f"{row['low']} - {row['high']}" if row["low"] else "")
    return Bill(rows, {}, rates(folder)), "MLB-26"


def radar() -> tuple[Bill, str]:
    """A CycloneDX document, parts inside their assemblies."""
    folder = EXAMPLES / "radar"
    document = json.loads((folder / "bom.cdx.json").read_text("utf-8"))
    names = {"quantity": "quantity", "origin": "origin", "unitCost": "unit_cost", "costLow": "low", "costHigh": "high"}
    names |= {"currency": "currency", "costKind": "cost_kind"}
    rows: list[Row] = []

    def visit(components: list[Any], parent: str) -> None:
        for one in components:
            stated = {each["name"].removeprefix("jointbuy:"): each["value"] for each in one["properties"]}
            row = {names[name]: value for name, value in stated.items() if name in names}
            row |= {"part": one["bom-ref"], "parent": parent, "supplier": one["supplier"]["name"]}
            row.setdefault("unit_cost", f"{row.get('low')} - {row.get('high')}")
            rows.append(row)
            visit(one.get("components", []), one["bom-ref"])

    root: str = document["metadata"]["component"]["bom-ref"]
    visit(document["components"], root)
    return Bill(rows, {}, rates(folder)), root


PARENTS = {"Part": "part", "Parent": "parent", "Quantity": "quantity", "Supplier": "supplier", "Unit cost": "unit_cost"}
PARENTS |= {"Country of origin": "origin", "Currency": "currency", "Cost kind": "cost_kind"}


def loitering_munition() -> tuple[Bill, str]:
    """A bill by parents."""
    folder = EXAMPLES / "loitering-munition"
    return Bill(ours(csv_lines(folder / "bom.csv"), PARENTS), {}, rates(folder)), "LM-60"


def night_sight() -> tuple[Bill, str]:
    """A bill by parents, whose first row says what the end product costs."""
    rows = ours(csv_lines(EXAMPLES / "night-sight" / "bom.csv"), PARENTS)
    return Bill(rows, {}, {"EUR": Fraction(1)}), "NS-4"


def recovery_vehicle() -> tuple[Bill, str]:
    """A bill by parents."""
    folder = EXAMPLES / "recovery-vehicle"
    return Bill(ours(csv_lines(folder / "bom.csv"), PARENTS), {}, rates(folder)), "ARV-60"


def neighbours(bill: Bill, root: str) -> str:
    """The shares that the neighbouring acts measure, as the README files print them."""
    found = bill.whole(root)
    shares = {"EDIP outside": found.share_of(lambda country: country not in INSIDE - {"UA"})}
    stated = [bill.cost(row)[0] for row in bill.children.get("", {}).values() if bill.cell(row, "unit_cost")]
    if stated:
        inside = sum(found.by_origin[country][0] for country in INSIDE - {"UA"} if country in found.by_origin)
        shares["EDIRPA inside"] = (inside / stated[0], inside / stated[0])
    return "".join(
        f"{title:<14} {float(low * 100):>8.4f} to {float(high * 100):>8.4f} %\n"
        for title, (low, high) in shares.items()
    )


def report(bill: Bill, root: str) -> str:
    """Total, outside, undeclared and share by both methods, as the README files print them."""
    lines = []
    for method, found in {"first-level": bill.whole(root), "traced": bill.traced(root)}.items():
        amounts = {"total": found.total, "outside": found.of("outside"), "undeclared": found.of("undeclared")}
        for title, (low, high) in amounts.items():
            lines.append(f"{method:<12} {title:<10} {float(low):>12.2f} to {float(high):>12.2f} EUR")
        low, high = found.share
        lines.append(f"{method:<12} {'share':<10} {float(low * 100):>12.4f} to {float(high * 100):>12.4f} %")
    return "\n".join(lines) + "\n"


def agreement(bill: Bill, root: str) -> str:
    """The three shares of the agreement with Canada, as the README files print them."""
    found = bill.whole(root)
    shares = {
        "inside": found.share_of(lambda country: country in INSIDE),
        "Canada": found.share_of(lambda country: country == "CA"),
        "neither": found.share_of(lambda country: country not in INSIDE | {"CA"}),
    }
    return "".join(
        f"{title:<8} {float(low * 100):>8.4f} to {float(high * 100):>8.4f} %\n" for title, (low, high) in shares.items()
    )


def permanent_magnet_drive() -> tuple[Bill, str]:
    """A bill by parents under our own headers."""
    folder = EXAMPLES / "permanent-magnet-drive"
    header, *lines = csv_lines(folder / "bom.csv")
    return Bill([dict(zip(header, line, strict=True)) for line in lines], {}, rates(folder)), "DRIVE-90"


BILLS: dict[str, Callable[[], tuple[Bill, str]]] = {
    "armoured-vehicle": armoured_vehicle,
    "howitzer": howitzer,
    "canadian-vehicle": canadian_vehicle,
    "canadian-vehicle-us-owned": lambda: canadian_vehicle("canadian-vehicle-us-owned"),
    "radar": radar,
    "bridge": bridge,
    "drones-29-may": drones,
    "drones-1-june": lambda: drones("drones-1-june"),
    "missile": missile,
    "loitering-munition": loitering_munition,
    "night-sight": night_sight,
    "missile-new-supplier": lambda: missile("missile-new-supplier"),
    "permanent-magnet-drive": permanent_magnet_drive,
    "recovery-vehicle": recovery_vehicle,
}

if __name__ == "__main__":
    for name, read in BILLS.items():
        print(f"{name}\n{report(*read())}")
    for name in ("loitering-munition", "night-sight"):
        print(f"{name}, by the neighbouring acts\n{neighbours(*BILLS[name]())}")
    print(f"canadian-vehicle, by the agreement\n{agreement(*canadian_vehicle())}")
