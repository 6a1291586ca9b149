"""The cheapest fix by absorption, where an assembly that qualifies counts whole: by hand, and against every choice."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pytest

from fix_kit import absorbing_instance, disagreement
from jointbuy import formats, law
from jointbuy.decide.demands import excess
from jointbuy.errors import JointbuyError
from jointbuy.fix.amounts import Amounts, Bound, Linear
from jointbuy.fix.problem import Status
from jointbuy.fix.proof import recheck
from jointbuy.fix.solve import cheapest
from jointbuy.flow.case import seen
from jointbuy.flow.certified import verify
from jointbuy.flow.fix import Wanted, fix
from jointbuy.flow.offers import offered
from jointbuy.flow.sourcing import Sight, Sourcing
from jointbuy.formats.alternatives import read_alternatives

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "recovery-vehicle"
OFFERS = "part,supplier,origin,unit_cost,currency,qualification_cost\n"
BILL = "Part,Parent,Quantity,Unit,Supplier,Country of origin,Unit cost,Currency\nARV-60,,1,pc,,,,\n"
TURRET = [
    "T,ARV-60,1,pc,,,,",
    "GUN,T,1,pc,G,US,40.00,EUR",
    "MOUNT,T,1,pc,M,DE,60.00,EUR",
    "ENGINE,ARV-60,1,pc,E,US,100.00,EUR",
    "HULL,ARV-60,1,pc,H,DE,100.00,EUR",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "purchase"
    shutil.copytree(EXAMPLE, there)
    return there


def bought(folder: Path, bill: list[str], offers: list[str]) -> None:
    (folder / "bom.csv").write_text(BILL + "".join(f"{row}\n" for row in bill), encoding="utf-8")
    (folder / "alternatives.csv").write_text(OFFERS + "".join(f"{row}\n" for row in offers), encoding="utf-8")


def test_it_is_enough_that_an_assembly_qualifies(folder: Path) -> None:
    # 140 of 300 are outside. A mount for 75 leaves the gun 40 of 115, 34.8 %: the turret counts whole, the engine alone
    # is outside, 100 of 315, 31.7 %. That costs 15 * 60; another gun (20 * 60) or engine (50 * 60) costs more.
    bought(folder, TURRET, ["GUN,G2,DE,60.00,EUR,0", "ENGINE,E2,DE,150.00,EUR,0", "MOUNT,M2,DE,75.00,EUR,0"])
    found = fix(folder, readings={"components": "absorption"})
    assert [(each.part, each.cost) for each in found.changes] == [("MOUNT", 15 * 60 * 100)]
    assert found.bound == found.cost == 15 * 60 * 100 + 18000000  # and the guarantees


def test_an_assembly_qualifies_at_its_limit_and_not_a_cent_beyond(folder: Path) -> None:
    # 35 of 100 is within the limit, and so is what is left: 100 of 295; 35.01 of 100.01 is not.
    bill = [row.replace("60.00", "65.00") for row in TURRET]
    bought(folder, bill, ["GUN,G2,KR,35.00,EUR,0", "ENGINE,E2,DE,150.00,EUR,0"])
    found = fix(folder, readings={"components": "absorption"})
    assert [each.supplier for each in found.changes] == ["G2"]
    bought(folder, bill, ["GUN,G2,KR,35.01,EUR,0", "ENGINE,E2,DE,150.00,EUR,0"])
    found = fix(folder, readings={"components": "absorption"})
    assert [each.supplier for each in found.changes] == ["G2", "E2"]


def test_both_ways_an_assembly_that_fails_counts_whole(folder: Path) -> None:
    # Outside are the turret, 100, and the engine: 200 of 300. Without the engine the turret is 100 of 350, 28.6 %.
    bought(folder, TURRET, ["ENGINE,E2,DE,150.00,EUR,0", "GUN,G2,KR,38.00,EUR,0"])
    found = fix(folder, readings={"components": "absorption both ways"})
    assert [each.part for each in found.changes] == ["ENGINE", "GUN"]
    bought(folder, TURRET, ["GUN,G2,KR,38.00,EUR,0"])
    assert fix(folder, readings={"components": "absorption both ways"}).cost is None


@pytest.mark.parametrize("part", range(6))
def test_no_choice_that_passes_is_cheaper(part: int, tmp_path: Path) -> None:
    told = {seed: disagreement(seed, tmp_path / str(seed), absorbing_instance) for seed in range(part, 18, 6)}
    assert not {seed: text for seed, text in told.items() if text}
    assert sum(text is not None for text in told.values()) >= 3


@pytest.mark.parametrize("seed", range(40))
def test_rows_are_what_the_changed_bill_comes_to(seed: int, tmp_path: Path) -> None:
    """Whatever is chosen: the tests and amounts of the rows add up to the excess of the bill with these sources."""
    instance = absorbing_instance(seed, tmp_path / "purchase")
    if not any(source.offers for source in instance.sources):
        pytest.skip("nothing is offered")
    instance.write()
    read = formats.read(instance.folder, law.places())
    assert read.bom is not None
    offers, _ = read_alternatives(instance.folder, read.purchase, law.places(), read.bom, [])
    every = offered(read.bom, read.purchase, offers, None)
    sight = Sight(read, *seen(read.purchase, "safe", readings=instance.readings))
    sourcing = Sourcing([sight], every, (), None)
    ends = [sum(len(group) for group in every.groups[:at]) for at in range(len(every.groups))]
    picks = [
        [end + at for end, at in zip(ends, pick, strict=True)]
        for pick in product(*(range(len(group)) for group in every.groups))
    ]
    for way in sourcing.ways:
        amounts, rows = sourcing.absorbed(tuple(row for row in way if row.absorbed))
        for pick in Random(seed).sample(picks, min(12, len(picks))):
            chosen = [each for at in pick for each in sourcing.options[at].alternatives]
            changed = {each.replaces for each in chosen}
            if any({one, other} <= changed for one, other in every.apart):
                continue
            values = amounts.values(pick)
            for row, bound in rows.items():
                assert amounts.value(bound.sum, values) == excess(row.demand, read.purchase)(sight.content(chosen))
            assert all(amounts.value(own.sum, values) <= 0 for own in amounts.rows)


def test_a_proof_does_not_need_the_solver() -> None:
    # Of 10 outside, 4 go for 3: then a test passes (6 where 7 are allowed), and the 6 that are left count no longer.
    amounts = Amounts([2, 2], both=False)
    left = Linear(Fraction(10), {1: Fraction(-4), 3: Fraction(-1)})
    passes = amounts.test("it passes", left - Linear(Fraction(7)))
    counts = left - amounts.where("as tested", passes, left)
    problem = amounts.problem([[0, 3], [0, 1]], [Bound("none is outside", counts)])
    found = cheapest(problem.problem, settle=problem.settle)
    assert (found.status, found.cost, found.bound) == (Status.OPTIMAL, 3, 3)
    again = recheck(problem.problem, found)
    assert (again.faults, again.proven) == ((), True)


def test_a_certificate_says_what_is_proven(folder: Path, tmp_path: Path) -> None:
    bought(folder, TURRET, ["GUN,G2,DE,60.00,EUR,0", "ENGINE,E2,DE,150.00,EUR,0", "MOUNT,M2,DE,75.00,EUR,0"])
    made = json.loads(json.dumps(fix(folder, readings={"components": "absorption"}).certificate))
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    assert (verify(path).result, verify(path).proven) == ("same", True)
    answer = made["problems"][made["answer"]]
    shares, proof = answer["shares"], answer["proof"]
    for wrong in (
        {"shares": [["2", "1"]] * len(shares)},
        {"mixed": -1},
        {"mixed": 10**6},
        {"proof": [len(answer["costs"]) - 1, *proof]},
    ):
        answer.update(wrong)
        path.write_text(json.dumps(made), encoding="utf-8")
        assert verify(path).result == "invalid", wrong
        answer.update(shares=shares, proof=proof, mixed=len(shares))
    answer["proof"] = []  # then prices alone prove less, and it is told how much
    path.write_text(json.dumps(made), encoding="utf-8")
    assert (verify(path).result, verify(path).proven) == ("same", False)


def test_no_value_to_measure_against_is_refused(folder: Path) -> None:
    bought(folder, TURRET, ["GUN,G2,DE,60.00,EUR,0"])
    with pytest.raises(JointbuyError, match="state the price of the end product"):
        fix(folder, readings={"components": "absorption", "base": "product value"})


def test_a_limit_of_time_is_kept_in_sight(folder: Path) -> None:
    bought(folder, TURRET, ["GUN,G2,DE,60.00,EUR,0", "MOUNT,M2,DE,75.00,EUR,0"])
    found = fix(folder, readings={"components": "absorption"}, wanted=Wanted(seconds=1e-9))
    assert found.cost is None or (found.bound or 0) <= found.cost
