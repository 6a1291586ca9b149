"""Agreements: whose text it is, what a person overrules, scores, two side by side, many in one run, and their files."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from jointbuy import cli, law
from jointbuy.commitments import Event, Rung, Status
from jointbuy.errors import JointbuyError, Limit, Unusable
from jointbuy.flow import agreements, pact
from jointbuy.pact import scores
from jointbuy.pact.overrule import key
from jointbuy.pact.register import register
from jointbuy.report import pact_charts, pact_files, pact_pages

HOSTILE = '=HYPERLINK("https://example.invalid")<script>fetch("https://example.invalid")</script>'


def written(folder: Path, text: str, name: str = "text.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- whose text it is -----------------------------------------------------------------------

TOLD = "# Statement by Canada and Japan on Iran\n\nWe met. {}\n"


@pytest.mark.parametrize(
    ("sentence", "commitment"),
    [
        ("Iran shall stop its attacks.", False),
        ("The Iranian government shall pay for it.", False),
        ("Iran said that it will keep the peace.", False),
        ("Hamas announced that they will keep the peace.", False),
        ("Japan said that it will keep the peace.", True),
        ("Japan will host the talks.", True),
        ("We will host the talks.", True),
        ("Iran and Japan will host the talks.", True),
        ("The competent authorities shall report it.", True),
    ],
)
def test_a_state_that_is_no_party_promises_nothing(tmp_path: Path, sentence: str, commitment: bool) -> None:
    """The title names the parties before "on"; who is named after it is none."""
    found = pact.read(written(tmp_path, TOLD.format(sentence)))
    assert found.parties is not None
    assert (found.parties.names, found.parties.how) == (("CA", "JP"), "named in the title")
    (promise,) = (one for one in found.promises if one.sentence.text == sentence)
    assert promise.commitment is commitment
    assert found.outside == (() if commitment else (promise.id,))


def test_a_pronoun_stands_for_who_was_called_on(tmp_path: Path) -> None:
    for state, commitment in (("Iran", False), ("Japan", True)):
        text = TOLD.format(f"We call on {state} to leave. It shall leave.")
        found = pact.read(written(tmp_path, text, f"{state}.md"))
        promise = next(one for one in found.promises if one.actor == "It")
        assert (promise.meant, promise.commitment) == (state, commitment)


def test_members_of_a_group_are_no_third_states(tmp_path: Path) -> None:
    text = "We, the leaders of the Group of Seven (G7), met. Germany will pay. Poland will pay. Russia shall pay."
    found = pact.read(written(tmp_path, text, "a.txt"))
    # Poland is in the Union, which is part of the G7's meetings; Russia is in neither.
    assert [one.commitment for one in found.promises if one.verb == "pay"] == [True, True, False]


def test_whom_a_first_sentence_speaks_of_is_no_party(tmp_path: Path) -> None:
    found = pact.read(written(tmp_path, "Russia’s war against Ukraine goes on. Canada shall pay.", "a.txt"))
    assert found.parties is not None
    assert (found.parties.names, found.outside) == ((), ())
    text = "Canada and Japan met. Norway will pay. Iran shall pay."
    assert pact.read(written(tmp_path, text, "b.txt")).outside == ("p1.3a",)


def test_parties_may_be_given_and_must_exist(tmp_path: Path) -> None:
    path = written(tmp_path, "The leaders met. Russia shall pay.", "a.txt")
    assert pact.read(path).outside == ()
    assert pact.read(path, parties=["canada", "EU"]).outside == ("p1.2a",)
    assert pact.read(path, parties=["RU", "EU"]).outside == ()
    with pytest.raises(JointbuyError, match="Atlantis"):
        pact.read(path, parties=["Atlantis"])


# --- what a person says otherwise -----------------------------------------------------------

PROMISED = "We will meet in spring.\n\nWe will explore drills at sea.\n\nThe ships shall sail.\n"


def overruled(folder: Path, text: str, rows: str, name: str = "mine.csv") -> pact.Reading:
    return pact.read(written(folder, text), overrulings=written(folder, rows, name))


def row(name: str, sentence: str, says: str) -> str:
    return f"{name},{key(sentence)},{says},it is so,Ada\n"


HEAD = "id,sentence,commitment,actor,strength,area,reason,who\n"


def test_a_person_overrules_and_it_shows(tmp_path: Path) -> None:
    rows = HEAD + row("p2.1a", "We will explore drills at sea.", "no,Canada,effort,maritime")
    found = overruled(tmp_path, PROMISED, rows)
    one = found.promises[1]
    assert (one.commitment, one.actor, one.meant, one.strength, one.area) == (
        False, "Canada", "Canada", "effort", "maritime",
    )  # fmt: skip
    (change,) = found.overruled
    assert change.by.who == "Ada"
    assert dict(change.before) == {"commitment": "yes", "actor": "We", "strength": "explored", "area": ""}
    assert found.unmet == ()


def test_an_entry_follows_its_sentence_and_is_never_lost(tmp_path: Path) -> None:
    rows = HEAD + row("p2.1a", "We will explore drills at sea.", ",,,maritime")
    moved = overruled(tmp_path, f"It was a long day.\n\n{PROMISED}", rows)
    assert [(one.by.id, one.id) for one in moved.overruled] == [("p2.1a", "p3.1a")]
    other = overruled(tmp_path, PROMISED.replace("explore", "hold"), rows)
    assert [one.why for one in other.unmet] == ["the sentence there reads otherwise now"]
    gone = overruled(tmp_path, "We will meet in spring.", rows)
    assert [one.why for one in gone.unmet] == ["there is no such sentence any more"]
    twice = overruled(tmp_path, "We met.\n\n" + 2 * "We will explore drills at sea.\n\n", rows.replace("p2", "p9"))
    assert "stands 2 times" in twice.unmet[0].why


def test_an_id_that_moved_says_which_one_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, f"It was a long day.\n\n{PROMISED}")
    rows = HEAD + row("p2.1a", "We will explore drills at sea.", ",,,maritime") + row("p3.1a", "Gone.", "no,,,")
    mine = written(tmp_path, rows, "mine.csv")
    assert cli.main(["pact", "read", str(path), "--overrule", str(mine)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "p3.1a (judged as p2.1a): area" in told
    assert "judged as p3.1a, does not fit" in told


def test_two_entries_for_one_promise_are_both_told(tmp_path: Path) -> None:
    rows = HEAD + 2 * row("p2.1a", "We will explore drills at sea.", "no,,,")
    found = overruled(tmp_path, PROMISED, rows)
    assert found.promises[1].commitment
    assert [one.why for one in found.unmet] == ["lines 2, 3 speak of the same promise; keep one"] * 2


def test_yaml_says_the_same(tmp_path: Path) -> None:
    rows = (
        f"overrulings:\n  - {{id: p3.1a, sentence: '{key('The ships shall sail.')}', actor: Navy, commitment: 'yes', "
        "area: none, reason: it says so above, who: Ada}\n"
    )
    found = overruled(tmp_path, PROMISED, rows, "mine.yaml")
    assert (found.promises[2].actor, found.promises[2].area) == ("Navy", None)


def test_every_fault_of_a_file_of_overrulings_is_told(tmp_path: Path) -> None:
    rows = HEAD + "p2.1a,0123,maybe,,iron,seas,,\np2.1a,0123456789ab,,,,,why,\n"
    with pytest.raises(Unusable) as caught:
        overruled(tmp_path, PROMISED, rows)
    told = str(caught.value)
    for words in ('"maybe"', '"iron"', '"seas"', "mine.csv:2", "mine.csv:3"):
        assert words in told
    with pytest.raises(Unusable, match=r"sentence is \"0123\"[\s\S]*reason is empty[\s\S]*who is empty"):
        overruled(tmp_path, PROMISED, HEAD + "p2.1a,0123,no,,,,,\n")


def test_a_promise_that_was_not_found_can_be_added(tmp_path: Path) -> None:
    text = "We will meet. A new bridge of trust. The parties shall sail.\n"
    missed = "A new bridge of trust."
    assert [one.sentence.text for one in pact.read(written(tmp_path, text)).promises] == [
        "We will meet.", "The parties shall sail.",
    ]  # fmt: skip
    found = overruled(tmp_path, text, HEAD + row("p1.2", missed, "yes,Canada,intended,"))
    told = [(one.id, one.actor, one.strength, one.commitment) for one in found.promises]
    assert told == [
        ("p1.1a", "We", "firm", True),
        ("p1.2", "Canada", "intended", True),
        ("p1.3a", "The parties", "bound", True),
    ]
    assert [one.id for one in found.overruled] == ["p1.2"]
    with pytest.raises(Unusable, match="found no verb"):
        overruled(tmp_path, text, HEAD + row("p1.2", missed, "yes,Canada,,"))


def test_a_template_is_read_back_and_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, table = written(tmp_path, PROMISED), tmp_path / "mine.csv"
    assert cli.main(["pact", "overrule", str(path), str(table)]) == 0
    assert pact.read(path, overrulings=table).promises == pact.read(path).promises
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert [one["text"] for one in rows] == [line for line in PROMISED.splitlines() if line]
    assert cli.main(["pact", "overrule", str(path), str(table)]) == 2
    assert "there already" in capsys.readouterr().err


# --- scores ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strength", "status", "score"),
    [
        ("explored", "announced", 0),
        ("explored", "under way", 1),
        ("effort", "under way", 0),
        ("effort", "concluded", 1),
        ("intended", "signed", 1),
        ("firm", "signed", 0),
        ("bound", "in force", 1),
        ("firm", "lapsed", -1),
        ("effort", "contradicted", -1),
        ("firm", "no evidence found", None),
        ("stated", "in force", None),
    ],
)
def test_compliance_follows_from_status(strength: Rung, status: Status, score: int | None) -> None:
    event = (
        None if status == "no evidence found" else Event("E1", date(2026, 1, 1), None, True, "step", "", (), "", "high")
    )
    assert scores.compliance(strength, status, event).score == score


def test_the_average_says_how_little_is_known() -> None:
    """Scores 1 and 0 of four: 1/2; with the two unknown ones at -1 or 1 it is -1/4 or 3/4. A view has none."""
    rungs: list[Rung] = ["firm", "firm", "firm", "effort", "stated"]
    event = Event("E1", date(2026, 1, 1), None, True, "step", "", (), "", "high")
    made = [scores.compliance("firm", one, event) for one in ("in force", "signed")]  # type: ignore[arg-type]
    made += [scores.compliance(one, "no evidence found", None) for one in rungs[2:]]
    found = scores.average(made, rungs)
    assert (found.scored, found.of, found.mean) == (2, 4, Fraction(1, 2))
    assert (found.low, found.high) == (Fraction(-1, 4), Fraction(3, 4))
    # Two of five are fewer than half: the ends alone, and what has no reported verb beside them.
    none = scores.compliance("not reported", "signed", event)
    more = scores.average([*made, made[-1], none], [*rungs, "firm", "not reported"])
    assert (more.scored, more.of, more.mean, more.unreported) == (2, 5, None, 1)
    assert (more.low, more.high) == (Fraction(-2, 5), Fraction(4, 5))


@pytest.mark.parametrize(
    ("sentence", "degrees"),
    [
        ("We will meet.", ("medium", "low", "none")),
        ("We shall meet by 2030.", ("high", "medium", "none")),
        ("We will spend $10 million by 2030.", ("medium", "high", "none")),
        ("We will, where appropriate, meet.", ("low", "low", "none")),
        ("We will bring disputes to a tribunal.", ("medium", "low", "high")),
        ("We will set up a working group.", ("medium", "low", "low")),
        ("We will explore a visit of inspectors.", ("none", "low", "medium")),
    ],
)
def test_legalization_is_read_off_the_words(tmp_path: Path, sentence: str, degrees: tuple[str, ...]) -> None:
    (score,) = pact.read(written(tmp_path, sentence, "a.txt")).scores
    assert score is not None
    assert (score.obligation, score.precision, score.delegation) == degrees


def test_what_binds_nobody_obliges_little() -> None:
    """pact facts, section 5: of the partnership obligation is low, precision low, delegation nil."""
    found = {one.commitment.id: one for one in register().standings}
    assert {one.legal.obligation for one in found.values()} == {"low", "none", "not reported"}
    assert found["S06"].compliance.score == 1
    assert found["J03"].compliance.score == 0
    assert found["S02"].compliance.score is None


# --- the register and the rest --------------------------------------------------------------


def test_the_register_and_the_law_know_the_same_day() -> None:
    """Canada's agreement under SAFE applies from the day that the register has for it; partners signed when it says."""
    applies = law.act("safe").parameters["canada.applies"]
    states = [(one.value, one.since) for one in applies.values]
    found = next(one for one in register().standings if one.commitment.id == "S06")
    assert found.because is not None
    assert states == [(found.status, found.because.on)]
    partners = {one.country: one.since for one in law.places().memberships["security and defence partners"]}
    assert {one.partner: one.on for one in register().partnerships if one.on} == partners


