"""Rules over columns: both engines, at limits, where integers grow long, and how routes combine."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from jointbuy import law
from jointbuy.decide import columns, compiled, plain
from jointbuy.decide.explain import explain
from jointbuy.decide.table import Answers, Collection, Dates, Numbers, Shares, Table, Words
from jointbuy.decide.verdict import decided
from jointbuy.exact import Range, exactly
from jointbuy.rules import AtLeast, Every, Fact, Facts, Is, Judgement, NumberLimit, Rule, S, ShareLimit, Yes

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks"))
import purchases

SAFE = law.act("safe")
VIEW = law.view(SAFE, date(2026, 9, 15), SAFE.as_of)
ENGINES = pytest.mark.parametrize("engine", [plain, compiled], ids=["numpy", "compiled"])


@pytest.fixture
def with_engine(engine: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decide with one engine, in blocks so small that a table has several."""
    monkeypatch.setattr(columns, "_engine", lambda rows: engine)
    monkeypatch.setattr(engine, "ROWS", 64)


# --- at the limits ------------------------------------------------------------------------


@ENGINES
@pytest.mark.usefixtures("with_engine")
def test_at_each_limit_and_one_cent_day_or_buyer_beyond() -> None:
    flat, eligible, which = purchases.at_limits(2_400, seed=5)
    found = columns.verdicts(purchases.table(flat), SAFE, VIEW)
    wrong = found.outcomes != np.where(eligible, 2, 0)
    assert not wrong.any(), {purchases.LIMITS[place] for place in which[wrong]}
    assert eligible.sum() == 1_200


ELSEWHERE = {
    "art16.control_majority", "art16.control_review",  # of control
    "art07.last_request", "art16.screening_act_applies",  # under another reading; only asks a person
    "art08.last_call",  # of access
    "art06.maximum", "art10.max_years", "art10.grace_years", "art11.prefinancing_share", "art12.requests_a_year",
    "art12.assessment_months", "art13.largest_states", "art13.largest_share",  # of loans and their pool
}  # fmt: skip
"""Limits that decide before any rule sees the purchase, or not by themselves; so do the days of sister acts."""


def test_cases_at_the_limits_are_at_every_limit_that_rules_compare() -> None:
    compared = {name for name, each in SAFE.parameters.items() if each.unit in {"share", "date", "count"}}
    assert set(purchases.LIMITS) == {name for name in compared - ELSEWHERE if not name.startswith("sister.")}


def test_engines_agree_on_a_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    table, found = purchases.table(purchases.mixed(3_000, seed=11)), []
    for engine in (plain, compiled):
        monkeypatch.setattr(columns, "_engine", lambda rows, engine=engine: engine)
        found.append(columns.verdicts(table, SAFE, VIEW))
    for name in ("statuses", "outcomes", "ways"):
        assert np.array_equal(*(getattr(each, name) for each in found)), name
    assert set(found[0].outcomes) == {0, 1, 2}
    assert set(found[0].ways) == {0, 1}


# --- long integers ------------------------------------------------------------------------

SHARE = ShareLimit("components", "inside", others=True, at_most=True, limit="art16.max_outside_share")


def by_hand(amounts: list[tuple[str | None, int, int]]) -> S:
    """The status of SHARE with Python's integers: 20 * outside - 7 * whole at its largest and smallest."""
    inside = VIEW.group("inside").members
    worst = best = 0
    if not sum(high for _, _, high in amounts):
        return S.UNKNOWN
    for country, low, high in amounts:
        if country is None:
            worst, best = worst + 13 * high, best - 7 * high
        elif country in inside:
            worst, best = worst - 7 * low, best - 7 * high
        else:
            worst, best = worst + 13 * high, best + 13 * low
    return S.MET if worst <= 0 else S.UNKNOWN if best <= 0 else S.NOT_MET


def shares(rows: list[list[tuple[str | None, int, int]]]) -> Table:
    words = ("DE", "US")
    cells = [cell for row in rows for cell in row]
    codes = np.array([0 if country is None else words.index(country) + 1 for country, _, _ in cells], dtype=np.uint8)
    low, high = (np.array([cell[end] for cell in cells], dtype=np.int64) for end in (1, 2))
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    return Table(len(rows), {"components": Shares(offsets, codes, words, low, high)})


