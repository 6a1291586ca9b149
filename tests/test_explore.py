"""Questions about content, through the flow and the command line, on the examples."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from jointbuy import cli, flow, stress
from jointbuy.change import Change, changed
from jointbuy.content import roll_up, switched, what_if
from jointbuy.content.basis import DEFAULT
from jointbuy.errors import JointbuyError, Unusable
from jointbuy.exact import exactly, share_range, split, worst_excess
from jointbuy.model import Bom, Country
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
    for reading, option, told in (
        ("base", "product value", "product value"),
        ("cost of final assembly", "counted", "final assembly counted"),
        ("cost of licence", "counted", "licence counted"),
        ("components", "traced", "traced"),
    ):
        case = flow.check(EXAMPLES / "howitzer", readings={reading: option})
        rule = next(each for each in case.verdict.findings if each.rule == "safe.art16_10_component_share")
        (variant,) = (each for each in found.variants if each.name == told)
        assert rule.value == variant.outside


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
    assert cli.main(["content", str(EXAMPLES / "howitzer"), *line]) == 2
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
        ("part,unit_cost\nH155-20-0001,cheap\n", "table.csv:2"),
        ("part,unit_cost\n,5\n", "names no part"),
        ("part,unit_cost,origin\nH155-20-0001,,\n", "nothing of"),
        ("part,unit_cost\nH155-20,5\n", 'there is no part "H155-20"'),
        ('part,unit_cost\n"H155,5\n', "cannot be read"),
    ],
)
def test_scenarios_that_cannot_be_read(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    with pytest.raises((JointbuyError, Unusable)) as caught:
        flow.explore(EXAMPLES / "howitzer", flow.Asked(what_if=tmp_path / "table.csv"))
    problems = getattr(caught.value, "problems", [])
    assert told in str(caught.value) + " ".join(map(str, problems))


# --- stress -----------------------------------------------------------------------------------


def used_once(bom: Bom, name: str) -> bool:
    """Whether a part stands in the end product and nowhere else, so that its price moves its own line alone."""
    part = bom.parts.index(name)
    return [parent for parent, child in zip(bom.parent, bom.child, strict=True) if child == part] == [0]


def test_after_the_change_that_is_named_the_limit_is_met_exactly() -> None:
    """Prices or rates are changed by what is said, and the bill is rolled up again: no excess is left."""
    tried = 0
    for seed in range(300):
        bom = random_bill(seed, parts=12, ranges=False)
        if len(bom.roots) > 1:
            continue
        product = roll_up(bom, "EUR", RATES).products[0]
        priced = {bom.parts[part] for part, low in zip(bom.sources.part, bom.sources.price_low, strict=True) if low}
        for each in stress.break_evens(product, "EUR", INSIDE, LIMIT):
            if each.part is None and {line.currency for line in product.lines} <= {"EUR", "USD", "CAD"}:
                rates = {**RATES, each.currency or "": RATES[each.currency or ""] * (1 + each.change)}
                again = roll_up(bom, "EUR", rates).products[0]
                assert worst_excess(split(again.composition, INSIDE, others=True), LIMIT) == 0
                tried += 1
            elif each.part in priced and used_once(bom, each.part or ""):
                source = next(
                    at for at, of in enumerate(bom.sources.part)
                    if bom.parts[of] == each.part and bom.sources.supplier[at] == each.supplier
                )  # fmt: skip
                old = bom.sources.price_low[source]
                if old is None:
                    continue
                other = changed(bom, [Change(each.part or "", each.supplier, exactly(old * (1 + each.change)))])
                again = roll_up(other, "EUR", RATES).products[0]
                assert worst_excess(split(again.composition, INSIDE, others=True), LIMIT) == 0
                tried += 1
    assert tried > 80


def test_draws_are_reproducible_and_judged_exactly() -> None:
    product = roll_up(random_bill(7, parts=30), "EUR", RATES).products[0]
    one, same, other = (
        stress.scenarios(product, "EUR", INSIDE, LIMIT, error=Fraction(1, 10), seed=seed, draws=2_000)
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other
    assert sum(count for _, count in one.histogram) == one.draws
    assert [point for _, point in one.quantiles] == sorted(point for _, point in one.quantiles)


def test_a_limit_far_off_never_breaks_and_one_far_passed_always_does() -> None:
    product = roll_up(random_bill(7, parts=30), "EUR", RATES).products[0]
    for limit, broken in ((Fraction(1), 0), (Fraction(1, 10**6), 1_000)):
        assert (
            stress.scenarios(product, "EUR", INSIDE, limit, error=Fraction(1, 10), seed=1, draws=1_000).broken == broken
        )


def test_a_kind_counted_and_left_out() -> None:
    """Final assembly of 10 beside parts for 90 counts, or does not; inside of a component it always does."""
    assert switched({}) == DEFAULT
    counted = switched({"final assembly": True, "transport": False})
    assert "final assembly" in counted.counted
    assert "transport" not in counted.counted | counted.making
    assert "final assembly" in DEFAULT.making - DEFAULT.counted
