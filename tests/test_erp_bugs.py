"""Where other programs broke on bills of materials, and this one must not: each test is a bug that was reported there.

Numbers are worked out by hand in the comments.
"""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from formats_kit import GOOD, bad, good
from jointbuy import flow
from jointbuy.content import small
from jointbuy.content.basis import DEFAULT
from jointbuy.exact import Range, exactly
from jointbuy.formats.convert import convert
from jointbuy.law import places
from jointbuy.model import Bom

HEAD = "part,parent,quantity,unit_cost,origin"


def bom(folder: Path, text: str) -> Bom:
    found = good(folder, bill=text).bom
    assert found is not None
    return found


def totals(folder: Path, text: str) -> tuple[Range, Range]:
    """Cost of the components of one vehicle, whole at the first level and traced."""
    content = small.roll_up(bom(folder, text), "EUR", {}, DEFAULT)
    return content.products[0].total, content.traced[0].total


def test_cost_is_divided_once_at_three_levels_and_more(tmp_path: Path) -> None:
    """Odoo #101277, #103796: the quantity of a batch divided the cost again at each level.

    Five levels, each a batch of 10 made of 20 of the next: 2 x 2 x 2 x 2 of the last at 3 make 48.
    """
    rows = "A,,20,10,,DE\nB,A,20,10,,DE\nC,B,20,10,,DE\nD,C,20,10,3,DE\n"
    assert totals(tmp_path, f"part,parent,quantity,per,unit_cost,origin\n{rows}") == (exactly(48), exactly(48))


def test_a_batch_that_is_no_divisor(tmp_path: Path) -> None:
    """Odoo #33115: wrong with batch quantities. 5 screws for 3 frames, 2 frames: 10/3 screws at 0.30 are 1 exactly."""
    rows = "FRAME,,2,1,,DE\nSCREW,FRAME,5,3,0.30,DE\n"
    assert totals(tmp_path, f"part,parent,quantity,per,unit_cost,origin\n{rows}") == (exactly(1), exactly(1))


def test_a_shared_assembly_is_counted_where_it_stands_and_worked_out_once(tmp_path: Path) -> None:
    """Odoo #231021: shared sub-assemblies recomputed at every use. Thirty levels of two each are 2 ** 30 screws."""
    rows = "L0,,1,,DE\nK0,,1,,DE\n"
    for at in range(1, 30):
        rows += "".join(f"{child}{at},{parent}{at - 1},1,,DE\n" for child in "LK" for parent in "LK")
    rows += "SCREW,L29,1,1,US\nSCREW,K29,1,1,US\n"
    assert totals(tmp_path, f"{HEAD}\n{rows}") == (exactly(2**30), exactly(2**30))


def test_no_silent_zero(tmp_path: Path) -> None:
    """ingadhoc/product #936: a missing cost became nothing when siblings were worked out together."""
    said = bad(tmp_path, bill=f"{HEAD}\nFRAME,,1,,DE\nSCREW,FRAME,4,,DE\nPLATE,FRAME,1,9,DE\n")
    assert len(said) == 1
    assert '"SCREW" has no cost; missing is not zero' in said[0]


def test_the_root_follows_a_price_far_below(tmp_path: Path) -> None:
    """ERPNext #13026, #38469: grandparents stale, root not updated. 3 x 2 x 4 screws dearer by 0.25 cost 6 more."""
    text = f"{HEAD}\nA,,3,,DE\nB,A,2,,DE\nC,B,4,{{}},DE\n"
    before, after = (totals(tmp_path, text.format(price))[0] for price in ("1.00", "1.25"))
    assert after.low - before.low == 6


def test_nothing_is_counted_twice_when_opened(tmp_path: Path) -> None:
    """InvenTree #5965: double counting on expansion. A priced assembly of 100 with parts for 60 costs 100, not 160."""
    text = f"{HEAD}\nPUMP,,1,100,DE\nMOTOR,PUMP,1,60,US\n"
    assert totals(tmp_path, text) == (exactly(100), exactly(100))
    traced = small.roll_up(bom(tmp_path, text), "EUR", {}, DEFAULT).traced[0]
    assert {line.part: line.amount for line in traced.lines} == {"PUMP": exactly(40), "MOTOR": exactly(60)}


def test_sub_bills_are_seen(tmp_path: Path) -> None:
    """Part-DB #364, #1459: no sub-bill in view, price of several levels missing."""
    (product,) = small.roll_up(bom(tmp_path, f"{HEAD}\nPUMP,,2,,DE\nMOTOR,PUMP,1,60,US\n"), "EUR", {}, DEFAULT).products
    assert [(line.path, line.amount) for line in product.below] == [(("VEHICLE", "PUMP", "MOTOR"), exactly(120))]