@ENGINES
@pytest.mark.usefixtures("with_engine")
@pytest.mark.parametrize("power", [30, 45, 52, 53, 54, 57, 61])
def test_shares_are_exact_however_long_the_amounts(power: int) -> None:
    """Exactly at 35 % and one cent to either side, around amounts where floats lose cents and products leave int64."""
    rows = []
    for more, cent in itertools.product((0, 1, 12_345), (-1, 0, 1)):
        unit = 2**power // 20 + more
        rows.append([("DE", 13 * unit - cent, 13 * unit - cent), ("US", 7 * unit + cent, 7 * unit + cent)])
        rows.append([("DE", 13 * unit, 13 * unit), ("US", 7 * unit - 5, 7 * unit - 5), (None, 0, 5 + max(cent, 0))])
        rows.append([("DE", 13 * unit, 13 * unit + 1), ("US", 7 * unit + cent, 7 * unit + cent + 1)])
    found = columns.statuses(SHARE, shares(rows), VIEW)
    assert found.tolist() == [by_hand(row) for row in rows]
    assert set(found) == {S.MET, S.UNKNOWN, S.NOT_MET}


@ENGINES
@pytest.mark.parametrize("largest", [30, 2**50, 2**58])
def test_uncertain_shares_of_many_rows(engine: ModuleType, largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of none to four amounts, drawn around the limit; more rows than are summed at once."""
    monkeypatch.setattr(columns, "_engine", lambda rows: engine)
    draw, rows = np.random.default_rng(7), list[list[tuple[str | None, int, int]]]()
    for _ in range(1_500):
        whole, row = int(draw.integers(1, largest)), list[tuple[str | None, int, int]]()
        for country, of_20 in (("US", 6), (None, 1), ("DE", 12), ("DE", 1))[: int(draw.integers(0, 5))]:
            low = whole * of_20 // 20 + int(draw.integers(0, 3))
            row.append((country, low, low + int(draw.integers(0, 2)) * (low // 50 + 1)))
        rows.append(row)
    found = columns.statuses(SHARE, shares(rows), VIEW)
    assert found.tolist() == [by_hand(row) for row in rows]
    assert set(found) == {S.MET, S.UNKNOWN, S.NOT_MET}


@ENGINES
@pytest.mark.usefixtures("with_engine")
@pytest.mark.parametrize("others", [True, False])
@pytest.mark.parametrize("at_most", [True, False])
@pytest.mark.parametrize("strictly", [True, False])
def test_shares_on_either_side_of_a_limit(others: bool, at_most: bool, strictly: bool) -> None:
    """At 35 %, a cent less and a cent more, with and without an open cent: as it is for one purchase."""
    limit = replace(SHARE, others=others, at_most=at_most, strictly=strictly)
    own, other = ("US", "DE") if others else ("DE", "US")
    rows: list[list[tuple[str | None, int, int]]] = [
        [(own, 700 + cent, 700 + cent), (other, 1_300 - cent - gap, 1_300 - cent), (None, open_, open_)]
        for cent, gap, open_ in itertools.product((-1, 0, 1), (0, 3), (0, 1))
    ]
    table, facts = shares(rows), list[Facts]()
    for row in rows:
        amounts = {
            (((country, Fraction(1)),) if country else ()): Range(Fraction(low), Fraction(high))
            for country, low, high in row
        }
        facts.append({"components": Fact(amounts)})
    expected = [explain(limit, each, {}, VIEW)[0].status for each in facts]
    assert columns.statuses(limit, table, VIEW).tolist() == expected
    assert len(set(expected)) == 3


@ENGINES
@pytest.mark.usefixtures("with_engine")
def test_no_amount_at_all_is_no_share() -> None:
    found = columns.statuses(SHARE, shares([[], [("US", 0, 0)], [("US", 1, 1)]]), VIEW)
    assert found.tolist() == [S.UNKNOWN, S.UNKNOWN, S.NOT_MET]


@ENGINES
@pytest.mark.usefixtures("with_engine")
@pytest.mark.parametrize("unit", [5, 10**9, 10**15, 2**58])
def test_numbers_are_exact_however_long(unit: int) -> None:
    """15 % of a contract of 20 units is 3 of them; a cent less is below."""
    limit = NumberLimit("share", at_most=False, limit="art16.involved_share")
    low = np.array([3 * unit - 1, 3 * unit, 3 * unit + 1, 3 * unit - 1, 0], dtype=np.int64)
    high = np.array([3 * unit - 1, 3 * unit, 3 * unit + 1, 3 * unit, 0], dtype=np.int64)
    over = np.array([20 * unit] * 4 + [0]) if 20 * unit < 2**62 else np.array([20 * unit // 4] * 4 + [0])
    if 20 * unit >= 2**62:  # a contract of a quarter: the same shares of it
        low, high = (np.where(each, each // 4, 0) for each in (low, high))
    table = Table(5, {"share": Numbers(low, high, over.astype(np.int64))})
    expected = [
        S.UNKNOWN if o == 0 else S.MET if 20 * a >= 3 * o else S.UNKNOWN if 20 * b >= 3 * o else S.NOT_MET
        for a, b, o in zip(low.tolist(), high.tolist(), over.tolist(), strict=True)
    ]
    assert columns.statuses(limit, table, VIEW).tolist() == expected


@ENGINES
@pytest.mark.usefixtures("with_engine")
def test_what_does_not_fit_into_columns_is_decided_like_one_purchase() -> None:
    """An uncertain amount of two countries, a share with a denominator beyond int64, an amount beyond it."""
    two = {(("DE", Fraction(65, 100)), ("US", Fraction(35, 100))): Range(Fraction(9), Fraction(11))}
    long = {(("US", Fraction(1)),): exactly(7 * 10**30), (("DE", Fraction(1)),): exactly(13 * 10**30 - 1)}
    facts: list[Facts] = [
        {"components": Fact(two), "share": Fact(exactly(Fraction(3, 20) - Fraction(1, 10**40)))},
        {"components": Fact(long), "share": Fact(exactly(Fraction(3, 20)))},
    ]
    table = columns.table(facts, [{}, {}])
    assert columns.statuses(SHARE, table, VIEW).tolist() == [S.MET, S.NOT_MET]
    limit = NumberLimit("share", at_most=False, limit="art16.involved_share")
    assert columns.statuses(limit, table, VIEW).tolist() == [S.NOT_MET, S.MET]


# --- members ------------------------------------------------------------------------------


@ENGINES
@pytest.mark.usefixtures("with_engine")
def test_members_of_any_number() -> None:
    """Rows without members, with one, with a thousand, and rows that do not state them."""
    counts = [0, 1, 1_000, 0, 3, 0]
    values = np.ones(sum(counts), dtype=np.int8)
    values[700] = -1
    values[1_003] = 0
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    stated = np.array([True, True, True, False, True, True])
    members = Table(len(values), {"fit": Answers(values)})
    table = Table(len(counts), collections={"parts": Collection(offsets, members, stated)})
    found = columns.statuses(Every("parts", Yes("fit")), table, VIEW)
    none, unknown = S.NOT_APPLICABLE, S.UNKNOWN
    assert found.tolist() == [none, S.MET, unknown, unknown, S.NOT_MET, none]


@ENGINES
@pytest.mark.usefixtures("with_engine")
def test_one_of_members_of_any_number() -> None:
    """Every row of up to five answers: the best of them, wherever it stands; not met where there is none."""
    rows = [row for count in range(6) for row in itertools.product((0, -1, 1), repeat=count)]
    values = np.array([each for row in rows for each in row], dtype=np.int8)
    offsets = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    table = Table(len(rows), collections={"parts": Collection(offsets, Table(len(values), {"fit": Answers(values)}))})
    order = {0: S.NOT_MET, -1: S.UNKNOWN, 1: S.MET}
    best = [max((order[each] for each in row), default=S.NOT_MET) for row in rows]
    worst = [min((order[each] for each in row), default=S.NOT_APPLICABLE) for row in rows]
    assert columns.statuses(AtLeast("parts", None, Yes("fit")), table, VIEW).tolist() == best
    assert columns.statuses(Every("parts", Yes("fit")), table, VIEW).tolist() == worst


@ENGINES
@pytest.mark.parametrize("needed", range(8))
def test_some_of_members_of_any_number(engine: ModuleType, needed: int) -> None:
    """The n-th highest of up to six members' statuses that apply, or of all (0) the lowest; not in the first block."""
    rows = [row for count in range(4) for row in itertools.product(S, repeat=count)]
    rows += list(itertools.product((S.NOT_MET, S.JUDGEMENT, S.MET, S.NOT_APPLICABLE), repeat=4))
    rows += [tuple(each) for count in (5, 6) for each in np.random.default_rng(count).integers(0, 5, (300, count))]
    members = np.zeros((1, sum(map(len, rows)) + 16), dtype=np.int8)
    members[0, :-16] = [int(each) for row in rows for each in row]
    offsets = 7 + np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    expected = []
    for row in rows:
        chain = sorted((int(each) for each in row if each != S.NOT_APPLICABLE), reverse=True)
        if needed:
            expected.append(chain[needed - 1] if len(chain) >= needed else S.NOT_MET)
        else:
            expected.append(chain[-1] if chain else S.NOT_APPLICABLE)
    values = np.full((1, len(rows) + 16), -1, dtype=np.int8)
    engine.collect(members, offsets, np.array([[0, 0, needed]]), values)
    assert values[0, : len(rows)].tolist() == expected


@ENGINES
@pytest.mark.usefixtures("with_engine")
@pytest.mark.parametrize("every", [1, 2, 3, 5, 300])
def test_words_however_they_alternate(every: int) -> None:
    """Of three hundred words every first, second, third, fifth and none is asked for."""
    words = tuple(f"word {number}" for number in range(1, 301))
    codes = np.random.default_rng(1).integers(0, 301, 2_000).astype(np.uint16)
    table = Table(len(codes), {"word": Words(codes, words)})
    wanted = {code for code in range(1, 300) if code % every == 0}
    found = columns.statuses(Is("word", tuple(words[code - 1] for code in wanted)), table, VIEW)
    assert found.tolist() == [
        S.UNKNOWN if code == 0 else S.MET if code in wanted else S.NOT_MET for code in codes.tolist()
    ]


@ENGINES
@pytest.mark.usefixtures("with_engine")
@pytest.mark.parametrize("about", ["nobody", "purchase", "member", "both"])
def test_statements_on_members_and_on_their_purchase(about: str) -> None:
    """What is said of a member goes before what is said of its purchase; in silence a person must still say so."""
    said, own = (-1, 0, 1, -1, 0, 1), (-1, -1, -1, 0, 1, 0, 1, 0, -1, -1, 1)
    counts = (2, 4, 0, 1, 1, 3)
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    of_members = {"fit": np.array(own, dtype=np.int8)} if about in {"member", "both"} else {}
    of_purchases = {"fit": np.array(said, dtype=np.int8)} if about in {"purchase", "both"} else {}
    members = Collection(offsets, Table(len(own), statements=of_members))
    table = Table(len(counts), collections={"parts": members}, statements=of_purchases)
    expected, answer = [], {-1: S.JUDGEMENT, 0: S.NOT_MET, 1: S.MET}
    for row, (lo, hi) in enumerate(itertools.pairwise(offsets.tolist())):
        heard = [own[at] if of_members else -1 for at in range(lo, hi)]
        heard = [said[row] if each < 0 and of_purchases else each for each in heard]
        expected.append(min((answer[each] for each in heard), default=S.NOT_APPLICABLE))
    found = columns.statuses(Every("parts", Judgement("fit", "?", "buyer")), table, VIEW)
    assert found.tolist() == expected


# --- routes -------------------------------------------------------------------------------

CONDITIONS = ("first", "second", "third")


def made_up(facts: Mapping[str, str | None]) -> law.Act:
    """An act of which each rule asks one fact; by fact its condition, and whether it stands under the agreement."""
    one = SAFE.rules[0]
    rules: list[Rule] = []
    for number, name in enumerate(sorted(facts)):
        route = "canada" if name.startswith("agreed") else None
        rules.append(replace(one, id=f"safe.{number}", condition=facts[name] or "", route=route, expression=Yes(name)))
    return replace(SAFE, rules=tuple(rules), conditions=tuple((name, name) for name in CONDITIONS))


@ENGINES
@pytest.mark.usefixtures("with_engine")
@pytest.mark.parametrize("mixing", ["each condition", "one route"])
@pytest.mark.parametrize("only_agreed", [False, True], ids=["both", "a condition of the agreement alone"])
def test_every_combination_of_routes(mixing: str, only_agreed: bool) -> None:
    """All statuses of two conditions with two ways each and one without: outcome and way as `verdict` decides."""
    of = {"own1": "first", "own2": "second", "agreed1": "first", "agreed2": "second", "own3": "third"}
    if only_agreed:
        of |= {"agreed3": of.pop("own3")}
    act, view = made_up(of), law.view(SAFE, date(2026, 9, 15), SAFE.as_of, {"mixing routes": mixing})
    drawn: list[Facts] = [
        {name: Fact(value) for name, value in zip(of, values, strict=True)}
        for values in itertools.product((True, False, None), repeat=len(of))
    ]
    found = columns.verdicts(columns.table(drawn, [{} for _ in drawn]), act, view)
    answers = [decided(facts, {}, act, view) for facts in drawn]
    assert [columns.OUTCOMES[number] for number in found.outcomes] == [each.outcome for each in answers]
    for way, facts, answer in zip(found.ways.tolist(), drawn, answers, strict=True):
        if way >= 0:
            assert {answer.taken["first"], answer.taken["second"]} == {found.routes[way]}, facts
    assert (-1 in found.ways) == (mixing == "each condition")


# --- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: Words(np.array([3], dtype=np.uint8), ("DE",)), "at most 1"),
        (lambda: Words(np.array([-1]), ("DE",)), "unsigned"),
        (lambda: Answers(np.array([2], dtype=np.int8)), "1 for yes"),
        (lambda: Dates(np.array(["2026-01-01T00"], dtype="datetime64[h]")), r"datetime64\[D\]"),
        (lambda: Numbers(*(np.array([-1]) for _ in range(3))), "over must not be below zero"),
        (lambda: Numbers(np.array([2**62]), np.array([0]), np.array([1])), "between"),
        (lambda: shares([[("DE", -1, 1)]]), "below zero"),
        (lambda: shares([[("DE", 2, 1)]]), "low above high"),
        (lambda: Collection(np.array([0, 2, 1]), Table(1)), "never fall"),
        (lambda: Table(2, {"x": Answers(np.zeros(3, dtype=np.int8))}), "x has 3 rows, the table 2"),
    ],
)
def test_columns_that_make_no_sense_are_refused(make, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        make()


def test_a_column_that_no_rule_reads_is_refused() -> None:
    table = Table(1, {"design_autority": Answers(np.ones(1, dtype=np.int8))})
    with pytest.raises(ValueError, match=r"design_autority.*did you mean design_authority"):
        columns.verdicts(table, SAFE, VIEW)


def test_a_column_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="fit is a column of Words, which Yes cannot compare"):
        columns.statuses(Yes("fit"), Table(1, {"fit": Words(np.ones(1, dtype=np.uint8), ("yes",))}), VIEW)


def test_the_example_of_the_page_runs_as_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).resolve().parents[1] / "docs" / "columns.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    exec(code, {})
    expected = [line.split("# ")[1].split(": ")[0] for line in code.splitlines() if line.startswith("print")]
    assert capsys.readouterr().out.splitlines() == expected


def test_nothing_but_the_benchmark_that_runs_it_names_openfisca() -> None:
    """It is under the AGPL (docs/decisions/0013)."""
    root = Path(__file__).resolve().parents[1]
    files = [*root.glob("src/**/*.py"), *root.glob("benchmarks/*"), *root.glob("*.toml"), *root.glob("*.lock")]
    importing = [path.name for path in files if re.search(r"openfisca[-_]core", _text(path), re.IGNORECASE)]
    allowed = {"openfisca_rules.py", "rules_columns.py", "results.json"}
    assert set(importing) <= allowed


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def test_explained_one_by_one_for_a_share_that_is_exactly_at_the_limit() -> None:
    """The example that the columns are measured by is what a single purchase says."""
    facts: Facts = {"components": Fact({(("US", Fraction(1)),): exactly(7), (("DE", Fraction(1)),): exactly(13)})}
    assert explain(SHARE, facts, {}, VIEW)[0].status is S.MET
