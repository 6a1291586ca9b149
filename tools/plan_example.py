"""Writes the plan of Canada and the Union: 28 states, 30 capabilities, 200 offers, five years; drawn from a seed.

`python tools/plan_example.py FOLDER [SEED]`. The benchmarks draw others. Loans are those of docs on SAFE as of 2026, in
whole millions; every system, supplier, price, quantity and budget is invented.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

YEARS = (2027, 2028, 2029, 2030, 2031)
CAPABILITIES = {
    "long-range air defence": 95_000_000, "medium-range air defence": 42_000_000, "short-range air defence": 9_000_000,
    "counter-drone system": 2_400_000, "main battle tank": 17_000_000, "infantry fighting vehicle": 8_500_000,
    "armoured carrier": 3_200_000, "protected lorry": 650_000, "engineer vehicle": 6_000_000,
    "howitzer": 6_500_000, "rocket artillery": 11_000_000, "mortar carrier": 3_900_000, "155 mm lot": 4_200_000,
    "anti-tank missile lot": 5_600_000, "air-defence missile lot": 21_000_000, "cruise missile lot": 30_000_000,
    "small drone lot": 900_000, "loitering munition lot": 1_600_000, "reconnaissance drone": 12_000_000,
    "transport aircraft": 88_000_000, "tanker aircraft": 210_000_000, "utility helicopter": 24_000_000,
    "corvette": 320_000_000, "mine hunter": 180_000_000, "coastal radar": 14_000_000, "jammer": 7_500_000,
    "tactical radio lot": 1_900_000, "command post": 5_200_000, "satellite terminal lot": 2_700_000,
    "field hospital": 4_800_000,
}  # fmt: skip
"""Unit prices in EUR, roughly what such things cost."""
WEIGHTS = {
    "AT": 5, "BE": 6, "BG": 3, "CA": 20, "CY": 1, "CZ": 5, "DE": 45, "DK": 6, "EE": 2, "ES": 16, "FI": 6, "FR": 32,
    "GR": 6, "HR": 2, "HU": 5, "IE": 2, "IT": 22, "LT": 4, "LU": 1, "LV": 3, "MT": 1, "NL": 14, "PL": 34, "PT": 4,
    "RO": 10, "SE": 10, "SI": 1, "SK": 3,
}  # fmt: skip
LOANS = {
    "PL": 43_734, "RO": 16_680, "FR": 15_100, "HU": 16_217, "IT": 14_900, "BE": 8_340, "LT": 6_375, "PT": 5_841,
    "LV": 3_490, "BG": 3_262, "EE": 2_344, "SK": 2_317, "CZ": 2_060, "HR": 1_700, "CY": 1_182, "ES": 1_000,
    "FI": 1_000, "GR": 788, "DK": 47,
}  # fmt: skip
"""Millions of EUR."""
MAKERS = ["DE", "FR", "IT", "ES", "SE", "PL", "NL", "FI", "CZ", "CA", "CA", "NO", "UA", "US", "US", "KR", "GB", "BE"]
BIRDS = """Heron Kestrel Osprey Plover Merlin Curlew Petrel Dunlin Avocet Bittern Condor Egret Falcon Gannet Harrier
Ibis Jackdaw Kite Lapwing Martin Nightjar Oriole Pipit Quail Raven Starling Tern Vireo Wren Siskin""".split()
STANDARDS = ("Link-16", "AOP-29", "STANAG-4586")


@dataclass
class Drawn:
    """Rows of every table, as they are drawn."""

    pick: random.Random
    needs: list[list[object]] = field(default_factory=list)
    offers: list[list[object]] = field(default_factory=list)
    prices: list[list[object]] = field(default_factory=list)
    origins: list[list[object]] = field(default_factory=list)
    wanted: dict[str, int] = field(default_factory=dict)
    spent: dict[str, float] = field(default_factory=dict)


def files(seed: int, capabilities: int = 30, offers: int = 200) -> Mapping[str, str]:
    """The files of a plan by name."""
    drawn = Drawn(random.Random(seed))  # noqa: S311
    names = list(CAPABILITIES)[:capabilities]
    required = {name: STANDARDS[place % 3] if place % 4 == 0 else "" for place, name in enumerate(names)}
    for name in names:
        _needs(drawn, name, required[name])
    for place in range(offers):
        _offer(drawn, names[place % len(names)], place, required[names[place % len(names)]])
    states = [_state(drawn, code) for code in WEIGHTS]
    return {
        "plan.yaml": _plan(seed, names),
        "states.csv": _table(["state", "may_borrow", "loan", *YEARS], states),
        "needs.csv": _table(["state", "capability", "year", "quantity", "latest", "standards"], drawn.needs),
        "offers.csv": _table(
            [
                *"offer system supplier capability set_up earliest first ramp capacity standards acts".split(),
                "datalink",
                "buy_alone",
            ],
            drawn.offers,
        ),
        "prices.csv": _table(["offer", "from", "unit_price"], drawn.prices),
        "origins.csv": _table(["offer", "country", "share"], drawn.origins),
    }


def _table(head: list[object] | list[str], rows: list[list[object]]) -> str:
    return "".join(",".join(map(str, row)) + "\n" for row in [head, *rows])


def _needs(drawn: Drawn, name: str, standard: str) -> None:
    price, pick = CAPABILITIES[name], drawn.pick
    for code, weight in WEIGHTS.items():
        most = weight * 7_000_000 * pick.uniform(0.5, 1.6) / price
        if pick.random() > 0.68 or most < 0.4:
            continue
        first = pick.choice([2028, 2029])
        counts = [max(1, round(most)), round(most * pick.uniform(0.4, 1.2))]
        for year, count in zip((first, first + pick.choice([1, 2])), counts, strict=True):
            if count:
                latest = min(YEARS[-1], year + pick.choice([0, 1, 1, 2]))
                drawn.needs.append([code, name, year, count, latest if latest > year else "", standard])
                drawn.wanted[name] = drawn.wanted.get(name, 0) + count
                drawn.spent[code] = drawn.spent.get(code, 0) + count * price


def _offer(drawn: Drawn, capability: str, place: int, standard: str) -> None:
    pick, wanted = drawn.pick, max(2, drawn.wanted.get(capability, 2))
    base = CAPABILITIES[capability] * pick.uniform(0.85, 1.2)
    name, maker = f"{BIRDS[place % 30].lower()}-{place // 30 + 1}", pick.choice(MAKERS)
    capacity = max(1, round(wanted * pick.uniform(0.12, 0.4)))
    first = max(1, round(capacity * pick.uniform(0.3, 0.8)))
    set_up = round(base * wanted * pick.uniform(0.01, 0.05) / 100_000) * 100_000
    acts = "" if maker in {"US", "KR", "GB"} and pick.random() < 0.7 else "safe"
    met = standard if pick.random() < 0.85 else ""
    alone = "yes" if pick.random() < 0.1 else "no"
    system = f"{BIRDS[place % 30]} {place // 30 + 1}"
    drawn.offers.append(
        [name, system, f"{BIRDS[(place * 7 + 3) % 30]} {maker} Works", capability, set_up,
         pick.choice([2027, 2027, 2028]), first, max(1, capacity // 3), capacity, met, acts,
         pick.choice(["link-16", "link-22", ""]), alone]
    )  # fmt: skip
    least = 1
    for _ in range(pick.choice([1, 2, 2])):
        drawn.prices.append([name, least, round(base / 1000) * 1000])
        least, base = max(least + 1, round(wanted * pick.uniform(0.15, 0.4))), base * pick.uniform(0.88, 0.97)
    _origins(drawn, name, maker)


def _origins(drawn: Drawn, name: str, maker: str) -> None:
    pick, left = drawn.pick, 100
    own = pick.randint(45, 75)
    shares = {maker: own}
    left -= own
    for other in pick.sample([code for code in dict.fromkeys([*MAKERS, *WEIGHTS]) if code != maker], 4):
        part = min(left, pick.randint(3, 18))
        if part:
            shares[other] = part
            left -= part
    drawn.origins += [[name, code, f"{share} %"] for code, share in shares.items()]


def _state(drawn: Drawn, code: str) -> list[object]:
    spent = drawn.spent.get(code, 0)
    share = 0.17 if code in LOANS and LOANS[code] * 1e6 > spent * 0.4 else 0.42
    years = [round(spent * share / 1_000_000) * 1_000_000] * len(YEARS)
    return [code, "yes" if code in LOANS else "no", LOANS[code] * 1_000_000 if code in LOANS else "", *years]


def _plan(seed: int, names: list[str]) -> str:
    limits = [
        f"  - systems: 2\n    capability: {name}\n    states: [EE, LV, LT]\n" for name in names[4:10] if name in names
    ]
    return f"""# Drawn by tools/plan_example.py with seed {seed}: all but the loans is invented.
id: canada-eu-{seed}
title: Canada and the Union, thirty capabilities
currency: EUR
signature: 2027-02-01
years: [{", ".join(map(str, YEARS))}]
discount: 3 %
depends_on: [US]
minimise: [cost]
limits:
{"".join(limits)}  - fleet: Nordic data link
    shares: datalink
    states: [SE, FI, DK]
    capabilities: [{names[0]}]
  - dependence: 25 %
    on: [US]
    of: all
  - dependence: 40 %
    on: [US]
    of: each
  - partner_share: 60 %
    from: [EU, EEA, UA, CA]
    of: all
  - work_share:
      below: 9 %
    of: [CA, PL, FR, IT]
"""


def main(folder: Path, seed: int) -> None:
    """Write the files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files(seed).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