def test_every_tie_is_a_command() -> None:
    ties = {tie for one in register().standings for tie in one.commitment.ties}
    assert {tie.split()[0] for tie in ties} == {"access", "check", "content", "fund", "plan", "rule", "targets"}
    for tie in ties:
        # What has all its arguments is run; of what needs a file, the help.
        needs_file = tie.split()[0] in {"check", "content", "plan"}
        assert cli.main([*tie.split(), *(["--help"] if needs_file else [])]) == 0


def test_others_of_the_family_have_dates_and_what_is_reported() -> None:
    found = {one.id: one for one in register(date(2025, 12, 31)).partnerships}
    assert (found["sdp-gb"].status, found["sdp-in"].status) == ("signed", "not signed on that day")
    assert found["sdp-is"].status == "not signed on that day"
    # S01 to S23 without S06 and S11, which are reported of the joint statement.
    assert len(found["sdp-ca"].commitments) == 23 - 2
    assert found["sdp-jp"].commitments == ()


# --- two side by side -----------------------------------------------------------------------

OLD = """We will explore joint naval exercises in the Arctic.

We will share reports on cyber attacks by 2027.

We will post an envoy to Brussels.

We will train peacekeepers together.
"""
NEW = """We will hold joint naval exercises in the Arctic.

We will share reports on cyber attacks by 2029.

We will train peacekeepers together.

We intend to build a satellite.
"""