def test_more_than_two_roll_ups_in_one_bill(tmp_path: Path) -> None:
    """OpenBOM: at most two roll-ups for each bill. Currencies, kinds of cost and origins are all kept apart."""
    purchase = GOOD + "exchange_rates:\n- {currency: USD, rate: 0.9, on: 2026-09-01, source: ECB}\n"
    rows = "A,1,10,USD,US,component\nB,1,10,EUR,DE,software\nC,1,1,EUR,DE,profit\n"
    text = f"part,quantity,unit_cost,currency,origin,cost_kind\n{rows}"
    found = good(tmp_path, purchase, text).bom
    assert found is not None
    (product,) = small.roll_up(found, "EUR", {"USD": Fraction(9, 10)}, DEFAULT).products
    assert [(cell.origin, cell.currency, cell.cost_kind, cell.amount.low) for cell in product.cube] == [
        ("DE", "EUR", "software", 10),
        ("US", "USD", "component", 9),
    ]
    assert [cell.cost_kind for cell in product.left_out] == ["profit"]


def test_a_hundred_parents_and_more_are_quick(tmp_path: Path) -> None:
    """ERPNext #14227, #13118, #30960: times out at a hundred parents; fails to save more than a hundred parts.

    150 assemblies of 150 screws each at 0.01: 225. Nothing here asks for the time, but for the answer.
    """
    rows = "".join(f"A{at},,1,,DE\n" for at in range(150)) + "".join(f"SCREW,A{at},150,0.01,DE\n" for at in range(150))
    assert totals(tmp_path, f"{HEAD}\n{rows}") == (exactly(225), exactly(225))


def test_the_same_file_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """Dependency-Track #1724: a second upload lost components. Out and in again, all 402 are there, twice alike."""
    rows = "".join(f"P{at},,1,{at + 1}.50,DE\n" for at in range(402))
    good(tmp_path, bill=f"{HEAD}\n{rows}")
    for name in ("one.json", "two.json"):
        made = convert(tmp_path, tmp_path / name, places())
        assert (made.parts, made.uses) == (403, 402)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    again = good(tmp_path, GOOD.replace("bom.csv", "one.json"), None).bom
    assert again is not None
    assert len(again.parts) == 403
    # 402 parts at 1.50, 2.50 … 402.50: 402 x (1.50 + 402.50) / 2
    assert small.roll_up(again, "EUR", {}, DEFAULT).products[0].total == exactly(81_204)


def test_hardware_is_rolled_up_by_cost_and_not_by_count(tmp_path: Path) -> None:
    """sbomify #1421: a roll-up counted parts only. 99 German screws and an American radar of the same cost are half."""
    rows = "RADAR,,1,99,US\n" + "".join(f"S{at},,1,1,DE\n" for at in range(99))
    (product,) = small.roll_up(bom(tmp_path, f"{HEAD}\n{rows}"), "EUR", {}, DEFAULT).products
    amounts = {cell.origin: cell.amount for cell in product.cube}
    assert amounts == {"US": exactly(99), "DE": exactly(99)}


@pytest.mark.parametrize("verb", ["content", "check"])
def test_it_ends_and_says_so(tmp_path: Path, verb: str) -> None:
    """ERPNext #31956, #43155: the update never completes ("wait one day"). A diamond of forty levels, by command."""
    rows = "A0,,1,,DE\nB0,,1,,DE\n"
    for at in range(1, 40):
        rows += "".join(f"{child}{at},{parent}{at - 1},1,,DE\n" for child in "AB" for parent in "AB")
    good(tmp_path, bill=f"{HEAD}\n{rows}SCREW,A39,1,0.01,US\nSCREW,B39,1,0.01,US\n")
    command = [sys.executable, "-m", "jointbuy.cli", verb, str(tmp_path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    content = found if verb == "content" else found["content"]
    # 2 ** 40 screws of one cent
    assert content["total"] == 2**40


def test_flow_is_the_same_as_the_parts_of_it(tmp_path: Path) -> None:
    """Trustify #1119: an answer depended on when the graph was made. The same folder twice, the same content."""
    good(tmp_path, bill=f"{HEAD}\nA,,3,,DE\nB,A,2,5,US\n")
    assert flow.check(tmp_path).content == flow.check(tmp_path).content
