"""Where other programs broke on bills of materials, and this one must not: each test is a bug that was reported there.

Numbers are worked out by hand in the comments.

| reported | test |
| --- | --- |
| Odoo #101277, #103796: cost divided twice from three levels on | test_cost_is_divided_once_at_three_levels_and_more |
| Odoo #33115: wrong with batch quantities | test_a_batch_that_is_no_divisor, test_batches_within_batches |
| Odoo #231021, #26400: shared assemblies worked out each time | test_a_shared_assembly_is_counted_where_it_stands… |
| Odoo, OCA/manufacture #1818: no roll-up that stays | test_an_earlier_answer_is_given_again |
| ingadhoc/product #936: silent zero beside siblings | test_no_silent_zero, test_no_silent_zero_beside_a_batch |
| ERPNext #13026: grandparents stale · #38469: root not updated | test_the_root_follows_a_price_far_below |
| ERPNext #13118: more than a hundred exploded items | test_more_than_a_hundred_parts_below_one |
| ERPNext #14227, #30960: times out at a hundred parents | test_a_hundred_parents_and_more_are_quick |
| ERPNext #31956, #43155: never completes | test_it_ends_and_says_so |
| InvenTree #5965: double counting on expansion | test_nothing_is_counted_twice_when_opened |
| InvenTree #3710, #2122: a price that must be kept to be had | test_an_earlier_answer_is_given_again |
| Part-DB #364, #1459: no sub-bill, price of several levels missing | test_sub_bills_are_seen |
| OpenBOM: two roll-ups for each bill | test_more_than_two_roll_ups_in_one_bill |
| Dependency-Track #1724: a second upload loses parts | test_the_same_file_twice_gives_the_same_bytes, test_in_again… |
| Dependency-Track #2857, #7350: hundreds of components, many minutes | test_a_hundred_parents_and_more_are_quick |
| cyclonedx-python-lib #677: silent de-duplication on load | test_what_looks_alike_is_neither_merged_nor_lost… |
| GUAC, Trustify #1119: depends on when the graph was made | test_flow_is_the_same_as_the_parts_of_it |
| sbomify #1304, #1421: parts counted, not cost | test_hardware_is_rolled_up_by_cost_and_not_by_count |
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


def test_batches_within_batches(tmp_path: Path) -> None:
    """Odoo #33115: 3 frames for 2 vehicles, 5 brackets for 3 frames, 7 screws for 5 brackets: 7/2 screws at 2 are 7."""
    rows = "FRAME,,3,2,,DE\nBRACKET,FRAME,5,3,,DE\nSCREW,BRACKET,7,5,2,DE\n"
    assert totals(tmp_path, f"part,parent,quantity,per,unit_cost,origin\n{rows}") == (exactly(7), exactly(7))


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


def test_no_silent_zero_beside_a_batch(tmp_path: Path) -> None:
    """The same where the siblings are made in batches: the one without a cost is named, whatever stands beside it."""
    head = "part,parent,quantity,per,unit_cost,origin"
    said = bad(tmp_path, bill=f"{head}\nFRAME,,1,,,DE\nSCREW,FRAME,40,10,,DE\nPLATE,FRAME,9,3,9,DE\n")
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


def test_more_than_a_hundred_parts_below_one(tmp_path: Path) -> None:
    """ERPNext #13118: saving more than a hundred exploded items. 1,000 parts at 1, 2 … 1,000 in one frame: 500,500."""
    rows = "FRAME,,1,,DE\n" + "".join(f"P{at},FRAME,1,{at},DE\n" for at in range(1, 1_001))
    assert totals(tmp_path, f"{HEAD}\n{rows}") == (exactly(500_500), exactly(500_500))


def test_an_earlier_answer_is_given_again(tmp_path: Path) -> None:
    """OCA/manufacture #1818, InvenTree #3710: a roll-up that is kept may be stale. Nothing is kept here: 10, 12, 10."""
    text = f"{HEAD}\nFRAME,,1,,DE\nSCREW,FRAME,10,{{}},DE\n"
    found = [totals(tmp_path, text.format(price))[0] for price in ("1", "1.20", "1")]
    assert found == [exactly(10), exactly(12), exactly(10)]


def test_in_again_what_was_written_is_the_same_bill(tmp_path: Path) -> None:
    """Dependency-Track #1724: out, in, out and in again; reading what was written the second time gives it all."""
    good(tmp_path, bill=f"{HEAD}\nFRAME,,1,,DE\nSCREW,FRAME,4,0.25,US\nSCREW,,2,,\nPLATE,,1,9 - 11,DE 60-80; US\n")
    convert(tmp_path, tmp_path / "one.json", places())
    made = convert(tmp_path / "one.json", tmp_path / "two.json", places())
    assert (made.parts, made.uses, made.lost) == (4, 4, ())


def test_what_looks_alike_is_neither_merged_nor_lost(tmp_path: Path) -> None:
    """cyclonedx-python-lib #677: components that look alike were one after loading.

    Two screws of one name, price and origin under two ids are two parts, 4 + 6 at 0.50; under one id and two
    references they are one part in two places that must be written as such, so the second is refused, not dropped.
    """
    screws = [
        {"type": "device", "bom-ref": ref, "name": "Screw", "properties": [
            {"name": "jointbuy:part", "value": ref}, {"name": "jointbuy:unitCost", "value": "0.50"},
            {"name": "jointbuy:origin", "value": "DE"}, {"name": "jointbuy:quantity", "value": count}]}
        for ref, count in (("S1", "4"), ("S2", "6"))
    ]  # fmt: skip
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {"type": "device", "bom-ref": "VEHICLE", "name": "VEHICLE"}},
        "components": screws,
        "dependencies": [{"ref": "VEHICLE", "dependsOn": ["S1", "S2"]}],
    }  # fmt: skip
    found = good(tmp_path, GOOD.replace("bom.csv", "bom.json"), json.dumps(document), "bom.json").bom
    assert found is not None
    assert small.roll_up(found, "EUR", {}, DEFAULT).products[0].total == exactly(5)
    assert {"S1", "S2"} < set(found.parts)
    screws[1]["bom-ref"] = "S1"
    said = bad(tmp_path, GOOD.replace("bom.csv", "bom.json"), json.dumps(document), "bom.json")
    assert any("S1" in one for one in said)


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
