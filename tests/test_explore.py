"""Questions about content, through the flow and the command line, on the examples."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bills import bill, row
from jointbuy import cli, flow, formats, law
from jointbuy.asked import BreakEven
from jointbuy.change import Change, changed
from jointbuy.content import roll_up, stress, switched, what_if
from jointbuy.content.base import by_contract_value, by_product_value
from jointbuy.content.basis import DEFAULT
from jointbuy.content.prices import priced
from jointbuy.errors import JointbuyError, Unusable
from jointbuy.exact import Range, exactly, share_range, split, worst_excess
from jointbuy.model import Bom, Country, Sources
from jointbuy.report import figures, words
from jointbuy.result import Content
from random_bills import RATES, random_bill

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
INSIDE, LIMIT = frozenset({"DE", "FR", "NO"}), Fraction(35, 100)
EVERY = sorted(path.parent.name for path in EXAMPLES.glob("*/purchase.yaml"))


@pytest.mark.parametrize("name", EVERY)
def test_every_example_can_be_explored(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All questions at once, as text, JSON and page; the same answers give the same bytes."""
    line = ["content", str(EXAMPLES / name), "--why", "US", "--stress", "5", "--out", str(tmp_path / "one")]
    assert cli.main(line) == 0
    text = capsys.readouterr().out
    assert cli.main([*line[:-1], str(tmp_path / "two"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"total", "currency", "outside", "undeclared", "by_origin", "by_group", "top"} <= found.keys()
    if found["total"]:
        assert "BY METHOD" in text
        assert {each["name"] for each in found["variants"] if each["kind"] == "method"} == {
            "first level", "traced", "absorption", "absorption both ways",
        }  # fmt: skip
    for file in ("content.html", "content.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_variant_is_what_the_verdict_would_rest_on() -> None:
    """What `content` says beside the answer is what `check` finds with that reading."""
    found = flow.explore(EXAMPLES / "howitzer", flow.Asked())
    read = formats.read(EXAMPLES / "howitzer", law.places())
    for reading, option, told in (
        ("base", "product value", "product value"),
        ("cost of final assembly", "counted", "final assembly counted"),
        ("cost of licence", "counted", "licence counted"),
        ("components", "traced", "traced"),
    ):
        case = flow.decided(read, "safe", readings={reading: option}, tried=False)
        rule = next(each for each in case.verdict.findings if each.rule == "safe.art16_10_component_share")
        (variant,) = (each for each in found.variants if each.name == told)
        assert rule.value == variant.outside


def test_what_is_asked_beside_what_is_missing_is_answered(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["content", str(EXAMPLES / "night-sight"), "--missing", "--why", "US", "--stress"]
    assert cli.main(line) == 0
    told = capsys.readouterr().out
    assert "WHERE THE VALUE COMES FROM" not in told
    assert "WHY US" in told
    assert "WHAT WOULD JUST MEET THE LIMIT" in told


def test_what_is_undeclared_has_paths_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["content", str(EXAMPLES / "howitzer"), "--why", "undeclared"]) == 0
    assert "WHY UNDECLARED" in capsys.readouterr().out


def test_a_dearer_part_is_what_moved_the_share(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One price of the bill is raised: the only line that moves anything, and it moves all of it."""
    shutil.copytree(EXAMPLES / "howitzer", tmp_path / "new")
    bill = tmp_path / "new" / "bom.csv"
    lines = bill.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if line.startswith("H155-20-0001;"))
    row, place = lines[at].split(";"), lines[0].split(";").index("Unit cost")
    row[place] = str(int(row[place]) + 10_000)
    lines[at] = ";".join(row)
    bill.write_text("".join(lines), encoding="utf-8")
    line = ["content", str(tmp_path / "new"), "--against", str(EXAMPLES / "howitzer"), "--json"]
    assert cli.main(line) == 0
    (moves,) = json.loads(capsys.readouterr().out)["moves"]
    assert [each["part"] for each in moves["lines"]] == ["H155-20-0001"]

    def exact(share: Mapping[str, str]) -> Fraction:
        return Fraction(int(share["numerator"]), int(share["denominator"]))

    assert exact(moves["lines"][0]["by"]) == exact(moves["after"]) - exact(moves["before"])


HEAD = "part,parent,quantity,unit_cost,origin,currency\n"
IN_PARTS = HEAD + "A,,1,100,US,\nB,,1,100,DE,\nx,A,1,40,DE,\ny,A,1,30,US,\n"
MADE = HEAD + "M,,1,,US,\nx,M,{},100,DE,\nB,,1,200,DE,\n"
IN_DOLLARS = HEAD + "A,,1,100,US,USD\nB,,1,200,DE,EUR\n"


def figures_of(folder: Path, readings: Mapping[str, str]) -> tuple[figures.Product, Mapping[str, Range | None]]:
    found = flow.explore(folder, flow.Asked(), readings=readings)
    (product,) = figures.products(found.case)
    return product, {each.name: each.outside for each in found.variants if each.kind == "method"}


def test_every_figure_is_of_the_base_that_was_chosen(tmp_path: Path) -> None:
    """M keeps the limit (30 of 100 outside); with B (100, outside), C (200) and a profit of 600 the value is 1000.

    By absorption 100 of it is outside, traced 130. Spares, of 900, are no part of it.
    """
    bom = (
        "part,parent,quantity,unit_cost,origin,cost_kind\nM,,1,,DE,\nx,M,1,30,US,\ny,M,1,70,DE,\nB,,1,100,US,\n"
        "C,,1,200,DE,\nP,,1,600,DE,profit\nS,,1,900,US,spares\n"
    )
    folder = purchase_with(tmp_path, bom)
    product, methods = figures_of(folder, {"base": "product value", "components": "absorption"})
    assert methods == {
        "first level": exactly(Fraction(1, 10)), "traced": exactly(Fraction(13, 100)),
        "absorption": exactly(Fraction(1, 10)), "absorption both ways": exactly(Fraction(1, 10)),
    }  # fmt: skip
    assert (product.outside, product.rest) == (exactly(Fraction(1, 10)), exactly(Fraction(6, 10)))
    product, _ = figures_of(folder, {"base": "product value"})
    assert {each.name: each.share for each in product.by_group} == {
        "inside": exactly(Fraction(3, 10)), "outside": exactly(Fraction(1, 10)),
    }  # fmt: skip
    assert words.outside(product).startswith("10.00\N{NO-BREAK SPACE}% of the product value, against")
    product, _ = figures_of(folder, {})
    assert product.rest is None
    assert "of component cost" in words.outside(product)


def test_the_headline_counts_what_is_undeclared_as_the_reading_does(tmp_path: Path) -> None:
    """20 of 100 from outside and 25 undeclared: 45 at worst, which is 10 above the limit of 35."""
    folder = purchase_with(tmp_path, "part,quantity,unit_cost,origin\nA,1,20,US\nU,1,25,\nB,1,55,DE\n")
    product, _ = figures_of(folder, {})
    assert product.outside == Range(Fraction(20, 100), Fraction(45, 100))
    for policy in ("worst case", "outside"):
        product, _ = figures_of(folder, {"unknown origin": policy})
        assert product.outside == exactly(Fraction(45, 100))
        assert product.standing
        assert (product.standing.margin, product.standing.money) == (exactly(Fraction(-10, 100)), -10)


def test_a_share_beside_its_limit_never_reads_as_the_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bom = "part,quantity,unit_cost,origin\nA,1,35.000001,US\nB,1,64.999999,DE\n"
    folder, table = purchase_with(tmp_path / "p", bom), tmp_path / "table.csv"
    table.write_text("scenario,part,unit_cost\nsame,A,35.000001\n", encoding="utf-8")
    assert cli.main(["content", str(folder), "--what-if", str(table)]) == 0
    text = capsys.readouterr().out
    assert "first level            35.000001 %" in text
    assert "same   35.000001 %   breaks the limit" in text


def test_components_dearer_than_the_contract_are_pointed_out_with_the_content(tmp_path: Path) -> None:
    """20 pieces of 300 under a contract of 2000."""
    folder = purchase_with(tmp_path, "part,quantity,unit_cost,origin\nA,1,100,US\nB,1,200,DE\n")
    assert any("6,000.00 EUR, more than" in note for note in flow.explore(folder, flow.Asked()).case.notes)


@pytest.mark.parametrize(
    ("old", "new", "readings", "shares", "lines"),
    [
        # x goes from Germany to the United States; A counts whole at the first level, so that nothing moves there.
        ((IN_PARTS, "0.5"), (IN_PARTS.replace("40,DE", "40,US"), "0.5"), {}, ("1/2", "1/2"), {}),
        ((IN_PARTS, "0.5"), (IN_PARTS.replace("40,DE", "40,US"), "0.5"), {"components": "traced"}, ("3/10", "1/2"),
         {"x": ("1/5", ("origin",))}),
        # M is made of one x, then of two: 100 of 300, 200 of 400.
        ((MADE.format(1), "0.5"), (MADE.format(2), "0.5"), {}, ("1/3", "1/2"), {"M": ("1/6", ("quantity of x",))}),
        # Nothing but the rate of the dollar: 85 of 285, then 100 of 300.
        ((IN_DOLLARS, "0.85"), (IN_DOLLARS, "1"), {}, ("85/285", "1/3"), {"A": ("2/57", ("rate of USD",))}),
        # Of a contract value of 100 for one: 10 and then 20, while the rest of the value falls.
        ((HEAD + "A,,1,10,US,\n", "1"), (HEAD + "A,,1,20,US,\n", "1"), {"base": "contract value"}, ("1/10", "1/5"),
         {"A": ("9/100", ("price",)), "value beyond the components": ("1/100", ())}),
    ],
)  # fmt: skip
def test_what_moved_is_the_share_that_is_shown(
    old: tuple[str, str], new: tuple[str, str], readings: Mapping[str, str], shares: tuple[str, str],
    lines: Mapping[str, tuple[str, tuple[str, ...]]], tmp_path: Path,
) -> None:  # fmt: skip
    one, other = (
        purchase_with(tmp_path / name, bom, rates=f"{{currency: USD, rate: {rate}}}")
        for name, (bom, rate) in (("old", old), ("new", new))
    )
    (moves,) = flow.explore(other, flow.Asked(against=one), readings=readings).moves
    assert (moves.before, moves.after) == tuple(map(Fraction, shares))
    assert {each.part: (each.by, each.because) for each in moves.lines} == {
        part: (Fraction(by), because) for part, (by, because) in lines.items()
    }


def test_versions_in_two_currencies_are_compared_in_one_or_not_at_all(tmp_path: Path) -> None:
    """The same bill in euros, under a contract in dollars at 1.17 and under one in euros: nothing moved."""
    bom = HEAD + "A,,1,100,US,EUR\nB,,1,200,DE,EUR\n"
    one = purchase_with(tmp_path / "old", bom, currency="USD", rates="{currency: EUR, rate: 1.17}")
    other = purchase_with(tmp_path / "new", bom, rates="{currency: CAD, rate: 0.6}")
    (moves,) = flow.explore(other, flow.Asked(against=one)).moves
    assert moves.lines == ()
    third = purchase_with(
        tmp_path / "third", bom.replace("EUR", "CAD"), currency="CAD", rates="{currency: SEK, rate: 8}"
    )
    with pytest.raises(JointbuyError, match="in CAD and this one in USD"):
        flow.explore(one, flow.Asked(against=third))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (["--why", "Freedonia"], '"Freedonia" is not a country'),
        (["--where-used", "NOPE"], 'there is no part "NOPE"'),
        (["--stress", "0"], "no error in per cent"),
        (["--stress", "many"], "no error in per cent"),
        (["--method", "magic"], "invalid choice"),
        (["--against", "nowhere"], "there is no such file or folder"),
        (["--what-if", "nowhere.csv"], "nowhere.csv"),
        (["--reading", "base=weight"], 'has no option "weight"'),
    ],
)
def test_questions_that_cannot_be_answered(line: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["content", str(EXAMPLES / "night-sight"), *line]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said


# --- what if ----------------------------------------------------------------------------------


def scenarios(seed: int, count: int) -> tuple[Bom, Mapping[str, Sequence[Change]]]:
    draw, bom = Random(seed), random_bill(seed, parts=25, ranges=False)
    priced = [at for at, low in enumerate(bom.sources.price_low) if low is not None]
    found = {}
    for number in range(count):
        changes = []
        for source in draw.sample(priced, min(len(priced), 2)):
            part, supplier = bom.parts[bom.sources.part[source]], bom.sources.supplier[source]
            origin = ((Country(draw.choice(["US", "DE"])), Fraction(1)),) if draw.random() < 0.5 else None
            changes.append(Change(part, supplier, exactly(Fraction(draw.randint(0, 10**6), 100)), origin))
        for edge in draw.sample(range(len(bom.parent)), 2) if number % 2 else ():
            many = Fraction(draw.randint(1, 300), draw.choice([1, 7, 100]))
            changes.append(Change(bom.parts[bom.child[edge]], parent=bom.parts[bom.parent[edge]], quantity=many))
        shared = [at for at, share in enumerate(bom.sources.awarded) if share != 1]
        if shared and number % 3:
            at = draw.choice(shared)
            part, supplier = bom.parts[bom.sources.part[at]], bom.sources.supplier[at]
            changes.append(Change(part, supplier, awarded=Fraction(draw.randint(0, 10), 10)))
        found[str(number)] = changes
    return bom, found


def test_many_scenarios_at_once_agree_with_each_rolled_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba", reason="needs the extra `large`")
    monkeypatch.setattr(what_if, "_FEW", 0)
    for seed in range(25):
        bom, table = scenarios(seed, 20)
        for traced in (False, True):
            fast = what_if.what_if(bom, "EUR", RATES, DEFAULT, table, INSIDE, LIMIT, traced=traced)
            for one in fast:
                content = roll_up(changed(bom, table[one.name]), "EUR", RATES)
                products = content.traced if traced else content.products
                (product,) = (each for each in products if each.product == one.product)
                parts = split(product.composition, INSIDE, others=True)
                exact = share_range(parts)
                assert (one.keeps == "yes") == (worst_excess(parts, LIMIT) <= 0), f"seed {seed}"
                if exact and one.outside and product.total.low > 1:
                    assert one.outside.low <= exact.low <= exact.high <= one.outside.high


def test_a_table_of_scenarios(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "what-if.csv"
    table.write_text(
        "scenario;part;unit_cost;origin\nall;H155-20-0001;;US\nall;H155-31-0001;1,5 - 2,5;Canada\n", "utf-8"
    )
    assert cli.main(["content", str(EXAMPLES / "howitzer"), "--what-if", str(table), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["scenarios"]
    assert (found["scenario"], found["keeps_limit"], found["bound"]) == ("all", "no", "no")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file is empty"),
        ("a,b\n1,2\n", "the header reads: a, b"),
        ("part,unit_cost\n", "no changes were found"),
        ("part,unit_cost\nNS-401,cheap\n", "table.csv:2"),
        ("part,unit_cost\n,5\n", "names no part"),
        ("part,unit_cost,origin\nNS-401,,\n", "nothing of"),
        ("part,unit_cost\nNS-40,5\n", 'there is no part "NS-40"'),
        ('part,unit_cost\n"NS,5\n', "cannot be read"),
    ],
)
def test_scenarios_that_cannot_be_read(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    with pytest.raises((JointbuyError, Unusable)) as caught:
        flow.explore(EXAMPLES / "night-sight", flow.Asked(what_if=tmp_path / "table.csv"))
    problems = getattr(caught.value, "problems", [])
    assert told in str(caught.value) + " ".join(map(str, problems))


SAME_PARTS = """part,parent,quantity,unit_cost,cost_per,unit,cost_unit,origin,currency,supplier,awarded
A,,10,100,100,,,US,USD,s1,50
A,,10,100,100,,,DE,USD,s2,50
G,,350,20,,g,kg,US,EUR,,
B,,1,88,1,,,DE,EUR,,
"""


def purchase_with(
    tmp_path: Path, bom: str, *, currency: str = "EUR", rates: str = "{currency: USD, rate: 0.5}"
) -> Path:
    """A purchase of a howitzer with a bill of its own, in a folder."""
    tmp_path.mkdir(parents=True, exist_ok=True)
    (tmp_path / "bom.csv").write_text(bom, encoding="utf-8")
    (tmp_path / "purchase.yaml").write_text(
        f"""id: T-1
instrument: SAFE
events: {{signature: 2026-09-15}}
product: {{kind: defence product, categories: [ground combat]}}
buyers: [{{country: PL}}, {{country: LT}}]
contract: {{value: 2000.00, currency: {currency}, contractors: [A]}}
parties: [{{id: A, name: Alpha, established_in: PL}}]
end_products: [{{id: EP, quantity: 20}}]
bill_of_materials: bom.csv
exchange_rates: [{rates[:-1]}, on: 2026-09-01, source: x}}]
""",
        encoding="utf-8",
    )
    return tmp_path


def test_a_scenario_states_prices_as_the_bill_does(tmp_path: Path) -> None:
    """100 parts A cost 100 USD: ten cost 5 EUR, half of it from the United States. 350 g at 20 EUR a kg cost 7 EUR.

    At 200 USD the half costs 5: 12 of 102.50. At 40 EUR a kg it is 14: 16.50 of 107. Undeclared B is open.
    """
    folder = purchase_with(tmp_path / "p", SAME_PARTS)
    table = tmp_path / "table.csv"
    table.write_text(
        "scenario,part,supplier,unit_cost,origin\nas it is,A,s1,100,\ndearer,A,s1,200,\nheavier,G,,40,\nlost,B,,,?\n"
        "lost too,B,,,unknown\nand this,B,,88,undeclared\n",
        encoding="utf-8",
    )
    found = {each.name: each.outside for each in flow.explore(folder, flow.Asked(what_if=table)).scenarios}
    lost = Range(Fraction(95, 1000), Fraction(975, 1000))
    assert found == {
        "as it is": exactly(Fraction(95, 1000)), "dearer": exactly(Fraction(1200, 10250)),
        "heavier": exactly(Fraction(165, 1070)), "lost": lost, "lost too": lost, "and this": lost,
    }  # fmt: skip


def test_every_fault_of_a_table_of_scenarios_is_told_at_once(tmp_path: Path) -> None:
    folder, table = purchase_with(tmp_path / "p", SAME_PARTS), tmp_path / "table.csv"
    rows = ["s,ZZ,,1,", "s,B,,,", "s,B,,-5,", "t,B,,5,XX", "t,A,,5,", "u,B,,5,", "u,B,,6,"]
    table.write_text("scenario,part,supplier,unit_cost,origin\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(Unusable) as caught:
        flow.explore(folder, flow.Asked(what_if=table))
    told = [str(each) for each in caught.value.problems]
    for line, said in [
        (2, 'no part "ZZ"'),
        (3, "nothing of"),
        (4, "negative"),
        (5, "XX"),
        (6, "several"),
        (8, "twice"),
    ]:
        assert any(each.startswith(f"table.csv:{line}:") and said in each for each in told), (line, told)
    assert len(told) == 7  # row 4 also changes what row 3 does


def test_a_column_that_no_scenario_has_is_refused(tmp_path: Path) -> None:
    folder, table = purchase_with(tmp_path / "p", SAME_PARTS), tmp_path / "table.csv"
    table.write_text("scenario,part,unit_cost,orgin\ns,B,5,US\n", encoding="utf-8")
    with pytest.raises(Unusable) as caught:
        flow.explore(folder, flow.Asked(what_if=table))
    assert 'there is no column "orgin"; did you mean "origin"?' in str(caught.value)


def test_a_scenario_with_other_quantities_and_awards(tmp_path: Path) -> None:
    """A at 100, half German and half American; an M of two x at 10, American; B at 80, German: 70 of 200.

    Six x for one M: M costs 60 and is American. A quarter of A from s2: 25. Both: 85 of 240.
    """
    bom = (
        "part,parent,quantity,unit_cost,origin,supplier,awarded\nA,,1,100,DE,s1,50\nA,,1,100,US,s2,50\n"
        "M,,1,,US,s3,\nx,M,2,10,US,s3,\nB,,1,80,DE,s1,\n"
    )
    text = (
        "scenario,part,supplier,parent,quantity,awarded\nmore,x,,M,6,\nless,A,s2,,,25\nboth,x,,M,6,\nboth,A,s2,,,25 %\n"
    )
    folder, table = purchase_with(tmp_path / "p", bom), tmp_path / "table.csv"
    table.write_text(text, encoding="utf-8")
    for method in ("first level", "traced"):
        found = flow.explore(folder, flow.Asked(what_if=table), readings={"components": method}).scenarios
        assert {each.name: each.outside for each in found} == {
            "more": exactly(Fraction(110, 240)), "less": exactly(Fraction(45, 200)), "both": exactly(Fraction(85, 240)),
        }, method  # fmt: skip


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x,,,3,", "table.csv:2: the quantity of x is for one of what? name its parent"),
        ("x,,EP2,3,", 'table.csv:2: there is no part "EP2" in the bill'),
        ("x,,A,3,", "table.csv:2: x does not stand directly in A; it stands in M"),
        ("x,,M,,", "table.csv:2"),
        ("x,,M,0,", 'table.csv:2: "quantity" is "0"'),
        ("x,,M,-1,", 'table.csv:2: "quantity" is "-1"'),
        ("A,s2,,,120", 'table.csv:2: "awarded" is "120"'),
        ("A,,,,20", "table.csv:2: A comes from several suppliers; name one of: s1, s2"),
        ("B,s1,,,20", "table.csv:2: B would be awarded to 20.00 per cent; nobody is left who now gets any of it"),
        ("A,s1,,,60\ns,A,s2,,,60", "table.csv:2: A would be awarded to 120.00 per cent; the shares are parts of 100"),
        ("x,,M,3,\ns,x,,M,4,", 'table.csv:3: "x" is changed twice: row 2 changes the same'),
    ],
)
def test_a_quantity_or_award_that_cannot_be_is_refused(tmp_path: Path, line: str, told: str) -> None:
    bom = (
        "part,parent,quantity,unit_cost,origin,supplier,awarded\nA,,1,100,DE,s1,50\nA,,1,100,US,s2,50\n"
        "M,,1,,US,s3,\nx,M,2,10,US,s3,\nB,,1,80,DE,s1,\n"
    )
    folder, table = purchase_with(tmp_path / "p", bom), tmp_path / "table.csv"
    table.write_text(f"scenario,part,supplier,parent,quantity,awarded\ns,{line}\n", encoding="utf-8")
    with pytest.raises(Unusable) as caught:
        flow.explore(folder, flow.Asked(what_if=table))
    assert told in str(caught.value)


# --- stress -----------------------------------------------------------------------------------


Base = Callable[[Content], Content]
BASES: Mapping[str, tuple[Fraction | bool, Base]] = {
    "component cost": (False, lambda content: content),
    "product value": (True, by_product_value),
    "contract value": (Fraction(10**5), lambda content: by_contract_value(content, exactly(10**5))),
}


def put_back(bom: Bom, each: BreakEven) -> tuple[Bom, Mapping[str, Fraction]]:
    """The bill and the rates after the change that is named, as a user would write it into the file."""
    if each.currency:
        return bom, {**RATES, each.currency: RATES[each.currency] * (1 + each.change)}
    table = bom.sources
    source = next(
        at for at, part in enumerate(table.part)
        if (bom.parts[part], table.supplier[at]) == (each.part, each.supplier)
    )  # fmt: skip
    low, high = table.price_low[source], table.price_high[source]
    assert low is not None
    assert high is not None
    price = Range(low * (1 + each.change), high * (1 + each.change))
    return changed(bom, [Change(each.part or "", each.supplier, price)]), RATES


def excess(bom: Bom, rates: Mapping[str, Fraction], base: Base, at: int, *, traced: bool) -> Fraction:
    content = base(roll_up(bom, "EUR", rates))
    product = (content.traced if traced else content.products)[at]
    return worst_excess(split(product.composition, INSIDE, others=True), LIMIT)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("traced", [False, True])
def test_after_the_change_that_is_named_the_limit_is_met_exactly(base: str, traced: bool) -> None:
    """Prices or rates are changed by what is said, and the bill is rolled up again: no excess is left.

    Where nothing is said of a price, no change of it meets the limit: it stays on its side.
    """
    value, measured = BASES[base]
    named = silent = 0
    for seed in range(70):
        bom = random_bill(seed, parts=12, ranges=seed % 3 == 0)
        if seed % 4 == 0:  # the bill says what its end products cost
            bom = worth(bom, Fraction(10 + seed * 1000))
        if base == "contract value" and len(bom.roots) > 1:  # nobody knows what one is worth
            continue
        found = priced(bom, "EUR", RATES, DEFAULT, INSIDE, traced=traced, value=value)
        for at, one in enumerate(found):
            told = stress.break_evens(one, "EUR", LIMIT)
            for each in told:
                assert excess(*put_back(bom, each), measured, at, traced=traced) == 0, f"seed {seed}: {each}"
            named += len(told)
            before = excess(bom, RATES, measured, at, traced=traced)
            quiet = {(price.part, price.supplier) for price in one.prices} - {
                (each.part, each.supplier) for each in told
            }
            for part, supplier in sorted(quiet, key=str)[:3] if before else ():
                for change in (Fraction(-999, 1000), Fraction(-1, 2), Fraction(1), Fraction(10**6)):
                    other = put_back(bom, BreakEven(one.product, None, part, supplier, change))
                    assert (excess(*other, measured, at, traced=traced) > 0) == (before > 0), f"seed {seed}: {part}"
                    silent += 1
    assert named > 80
    assert silent > 80


def worth(bom: Bom, price: Fraction) -> Bom:
    """The bill with a price of its end products."""
    table = bom.sources
    more = len(bom.roots)
    columns = {
        "part": bom.roots, "price_low": (price,) * more, "price_high": (price,) * more, "currency": ("USD",) * more,
        "origin": ((),) * more, "cost_kind": ("component",) * more, "awarded": (Fraction(1),) * more,
    }  # fmt: skip
    names = [field.name for field in fields(table)]
    found = {
        name: (*old, *columns.get(name, (None,) * more)) if (old := getattr(table, name)) else () for name in names
    }
    return replace(bom, sources=Sources(**found))


def told(bom: Bom, rates: Mapping[str, Fraction] | None = None, **how: Any) -> dict[str, Fraction]:
    (one,) = priced(bom, "EUR", rates or {}, DEFAULT, INSIDE, **{"traced": False, **how})
    found = stress.break_evens(one, "EUR", LIMIT)
    return {each.currency or each.part or "": each.change for each in found}


def test_a_part_in_an_unpriced_assembly_moves_the_share_through_it_too() -> None:
    """200 of 400 from outside. X k times as dear: 200k / (300k + 100) = 35 % at 7/19; B: 200 / (300 + b) at 1900/7."""
    bom = bill(
        row("PRODUCT", "M", 1, None, "US"), row("M", "X", 2, 100, "DE"), row("PRODUCT", "X", 1),
        row("PRODUCT", "B", 1, 100, "DE"),
    )  # fmt: skip
    assert told(bom) == {"X": Fraction(7, 19) - 1, "B": Fraction(1900, 7) / 100 - 1}


def test_a_part_that_stands_in_an_unpriced_assembly_alone_is_told() -> None:
    """A is made of two x, from Germany and from the United States by half: 50k / (100k + 100) = 35 % at k = 7/3."""
    bom = bill(
        row("PRODUCT", "A", 1, None, "DE", supplier="s1", awarded=Fraction(1, 2)),
        row("PRODUCT", "A", 1, None, "US", supplier="s2", awarded=Fraction(1, 2)),
        row("A", "x", 2, 50, "FR"), row("PRODUCT", "B", 1, 100, "DE"),
    )  # fmt: skip
    assert told(bom) == {"x": Fraction(4, 3), "B": Fraction(-4, 7)}


def test_traced_a_rate_moves_what_an_assembly_costs_beyond_its_parts() -> None:
    """A stays at 200 whatever x in it costs: (85k + 40) / 240 = 35 % at k = 44/85, for the dollar and for x.

    For A at k times 200 it is 125 / (200k + 40) = 35 %.
    """
    bom = bill(
        row("PRODUCT", "A", 1, 200, "DE"), row("A", "x", 1, 100, "US", currency="USD"), row("PRODUCT", "B", 1, 40, "US")
    )
    found = told(bom, {"USD": Fraction(85, 100)}, traced=True)
    assert found == {
        "USD": Fraction(44, 85) - 1, "x": Fraction(44, 85) - 1, "A": (Fraction(2500, 7) - 40) / 200 - 1,
    }  # fmt: skip


def test_what_the_share_is_measured_against_may_stay_while_a_part_gets_dearer() -> None:
    """100 of a contract value of 5000: A at 1750. Of a value of 600 that the bill adds up to: 100k / (500 + 100k)."""
    rows = row("PRODUCT", "A", 1, 100, "US"), row("PRODUCT", "B", 1, 200, "DE")
    bom = bill(*rows, row("PRODUCT", "FA", 1, 300, "DE", kind="final assembly"))
    assert told(bom, value=Fraction(5000))["A"] == Fraction(1650, 100)
    assert told(bom, value=True)["A"] == Fraction(500, 65) * Fraction(35, 100) - 1
    assert told(worth(bill(*rows), Fraction(1000)), {"USD": Fraction(1)}, value=True)["A"] == Fraction(250, 100)


def test_draws_are_reproducible_and_judged_exactly() -> None:
    for traced in (False, True):
        one = priced(random_bill(7, parts=30), "EUR", RATES, DEFAULT, INSIDE, traced=traced)[0]
        first, same, other = (
            stress.scenarios(one, "EUR", LIMIT, error=Fraction(1, 10), seed=seed, draws=2_000) for seed in (1, 1, 2)
        )
        assert first == same
        assert first != other
        assert sum(count for _, count in first.histogram) == first.draws
        assert [point for _, point in first.quantiles] == sorted(point for _, point in first.quantiles)


def test_a_limit_far_off_never_breaks_and_one_far_passed_always_does() -> None:
    one = priced(random_bill(7, parts=30), "EUR", RATES, DEFAULT, INSIDE, traced=False)[0]
    for limit, broken in ((Fraction(1), 0), (Fraction(1, 10**6), 1_000)):
        assert stress.scenarios(one, "EUR", limit, error=Fraction(1, 10), seed=1, draws=1_000).broken == broken


def test_an_assembly_made_of_a_part_is_dearer_with_it() -> None:
    """M is made of one X, and there is another: whatever X costs, half of the two is M's. The draws do not spread."""
    bom = bill(
        row("PRODUCT", "M", 1, None, "US"), row("M", "X", 1, 100, "DE"), row("PRODUCT", "X", 1),
        row("PRODUCT", "B", 1, Fraction(1, 100), "DE"),
    )  # fmt: skip
    (one,) = priced(bom, "EUR", {}, DEFAULT, INSIDE, traced=False)
    found = stress.scenarios(one, "EUR", LIMIT, error=Fraction(1, 10), seed=1, draws=1_000)
    (_, low), _, (_, high) = found.quantiles
    assert high - low < Fraction(1, 10**4)
    assert found.broken == 1_000


def test_a_share_that_no_error_moves_has_draws_too() -> None:
    """M is made of seven X, three stand beside it: whatever X costs, 70 %, but for the rounding of floats."""
    bom = bill(
        row("PRODUCT", "M", 1, None, "US"), row("M", "X", 7, Fraction(1, 3), "DE"), row("PRODUCT", "X", 3),
    )  # fmt: skip
    (one,) = priced(bom, "EUR", {}, DEFAULT, INSIDE, traced=False)
    assert stress.break_evens(one, "EUR", LIMIT) == ()
    found = stress.scenarios(one, "EUR", LIMIT, error=Fraction(1, 10), seed=1, draws=1_000)
    assert (found.broken, sum(count for _, count in found.histogram)) == (1_000, 1_000)
    assert all(abs(point - Fraction(7, 10)) < Fraction(1, 10**9) for _, point in found.quantiles)


def test_of_what_costs_nothing_there_is_no_stress(tmp_path: Path) -> None:
    folder = purchase_with(tmp_path, "part,quantity,unit_cost,origin\nA,1,0,US\nB,1,0,DE\n")
    found = flow.explore(folder, flow.Asked(stress=Fraction(1, 10)))
    assert (found.break_evens, found.stressed) == ((), ())


def test_a_kind_counted_and_left_out() -> None:
    """Final assembly of 10 beside parts for 90 counts, or does not; inside of a component it always does."""
    assert switched({}) == DEFAULT
    counted = switched({"final assembly": True, "transport": False})
    assert "final assembly" in counted.counted
    assert "transport" not in counted.counted | counted.making
    assert "final assembly" in DEFAULT.making - DEFAULT.counted


def test_stress_knows_what_products_are_sold_for(tmp_path: Path) -> None:
    """A is 100 of the 1000 one is sold for, or of 2000 that two kinds bring together: it may come to 350."""
    folder = purchase_with(tmp_path, "part,quantity,unit_cost,origin\nA,1,100,US\nB,1,100,DE\n")
    file = folder / "purchase.yaml"
    text = file.read_text(encoding="utf-8").replace("{id: EP, quantity: 20}", "{id: EP, quantity: 20, price: 1000.00}")
    file.write_text(text, encoding="utf-8")
    found = flow.explore(folder, flow.Asked(stress=Fraction(1, 10)), readings={"base": "product value"})
    assert {each.part: each.change for each in found.break_evens} == {"A": Fraction(5, 2)}
    two = bill(row("P", "A", 1, 100, "US"), row("Q", "B", 1, 50, "DE"), row("P", "B", 1))
    two = replace(two, roots=tuple(two.parts.index(name) for name in ("P", "Q")))
    sold, many = {"P": Fraction(500), "Q": Fraction(1000)}, {"P": Fraction(2), "Q": Fraction(1)}
    assert told(two, value=True, sold=sold, together=many) == {"A": Fraction(5, 2)}
