"""Agreements: the reader on sentences written here, counting, what is refused, and the register's rule of status."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from jointbuy import cli
from jointbuy.commitments import Block, Event, Kind, Promise, Sentence
from jointbuy.errors import JointbuyError, LawError, Unusable
from jointbuy.flow import pact
from jointbuy.formats import prose
from jointbuy.pact import scores
from jointbuy.pact.areas import terms
from jointbuy.pact.count import count
from jointbuy.pact.language import language
from jointbuy.pact.reader import promises_of
from jointbuy.pact.register import HERE, entries, register, status_of
from jointbuy.pact.sentences import sentences
from jointbuy.pact.strength import RUNGS
from jointbuy.report import pact_pages


def said(text: str) -> list[Promise]:
    return promises_of(Sentence(text, "paragraph", 1, 1, "", 0, (), ""))


def only(text: str) -> Promise:
    (found,) = said(text)
    return found


def written(folder: Path, text: str, name: str = "text.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- strength, actor, modality --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rung", "commitment"),
    [
        ("The parties shall meet every spring.", "bound", True),
        ("We will open an office.", "firm", True),
        ("Canada commits to post an envoy.", "firm", True),
        ("We are committed to sharing our lists.", "firm", True),
        ("We intend to sign next year.", "intended", True),
        ("We will work towards a common licence.", "effort", True),
        ("The parties endeavour to shorten the wait.", "effort", True),
        ("Both sides will explore joint exercises.", "explored", True),
        ("We commit to considering a joint fleet.", "explored", True),
        ("We call on others to join.", "called", False),
        ("We reaffirm the value of talks.", "restated", False),
        ("We reaffirm our determination to end the trade.", "restated", True),
        ("We welcome the new bridge.", "stated", False),
        ("The leaders agreed that talks are good.", "stated", False),
        ("The leaders discussed the fleet.", "stated", False),
        ("We will continue to seek a common view.", "effort", True),
        ("We will work together with our friends to end hunger.", "firm", True),
        ("We will work swiftly to end hunger.", "effort", True),
        ("We remain committed to fair trade.", "firm", True),
        ("We stress our commitment to fair trade.", "restated", True),
        ("We stress the importance of our commitment.", "stated", False),
        ("We announce our intention to open an office.", "intended", True),
        ("We express our determination to end the trade.", "firm", True),
        ("We share the goal of ending hunger.", "effort", True),
        ("Today, we announce a new dialogue on ports.", "firm", True),
        ("We are launching a dialogue on ports.", "firm", True),
        ("We are working to open an office.", "effort", True),
        ("We continue to deepen our ties.", "firm", True),
        ("We continue to stand with the people.", "", False),
        ("We are steadfast in our commitment to peace.", "firm", True),
        ("We call on our ministers to explore a common fleet.", "explored", True),
        ("The leaders directed officials to report.", "firm", True),
        ("The two leaders will hold discussions on ports.", "explored", True),
        ("The leaders agreed on the importance of talks.", "stated", False),
        ("We look to open an office.", "intended", True),
        ("This forum will share reports.", "firm", True),
    ],
)
def test_a_promise_is_as_firm_as_its_weakest_verb(text: str, rung: str, commitment: bool) -> None:
    found = said(text)
    assert [one.strength for one in found] == [rung] * bool(rung)
    assert any(one.commitment for one in found) is commitment


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("The United States, Canada, and the Union will meet.", "The United States, Canada, and the Union"),
        ("Where a ship is lost, the competent authority of that state shall report it.", "the competent authority"),
        ("The report shall be adopted by the Council.", "the Council"),
        ("The list shall be kept in a safe.", None),
        ("This Decision shall enter into force tomorrow.", None),
        ("If the parties should agree, Japan will host the talks.", "Japan"),
        ("The suppliers, where needed, shall name a deputy.", "The suppliers"),
    ],
)
def test_who_promises(text: str, actor: str | None) -> None:
    found = said(text)[-1]
    assert (found.actor or "").startswith(actor or "")
    assert (found.actor is None) == (actor is None)
    assert found.commitment is (actor is not None)


# --- who must act in a text of law ----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        # what describes a noun stands after it
        ("A body notified under Article 31 shall keep its records.", "A body notified under Article 31"),
        ("Institutions applying models shall report the results.", "Institutions applying models"),
        ("The person liable for the duty shall pay it.", "The person liable for the duty"),
        ("States other than those in Annex I may take part.", "States other than those in Annex I"),
        ("Nationals legally staying there shall register.", "Nationals legally staying there"),
        # a clause between subject and verb
        ("Those who hold a licence shall show it.", "Those"),
        ("The State on whose territory the crash occurred shall look into it.", "The State"),
        ("Any person who may be affected shall be heard.", "Any person"),
        ("A guard who, without a reason, fails to appear shall lose the fee.", "A guard"),
        (
            "A maker, its agent or a dealer who learns that a toy is unsafe shall tell the office.",
            "its agent or a dealer",
        ),
        ("Every operator involved in the growing, drying or sale of tea shall keep a book.", None),
        ("When testing toys, the maker, taking into account their size, weight and use, shall warn the buyers.", None),
        ("Firms which are members of a group shall tell the office.", "Firms"),
        ("Cloth shall be dyed by qualified and duly authorised staff.", "qualified and duly authorised staff"),
        # some of many
        ("Each of them shall name a contact point.", "Each of them"),
        ("Not more than one judge per State may attend.", None),
        ("One third of the members may ask for a vote.", "the members"),
        ("The latter shall tell the Commission.", "The latter"),
        ("Each year before 1 March the Member States shall send their data.", "the Member States"),
        # numbers and letters of provisions
        ("Growers with less than 0,1 hectares may be exempted.", "Growers with less than 0,1 hectares"),
        (
            "The firms referred to in points (a), (b) and (c) shall pay.",
            "The firms referred to in points (a), (b) and (c)",
        ),
        ("The Member State(s) concerned shall reply.", "The Member State(s) concerned"),
        # the passive, and whose duty it is
        ("The fee shall be paid, within a month of the invoice, by the applicant.", "the applicant"),
        ("The report shall be sent by 15 May by the Member States.", "the Member States"),
        ("The pension shall be payable by the institution.", "the institution"),
        ("The position shall be in line with this and be expressed by the States.", "the States"),
        ("It shall be for the Member States to set the fines.", "the Member States"),
        ("Enforcement shall be the responsibility of the customs authorities.", "the customs authorities"),
        ("The burden of proof shall lie with the carrier.", "the carrier"),
        ("They shall be informed of the outcome.", "They"),
        # the verb does not follow its modal
        ("In no case may a State levy charges.", "a State"),
        ("The office shall by 1 June 2030 tell the Council.", "The office"),
        ("The office shall: — keep the list.", "The office"),
        ("It shall take the measures needed.", "It"),
    ],
)
def test_who_must_act(text: str, actor: str | None) -> None:
    found = [one.actor for one in said(text) if one.words[0].lower() in {"shall", "must", "may"}]
    assert found[-1] is not None
    assert actor is None or found[-1] == actor


@pytest.mark.parametrize(
    "text",
    [
        "The dossier shall hold a summary.",
        "Explosives precursors shall be put in two groups.",
        "The information provided by the operator shall be in writing.",
        "The limits shall be worked out by a method approved by the Commission.",
        "The tests shall be done in rooms chosen by the States.",
        "They shall not exceed three pages.",
        "It shall take effect at once.",
        "It shall remain in force for three years.",
        "The costs of the laboratory's visits shall be eligible.",
        "Imports of meat shall be authorised from there.",
        "Annex II shall set out the criteria.",
        "The service shall be available in all languages.",
        "The unit shall be the metre.",
        "The assembly shall be tested at 20 °C.",
        "The former shall not exceed the latter.",
        "Operator training programmes shall last a week.",
        "Trade in ivory, including by dealers, shall be subject to a permit.",
        "The period within which the applicant may appeal shall be two months.",
        "The papers which the applicant must show shall be those of Annex I.",
        "This Article shall not affect measures that Member States may adopt.",
        "At least one shall be a spare.",
    ],
)
def test_where_nobody_must_act(text: str) -> None:
    assert [one.actor for one in said(text)] == [None] * len(said(text))
    assert said(text)


@pytest.mark.parametrize(
    ("text", "modality", "negated"),
    [
        ("The supplier shall deliver the hulls.", "obligation", False),
        ("The supplier may deliver early.", "permission", False),
        ("The supplier shall be entitled to a fee.", "permission", False),
        ("The supplier shall not sell the hulls.", "prohibition", True),
        ("We will never sell the hulls.", "prohibition", True),
    ],
)
def test_duty_leave_and_ban(text: str, modality: str, negated: bool) -> None:
    found = only(text)
    assert (found.modality, found.negated) == (modality, negated)


def test_two_promises_in_a_sentence_are_two() -> None:
    found = said("Canada will open an office by 31 March 2027 and the Union will, where appropriate, send experts.")
    assert [(one.actor, one.verb, one.deadline, one.conditions) for one in found] == [
        ("Canada", "open", "by 31 March 2027", ()),
        ("the Union", "send", None, ("where appropriate",)),
    ]
    assert [one.id for one in found] == ["p1.1a", "p1.1b"]


def test_two_verbs_under_one_modal_are_two_promises_unless_they_share_their_object() -> None:
    assert [one.verb for one in said("We will strengthen patrols and develop a common plan.")] == [
        "strengthen",
        "develop",
    ]
    assert [one.verb for one in said("We will strengthen and deepen our patrols.")] == ["strengthen"]
    assert [one.verb for one in said("We will fund efforts to reduce waste and promote trade.")] == ["fund"]


@pytest.mark.parametrize(
    "text", ["The will of the people is strong.", "In May we met.", "Measures agreed by the Council are kept."]
)
def test_words_that_look_like_promises_are_none(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("They welcomed the bridge and agreed to build another.", [("stated", "They"), ("firm", "They")]),
        ("The leaders met in Rome to reaffirm their commitment to peace.", [("restated", "The leaders")]),
        ("We welcome the plan, committing to carry it out.", [("stated", "We"), ("firm", "We")]),
        ("We urge them to lay down arms and resolve the matter.", [("called", "We")]),
        ("Japan, for its part, plans to open an office.", [("intended", "Japan")]),
        ("Japan has committed ten ships.", []),
        (
            "President Smith and Prime Minister Jones agreed to meet.",
            [("firm", "President Smith and Prime Minister Jones")],
        ),
    ],
)
def test_who_says_a_second_verb(text: str, told: list[tuple[str, str]]) -> None:
    assert [(one.strength, one.actor) for one in said(text)] == told


def test_what_others_must_do_is_no_promise_where_a_text_speaks_as_we(tmp_path: Path) -> None:
    ours = "We will meet in spring. We will open an office. Norway must leave the hills."
    found = pact.read(written(tmp_path, ours, "a.txt")).promises
    assert [(one.strength, one.commitment) for one in found] == [("firm", True), ("firm", True), ("called", False)]
    theirs = "Norway must leave the hills. Sweden must close the pass."
    assert all(one.commitment for one in pact.read(written(tmp_path, theirs, "b.txt")).promises)


def test_the_words_that_were_matched_are_shown() -> None:
    assert only("We will continue to work to ensure supply.").words == ("will", "continue", "work", "ensure")


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("We will halve it by 2030.", "by 2030"),
        ("We will report within 30 days of the launch.", "within 30 days of the launch"),
        ("We will decide at our next summit.", "at our next summit"),
        ("We will be led by experts.", None),
    ],
)
def test_deadlines(text: str, deadline: str | None) -> None:
    assert only(text).deadline == deadline


def test_areas_are_told_by_their_words() -> None:
    assert only("We will share reports on cyberattacks.").area == "cyber"
    assert only("We will govern AI together.").area == "technology"
    assert only("We said that we will aid them.").area is None
    assert len(dict(terms().titles)) == len(terms().titles)


# --- sentences, lists, quotations -----------------------------------------------------------

LIST = """# Cooperation