def test_the_same_agreement_over_time(tmp_path: Path) -> None:
    found = agreements.diff(str(written(tmp_path, OLD, "old.md")), str(written(tmp_path, NEW, "new.md")))
    assert [(one.first.verb, one.second.verb, one.changes) for one in found.pairs] == [
        ("explore", "hold", ("firmer",)),
        ("share", "share", ("deadline changed",)),
        ("train", "train", ()),
    ]
    assert [one.verb for one in found.only_first] == ["post"]
    assert [one.verb for one in found.only_second] == ["build"]
    back = agreements.diff(str(tmp_path / "new.md"), str(tmp_path / "old.md"))
    assert back.pairs[0].changes == ("softer",)


def test_a_text_beside_itself_is_the_same_throughout(tmp_path: Path) -> None:
    path = str(written(tmp_path, OLD + "\nThey will meet. They will meet again. We will meet.\n"))
    found = agreements.diff(path, path)
    assert all(one.first == one.second and not one.changes for one in found.pairs)
    assert (found.only_first, found.only_second) == ((), ())


def test_the_register_then_and_now() -> None:
    found = agreements.diff("statement-2025@2025-11-30", "statement-2025@2026-11-23")
    changed = {one.first.id: (one.first.status, one.second.status) for one in found.pairs if one.changes}
    assert changed == {
        "S06": ("under way", "provisionally applied"),
        "J03": ("announced", "under way"),
        "J26": ("under way", "concluded"),
    }
    assert all(set(one.changes) <= {"status changed"} for one in found.pairs)
    assert (found.only_first, found.only_second) == ((), ())


