"""Law data that a user lays over ours: what it corrects and adds, on which days and as known when; what is refused."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

import jointbuy
from jointbuy import cli, law
from jointbuy.decide.verdict import opens
from jointbuy.errors import LawError, NotInForce
from jointbuy.flow import examples
from jointbuy.law.overlay import APPLIES

TODAY = date(2026, 11, 23)
ABOUT = """\
title: Agreement as the Example Ministry holds it
by: Example Ministry of Defence (invented)
on: 2026-11-20
source: its own copy (invented)
"""
VALUE = """\
      - value: {value}
        since: {since}
        known_since: {known}
        provision: Art. 5 (invented)
        reference: its own copy (invented)
        confidence: verified
        checked: 2026-11-20
"""


def parameter(heading: str, name: str, unit: str, *values: tuple[str, str, str]) -> str:
    """One parameter file's text; values as (value, since, known_since)."""
    listed = "".join(VALUE.format(value=value, since=since, known=known) for value, since, known in values)
    return f"{heading}:\n  {name}:\n    title: as invented\n    unit: {unit}\n    values:\n{listed}"


def folder(at: Path, **files: str) -> Path:
    """An overlay folder; a double underscore in a name stands for the folder of the act."""
    for name, text in {"overlay": ABOUT, **files}.items():
        path = at / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return at


def value_of(act: law.Act, name: str, on: str, known: str) -> object:
    return act.parameters[name].on(date.fromisoformat(on), date.fromisoformat(known)).value


NEITHER = ("canada", "max_neither_share", "share")


def test_a_value_stands_on_its_days_and_ours_on_all_others(tmp_path: Path) -> None:
    text = parameter("art16", "max_outside_share", "share", ("30 %", "2026-06-01", "2026-05-01"))
    act = law.under(folder(tmp_path, safe__parameters=text), "safe")
    assert value_of(act, "art16.max_outside_share", "2026-05-31", "2026-11-23") * 100 == 35
    assert value_of(act, "art16.max_outside_share", "2026-06-01", "2026-11-23") * 100 == 30


def test_a_correction_is_not_known_before_it_was(tmp_path: Path) -> None:
    text = parameter(*NEITHER, ("10 %", "2026-02-14", "2026-11-20"))
    act = law.under(folder(tmp_path, safe__parameters=text), "safe")
    assert value_of(act, "canada.max_neither_share", "2026-09-15", "2026-11-19") * 100 == 35
    assert value_of(act, "canada.max_neither_share", "2026-09-15", "2026-11-20") * 100 == 10
    with pytest.raises(NotInForce):
        value_of(act, "canada.max_neither_share", "2026-02-13", "2026-11-20")


def test_a_value_that_ends_leaves_ours_before_and_after(tmp_path: Path) -> None:
    text = parameter("art16", "max_outside_share", "share", ("20 %", "2026-03-01", "2026-01-01"))
    text = text.replace("since: 2026-03-01\n", "since: 2026-03-01\n        until: 2026-04-01\n", 1)
    act = law.under(folder(tmp_path, safe__parameters=text), "safe")
    shares = [
        value_of(act, "art16.max_outside_share", on, "2026-11-23") * 100
        for on in ("2026-02-28", "2026-03-01", "2026-03-31", "2026-04-01")
    ]
    assert shares == [35, 20, 20, 35]


def test_a_verdict_names_the_overlay_and_follows_it(tmp_path: Path) -> None:
    text = parameter(*NEITHER, ("10 %", "2026-02-14", "2026-11-20"))
    overlay = folder(tmp_path, safe__parameters=text)
    purchase = examples() / "canadian-vehicle"
    ours, theirs = jointbuy.check(purchase), jointbuy.check(purchase, overlay=overlay)
    assert (ours.verdict.outcome, theirs.verdict.outcome) == ("eligible", "not eligible")
    assert ours.overlay is None
    assert theirs.overlay is not None
    assert theirs.overlay.digest == theirs.digests["law"] != ours.digests["law"]
    (change,) = theirs.overlay.changes
    assert re.fullmatch(r"corrects the parameter canada\.max_neither_share \(\S+/safe/parameters\.yaml:2\)", change)
    assert jointbuy.check(purchase, overlay=overlay, known_on="2026-11-10").verdict.outcome == "eligible"


