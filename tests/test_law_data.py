"""The law data: countries and groups on a date, what the loader refuses, and that nothing stands unused."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from jointbuy import cli, law, model
from jointbuy.content.basis import SWITCHED
from jointbuy.decide.verdict import MIXING
from jointbuy.errors import LawError, NotInForce, Unusable
from jointbuy.law import inspect
from jointbuy.law.load import HERE, load_act, load_places
from jointbuy.law.safe.categories import CATEGORY_ONE, CATEGORY_TWO
from jointbuy.places import fold
from jointbuy.rules import Judgement
from jointbuy.yamltext import Fields, Items, Text, parse

TODAY = date(2026, 11, 23)
GOLDEN = Path(__file__).parent / "golden"


# --- places -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EL", "GR"),
        ("Hellas", "GR"),
        ("uk", "GB"),
        ("Great Britain", "GB"),
        ("England", "GB"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("U.S.A.", "US"),
        ("United States", "US"),
        ("Czech  Republic", "CZ"),
        ("South Korea", "KR"),
        ("Korea", "KR"),
        ("North Korea", "KP"),
        ("Türkiye", "TR"),
        ("TURKIYE", "TR"),
        ("Turkey", "TR"),
        ("Polska", "PL"),
        ("Suomi", "FI"),
        ("Espana", "ES"),
        ("NO", "NO"),
        ("nor", "NO"),
        ("Kosovo", "XK"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
    ],
)
def test_countries_are_recognised_as_people_write_them(text: str, code: str) -> None:
    assert law.places().recognise(text) == code


@pytest.mark.parametrize("text", ["", "Atlantis", "EU", "Europe", "XX", "no country"])
def test_what_is_no_country_is_not_guessed(text: str) -> None:
    assert law.places().recognise(text) is None


def test_every_code_stands_once_and_no_word_for_two_countries() -> None:
    rows = list(csv.reader((HERE / "countries.csv").read_text(encoding="utf-8").splitlines()))[1:]
    assert len(rows) == 250  # ISO 3166-1 has 249 entries; Kosovo is user-assigned
    assert [row[0] for row in rows] == sorted({row[0] for row in rows})
    assert len({row[1] for row in rows}) == 250
    assert all(re.fullmatch("[A-Z]{2}", row[0]) and re.fullmatch("[A-Z]{3}", row[1]) for row in rows)
    words = [fold(word) for row in rows for word in (*row[:3], *filter(None, row[3].split("|")))]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("country", "group", "on", "member"),
    [
        ("GB", "union", date(2020, 1, 31), True),
        ("GB", "union", date(2020, 2, 1), False),
        ("HR", "union", date(2013, 6, 30), False),
        ("HR", "union", date(2013, 7, 1), True),
        *[(territory, "union", TODAY, True) for territory in ("GP", "MQ", "GF", "RE", "YT", "MF", "AX")],
        *[(territory, "inside", TODAY, False) for territory in ("GL", "FO", "NC", "PF", "GI", "JE")],
        ("NO", "union", TODAY, False),
        *[(country, "inside", TODAY, True) for country in ("IS", "LI", "NO", "UA", "PL")],
        *[(country, "inside", TODAY, False) for country in ("CH", "CA", "GB", "US", "XK")],
        ("CA", "inside and canada", TODAY, True),
        ("US", "inside and canada", TODAY, False),
        ("CA", "may join as buyers", date(2025, 6, 22), False),
        ("CA", "may join as buyers", date(2025, 6, 23), True),
        *[(country, "may join as buyers", TODAY, True) for country in ("GB", "TR", "XK", "JP", "MD", "IN")],
        *[(country, "may join as buyers", TODAY, False) for country in ("US", "CH", "IL", "AU")],
        ("IR", "contravening suggested", TODAY, False),
        ("IR", "contravening wider", TODAY, True),
    ],
)
def test_groups_on_a_date(country: str, group: str, on: date, member: bool) -> None:
    assert (country in law.act("safe").places.group(group, on, TODAY)) is member


def test_the_union_has_27_members_and_seven_territories() -> None:
    assert len(law.places().group("union", TODAY, TODAY).members) == 34


def test_a_partnership_is_not_known_before_it_is_signed() -> None:
    group = law.places().group("security and defence partners", TODAY, date(2025, 6, 1))
    assert "GB" in group
    assert "CA" not in group


def test_unverified_members_are_told_apart() -> None:
    group = law.places().group("security and defence partners", TODAY, TODAY)
    assert {"JP", "KR", "IN"} <= group.unverified
    assert group.unverified.isdisjoint({"CA", "GB", "MD"})


def test_a_group_that_the_purchase_must_state_is_not_empty_by_default() -> None:
    with pytest.raises(LawError, match="contravening listed"):
        law.places().group("contravening listed", TODAY, TODAY)


def test_countries_are_listed_in_the_law_data_only() -> None:
    listing = re.compile(r"""(["'][A-Z]{2}["'],\s*){3}""")
    found = [path.name for path in HERE.parent.rglob("*.py") if listing.search(path.read_text(encoding="utf-8"))]
    assert not found


# --- the act ------------------------------------------------------------------------------


def test_rule_ids_are_the_golden_list() -> None:
    ids = [rule.id for name in law.ACTS for rule in law.act(name).rules]
    assert ids == (GOLDEN / "rule_ids.txt").read_text(encoding="utf-8").split()


def test_categories_are_those_of_the_purchase_file() -> None:
    assert (*CATEGORY_ONE, *CATEGORY_TWO) == model.Category.__args__


def test_every_folder_with_an_act_is_listed_everywhere() -> None:
    assert sorted(law.ACTS) == sorted(path.parent.name for path in HERE.glob("*/act.yaml"))
    assert law.ACTS == cli.ACTS
    assert {word.lower().replace(" ", "_") for word in model.Instrument.__args__} <= set(law.ACTS)


@pytest.mark.parametrize("name", law.ACTS)
def test_everything_a_rule_names_exists(name: str) -> None:
    assert inspect.problems(law.act(name)) == ()


def used(act: law.Act) -> list[inspect.Uses]:
    return [inspect.uses(rule) for rule in act.rules]


@pytest.mark.parametrize("name", law.ACTS)
def test_no_parameter_and_no_condition_stands_unused(name: str) -> None:
    act = law.act(name)
    opens = {route.opens for route in act.routes}
    paid = set(re.findall(r"\{([a-z0-9_.]+)\}", act.pays))
    of_rules = {parameter for one in used(act) for parameter in one.parameters}
    assert of_rules | opens | paid | set(act.roles.values()) | {"act.entry_into_force"} == set(act.parameters)
    assert {rule.condition for rule in act.rules} == {condition for condition, _ in act.conditions}


def test_no_reading_and_no_group_stands_unused() -> None:
    of_content = {"base", "raw materials", "unit of test", "proof of origin", "sites of groups"} | {
        *(f"cost of {kind}" for kind in SWITCHED)
    }
    acts = [law.act(name) for name in law.ACTS]
    read = {name for act in acts for one in used(act) for name in one.readings}
    assert read | {MIXING} | of_content == {name for act in acts for name in act.readings}
    groups = {name for act in acts for one in used(act) for name in one.groups} | {act.perimeter for act in acts}
    known = law.act("safe").places
    parts = {part for name in groups for part in known.unions.get(name, ())}
    assert groups | parts == set(known.group_titles)


def test_what_an_act_settles_is_not_offered_and_not_taken() -> None:
    act = law.act("edirpa")
    view = law.view(act, date(2025, 6, 30), TODAY)
    assert (view.reading("base"), view.touched) == ("product value", set())
    with pytest.raises(Unusable, match=r'settles the reading "base".*read as "product value"'):
        law.view(act, date(2025, 6, 30), TODAY, {"base": "component cost"})


def test_uses_names_the_facts_of_members_below_their_collection() -> None:
    share = next(rule for rule in law.act("safe").rules if rule.id == "safe.art16_10_component_share")
    assert inspect.uses(share) == inspect.Uses(
        (
            "absorbed_products[]",
            "absorbed_products[].components",
            "end_products[]",
            "end_products[].components",
            "product.kind",
            "traced_products[]",
            "traced_products[].components",
        ),
        ("art16.max_outside_share",),
        ("inside",),
        ("components", "other products", "unknown origin"),
        (),
    )


def test_parameters_outside_their_dates_are_not_in_force() -> None:
    parameter = law.act("safe").parameters["art16.max_outside_share"]
    assert parameter.on(date(2025, 5, 29), TODAY).value * 100 == 35
    with pytest.raises(NotInForce):
        parameter.on(date(2025, 5, 28), TODAY)
    with pytest.raises(NotInForce):
        parameter.on(date(2025, 5, 29), date(2025, 5, 27))


def test_every_canadian_share_is_unverified_and_its_application_is_verified() -> None:
    canada = {name: one.values[0] for name, one in law.act("safe").parameters.items() if name.startswith("canada.")}
    assert [name for name, value in canada.items() if value.verified] == ["canada.applies"]


def test_a_view_refuses_readings_that_do_not_exist() -> None:
    act = law.act("safe")
    chosen = {"second byer": "formal participation", "undeclared sources": "strickt", "mixed systems": "main purpose"}
    with pytest.raises(Unusable) as refused:
        law.view(act, TODAY, TODAY, chosen, {})
    assert len(refused.value.problems) == 2
    assert 'did you mean "second buyer"' in str(refused.value)
    assert 'did you mean "strict"' in str(refused.value)


def test_a_view_takes_the_default_and_remembers_the_question() -> None:
    view = law.view(law.act("safe"), TODAY, TODAY, {"mixed systems": "main purpose"}, {})
    assert view.reading("second buyer") == "formal participation"
    assert view.reading("mixed systems") == "main purpose"
    assert view.touched == {"second buyer", "mixed systems"}


# --- cases --------------------------------------------------------------------------------

RULES = [rule for name in law.ACTS for rule in law.act(name).rules]
EXPECTED = {"met", "not met", "unknown", "for judgement", "not applicable"}
CASE_KEYS = {"case", "given", "on", "readings", "groups", "statements", "expect", "because"}
ASKS = {rule.id for rule in RULES if isinstance(rule.expression, Judgement)}
CAN_BE_UNKNOWN = (
    {rule.id for rule in RULES}
    - ASKS
    - {
        "edip.art11_subcontractors",
        "edip_ukraine.art11_subcontractors",
        "edirpa.art09_subcontractors",
        "edip.art11_agent",
        "edip_ukraine.art11_agent",
        "edirpa.art09_agent",
        "edip.art11_informed",
        "edip_ukraine.art11_informed",
        "buy_american.far25_iron_and_steel",
    }
)
"""Only a person answers the others; whether the file lists its subcontracts is always known, and silence is asked."""


def cases_of(rule: str) -> list[Fields]:
    path = HERE / (rule.replace(".", "/") + ".yaml")
    tree = parse(path.read_text(encoding="utf-8"), path.name)
    assert isinstance(tree, Items)
    assert all(isinstance(node, Fields) for node in tree.items)
    return [node for node in tree.items if isinstance(node, Fields)]


def word(case: Fields, key: str) -> str:
    node = case.fields[key]
    assert isinstance(node, Text), node.where
    return node.value


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_cases_are_complete(rule: str) -> None:
    cases = cases_of(rule)
    for case in cases:
        assert {"case", "given", "expect", "because"} <= case.fields.keys() <= CASE_KEYS, case.where
        assert word(case, "expect") in EXPECTED, case.where
        assert word(case, "because").strip(), case.where
    names = [word(case, "case") for case in cases]
    assert len(names) == len(set(names))
    found = {word(case, "expect") for case in cases}
    assert {"met", "not met"} <= found
    assert ("unknown" in found) or rule not in CAN_BE_UNKNOWN


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_option_of_a_reading_has_a_case(rule) -> None:
    act = law.act(rule.id.split(".")[0])
    open_ = [name for name in inspect.uses(rule).readings if name not in act.settled]
    tried = {(name, act.readings[name].default) for name in open_}
    for case in cases_of(rule.id):
        chosen = case.fields.get("readings")
        tried |= {(name, node.value) for name, node in chosen.fields.items()} if isinstance(chosen, Fields) else set()
    wanted = {(name, option.name) for name in open_ for option in act.readings[name].options}
    assert tried == wanted


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_cases_state_only_facts_that_rules_read(rule) -> None:
    """A fact that no rule reads would be a misspelling; `subject` names a member in reports."""
    known = {
        fact.replace("[]", "")
        for one in RULES
        if one.id.split(".")[0] == rule.id.split(".")[0]
        for fact in inspect.uses(one).facts
    }
    for case in cases_of(rule.id):
        given = case.fields["given"]
        assert isinstance(given, Fields)
        for name, node in given.fields.items():
            members = node.items if isinstance(node, Items) else ()
            inner = {f"{name}.{key}" for one in members if isinstance(one, Fields) for key in one.fields}
            assert {name} | inner - {f"{name}.subject"} <= known, node.where


# --- what the loader refuses --------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the law data that a test may break."""
    copy = tmp_path / "law"
    shutil.copytree(HERE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    return copy


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def refusal(folder: Path) -> str:
    with pytest.raises(LawError) as refused:
        load_act("safe", folder, load_places(folder))
    return str(refused.value)


def test_an_unbroken_copy_loads_with_the_same_digest(folder: Path) -> None:
    assert load_act("safe", folder, load_places(folder)).digest == law.act("safe").digest


def test_the_digest_does_not_see_line_ends_but_every_change(folder: Path) -> None:
    for path in folder.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_act("safe", folder, law.places()).digest == law.act("safe").digest
    edit(folder / "groups.yaml", "the Union's restrictive measures", "other measures")
    assert load_act("safe", folder, law.places()).digest != law.act("safe").digest


BROKEN = [
    # file, what is there, what a mistake makes of it, what the refusal must say
    *[
        ("safe/parameters.yaml", line, "", rf"law/safe/parameters.yaml:\d+: {key} missing")
        for key, line in {
            "provision": "        provision: Art. 23\n",
            "reference": "        reference: https://eur-lex.europa.eu/eli/reg/2025/1106/oj\n",
            "checked": "        checked: 2026-11-23\n",
            "confidence": "        confidence: verified\n",
            "known_since": "        known_since: 2025-05-28\n",
        }.items()
    ],
    ("safe/parameters.yaml", "provision: Art. 23", "provision:", r'parameters.yaml:\d+: "provision" must be a text'),
    ("safe/parameters.yaml", "value: 35 %", "value: 0.35", r'parameters.yaml:\d+: "0.35" does not fit the unit share'),
    ("safe/parameters.yaml", "value: 35 %", "value: 135 %", "does not fit the unit share"),
    ("safe/parameters.yaml", "value: 2\n", "value: 2.5\n", "does not fit the unit count"),
    ("safe/parameters.yaml", "value: 2026-05-30", "value: 30 May 2026", '"value" must be a date like'),
    ("safe/parameters.yaml", "unit: count", "unit: furlongs", r'parameters.yaml:\d+: "furlongs" is no unit'),
    ("safe/parameters.yaml", "confidence: verified", "confidence: sure", '"confidence" must be verified or unverified'),
    ("safe/parameters.yaml", "title: Entry", "tilte: Entry", 'nobody reads the key "tilte"; did you mean "title"'),
    ("safe/parameters.yaml", "  applies:\n", "  begins:\n", r'act.yaml:\d+: .*unknown parameter "canada.applies"'),
    ("safe/act.yaml", "  aim: Aim", "  goal: Aim", r'law/safe/art04_aim.py: .*unknown condition "aim"'),
    ("safe/act.yaml", "  canada:", "  kanada:", r'act.yaml:\d+: the agreement needs a group "kanada"'),
    ("safe/act.yaml", "as_of: 2026-11-23", "as_of: yesterday", '"as_of" must be a date'),
    ("safe/act.yaml", "as_of", "'", r"law/safe/act.yaml:\d+: this is not readable as YAML"),
    ("readings.yaml", "question: From when", "query: From when", r"law/readings.yaml:\d+: question missing"),
    ("groups.yaml", "{country: AT, since: 1995-01-01}", "{country: AT}", r"law/groups.yaml:\d+: since missing"),
    ("groups.yaml", "{country: AT,", "{country: ZZ,", r'law/groups.yaml:\d+: "ZZ" is no country code'),
    ("groups.yaml", "  GP: FR", "  GP: ZZ", r'law/groups.yaml: "ZZ" is no country code'),
    ("groups.yaml", "{country: AT,", "{country: BE,", r"groups.yaml:\d+: BE is a member twice .*groups.yaml:\d+"),
    ("groups.yaml", "of: [union,", "of: [onion,", r'law/groups.yaml:\d+: .*unknown group "onion".*"union"'),
    (
        "countries.csv",
        "Hellas|",
        "Hellas|Deutschland|",
        r'countries.csv:\d+: "Deutschland" stands for DE and GR.*line \d',
    ),
    ("countries.csv", "AT,AUT,Austria", "AT,,Austria", r"countries.csv:\d+: a country needs"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), BROKEN)
def test_a_broken_file_is_refused_with_its_place(folder: Path, file: str, old: str, new: str, says: str) -> None:
    edit(folder / file, old, new)
    assert re.search(says, refusal(folder)), refusal(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "act.yaml",
            "  base:\n",
            "  bass:\n",
            r'act.yaml:\d+: the act settles an unknown reading "bass"; did you mean "base"',
        ),
        ("act.yaml", "option: product value", "option: product price", r'"base" has no option "product price"'),
        ("act.yaml", "    provision: Art. 9(12)\n", "", r"act.yaml:\d+: provision missing"),
        (
            "act.yaml",
            "  involved share:",
            "  share:",
            r'act.yaml:\d+: nobody asks for the role "share"; known: control',
        ),
        ("act.yaml", "art09.involved_share", "art09.share", r'the role names an unknown parameter "art09.share"'),
        ("act.yaml", "pays:", "pay:", r'nobody reads the key "pay"; did you mean "pays"'),
        ("parameters.yaml", "entry_into_force", "entry", r"parameters.yaml: act.entry_into_force is missing"),
        ("parameters.yaml", "until: 2026-01-01", "until: the end", r'"until" must be a date'),
    ],
)
def test_what_only_neighbouring_acts_say_is_read_as_strictly(
    folder: Path, file: str, old: str, new: str, says: str
) -> None:
    edit(folder / "edirpa" / file, old, new)
    with pytest.raises(LawError) as refused:
        load_act("edirpa", folder, load_places(folder))
    assert re.search(says, str(refused.value)), str(refused.value)


def test_two_values_of_a_parameter_at_a_time_are_refused_with_both_places(folder: Path) -> None:
    path = folder / "safe/parameters.yaml"
    text = path.read_text(encoding="utf-8")
    value = text[text.index("      - value: 2\n") : text.index("\nart04:")]
    edit(path, value, value + value.replace("value: 2", "value: 3"))
    assert re.search(
        r"parameters.yaml:(\d+): art02.min_buyers has two values .*parameters.yaml:(?!\1)\d+", refusal(folder)
    )


def test_a_later_value_may_follow_an_earlier_one(folder: Path) -> None:
    path = folder / "safe/parameters.yaml"
    text = path.read_text(encoding="utf-8")
    value = text[text.index("      - value: 2\n") : text.index("\nart04:")]
    later = value.replace("value: 2", "value: 3").replace("2025-05-29", "2027-01-01")
    edit(path, value, value.replace("since: 2025-05-29\n", "since: 2025-05-29\n        until: 2027-01-01\n", 1) + later)
    parameter = load_act("safe", folder, law.places()).parameters["art02.min_buyers"]
    assert [parameter.on(day, TODAY).value for day in (date(2026, 12, 31), date(2027, 1, 1))] == [2, 3]


def test_rules_without_cases_and_cases_without_rule_are_refused(folder: Path) -> None:
    (folder / "safe/art04_aim.yaml").rename(folder / "safe/art04_goal.yaml")
    said = refusal(folder)
    assert "law/safe/art04_aim.py: this rule has no cases" in said
    assert "law/safe/art04_goal.yaml: these cases have no rule" in said


def test_files_that_are_empty_or_missing_are_refused(folder: Path) -> None:
    (folder / "readings.yaml").unlink()
    (folder / "safe/act.yaml").write_text("", encoding="utf-8")
    said = refusal(folder)
    assert "law/readings.yaml: this file of the law data cannot be read" in said
    assert "law/safe/act.yaml: the file is empty" in said


def test_every_fault_is_told_at_once(folder: Path) -> None:
    edit(folder / "safe/parameters.yaml", "        provision: Art. 23\n", "")
    edit(folder / "safe/parameters.yaml", "unit: count", "unit: furlongs")
    edit(folder / "readings.yaml", "question: From when", "query: From when")
    assert len(refusal(folder).splitlines()) == 4


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "safe/parameters.yaml",
            "  min_buyers:",
            "  least_buyers:",
            r'art02_\w+.py: .*unknown parameter "art02.min_buyers"',
        ),
        ("safe/parameters.yaml", "unit: count", "unit: days", "needs art02.min_buyers as count, not as days"),
        ("readings.yaml", "mixed systems:", "mixed things:", r'art16_11_design.py: .*unknown reading "mixed systems"'),
        ("readings.yaml", "    main purpose:", "    main use:", 'lists no option "main purpose"'),
        (
            "readings.yaml",
            "    main purpose:",
            "    by weight: why\n    main purpose:",
            'leaves out the option "by weight"',
        ),
        ("groups.yaml", "  inside:", "  within:", r'art16_10_component_share.py: .*unknown group "inside"'),
    ],
)
def test_rules_that_name_what_is_not_there_are_found(folder: Path, file: str, old: str, new: str, says: str) -> None:
    edit(folder / file, old, new)
    act = load_act("safe", folder, load_places(folder))
    found = "\n".join(str(problem) for problem in inspect.problems(act))
    assert re.search(says, found), found


def test_an_unknown_act_is_refused() -> None:
    with pytest.raises(LawError, match=r"known: .*, safe"):
        law.act("../safe")
