"""Agreements: how a text falls into sentences, items and promises; every text is written here by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jointbuy import cli, progress
from jointbuy.commitments import Promise, Sentence
from jointbuy.errors import Unusable
from jointbuy.flow import agreements, pact
from jointbuy.formats import prose
from jointbuy.formats.prose_items import Labels
from jointbuy.labels import begins, follows, ordinals
from jointbuy.pact import amounts, conditions, deadlines, reader, spoken
from jointbuy.pact.inline import pieces
from jointbuy.pact.language import language
from jointbuy.pact.overrule import key
from jointbuy.pact.reader import letter, promises_of
from jointbuy.pact.sentences import sentences
from prose_kit import W, docx, paragraph, pdf


def written(folder: Path, text: str, name: str = "text.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def said(text: str) -> list[Promise]:
    return promises_of(Sentence(text, "paragraph", 1, 1, "", 0, (), ""))


def told(found: pact.Reading) -> list[tuple[str, str]]:
    """Verb and rung of every commitment."""
    return [(one.verb, one.strength) for one in found.promises if one.commitment]


THREE = [("share", "firm"), ("consider", "explored"), ("host", "firm")]
"""Of items that share, consider and host under `will`: what is only considered is no firm promise."""
ITEMS = ("share cyber data;", "consider new sanctions; and", "host the talks.")
LABELS = {
    "letters": ("a.", "b.", "c."),
    "letters in brackets": ("(a)", "(b)", "(c)"),
    "letters and a bracket": ("a)", "b)", "c)"),
    "mixed": ("a.", "b.", "c)"),
    "chapters": ("1.1", "1.2", "1.3"),
    "numbers": ("1.", "2.", "3."),
    "numbers and a bracket": ("1)", "2)", "3)"),
    "numerals": ("i.", "ii.", "iii."),
    "numerals in brackets": ("(i)", "(ii)", "(iii)"),
    "hyphens": ("-", "-", "-"),
    "em dashes": ("—", "—", "—"),
    "en and em dashes": ("–", "—", "—"),
    "points": ("•", "•", "•"),
}


# --- items ----------------------------------------------------------------------------------


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
@pytest.mark.parametrize("apart", ["\n", "\n\n"], ids=["lines", "paragraphs"])
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_every_kind_of_label_begins_an_item(tmp_path: Path, labels: tuple[str, ...], apart: str, name: str) -> None:
    lines = ["The parties will:", *(f"{label} {item}" for label, item in zip(labels, ITEMS, strict=True))]
    found = pact.read(written(tmp_path, apart.join(lines), name))
    assert told(found) == THREE
    assert {one.actor for one in found.promises} == {"The parties"}


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_labels_typed_into_a_docx_or_a_page_are_read_too(tmp_path: Path, labels: tuple[str, ...]) -> None:
    lines = ["The parties will:", *(f"{label} {item}" for label, item in zip(labels, ITEMS, strict=True))]
    (tmp_path / "a.docx").write_bytes(docx("".join(map(paragraph, lines))))
    assert told(pact.read(tmp_path / "a.docx")) == THREE
    page = "".join(f"<p>{line}</p>" for line in lines)
    assert told(pact.read(written(tmp_path, f"<html><body>{page}</body></html>", "a.html"))) == THREE


@pytest.mark.parametrize(
    ("form", "text", "labels"),
    [
        ("lowerLetter", "(%1)", ["(a)", "(b)", "(c)"]),
        ("lowerLetter", "%1.", ["a.", "b.", "c."]),
        ("lowerRoman", "%1)", ["i)", "ii)", "iii)"]),
        ("decimal", "1.%1", ["1.1", "1.2", "1.3"]),
        ("bullet", "", ["-", "-", "-"]),
    ],
)
def test_lists_that_a_word_processor_numbers(tmp_path: Path, form: str, text: str, labels: list[str]) -> None:
    level = f'<w:lvl w:ilvl="0"><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    body = paragraph("The parties will:") + "".join(paragraph(item, listed=(1, 0)) for item in ITEMS)
    (tmp_path / "a.docx").write_bytes(docx(body, {"numbering.xml": numbering}))
    assert told(pact.read(tmp_path / "a.docx")) == THREE
    assert [one.label for one in prose.read(tmp_path / "a.docx").blocks[1:]] == labels


@pytest.mark.parametrize(
    ("attributes", "labels"),
    [
        ("type=a", ["a.", "b.", "c."]),
        ("type=A", ["A.", "B.", "C."]),
        ("type=i", ["i.", "ii.", "iii."]),
        ("", ["1.", "2.", "3."]),
        ("start=4", ["4.", "5.", "6."]),
        ('style="list-style-type: lower-alpha"', ["a.", "b.", "c."]),
        ('style="list-style: inside upper-roman"', ["I.", "II.", "III."]),
    ],
)
def test_lists_of_a_page(tmp_path: Path, attributes: str, labels: list[str]) -> None:
    items = "".join(f"<li>{item}</li>" for item in ITEMS)
    page = f"<html><body><p>The parties will:</p><ol {attributes}>{items}</ol></body></html>"
    path = written(tmp_path, page, "a.html")
    assert told(pact.read(path)) == THREE
    assert [one.label for one in prose.read(path).blocks[1:]] == labels


@pytest.mark.parametrize("labels", [LABELS["letters"], LABELS["em dashes"], LABELS["numerals"]])
def test_lists_of_a_pdf(tmp_path: Path, labels: tuple[str, ...]) -> None:
    lines = ["The parties will:", *(f"{label} {item}" for label, item in zip(labels, ITEMS, strict=True))]
    page = [(72.0, 760.0 - 13 * at, 11.0, line) for at, line in enumerate(lines)]
    (tmp_path / "a.pdf").write_bytes(pdf([page]))
    assert told(pact.read(tmp_path / "a.pdf")) == THREE


NESTED = {
    "deep": ("1.", "(a)", "(i)", "(ii)", "(b)", "2."),
    "chapters": ("1.", "1.1", "(a)", "(b)", "1.2", "2."),
}


@pytest.mark.parametrize("labels", NESTED.values(), ids=NESTED)
def test_lists_within_lists_are_told_by_their_labels(tmp_path: Path, labels: tuple[str, ...]) -> None:
    """No item is indented: what belongs to what, the labels alone say."""
    texts = ("meet to:", "plan to:", "build ports;", "explore gas;", "share data;", "host the talks.")
    lines = ["The parties will:", *(f"{label} {text}" for label, text in zip(labels, texts, strict=True))]
    found = pact.read(written(tmp_path, "\n\n".join(lines), "a.txt"))
    leads = {one.sentence.label: one.sentence.text[: one.sentence.lead].strip() for one in found.promises}
    assert leads == {
        labels[2]: "The parties will meet to plan to",
        labels[3]: "The parties will meet to plan to",
        labels[4]: "The parties will meet to",
        labels[5]: "The parties will",
    }


def test_an_indented_list_of_signs_ends_where_the_outer_one_goes_on(tmp_path: Path) -> None:
    text = "We will:\n\n- work to:\n  - mend nets;\n  - end waste;\n- pay the fee.\n"
    assert told(pact.read(written(tmp_path, text))) == [("mend", "effort"), ("end", "effort"), ("pay", "firm")]


@pytest.mark.parametrize(
    "text",
    [
        "We will pay EUR\n1.1 billion for it and build a port.",
        "We will halve it by the end of the year\n2030. We will report it.",
        "We will act under the terms of Article\n5. We will report it.",
        "- We will act under the terms of Article\n5. We will report it.",
        "We will meet the envoy of the U.S.\nand J. Smith will not attend.",
        "We will see to it, i. e. pay for it.",
        "i. e. Canada will pay for it.",
        "We will do what stands in section\np. 7 of the plan.",
        "1.5 million tonnes will be bought by Canada.",
        "Our aid, sent by air\n— and by sea — will go on.",
        "We will send aid by air,\n- by road and by sea.",
    ],
)
def test_numbers_and_letters_that_only_look_like_labels(tmp_path: Path, text: str) -> None:
    found = prose.read(written(tmp_path, text, "a.txt")).blocks
    assert [one.label for one in found] == ["-" if text.startswith("- ") else ""]


def test_a_heading_with_the_number_of_its_chapter_stays_one(tmp_path: Path) -> None:
    found = prose.read(written(tmp_path, "1.1 Maritime security\n\n1.1.1 Canada will host talks.\n", "a.txt"))
    assert [(one.place, one.label) for one in found.blocks] == [("heading", ""), ("item", "1.1.1")]


def test_labels_and_what_follows_them() -> None:
    assert ordinals("(v)") == (22, 5)
    assert follows("(h)", "i.") and follows("(ii)", "(iii)") and follows("1.2", "1.3") and follows("ix.", "x.")  # noqa: PT018
    assert not any([follows("a.", "c."), follows("1.2", "2.3"), follows("(a)", "2."), begins("b."), begins("1.2")])
    seen = Labels()
    assert seen.match("b. second") is None
    assert seen.match("a. first") is not None
    assert seen.match("b. second") is not None


@pytest.mark.parametrize(
    "lead", ["commit to the following:", "agree on the following:", "commit to the following steps:"]
)
@pytest.mark.parametrize(
    "items", [("To share data.", "To consider a port."), ("to share data;", "to consider a port.")]
)
def test_the_following_introduces_too(tmp_path: Path, lead: str, items: tuple[str, str]) -> None:
    text = f"The parties {lead}\n\n1) {items[0]}\n2) {items[1]}\n"
    assert told(pact.read(written(tmp_path, text))) == [("share", "firm"), ("consider", "explored")]


def test_a_lead_needs_no_colon_where_it_waits_for_a_verb(tmp_path: Path) -> None:
    assert told(pact.read(written(tmp_path, "The parties will\na. share data\nb. host talks\n"))) == [
        ("share", "firm"), ("host", "firm"),
    ]  # fmt: skip


def test_when_and_if_belong_to_their_item_and_what_stands_before_a_list_to_all(tmp_path: Path) -> None:
    text = "By 2030, the parties will:\n\n(a) share data within ten days;\n(b) where appropriate, invite experts; and\n"
    text += "(c) host the talks.\n"
    found = pact.read(written(tmp_path, text)).promises
    assert [(one.verb, one.deadline, one.conditions) for one in found] == [
        ("share", "within ten days", ()),
        ("invite", "By 2030", ("where appropriate",)),
        ("host", "By 2030", ()),
    ]


# --- lists within a sentence ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The parties will (a) share cyber data, (b) consider new sanctions and (c) host the talks.",
        "The parties will (i) share cyber data; (ii) consider new sanctions; and (iii) host the talks.",
        "The parties will a) share cyber data, b) consider new sanctions, and c) host the talks.",
        "The parties will: (1) share cyber data; (2) consider new sanctions; (3) host the talks.",
        "The parties will: share cyber data; consider new sanctions; and host the talks.",
        "The parties agreed: (i) to share cyber data; (ii) to consider new sanctions; and (iii) to host the talks.",
        "The parties (a) will share cyber data, (b) will consider new sanctions, and (c) will host the talks.",
    ],
)
def test_a_list_within_a_sentence(text: str) -> None:
    found = said(text)
    assert [(one.verb, one.strength) for one in found if one.commitment] == THREE
    assert [one.id for one in found] == ["p1.1a", "p1.1b", "p1.1c"]
    assert {one.sentence.text for one in found} == {text}


def test_when_and_if_of_an_item_within_a_sentence_are_its_own() -> None:
    text = (
        "The parties shall (i) meet each spring; (ii) report within 30 days; and (iii) where appropriate, invite NATO."
    )
    assert [(one.verb, one.deadline, one.conditions, one.area) for one in said(text)] == [
        ("meet", None, (), None),
        ("report", "within 30 days", (), None),
        ("invite", None, ("where appropriate",), "defence"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "In line with points (a), (b) and (c), Canada will pay.",
        "Canada will pay under (a) the treaty and (b) the plan.",
        "Canada will set up (a) a fund and (b) a hotline.",
        "Canada will pay; the fee is due in spring; and the rest later.",
        "Canada will pay (b) later and (a) never.",
    ],
)
def test_labels_before_nouns_are_no_list_of_promises(text: str) -> None:
    assert len(pieces(text)) == 1


def test_what_is_quoted_in_an_item_within_a_sentence_is_told() -> None:
    text = "We will (a) share data “at once”, and (b) host talks, or as Japan puts it, “we shall sail”."
    quoted = tuple((text.index(one), text.index(one) + len(one)) for one in ("“at once”", "“we shall sail”"))
    sentence = Sentence(text, "paragraph", 1, 1, "", 0, quoted, "")
    found = {one.verb: one.quoted for one in promises_of(sentence)}
    assert found == {"share": False, "host": False, "sail": True}


def test_more_verbs_than_letters_have_ids_of_their_own() -> None:
    assert [letter(at) for at in (0, 25, 26, 27, 51, 52, 701, 702)] == ["a", "z", "aa", "ab", "az", "ba", "zz", "aaa"]
    many = said(f"We {', '.join(['will pay'] * 30)} and will go.")
    assert len({one.id for one in many}) == len(many) == 31


# --- a series of verbs ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("We intend to end the plague, prepare for the next one, and drive forward a recovery.", "end prepare drive"),
        ("We commit to ending hunger, to train troops, and to build ports.", "ending train build"),
        ("We commit to ending hunger, training troops and building ports.", "ending training building"),
        ("Canada and the EU decided to train soldiers, build ports and share data.", "train build share"),
        ("Canada and the EU will train soldiers, build ports and share data.", "train build share"),
        ("We plan to mobilise funds; train guards; and share maps.", "mobilise train share"),
        ("We will not sell arms or train troops.", "sell train"),
        ("We will seek to cut tariffs, promote trade, and build ports.", "cut promote build"),
        # lists of nouns, aims, clauses of their own
        ("We will support peace, prosperity and security.", "support"),
        ("We will promote free and open trade.", "promote"),
        ("We plan to promote peace, trade and research exchange.", "promote"),
        ("We intend to strengthen ties, trade and transport links.", "strengthen"),
        ("We intend to fund work to reduce waste, promote trade and protect seas.", "fund"),
        ("We plan to enact rules that end waste, prepare for want and train guards.", "enact"),
        ("We will send experts to train troops and to build ports.", "send"),
        ("We will end hunger by funding farms and building roads.", "end"),
        ("We are committed to supporting partners and developing countries.", "supporting"),
        ("We intend to monitor exports and end use.", "monitor"),
        ("We intend to keep and step up our watch.", "keep"),
        ("We commit to opening, widening and keeping the road.", "opening"),
        ("We will meet at once and often to end hunger, prepare for want, and train guards.", "meet"),
        ("We will cut waste, to protect the sea and to restore our shores.", "cut"),
        ("We agreed to build ports to support and enlarge trade.", "build"),
    ],
)
def test_a_series_of_verbs_is_as_many_promises_as_it_has_verbs(text: str, verbs: str) -> None:
    assert [one.verb for one in said(text) if one.commitment] == verbs.split()


def test_a_verb_of_a_series_keeps_its_rung_and_its_own_words() -> None:
    text = "Canada intends to build ports within five years, explore gas if needed, and share data."
    assert [(one.verb, one.strength, one.deadline, one.conditions, one.clause) for one in said(text)] == [
        ("build", "intended", "within five years", (), "Canada intends to build ports within five years"),
        ("explore", "explored", None, ("if needed",), "Canada intends to … explore gas if needed"),
        ("share", "intended", None, (), "Canada intends to … share data"),
    ]
    assert [one.clause for one in said("We will not sell arms or train troops, and will go.")] == [
        "We will not sell arms", "We will not … train troops", "We … will go",
    ]  # fmt: skip


# --- sentences ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Ms. Ray will meet Mr. Poe in the U.S. Canada will attend.", 2),
        ("The talks begin at 5 p.m. Canada and Japan will attend.", 2),
        ("The U.S. Congress will vote on it.", 1),
        ("The U.S. Government and J. Smith will attend.", 1),
        ("It costs EUR 1.1 billion. See Article 5. Canada will pay.", 3),
    ],
)
def test_where_a_sentence_ends(tmp_path: Path, text: str, number: int) -> None:
    assert len(list(sentences(prose.read(written(tmp_path, text, "a.txt")).blocks))) == number


def test_a_sentence_without_end_is_cut_and_that_is_said(tmp_path: Path) -> None:
    text = "We will meet and " * 1_000 + "go."
    found = pact.read(written(tmp_path, text, "a.txt"))
    assert found.sentences == 3  # 17,003 signs, at most 6,000 each
    assert found.notes == ("cut in 2 places, where a sentence is over 6,000 signs long; one may be missed there",)
    assert pact.read(written(tmp_path, "We will meet. " * 1_000, "b.txt")).notes == ()


@pytest.mark.parametrize(
    "lines",
    [
        ["We will " + "gladly and " * 500 + "to:", *["(a) go;", "(b) go;"] * 5_000],
        ["We will:", *["(a) go to:", "(i) go to:"] * 3_000],
        ["We will " + "gladly and " * 400 + "to " + " ".join(f"({at}) go;" for at in range(1, 99))],
        ["We will:", *["- go to:", "* go to:"] * 3_000],
    ],
    ids=["long lead", "nested", "within", "signs"],
)
def test_lists_that_are_rubbish_do_not_grow(tmp_path: Path, lines: list[str]) -> None:
    """All that is read, leads with each of their items, is at most some ten times the text."""
    text = "\n".join(lines)
    every = list(sentences(prose.read(written(tmp_path, text, "a.txt")).blocks))
    read = sum(len(piece.text) for one in every for piece in pieces(one.text))
    assert read <= 12 * len(text) + 120_000
    assert max(len(one.text) for one in every) <= 20_000


def test_how_far_a_reading_is_can_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, heard = written(tmp_path, "We will meet. We will pay.", "a.txt"), []
    plain = reader.promises_of
    monkeypatch.setattr(reader, "promises_of", lambda *given: (heard.append(progress.said()), plain(*given))[1])
    pact.read(path)
    assert [one.split(",")[0] for one in heard] == ["1 of 2 sentences", "2 of 2 sentences"]
    heard.clear()
    agreements.documents([path, written(tmp_path, "We will go.", "b.txt")])
    assert [one.split(",")[0] for one in heard] == ["0 of 2 texts", "0 of 2 texts", "1 of 2 texts"]
    assert progress.said() == ""


def test_words_that_are_passed_over_say_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is quickly passed over is what a full look finds nothing in: on every sentence that is tried elsewhere."""
    text = (Path(__file__).parent / "promises.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip()]
    quick = [said(line) for line in lines]
    monkeypatch.setattr(spoken, "may_open", lambda _: True)
    for module in (amounts, conditions, deadlines):
        monkeypatch.setattr(module, "_HINTS", ("",))
    conditions._found.cache_clear()
    assert [said(line) for line in lines] == quick
    assert sum(map(len, quick)) > 100


# --- a person adds --------------------------------------------------------------------------

TWICE = "We met. We will share data and the rest.\n\nWe will pay.\n"
FIRST = "We will share data and the rest."
HEAD = "id,sentence,commitment,actor,strength,area,reason,who\n"


def row(name: str, sentence: str, says: str) -> str:
    return f"{name},{key(sentence)},{says},it is so,Ada\n"


def overruled(folder: Path, text: str, rows: str) -> pact.Reading:
    return pact.read(written(folder, text), overrulings=written(folder, HEAD + rows, "mine.csv"))


def test_a_second_and_a_third_promise_can_be_added_to_a_sentence(tmp_path: Path) -> None:
    rows = row("p1.2+2", FIRST, "yes,Canada,effort,") + row("p1.2+1", FIRST, "yes,,firm,cyber")
    rows += row("p1.1+1", "We met.", "yes,We,bound,")
    found = overruled(tmp_path, TWICE, rows)
    assert [(one.id, one.actor, one.strength, one.commitment) for one in found.promises] == [
        ("p1.1+1", "We", "bound", True),
        ("p1.2a", "We", "firm", True),
        ("p1.2+1", None, "firm", True),
        ("p1.2+2", "Canada", "effort", True),
        ("p2.1a", "We", "firm", True),
    ]
    assert [one.id for one in found.overruled] == ["p1.1+1", "p1.2+1", "p1.2+2"]
    assert found.unmet == ()
    assert len(found.scores) == len(found.promises)


def test_what_was_added_follows_its_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = row("p1.2+1", FIRST, "yes,Canada,effort,")
    moved = overruled(tmp_path, f"It was a long day.\n\n{TWICE}", rows)
    assert [(one.by.id, one.id) for one in moved.overruled] == [("p1.2+1", "p2.2+1")]
    assert [one.id for one in moved.promises] == ["p2.2a", "p2.2+1", "p3.1a"]
    given = ["pact", "read", str(tmp_path / "text.md"), "--overrule", str(tmp_path / "mine.csv")]
    assert cli.main(given) == 0
    assert "p2.2+1 (judged as p1.2+1)" in " ".join(capsys.readouterr().out.split())
    assert cli.main([*given, "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["overruled"]
    assert (entry["id"], entry["judged_as"]) == ("p2.2+1", "p1.2+1")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("p1.2b", TWICE, "its sentence, p1.2, has the verb a; a promise is added to it as p1.2+1"),
        ("p1.1a", TWICE, "its sentence, p1.1, has no verb; a promise is added to it as p1.1+1"),
        (
            "p1.2+1",
            "We met.\n\nWe pay.\n\n" + f"{FIRST}\n\n" * 2,
            "its sentence stands 2 times, none of them where it was",
        ),
        ("p1.2+1", "We met. We pay.", "the sentence there reads otherwise now"),
        ("p1.2+1", "We met.", "there is no such sentence any more"),
    ],
)
def test_why_an_entry_does_not_fit_is_true(tmp_path: Path, name: str, text: str, why: str) -> None:
    sentence = "We met." if name.startswith("p1.1") else FIRST
    found = overruled(tmp_path, text, row(name, sentence, "yes,Canada,firm,"))
    assert [one.why for one in found.unmet] == [why]
    assert all(one.words for one in found.promises)


def test_what_is_added_is_a_commitment_with_a_strength_and_needs_who_and_why(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="a promise that the reader did not find"):
        overruled(tmp_path, TWICE, row("p1.2+1", FIRST, "yes,Canada,,"))
    with pytest.raises(Unusable, match=r"reason is empty[\s\S]*who is empty"):
        overruled(tmp_path, TWICE, f"p1.2+1,{key(FIRST)},yes,Canada,firm,,,\n")


def test_of_two_entries_for_one_added_promise_neither_is_taken(tmp_path: Path) -> None:
    found = overruled(tmp_path, TWICE, 2 * row("p1.2+1", FIRST, "yes,Canada,firm,"))
    assert [one.id for one in found.promises] == ["p1.2a", "p2.1a"]
    assert [one.why for one in found.unmet] == ["lines 2, 3 speak of the same promise; keep one"] * 2


# --- what is shown --------------------------------------------------------------------------


def test_a_promise_shows_its_own_words_and_what_they_are_part_of(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "Canada will host talks and the EU will pay the fee.\n\nWe will go.\n")
    assert cli.main(["pact", "read", str(path), "--out", str(tmp_path / "out")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Canada will host talks sentence Canada will host talks and the EU will pay the fee." in out
    assert "the EU will pay the fee sentence Canada will host" in out
    assert "We will go words" in out
    found = json.loads((tmp_path / "out" / "reading.json").read_text(encoding="utf-8"))
    assert [one["clause"] for one in found["commitments"]] == [
        "Canada will host talks", "the EU will pay the fee", "We will go",
    ]  # fmt: skip
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert ">the EU will pay the fee<" in page


# --- files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), [("a.pdf", "PDF"), ("a.docx", "DOCX"), ("A.PDF", "PDF")])
def test_a_file_named_as_what_it_is_not_is_refused(tmp_path: Path, name: str, kind: str) -> None:
    with pytest.raises(Unusable, match=rf"is no {kind}: a {kind} begins with"):
        pact.read(written(tmp_path, "We will meet in the spring.", name))
    with pytest.raises(Unusable, match="empty"):
        pact.read(written(tmp_path, " ", name))


IMAGE = "q {width} 0 0 {height} 72 400 cm /I Do Q"
HEADS = [(72.0, 820.0, 8.0, "27/11/2026, 10:00"), (72.0, 20.0, 8.0, "file:///scan.html 1/1")]


def pictured(pages: list[list[tuple[float, float, float, str]]], width: int, height: int) -> bytes:
    """A PDF whose every page also draws one picture of a size in points."""
    picture = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
    return pdf(pages, drawn=IMAGE.format(width=width, height=height), xobject=picture + b"stream\n\0\nendstream")


def test_a_scan_that_a_browser_printed_is_told(tmp_path: Path) -> None:
    """Two pages that are pictures but for the lines that a browser prints on their edges, and one with text."""
    text = [(72.0, 760.0 - 13 * at, 11.0, "We will meet in the spring of the year.") for at in range(5)]
    (tmp_path / "a.pdf").write_bytes(pictured([HEADS, text], 500, 300))
    assert pact.read(tmp_path / "a.pdf").notes == (
        'running heads, feet and page numbers are left out: 2 lines, first "file:///scan.html 1/1"',
        "probably a scan: page 1 is a picture, and nothing of it is read; run text recognition (OCR) over it and give "
        "what comes out",
    )
    (tmp_path / "b.pdf").write_bytes(pictured([HEADS], 500, 300))
    assert pact.read(tmp_path / "b.pdf").notes[0].startswith("probably a scan: the PDF is a picture, with 4 words")
    (tmp_path / "c.pdf").write_bytes(pictured([HEADS], 50, 30))  # a sign on the page is no scan of it
    assert pact.read(tmp_path / "c.pdf").notes == ()


HIDDEN = [
    '<p style="display:none">We will hide.</p>',
    '<p style="color: red; Display : none !important">We will hide.</p>',
    "<p hidden>We will hide.</p>",
    '<div style="visibility:hidden"><div>We will hide.</div><p>We will hide.</div>',
    "We<span hidden> will hide and</span> met.",
    "<ul><li hidden>We will hide.<ul><li>We will hide.</ul><li>We met.</ul>",
    "<div><p hidden>We will hide.</div>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_a_page_hides_is_not_read_and_counted(tmp_path: Path, hidden: str) -> None:
    found = pact.read(written(tmp_path, f"<html><body>{hidden}<p>We will meet.</p></body></html>", "a.html"))
    assert [one.verb for one in found.promises] == ["meet"]
    assert found.notes == ("left out, since the page hides it from its readers: 1 places",)


def test_what_only_programs_that_read_aloud_skip_is_read(tmp_path: Path) -> None:
    page = '<html><body><p aria-hidden="true" style="display:block">We will meet.</p></body></html>'
    found = pact.read(written(tmp_path, page, "a.html"))
    assert (len(found.promises), found.notes) == (1, ())


def cells(*texts: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in texts) + "</w:tr>"


def test_a_promise_goes_over_the_cells_of_a_row(tmp_path: Path) -> None:
    rows = [("Canada", "will build a port by 2030."), ("The EU will build a road.", "It is long."), ("Japan", "Road")]
    (tmp_path / "a.docx").write_bytes(docx(f"<w:tbl>{''.join(cells(*one) for one in rows)}</w:tbl>"))
    table = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in one)}</tr>" for one in rows)
    written(tmp_path, f"<html><body><table>{table}</table></body></html>", "a.html")
    for name in ("a.docx", "a.html"):
        found = pact.read(tmp_path / name).promises
        assert [(one.actor, one.verb, one.deadline) for one in found] == [
            ("Canada", "build", "by 2030"), ("The EU", "build", None),
        ]  # fmt: skip
        assert found[0].sentence.text == "Canada will build a port by 2030."


ENGLISH = "Canada will host the café summit in Québec in the spring of the year. “Soon”, we said."


def test_a_text_in_windows_1252_is_read_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(ENGLISH.encode("cp1252"))
    found = pact.read(tmp_path / "a.txt")
    assert found.promises[0].sentence.text == ENGLISH.split(" “")[0]
    assert found.notes[0].startswith('this is not UTF-8; it is read as Windows-1252 (cp1252): "café", "Québec"')


@pytest.mark.parametrize(
    "data",
    [
        ENGLISH.encode("mac_roman"),
        ENGLISH.replace("café", "kąt").encode("cp1250"),
        ENGLISH.encode() + ENGLISH.encode("cp1252"),
        "Мы встретимся весной. ".encode("cp1251") * 20,
        "Die Parteien werden für die Sicherheit zusammen arbeiten und sich oft über alle Fragen beraten.".encode(
            "cp1252"
        ),
        "We met at the café.".encode("cp1252"),
        ENGLISH.encode("cp1252") + b"\x81",
    ],
    ids=["Mac", "cp1250", "both", "Cyrillic", "German", "short", "no sign"],
)
def test_bytes_that_are_neither_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(Unusable, match="not UTF-8"):
        pact.read(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("De Partijen zullen samen werken en een plan maken voor de veiligheid van het gebied, op zee en in de lucht.",
         "Dutch"),
        ("Las partes van a cooperar en el marco de la paz y de los derechos que se han acordado con el pueblo.",
         "Spanish"),
        ("De schepen varen samen naar havens en halen goederen voor scholen waar kinderen dagelijks schrijven leren.",
         "another language than English"),
        (" ".join("a" for _ in range(50)), "another language than English"),
    ],
)  # fmt: skip
def test_a_language_is_named_only_where_it_is_sure(text: str, name: str) -> None:
    assert language(text) == name


def test_a_sentence_that_may_be_foreign_does_not_vanish(tmp_path: Path) -> None:
    found = pact.read(written(tmp_path, "Le Canada will soutenir.\n\nCanada will host talks.\n"))
    assert [one.verb for one in found.promises] == ["host"]
    assert found.notes == ("line 1: a sentence that may be in another language; nothing was found in it",)