Some words about it, e.g. on the U.S. side. It was long.

The parties will:

- hold a yearly talk;
- explore drills; and
- not share the list.

This is over. “We shall never yield,” he said.
"""


def test_items_are_read_with_what_introduces_them(tmp_path: Path) -> None:
    found = pact.read(written(tmp_path, LIST)).promises
    told = [(one.sentence.line, one.actor, one.verb, one.strength, one.negated, one.quoted) for one in found]
    assert told == [
        (7, "The parties", "hold", "firm", False, False),
        (8, "The parties", "explore", "explored", False, False),
        (9, "The parties", "share", "firm", True, False),
        (11, "We", "yield", "bound", True, True),
    ]


def test_a_list_within_a_sentence_is_taken_apart(tmp_path: Path) -> None:
    text = "The parties shall: (a) meet each spring; (b) report to both houses; and (c) pay their own way."
    found = pact.read(written(tmp_path, text, "text.txt")).promises
    assert [(one.actor, one.verb) for one in found] == [("The parties", verb) for verb in ("meet", "report", "pay")]


def test_every_item_of_a_list_is_a_promise_and_what_introduces_it_is_none(tmp_path: Path) -> None:
    text = "We resolve to work together and with others to:\n\n- end waste;\n- mend nets.\n\n"
    text += "We will help by:\n\n- paying.\n"
    found = pact.read(written(tmp_path, text)).promises
    assert [(one.sentence.line, one.verb, one.commitment) for one in found] == [
        (3, "end", True),
        (4, "mend", True),
        (8, "help", True),
    ]


def test_sentences_do_not_end_at_abbreviations(tmp_path: Path) -> None:
    blocks = prose.read(written(tmp_path, LIST)).blocks
    texts = [one.text for one in sentences(blocks)]
    assert texts[1:3] == ["Some words about it, e.g. on the U.S. side.", "It was long."]


def test_a_pronoun_stands_for_who_acted_before(tmp_path: Path) -> None:
    found = pact.read(written(tmp_path, "Both parties will meet in spring. They will report on it.", "a.txt")).promises
    assert [(one.actor, one.meant) for one in found] == [("Both parties", "Both parties"), ("They", "Both parties")]


def test_html_is_read_without_its_scripts(tmp_path: Path) -> None:
    page = (
        "<html><head><style>p{}</style></head><body><h1>Title</h1><script>We shall not. </script>\n<p>We will"
        "\n<b>co</b>operate.</p><ol type=a><li><p>First</p></li></ol><div class=footnotes>Small print</div></body>"
    )
    found = prose.read(written(tmp_path, page, "page.html"))
    told = [(block.text, block.place, block.label) for block in found.blocks]
    assert told == [
        ("Title", "heading", ""),
        ("We will cooperate.", "paragraph", ""),
        ("First", "item", "a."),
        ("Small print", "footnote", ""),
    ]
    assert found.notes == ("left out, not run: 1 head, 1 script",)
    assert found.blocks[1].lines[0] == (0, 2)


# --- counting -------------------------------------------------------------------------------

COUNTED = (
    Block("Cyber matters", "heading", ((0, 1),)),
    Block("Cyber-attacks, cyberspace and the Encyberment of cyber tools", "paragraph", ((0, 3), (27, 4))),
    Block("cyber", "footnote", ((0, 9),)),
)


@pytest.mark.parametrize(
    ("rule", "headings", "footnotes", "number"),
    [
        ("word", True, True, 4),
        ("stem", True, True, 5),
        ("substring", True, True, 6),
        ("word", False, True, 3),
        ("word", False, False, 2),
    ],
)
def test_counting_follows_its_rule(rule: str, headings: bool, footnotes: bool, number: int) -> None:
    found = count(COUNTED, "CYBER", rule, headings=headings, footnotes=footnotes)  # type: ignore[arg-type]
    assert found.count == len(found.lines) == sum(dict(found.by_place).values()) == number


def test_counted_words_have_their_lines() -> None:
    assert count(COUNTED, "cyber").lines == (1, 3, 4, 9)
    assert count(COUNTED, "cyber  tools").count == 1


# --- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.txt", "empty"),
        (b"%PDF-1.7", "a.txt", "the PDF is broken"),
        (b"PK\x03\x04", "a.docx", "does not unpack"),
        (b"\xd0\xcf\x11\xe0", "a.doc", "word processor"),
        (b"caf\xe9 shall be", "a.txt", "0xe9"),
        (b"a\0b", "a.txt", "zero bytes"),
        (b"x" * (prose.MAX_BYTES + 1), "a.txt", "too large"),
        (b"<html><script>We will</script>", "a.html", "1 script"),
        (
            b"Die Parteien werden in den Fragen der Sicherheit eng und auf Dauer zusammen arbeiten.",
            "a.txt",
            "German",
        ),
        ("Стороны будут сотрудничать".encode(), "a.txt", "other than Latin"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, data: bytes, name: str, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Unusable, match=words):
        pact.read(tmp_path / name)


def test_a_paragraph_in_another_language_is_marked_and_not_read(tmp_path: Path) -> None:
    french = "Les parties ont convenu de poursuivre la coopération dans le domaine de la défense et de la sécurité."
    found = pact.read(written(tmp_path, f"{'We will meet in the spring of the year. ' * 3}\n\n{french}\n"))
    assert found.notes == ("line 3: a paragraph that looks like French is not read",)
    assert len(found.promises) == 3
    assert language(french) == "French"


def test_a_term_without_letters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JointbuyError, match="no term"):
        pact.read(written(tmp_path, "We will meet."), [";"])


# --- the register ---------------------------------------------------------------------------


def happened(*events: tuple[int, Kind, str]) -> list[Event]:
    return [
        Event(f"E{day}", date(2026, 1, day), None, True, kind, "", (), "", confidence)  # type: ignore[arg-type]
        for day, kind, confidence in events
    ]


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ([], "no evidence found"),
        ([(1, "step", "high")], "no evidence found"),
        ([(1, "signed", "low")], "no evidence found"),
        ([(2, "signed", "high"), (1, "concluded", "high")], "signed"),
        ([(1, "signed", "high"), (2, "announced", "high")], "signed"),
        ([(1, "in force", "high"), (2, "lapsed", "medium")], "lapsed"),
        ([(1, "lapsed", "high"), (2, "under way", "high")], "under way"),
        ([(1, "signed", "high"), (2, "contradicted", "high"), (3, "step", "high")], "contradicted"),
    ],
)
def test_status_follows_from_events(events: list[tuple[int, Kind, str]], status: str) -> None:
    assert status_of(happened(*events))[0] == status


def test_safe_moves_with_its_events() -> None:
    """By hand from the facts on the law (§2): mandate of 18 September 2025, talks ended on 1 December, endorsed on
    the 19th, signature authorised on 11 February 2026, signed and applied provisionally on the 14th, consent
    on 19 or 20 May.
    """
    days = {
        "2025-06-22": ("not yet made", None),
        "2025-06-23": ("no evidence found", None),
        "2025-09-17": ("no evidence found", None),
        "2025-09-18": ("under way", "E12"),
        "2025-11-30": ("under way", "E12"),
        "2025-12-01": ("concluded", "E03"),
        "2025-12-19": ("concluded", "E03"),
        "2026-02-11": ("concluded", "E03"),
        "2026-02-13": ("concluded", "E03"),
        "2026-02-14": ("provisionally applied", "E07"),
        "2026-05-20": ("provisionally applied", "E07"),
        "2026-11-23": ("provisionally applied", "E07"),
    }
    for day, (status, because) in days.items():
        (found,) = (one for one in register(date.fromisoformat(day)).standings if one.commitment.id == "S06")
        assert (day, found.status, found.because and found.because.id) == (day, status, because)


def test_what_the_law_has_happened_stands_in_the_register() -> None:
    """Kind, day and confidence of the events on SAFE, by hand from the facts on the law (§2)."""
    told = {one.id: (one.on.isoformat(), one.kind, one.confidence) for one in register().events if "S06" in one.touches}
    assert told == {
        "E12": ("2025-09-18", "under way", "medium"),
        "E03": ("2025-12-01", "concluded", "high"),
        "E04": ("2025-12-02", "step", "high"),
        "E05": ("2025-12-19", "step", "high"),
        "E13": ("2026-02-11", "step", "high"),
        "E14": ("2026-02-14", "signed", "high"),
        "E07": ("2026-02-14", "provisionally applied", "high"),
        "E11": ("2026-05-19", "step", "high"),
        "E15": ("2026-09-24", "step", "medium"),
        "E16": ("2026-09-24", "step", "medium"),
    }


def test_before_it_was_made_there_was_nothing() -> None:
    before = register(date(2020, 1, 1))
    assert {one.status for one in before.standings} == {"not yet made"}
    assert {one.compliance.score for one in before.standings} == {None}
    assert (before.events, before.average.scored, before.average.mean) == ((), 0, None)
    assert {one.status for one in before.partnerships} == {"not signed on that day"}
    assert before.notes == ("On 2020-01-01 nothing of it had been promised: the agreements were signed on 2025-06-23.",)
    assert register(date(2025, 6, 23)).notes == ()


def test_partners_of_which_no_signature_was_found() -> None:
    """Iceland, Australia and Ghana were announced on 9 March 2026; that of Iceland is of 2026."""
    told = {
        day: {one.id: one.status for one in register(date.fromisoformat(day)).partnerships}
        for day in ("2026-03-08", "2026-03-09", "2026-11-23")
    }
    assert [told[day]["sdp-is"] for day in told] == [
        "not signed on that day",
        "announced; signed in 2026, day not found",
        "signed in 2026, day not found",
    ]
    assert [told[day]["sdp-gh"] for day in told] == ["not signed on that day", *["announced, no signature found"] * 2]


@pytest.mark.parametrize("command", [["list"], ["show", "S06"], ["show", "E07"], ["diff", "UK", "Canada"]])
def test_a_day_after_the_data_is_told(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = [] if command[0] == "show" else ["--out", str(tmp_path)]
    assert cli.main(["pact", *command, "--on", "2030-01-01", *out]) == 0
    words = "what happened between then and 2030-01-01 is not known"
    assert words in " ".join(capsys.readouterr().out.split())
    assert not out or words in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert cli.main(["pact", *command, "--on", "2026-11-23"]) == 0
    assert "is not known" not in capsys.readouterr().out


def test_where_no_verb_was_reported_neither_was_how_firm_it_is(tmp_path: Path) -> None:
    """By hand from the facts on the pact: of the statement only J01, J03, J05, J22 (and S06, S11) have a verb."""
    found = register()
    missing = {one.commitment.id for one in found.standings if one.commitment.strength == "not reported"}
    assert missing == {f"J{at:02}" for at in range(1, 27)} - {"J01", "J03", "J05", "J22"}
    assert {one.legal.obligation for one in found.standings if one.commitment.id in missing} == {"not reported"}
    assert {one.compliance.score for one in found.standings if one.commitment.id in missing} == {None}
    # 49 without 22, and without the view J01.
    assert (found.average.scored, found.average.of, found.average.unreported) == (2, 26, 22)
    assert {one.commitment.strength for one in found.others} == {"not reported", "firm", "explored"}
    for name in ("commitments.yaml", "events.yaml", "others.yaml"):
        text = (HERE / name).read_text(encoding="utf-8")
        written(tmp_path, text.replace('verb: "align"', 'verb: "not reported"'), name)
    with pytest.raises(LawError, match='"J05": verb and strength'):
        entries(tmp_path)


def test_high_confidence_needs_the_primary_source_or_several(tmp_path: Path) -> None:
    for name in ("commitments.yaml", "events.yaml", "others.yaml"):
        text = (HERE / name).read_text(encoding="utf-8")
        written(tmp_path, text.replace('source: "CBC; Politico"', 'source: "CBC"'), name)
    with pytest.raises(LawError, match='"S06" cannot be of high confidence'):
        entries(tmp_path)


def test_precision_and_delegation_follow_from_what_was_reported() -> None:
    """No deadline and no amount was reported of any: precision is low, and nobody is delegated (facts, §1)."""
    found = register()
    assert {(one.legal.precision, one.legal.delegation) for one in (*found.standings, *found.others)} == {
        ("low", "none")
    }
    one = found.standings[0].commitment
    dated = replace(one, deadline="by 2030")
    both = replace(dated, amounts=("EUR 10 million",), delegated="a court of arbitration")
    told = [scores.reported(each, binds=False) for each in (one, dated, both)]
    assert [each.precision for each in told] == ["low", "medium", "high"]
    assert [each.delegation for each in told] == ["none", "none", "high"]


def test_every_id_can_be_shown(capsys: pytest.CaptureFixture[str]) -> None:
    found = register()
    ids = [one.commitment.id for one in (*found.standings, *found.others)]
    for kept in (found.events, found.agreements, found.partnerships, found.basis):
        ids += [one.id for one in kept]
    assert {"GB01", "E07", "sdp-gb", "sdp-2025", "ceta"} <= set(ids)
    for name in ids:
        assert cli.main(["pact", "show", name]) == 0
        assert capsys.readouterr().out.startswith(f"{name}: ")
        assert cli.main(["pact", "show", name, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["id"] == name
    assert cli.main(["pact", "show", "Japan"]) == 0
    assert capsys.readouterr().out.startswith("sdp-jp: ")
    assert cli.main(["pact", "show", "e07", "--on", "2025-12-01"]) == 2
    assert "after 2025-12-01" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["list"], ["diff", "UK", "Canada"], ["diff", "register", "register@2025-11-30"]])
def test_nothing_is_wider_than_80_columns(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert cli.main(["pact", *command]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    if command == ["list"]:
        rows = [line for line in lines if line[2:5] in {one.commitment.id for one in register().standings}]
        assert len(rows) == len(register().standings)
        assert all(line.endswith(("found", "concluded", "applied", "under way")) for line in rows)


def test_every_area_of_the_agreements_has_its_place() -> None:
    wanted = (
        "maritime cyber hybrid interference technology space mobility industry ukraine sanctions energy minerals "
        "standards trade digital climate research justice middleeast iran women"
    )
    assert set(wanted.split()) <= {one.commitment.area for one in register().standings}
    assert {one.commitment.strength for one in register().standings} <= {*RUNGS, "not reported"}


def test_no_status_is_typed_in() -> None:
    assert "status" not in (HERE / "commitments.yaml").read_text(encoding="utf-8")


def test_faults_of_a_register_are_all_told(tmp_path: Path) -> None:
    for name in ("commitments.yaml", "events.yaml", "others.yaml"):
        text = (HERE / name).read_text(encoding="utf-8")
        text = text.replace("touches: S06", "touches: S66", 1).replace("strength: effort", "strength: iron", 1)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LawError, match=r'"iron" is no strength[\s\S]*touches "S66"'):
        entries(tmp_path)


# --- the command line -----------------------------------------------------------------------


def test_pact_read_as_json_and_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, LIST)
    assert cli.main(["pact", "read", str(path), "--count", "list", "--json", "--out", str(tmp_path / "out")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["terms"]["list"]["count"] == 1
    first = found["commitments"][0]
    assert {"line", "text", "actor", "strength", "verb", "area", "deadline"} <= set(first)
    assert (first["line"], first["actor"], first["area"]) == (7, "The parties", None)
    names = ["areas.svg", "promises.csv", "reading.json", "report.html"]
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == names


def test_a_page_lists_what_was_found_and_is_no_commitment(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "We will meet. We call on others to join. We may stay. We welcome it. We do not commit to a date. It is "
        "clear that this will help. We recall the treaty.",
    )
    page = pact_pages.reading(pact.read(path))
    part = page[page.index("Found, and no commitment") :]
    for kind in ("permitted", "denied", "asked of others", "a view", "said again", "nobody acts"):
        assert f"<summary>{kind}: 1</summary>" in part
    assert "Found, and no commitment" not in pact_pages.reading(pact.read(written(tmp_path, "We will meet.")))


def test_pact_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["pact", "show", "s06", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "provisionally applied"
    assert cli.main(["pact", "list"]) == 0
    assert "75 %" not in capsys.readouterr().out
    assert cli.main(["pact", "list"]) == 0
    assert "as reported" in capsys.readouterr().out
    assert cli.main(["pact", "show", "X1"]) == 2
    assert "pact list" in capsys.readouterr().err
