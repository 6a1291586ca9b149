"""Putting a part below an assembly of the same origin, without a price of its own, changes no finding on sources."""

from pathlib import Path

import pytest

from jointbuy import flow, formats, law
from jointbuy.result import Case
from test_verdicts import folder

HEAD = "part,parent,quantity,supplier,origin,supplied_from,unit_cost\n"
RULES = ("safe.art16_10_contravening_source", "safe.art16_12_subcontractors")


def told(found: Case) -> dict[str, object]:
    """The status of each of the two rules, and what is asked of whom."""
    statuses: dict[str, object] = {each.rule: each.status for each in found.verdict.findings if each.rule in RULES}
    return statuses | {"outcome": found.verdict.outcome, "asked": sorted(each.key for each in found.verdict.conditions)}


@pytest.mark.parametrize("supplier", ["", "G", "C", "Somebody else"])
@pytest.mark.parametrize("supplied_from", ["", "DE", "RU"])
@pytest.mark.parametrize("origin", ["", "DE", "US", "RU", "BY 1; DE 99", "RU or DE", "BY or RU", "DE 40; US 30"])
def test_a_part_below_an_assembly_of_its_origin(origin: str, supplied_from: str, supplier: str, tmp_path: Path) -> None:
    """One of 20 000 EUR, a fifth of the contract for ten guns; once, twice over, and as it stands."""
    rest = "REST,GUN,1,G,DE,DE,60000.00\n"
    part = f"{supplier},{origin},{supplied_from},20000.00\n"
    made = f",{origin},{supplied_from},\n"
    bills = [
        f"{HEAD}P,GUN,1,{part}{rest}",
        f"{HEAD}A,GUN,1,{made}P,A,1,{part}{rest}",
        f"{HEAD}A,GUN,1,{made}B,A,1,{made}P,B,1,{part}{rest}",
        f"{HEAD}A,GUN,1,,{'DE'},,\nB,A,1,{made}P,B,1,{part}{rest}",
    ]
    found = []
    for at, bill in enumerate(bills):
        (tmp_path / str(at)).mkdir()
        read = formats.read(folder({"case": "bar", "bill": bill}, tmp_path / str(at)), law.places())
        found.append(told(flow.decided(read, "safe", tried=False)))  # no other reading is looked at here
    assert found[0][RULES[0]] == found[1][RULES[0]] == found[2][RULES[0]] == found[3][RULES[0]]
    assert found[0][RULES[1]] == found[1][RULES[1]] == found[2][RULES[1]] == found[3][RULES[1]]
    assert found[0]["asked"] == found[1]["asked"]