@pytest.mark.parametrize(
    ("was", "now", "changes"),
    [
        ("We will not sell arms to Norway.", "We will sell arms to Norway.", ("reversed",)),
        ("We will sell arms to Norway.", "We will never sell arms to Norway.", ("reversed",)),
        ("We will not sell arms to Norway.", "We will not sell arms to Norway.", ()),
        (
            "We will pay EUR 10 million for ports and docks.",
            "We will pay EUR 2 million for ports and docks.",
            ("amount changed",),
        ),
        ("We will pay EUR 10 million for ports and docks.", "We will pay €10m for ports and docks.", ()),
        ("We will pay EUR 10 million for ports and docks.", "We will pay for ports and docks.", ("amount dropped",)),
        (
            "We will hold a dialogue on ports every year.",
            "We will hold a dialogue on ports every six months.",
            ("frequency changed",),
        ),
        ("We will hold a dialogue on ports every year.", "We will hold a dialogue on ports annually.", ()),
        ("We will hold talks on ports.", "We will, where appropriate, hold talks on ports.", ("condition added",)),
        ("We will hold talks on ports.", "Canada will hold talks on ports.", ("other actor",)),
        ("We will hold talks on ports by 2027.", "We will hold talks on ports.", ("deadline dropped",)),
        ("We will hold talks on ports by 1 May 2027.", "We will hold talks on ports by May 1, 2027.", ()),
        (
            "We will pay EUR 10 million for ports and docks by 2027.",
            "We intend to pay EUR 2 million for ports and docks by 2029.",
            ("softer", "deadline changed", "amount changed"),
        ),
    ],
)
def test_every_part_of_a_commitment_is_compared(tmp_path: Path, was: str, now: str, changes: tuple[str, ...]) -> None:
    title = "# Statement of Canada and Japan\n\n"
    texts = [str(written(tmp_path, title + one, name)) for one, name in ((was, "a.md"), (now, "b.md"))]
    (pair,) = agreements.diff(*texts).pairs
    assert pair.changes == changes