def test_the_command_line_tells_it_in_text_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    overlay = folder(tmp_path, safe__parameters=parameter(*NEITHER, ("10 %", "2026-02-14", "2026-11-20")))
    purchase = str(examples() / "canadian-vehicle")
    assert cli.main(["check", purchase, "--law", str(overlay)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "under Agreement as the Example Ministry holds it" in said
    assert "LAW DATA LAID OVER OURS" in said
    assert cli.main(["check", purchase, "--law", str(overlay), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["overlay"]
    assert found["by"] == "Example Ministry of Defence (invented)"
    assert found["on"] == "2026-11-20"
    assert len(found["changes"]) == 1


def test_a_country_joins_a_group_from_a_day_on(tmp_path: Path) -> None:
    text = """\
groups:
  eea-efta:
    title: as ours
    source: invented
    confidence: unverified
    checked: 2026-11-20
    known_since: on joining
    members:
      - {country: CH, since: 2026-10-01}
"""
    places = law.under(folder(tmp_path, groups=text), "safe").places
    assert "CH" not in places.group("inside", date(2026, 9, 30), TODAY)
    inside = places.group("inside", date(2026, 10, 1), TODAY)
    assert {"CH", "NO", "IS", "LI"} <= inside.members
    assert "CH" in inside.unverified
    assert "CH" in places.group("inside and canada", date(2026, 10, 1), TODAY)


def test_a_default_of_a_reading_is_another(tmp_path: Path) -> None:
    text = "second buyer:\n  default: declared intention\n  because: the ministry's legal service\n"
    reading = law.under(folder(tmp_path, readings=text), "safe").readings["second buyer"]
    assert reading.default == "declared intention"
    assert [option.name for option in reading.options] == ["declared intention", "formal participation"]


AGREEMENT = """\
routes:
  atlantis:
    title: Agreement with Japan
    partner: Japan
    opens: atlantis.applies
    provision: Agreement with Japan (invented)
    reference: invented
    confidence: verified
"""
PARTNER = """\
groups:
  atlantis:
    title: Japan
    source: invented
    confidence: verified
    checked: 2026-11-20
    known_since: on joining
    members:
      - {country: JP, since: 1958-01-01}
"""


def terms(**shares: str) -> str:
    """The parameters of the invented agreement."""
    found = parameter("atlantis", "applies", "word", ("in force", "2026-07-01", "2026-07-01"))
    for name, value in shares.items():
        found += parameter("atlantis", name, "share", (value, "2026-07-01", "2026-07-01")).partition("\n")[2]
    return found


ALL_TERMS = {"min_inside_share": "40 %", "max_partner_share": "60 %", "max_neither_share": "5 %"}


def test_content_and_access_follow_the_law_laid_over_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A limit of 20 per cent, and an agreement with Japan: neither is in our data."""
    text = parameter("art16", "max_outside_share", "share", ("20 %", "2026-01-01", "2026-01-01"))
    overlay = str(folder(tmp_path / "limit", safe__parameters=text))
    bridge = str(examples() / "bridge")
    assert cli.main(["content", bridge, "--stress"]) == 0
    assert "against at most 35 %" in capsys.readouterr().out
    assert cli.main(["content", bridge, "--stress", "--law", overlay]) == 0
    told = capsys.readouterr().out
    assert "against at most 20 %" in told
    assert "35 %" not in told
    japan = str(folder(tmp_path / "japan", safe__act=AGREEMENT, groups=PARTNER, safe__parameters=terms(**ALL_TERMS)))
    assert cli.main(["access", "Japan", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["may_supply"] == "no"
    assert cli.main(["access", "Japan", "--json", "--law", japan]) == 0
    assert json.loads(capsys.readouterr().out)["may_supply"] == "yes"


def test_a_new_agreement_opens_a_route_of_its_own(tmp_path: Path) -> None:
    overlay = folder(tmp_path, safe__act=AGREEMENT, groups=PARTNER, safe__parameters=terms(**ALL_TERMS))
    case = jointbuy.check(examples() / "armoured-vehicle", overlay=overlay)
    assert [route.route for route in case.verdict.routes] == ["ordinary", "canada", "atlantis"]
    found = {finding.route: finding for finding in case.verdict.findings if finding.rule == "safe.art17_components"}
    assert found.keys() == {"canada", "atlantis"}
    assert found["atlantis"].title == "Components from Japan"
    assert found["atlantis"].status == "not met"  # more than 5 % come from neither side
    before = jointbuy.check(examples() / "armoured-vehicle", overlay=overlay, on="2026-06-30")
    assert [route.route for route in before.verdict.routes if route.open] == ["ordinary", "canada"]


def test_an_agreement_ends(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With `ended` from a day on the route is closed from that day on, for verdicts and for access, and says so."""
    text = parameter("canada", "applies", "word", ("ended", "2026-08-01", "2026-07-01"))
    overlay, purchase = folder(tmp_path, safe__parameters=text), examples() / "canadian-vehicle"
    open_on = {
        on: next(
            route
            for route in jointbuy.check(purchase, overlay=overlay, on=on).verdict.routes
            if route.route == "canada"
        )
        for on in ("2026-07-31", "2026-08-01", "2026-09-15")
    }
    assert [route.open for route in open_on.values()] == [True, False, False]
    assert "not open on 2026-08-01; it no longer applies since 2026-08-01" in open_on["2026-08-01"].because
    assert jointbuy.check(purchase).verdict.outcome == "eligible"
    assert jointbuy.check(purchase, overlay=overlay).verdict.outcome == "not eligible"
    assert jointbuy.check(purchase, overlay=overlay, known_on="2026-06-30").verdict.outcome == "eligible"
    for on, may in (("2026-07-31", "yes"), ("2026-08-01", "no")):
        assert cli.main(["access", "Canada", "--json", "--on", on, "--law", str(overlay)]) == 0
        assert json.loads(capsys.readouterr().out)["may_supply"] == may


def test_an_agreement_ends_for_a_time(tmp_path: Path) -> None:
    """`until` is the first day on which ours stands again."""
    text = parameter("canada", "applies", "word", ("ended", "2026-08-01", "2026-07-01"))
    text = text.replace("since: 2026-08-01\n", "since: 2026-08-01\n        until: 2026-09-01\n", 1)
    act = law.under(folder(tmp_path, safe__parameters=text), "safe")
    days = ("2026-07-31", "2026-08-31", "2026-09-01")
    said = [value_of(act, "canada.applies", on, "2026-11-23") for on in days]
    assert said == ["provisionally applied", "ended", "provisionally applied"]


@pytest.mark.parametrize("act", law.ACTS)
def test_our_own_routes_open_by_known_words(act: str) -> None:
    ours = law.act(act)
    words = [ours.parameters[route.opens] for route in ours.routes]
    assert {value.value for each in words if each.unit == "word" for value in each.values} <= set(APPLIES)


MORE = VALUE.format(value="9 %", since="2026-03-01", known="2026-03-01")
REFUSED = [
    ({"overlay": ABOUT.replace("source", "sauce")}, r"overlay\.yaml:\d+: source missing"),
    ({"overlay": ABOUT.replace("2026-11-20", "soon")}, r'overlay\.yaml:3: "on" must be a date'),
    (
        {"safe__parameters": parameter(*NEITHER, ("10 %", "2026-02-14", "2026-11-20")) + MORE},
        r"canada\.max_neither_share has two values at a time: also at \S+parameters\.yaml:\d+",
    ),
    (
        {"safe__parameters": parameter("canada", "max_neither_share", "count", ("10", "2026-02-14", "2026-11-20"))},
        r"parameters\.yaml:2: canada\.max_neither_share is a count here: it is a share at law/safe/param\S+:\d+",
    ),
    (
        {"safe__parameters": parameter("canada", "max_other_share", "share", ("10 %", "2026-02-14", "2026-11-20"))},
        r'there is no parameter "canada\.max_other_share" to correct; did you mean',
    ),
    (
        {
            "safe__parameters": parameter(*NEITHER, ("10 %", "2026-02-14", "2026-11-20")).replace(
                "        provision: Art. 5 (invented)\n", ""
            )
        },
        r"parameters\.yaml:\d+: provision missing",
    ),
    ({"groups": PARTNER}, r'there is no group "atlantis" to correct'),
    ({"readings": "second buyer: {default: by letter, because: x}\n"}, r'"second buyer" has no option "by letter"'),
    ({"readings": "second byer: {default: by letter, because: x}\n"}, r'nobody reads the key "second byer"'),
    (
        {"saef__parameters": parameter(*NEITHER, ("10 %", "2026-02-14", "2026-11-20"))},
        r"saef/parameters\.yaml: nobody reads this file.*a folder named after an act: safe",
    ),
    ({"parametres": "a: b\n"}, r"parametres\.yaml: nobody reads this file; did you mean"),
    (
        {"safe__act": AGREEMENT, "groups": PARTNER, "safe__parameters": terms(min_inside_share="40 %")},
        r'act\.yaml:2: the agreement "atlantis" needs the parameter atlantis\.max_neither_share',
    ),
    ({"safe__act": AGREEMENT, "safe__parameters": terms(**ALL_TERMS)}, r'the agreement needs a group "atlantis"'),
    (
        {
            "safe__act": AGREEMENT,
            "groups": PARTNER.replace("JP", "CA"),
            "safe__parameters": terms(**ALL_TERMS),
        },
        r"act\.yaml:2: the agreements canada and atlantis both open the act to CA: .*law/safe/act\.yaml:\d+",
    ),
]


@pytest.mark.parametrize(("files", "says"), REFUSED, ids=[says[:50] for _, says in REFUSED])
def test_what_does_not_fit_is_refused(tmp_path: Path, files: dict[str, str], says: str) -> None:
    with pytest.raises(LawError) as refused:
        law.under(folder(tmp_path, **files), "safe")
    assert re.search(says, str(refused.value)), str(refused.value)


def test_a_folder_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["check", str(examples() / "bridge"), "--law", str(tmp_path / "nowhere")])
    assert code == 2
    assert "there is no overlay.yaml in this folder" in capsys.readouterr().err


def test_an_overlay_takes_a_country_out_of_a_group(tmp_path: Path) -> None:
    """A ministry that knows from when Norway applies EDIP says that it does not before."""
    text = """groups:
  edip associated:
    title: the EEA-EFTA states that apply EDIP
    source: Example Gazette (invented)
    confidence: verified
    checked: 2026-11-20
    known_since: 2026-11-20
    members:
      - {country: "NO", since: 2025-12-30, until: 2026-07-01, member: no}
      - {country: "NO", since: 2026-07-01}
"""
    act = law.under(folder(tmp_path, groups=text), "edip")

    def inside(on: str, known_on: str = "2026-11-26") -> bool:
        return "NO" in act.places.group("inside edip", date.fromisoformat(on), date.fromisoformat(known_on))

    assert [inside(on) for on in ("2025-12-30", "2026-06-30", "2026-07-01")] == [False, False, True]
    assert inside("2026-06-30", "2026-11-19"), "as it was known the day before"
    assert "IS" in act.places.group("inside edip", date(2026, 6, 30), date(2026, 11, 26))


def test_a_member_that_is_neither_in_nor_out_is_refused(tmp_path: Path) -> None:
    text = """groups:
  edip associated:
    title: the EEA-EFTA states that apply EDIP
    source: Example Gazette (invented)
    confidence: verified
    checked: 2026-11-20
    known_since: 2026-11-20
    members:
      - {country: "NO", since: 2025-12-30, member: perhaps}
"""
    with pytest.raises(LawError, match='"member" must be yes or no'):
        law.under(folder(tmp_path, groups=text), "edip")


def test_an_agreement_that_has_ended_opens_nothing(tmp_path: Path) -> None:
    """Canada's, which applies from 14 February 2026 on, ended on 1 August 2026 (invented)."""
    text = parameter("canada", "applies", "word", ("ended", "2026-08-01", "2026-07-01"))
    act = law.under(folder(tmp_path, safe__parameters=text), "safe")
    (canada,) = (route for route in act.routes if route.id == "canada")

    def is_open(on: str, known_on: str = "2026-11-26") -> bool:
        return opens(canada, law.view(act, date.fromisoformat(on), date.fromisoformat(known_on)))

    assert [is_open(on) for on in ("2026-02-13", "2026-02-14", "2026-07-31", "2026-08-01")] == [
        False,
        True,
        True,
        False,
    ]
    assert is_open("2026-08-01", "2026-06-30"), "as it was known before"


def test_qualifying_countries_end_too(tmp_path: Path) -> None:
    """A route that opens by a word without being an agreement: its parameter has another name."""
    text = parameter("dfars225", "applies", "word", ("ended", "2026-08-01", "2026-07-01"))
    act = law.under(folder(tmp_path, buy_american__parameters=text), "buy_american")
    route = next(each for each in act.routes if each.opens == "dfars225.applies")
    days = (date(2026, 7, 31), date(2026, 8, 1))
    assert [opens(route, law.view(act, day, date(2026, 11, 26))) for day in days] == [True, False]
    wrong = folder(tmp_path / "wrong", buy_american__parameters=text.replace("ended", "gone"))
    with pytest.raises(LawError, match=r"dfars225.applies says .gone."):
        law.under(wrong, "buy_american")


@pytest.mark.parametrize("word", ["no", "false", "not in force", "terminated", "0"])
def test_what_an_agreement_is_said_to_be_must_be_plain(word: str, tmp_path: Path) -> None:
    text = parameter("canada", "applies", "word", (f"'{word}'", "2026-08-01", "2026-07-01"))
    with pytest.raises(LawError, match=r"canada.applies says .* write one of: .*ended"):
        law.under(folder(tmp_path, safe__parameters=text), "safe")


def test_an_agreement_whose_partner_is_taken_out_is_not_open(tmp_path: Path) -> None:
    """The group of its partner is empty from 1 August 2026 on (invented): the route is closed then, and says why."""
    text = """groups:
  canada:
    title: Canada
    source: our copy (invented)
    confidence: verified
    checked: 2026-11-20
    known_since: 2026-08-01
    members:
      - {country: CA, since: 2026-08-01, member: no}
"""
    act = law.under(folder(tmp_path, groups=text), "safe")
    (canada,) = (route for route in act.routes if route.id == "canada")
    days = {on: law.view(act, date.fromisoformat(on), date(2026, 11, 23)) for on in ("2026-07-31", "2026-08-01")}
    assert [opens(canada, view) for view in days.values()] == [True, False]
    found = jointbuy.check(examples() / "canadian-vehicle", overlay=tmp_path, on="2026-08-01").verdict
    (route,) = (each for each in found.routes if each.route == "canada")
    assert not route.open
    assert "nobody belongs to the group of its partner" in route.because