def test_the_register_tells_how_often_apart_and_no_firmness_that_was_not_reported() -> None:
    """Every six months in the United Kingdom's, yearly in Canada's and India's, as reported (facts, §4)."""
    (pair,) = agreements.diff("UK", "Canada").pairs
    assert (pair.first.id, pair.second.id) == ("GB01", "S01")
    assert pair.changes == ("firmness not reported", "frequency changed")
    names = ["UK", "India", "Canada", "sdp-2025", "statement-2025", "register", "register@2025-11-30"]
    for first in names:
        for pair in [pair for second in names for pair in agreements.diff(first, second).pairs]:
            if "not reported" in {pair.first.strength, pair.second.strength}:
                assert not {"firmer", "softer"} & set(pair.changes)
                assert pair.changes or pair.first.id == pair.second.id
    india = agreements.diff("India", "Canada")
    assert next(one.changes for one in india.pairs if one.first.id == "IN01") == ("firmness not reported",)


def test_what_is_missing_in_a_report_was_not_dropped(tmp_path: Path) -> None:
    said = "We will explore India's part in the Union's defence initiatives by 2030."
    path = str(written(tmp_path, said, "a.txt"))
    for first, second, register_first in (("India", path, True), (path, "India", False)):
        (pair,) = agreements.diff(first, second).pairs
        assert (pair.first if register_first else pair.second).id == "IN03"
        assert pair.changes == ("deadline reported of one alone",)


def test_that_nothing_is_reported_is_not_that_nothing_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = agreements.diff("Japan", "Canada")
    assert (found.first.reach, found.second.reach) == ("nothing reported", "in part")
    assert (found.pairs, found.only_first, found.only_second) == ((), (), ())
    assert cli.main(["pact", "diff", "Japan", "Canada", "--out", str(tmp_path)]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Nothing is reported of the first" in told
    assert "ONLY IN" not in told
    assert "Nothing is reported of the first" in (tmp_path / "report.html").read_text(encoding="utf-8")
    # What the reports of India lack may be in its text; a text is whole.
    assert cli.main(["pact", "diff", "India", "Canada"]) == 0
    assert "IN THE SECOND; NOT REPORTED OF THE FIRST: 18" in capsys.readouterr().out
    path = written(tmp_path, OLD, "old.md")
    assert cli.main(["pact", "diff", str(path), "Canada"]) == 0
    told = capsys.readouterr().out
    assert "IN THE FIRST; NOT REPORTED OF THE SECOND" in told
    assert "ONLY IN THE SECOND" in told


def test_before_an_agreement_was_made_its_side_is_empty() -> None:
    found = agreements.diff("register@2026-05-21", "register@2020-01-01")
    assert (len(found.only_first), found.second.items, found.second.reach) == (49, (), "not made yet")
    india = agreements.diff("India@2026-01-26", "India@2026-01-27")
    assert (india.first.reach, [one.id for one in india.only_second]) == (
        "not made yet",
        ["IN01", "IN02", "IN03", "IN04"],
    )
    # What is said of a day before Canada's agreements concerns no other partner.
    japan = agreements.diff("Japan@2020-01-01", "Japan@2025-01-01")
    assert [one.notes for one in (japan.first, japan.second)] == [
        ("not signed on that day",),
        ("no commitment of it was found reported; that says nothing of what it holds",),
    ]


def test_partners_are_known_by_name_and_what_is_nothing_is_told() -> None:
    found = agreements.diff("UK", "Canada")
    assert (found.first.facts and found.first.facts.id, found.second.facts and found.second.facts.on) == (
        "sdp-gb", date(2025, 6, 23),
    )  # fmt: skip
    with pytest.raises(JointbuyError, match="sdp-jp, sdp-kr"):
        agreements.diff("Japan", "nothing.md")
    with pytest.raises(JointbuyError, match="no date"):
        agreements.diff("register@soon", "UK")


def test_texts_too_long_to_compare_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(written(tmp_path, OLD))
    monkeypatch.setattr(agreements, "MOST", 4 * 4)
    assert len(agreements.diff(path, path).pairs) == 4
    monkeypatch.setattr(agreements, "MOST", 4 * 4 - 1)
    with pytest.raises(Limit, match="4 and 4 commitments"):
        agreements.diff(path, path)


# --- many texts -----------------------------------------------------------------------------


def test_one_faulty_text_stops_none_of_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts, out = tmp_path / "texts", tmp_path / "out"
    (texts / "deep").mkdir(parents=True)
    written(texts, OLD, "a.md")
    written(texts, NEW, "deep/b.txt")
    written(texts, "", "c.txt")
    written(texts, "not looked at", "d.xml")
    (texts / "none").mkdir()
    assert cli.main(["pact", "read", str(texts), "--count", "cyber", "--json", "--out", str(out)]) == 2
    told = capsys.readouterr()
    found = json.loads(told.out)
    assert [(one["file"], one["commitments"], one["terms"]["cyber"]["count"]) for one in found["documents"]] == [
        ("a.md", 4, 1),
        ("deep/b.txt", 4, 1),
    ]
    assert [one["file"] for one in found["faults"]] == ["c.txt"]
    assert "c.txt is not read" in told.err
    rows = list(csv.DictReader((out / "counts.csv").read_text(encoding="utf-8-sig").splitlines()))
    of_a = {(one["area"], one["strength"]): one["count"] for one in rows if one["file"] == "a.md"}
    assert of_a == {("cyber", "firm"): "1", ("crisis", "firm"): "1", ("maritime", "explored"): "1", ("", "firm"): "1"}
    with pytest.raises(JointbuyError, match="no text in"):
        agreements.documents([texts / "none"])


# --- files ----------------------------------------------------------------------------------


def hostile(folder: Path) -> Path:
    text = f"# {HOSTILE}\n\n{HOSTILE} and we will meet. The =1+1 partners will sail by 2030.\n"
    return written(folder, text.replace("<", "\\<"), "=cmd.md")


def test_what_a_hostile_text_says_stays_text(tmp_path: Path) -> None:
    path = hostile(tmp_path)
    found = pact.read(path)
    assert any("<script>" in one.sentence.text for one in found.promises)
    pact_files.write(found, tmp_path / "read")
    pact_files.write_comparison(agreements.diff(str(path), str(path)), tmp_path / "diff")
    pact_files.write_documents(agreements.documents([path, path.parent]), tmp_path / "many")
    pact_files.write_template(found, ["0" * 12] * len(found.promises), tmp_path / "read" / "mine.csv")
    for page in tmp_path.glob("*/*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert "default-src &#x27;none&#x27;" in text
    tables = list(tmp_path.glob("*/*.csv"))
    assert len(tables) == 7
    for table in tables:
        cells = [cell for one in csv.reader(table.read_text(encoding="utf-8-sig").splitlines()) for cell in one]
        assert not [cell for cell in cells if re.match(r"[=+@\t]", cell)]


def test_pictures_are_files_of_their_own(tmp_path: Path) -> None:
    for path in pact_files.write_register(register(), tmp_path):
        if path.suffix == ".svg":
            text = path.read_text(encoding="utf-8")
            root = ET.fromstring(text)
            assert root.tag == "{http://www.w3.org/2000/svg}svg"
            assert "://" not in text.replace("http://www.w3.org/", "")
    assert {"timeline.svg", "areas.svg", "report.html"} <= {one.name for one in tmp_path.iterdir()}


def test_every_event_stands_in_the_timeline_by_its_day() -> None:
    """The first event is of 25 June 2025, the last day 23 November 2026: 516 days from 2 to 96 per cent."""
    made = pact_charts.timeline(register(), "events")
    places = [Fraction(one) for one in re.findall(r'<circle cx="([\d.]+)%"', made)]
    assert len(places) == 16
    talks = (date(2025, 12, 1) - date(2025, 6, 25)).days
    assert min(abs(one - (2 + Fraction(talks, 516) * 94)) for one in places) < Fraction(1, 1000)


def test_a_bar_ends_where_its_number_begins() -> None:
    """The consultation of 25 June to 25 August 2025: 61 of 516 days, on 94 per cent from 2 on."""
    made = pact_charts.timeline(register(), "events")
    end = 2 + Fraction(61, 516) * 94
    place = next(Fraction(one) for one in re.findall(r'<svg x="([\d.]+)%"[^>]*><text[^>]*>1<', made))
    assert abs(place - end) < Fraction(1, 1000)


def test_what_has_no_reported_verb_has_its_own_column() -> None:
    found = pact_pages.register_heat(register())
    assert found.rungs[-1] == "not reported"
    assert sum(number for (_, rung), number in found.counts[0].items() if rung == "not reported") == 22
    assert "not reported" not in pact_pages.documents_heat(agreements.Documents((), (), ())).rungs


def test_the_table_of_the_register_has_its_remarks(tmp_path: Path) -> None:
    pact_files.write_register(register(), tmp_path)
    text = (tmp_path / "commitments.csv").read_text(encoding="utf-8-sig")
    rows = {one["id"]: one for one in csv.DictReader(text.splitlines())}
    assert rows["S05"]["remark"] == "The Hill reports a stronger verb: work to establish"
    assert (rows["S01"]["frequency"], rows["J02"]["strength"]) == ("every year", "not reported")


def test_the_heat_map_counts_every_commitment() -> None:
    found = pact_pages.register_heat(register())
    assert sum(found.counts[0].values()) == len(register().standings)
    drawn = pact_charts.heat(found, "areas")
    numbers = [int(one) for one in re.findall(r'class="middle">(\d+)<', drawn)]
    assert sum(numbers) == len(register().standings)


# --- golden ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("pact-list", ["list"]),
        ("pact-show-s06", ["show", "S06"]),
        ("pact-diff-india-canada", ["diff", "India", "Canada"]),
    ],
)
def test_reports(
    name: str,
    command: list[str],
    golden: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert cli.main(["pact", *command]) == 0
    golden(f"{name}.txt", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("was", "now", "changes", "apart"),
    [
        ("We will hold naval drills in the Pacific.", "We will hold naval drills in the Baltic.", ("reads otherwise",),
         ("Pacific", "Baltic")),
        ("Japan will pay EUR 5 million to Oslo ports.", "Japan will lend EUR 5 million to Oslo ports.",
         ("reads otherwise",), ("pay", "lend")),
        ("We will share sonar data with Norway.", "We will share sonar data with Norway and Peru.",
         ("reads otherwise",), ("", "and Peru")),
        ("We will hold port talks every year.", "We will hold port talks at least every year.",
         ("reads otherwise",), ("", "at least")),
        ("We will hold talks, on Ports.", "We will hold talks on ports!", (), ("", "")),
        ("We will buy port cranes by 2027.", "By 2027, we will buy port cranes.", (), ("", "")),
        ("We will sell port cranes to Peru.", "We may sell port cranes to Peru.",
         ("no longer a promise: permitted",), ("will", "may")),
        ("We should sell port cranes to Peru.", "We will sell port cranes to Peru.",
         ("now a promise: called for before",), ("should", "will")),
        ("We intend to sell port cranes to Peru.", "We are no longer obliged to sell port cranes to Peru.",
         ("no longer a promise: denied",), ("intend", "are no longer obliged")),
        ("We will sell port cranes to Peru.", "We reaffirm the sale of port cranes to Peru.",
         ("no longer a promise: stated",), ("will sell", "reaffirm the sale of")),
    ],
)  # fmt: skip
def test_the_same_is_the_same_words(
    tmp_path: Path, was: str, now: str, changes: tuple[str, ...], apart: tuple[str, str]
) -> None:
    title = "# Statement of Canada and Japan\n\n"
    texts = [str(written(tmp_path, title + one, name)) for one, name in ((was, "a.md"), (now, "b.md"))]
    found = agreements.diff(*texts)
    (pair,) = found.pairs
    assert (pair.changes, pair.apart) == (changes, apart)
    assert (found.only_first, found.only_second) == ((), ())


def test_a_page_tells_what_changed_from_one_day_to_another() -> None:
    page = pact_pages.comparison(agreements.diff("register@2025-11-30", "register"))
    assert "Commitments in both: 49 (the same 46, status changed 3)." in page
    assert "23 June 2025, as of 2025-11-30 and as of 2026-11-23</h1>" in page
    assert page.index("status changed</td>") < page.index("The same: 46")


def test_a_page_tells_the_words_that_differ(tmp_path: Path) -> None:
    texts = [
        str(written(tmp_path, f"Canada {modal} sell port cranes to Peru.", name))
        for modal, name in (("will", "a.txt"), ("may", "b.txt"))
    ]
    page = pact_pages.comparison(agreements.diff(*texts))
    assert "no longer a promise: permitted (“will”, then “may”)" in page
    assert "(permitted)" in page
