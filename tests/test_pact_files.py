"""PDF and DOCX as texts of agreements: what stands where, and what is refused in words."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from pathlib import Path

import pypdf
import pytest

from jointbuy import cli
from jointbuy.commitments import Prose
from jointbuy.errors import Unusable
from jointbuy.flow import pact
from jointbuy.formats import prose, prose_docx, prose_pdf
from jointbuy.formats.prose_items import Labels
from prose_kit import W, docx, paragraph, pdf


def text_of(folder: Path, data: bytes, name: str) -> Prose:
    (folder / name).write_bytes(data)
    return prose.read(folder / name)


def told(found: Prose) -> list[tuple[str, str, int]]:
    """Place, text and the number of the place of every block."""
    return [(block.place, block.text, block.lines[0][1]) for block in found.blocks]


# --- PDF ------------------------------------------------------------------------------------

LEFT, SIZE = 72.0, 11.0


def column(*lines: str, top: float = 760.0) -> list[tuple[float, float, float, str]]:
    """Lines 13 points apart; an empty one ends a paragraph."""
    return [(LEFT, top - 13 * at, SIZE, line) for at, line in enumerate(lines) if line]


def test_a_pdf_is_read_by_page_without_what_runs_through_it(tmp_path: Path) -> None:
    pages = [
        [
            (LEFT, 810, 9.0, "Joint Statement, draft of 3 May"),
            (LEFT, 760, 16.0, "Cooperation at sea"),
            *column("The parties will deepen their coop-", "eration at sea. They will hold a long-", top=730),
            (300, 30, 9.0, "Page 1 of 3"),
        ],
        [
            (LEFT, 810, 9.0, "Joint Statement, draft of 3 May"),
            *column("term dialogue on patrols each year.", "", "Long talks have a term: • ends soon."),
            (LEFT + 3, 120, 5.0, "1"),
            (LEFT + 8, 118, 8.0, "As agreed in 2020; it will be"),
            (LEFT, 108, 8.0, "looked at again."),
            (300, 30, 9.0, "Page 2 of 3"),
        ],
        [
            (LEFT, 810, 9.0, "Joint Statement, draft of 3 May"),
            *column("• send experts;", "• share reports on trade in"),
            (300, 30, 9.0, "Page 3 of 3"),
        ],
    ]
    found = text_of(tmp_path, pdf(pages), "a.pdf")
    assert found.unit == "page"
    assert told(found) == [
        ("heading", "Cooperation at sea", 1),
        (
            "paragraph",
            "The parties will deepen their cooperation at sea. They will hold a long-term dialogue on patrols each "
            "year.",
            1,
        ),
        ("paragraph", "Long talks have a term: • ends soon.", 2),
        ("footnote", "As agreed in 2020; it will be looked at again.", 2),
        ("item", "send experts;", 3),
        ("item", "share reports on trade in", 3),
    ]
    assert found.notes == ('running heads, feet and page numbers are left out: 6 lines, first "Page 1 of 3"',)


def test_a_sentence_of_a_pdf_is_told_by_the_page_on_which_it_begins(tmp_path: Path) -> None:
    pages = [column("We met in the spring of the year and we"), column("were glad of it. We will meet again in May.")]
    (tmp_path / "a.pdf").write_bytes(pdf(pages))
    (found,) = pact.read(tmp_path / "a.pdf").promises
    assert (found.verb, found.sentence.line) == ("meet", 2)


def test_marks_that_point_to_footnotes_are_no_words(tmp_path: Path) -> None:
    line = [(LEFT, 700, SIZE, "We will meet."), (140.0, 705, 6.0, "12"), (150.0, 700, SIZE, " They will not.")]
    assert told(text_of(tmp_path, pdf([line]), "a.pdf")) == [("paragraph", "We will meet. They will not.", 1)]


def test_cells_that_stand_far_apart_are_not_one_sentence(tmp_path: Path) -> None:
    row = [
        (LEFT, 700, SIZE, "Area"),
        (200.0, 700, SIZE, "Norway will pay."),
        (LEFT, 680, SIZE, "We"),
        (120.0, 680, SIZE, "will go."),
    ]
    assert told(text_of(tmp_path, pdf([row]), "a.pdf")) == [
        ("heading", "Area", 1),
        ("paragraph", "Norway will pay. We will go.", 1),  # a line as far below as all others
    ]


def test_halves_of_a_word_that_stands_whole_elsewhere_are_joined(tmp_path: Path) -> None:
    found = text_of(
        tmp_path,
        pdf([column("We will share secu rity reports on security.", "", "We may be here, or may go, maybe.")]),
        "a.pdf",
    )
    # `may be` is no split word: each half stands elsewhere too, as words do.
    said = "We will share security reports on security. We may be here, or may go, maybe."
    assert [block.text for block in found.blocks] == [said]
    assert found.notes == ("words that were split in two and stand whole elsewhere are joined: 1",)


def test_a_name_with_a_hyphen_is_one_over_the_end_of_a_line(tmp_path: Path) -> None:
    found = text_of(
        tmp_path, pdf([column("We will open the Cross-", "Border Forum of the U.S.-", "Canada talks.")]), "a.pdf"
    )
    assert told(found) == [("paragraph", "We will open the Cross-Border Forum of the U.S.-Canada talks.", 1)]


def test_pages_that_are_all_alike_keep_their_text(tmp_path: Path) -> None:
    found = text_of(tmp_path, pdf([column("We will meet.")] * 3), "a.pdf")
    assert [text for _, text, _ in told(found)] == ["We will meet."] * 3


def test_pages_of_pictures_are_said(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"holds no text: its 2 pages are pictures.*OCR"):
        text_of(tmp_path, pdf([[], []]), "scan.pdf")
    found = text_of(tmp_path, pdf([column("We will meet in the spring."), []]), "half.pdf")
    assert found.notes == ("without text, perhaps pictures, and not read: page 2",)


def bomb() -> bytes:
    """A page that unpacks to 60 MB."""
    return zlib.compress(b"0 0 m " * 10_000_000, 9)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n", "broken"),
        (b"%PDF-1.7\n" + b"1 0 obj <</A 1 0 R>> endobj " * 50, "broken"),
        (pdf([column("We will meet.")])[:300], "the PDF is broken"),
        (pdf([], streams=[bomb()]), "more than is read"),
    ],
    ids=["head alone", "no tree", "cut off", "bomb"],
)
def test_a_pdf_that_cannot_be_read_is_refused_in_words(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        text_of(tmp_path, data, "a.pdf")


@pytest.mark.parametrize("password", ["", "known to few"])
def test_a_pdf_that_all_may_read_is_read_and_one_with_a_password_refused(tmp_path: Path, password: str) -> None:
    """pypdf itself writes the encrypted file, with the oldest cipher, which needs no other library."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf([column("We will meet.")])))
    writer.encrypt(password, owner_password="of the owner", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    if password:
        with pytest.raises(Unusable, match="the PDF is encrypted"):
            text_of(tmp_path, made.getvalue(), "a.pdf")
    else:
        assert told(text_of(tmp_path, made.getvalue(), "a.pdf")) == [("paragraph", "We will meet.", 1)]


def test_a_pdf_with_too_many_pages_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prose_pdf, "MAX_PAGES", 2)
    with pytest.raises(Unusable, match="3 pages, and at most 2"):
        text_of(tmp_path, pdf([column("We will meet.")] * 3), "a.pdf")
    monkeypatch.setattr(prose_pdf, "_MAX_STEPS", 3)
    with pytest.raises(Unusable, match="more than 3 steps"):
        text_of(tmp_path, pdf([column("We will meet.")]), "b.pdf")


def test_a_marking_above_every_page_is_seen(tmp_path: Path) -> None:
    pages = [[(LEFT, 820, 9.0, "RESTREINT UE/EU RESTRICTED"), *column(f"We will meet in {at}.")] for at in range(3)]
    with pytest.raises(Unusable, match="marked"):
        text_of(tmp_path, pdf(pages), "a.pdf")


# --- DOCX -----------------------------------------------------------------------------------

NUMBERING = f"""<w:numbering {W}>
<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%1)"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>
</w:numbering>"""
STYLES = f"""<w:styles {W}><w:style w:styleId="U1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="V1"><w:name w:val="toc 1"/></w:style></w:styles>"""
FOOTNOTES = f"""<w:footnotes {W}><w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>-</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="2">{paragraph("As agreed in 2020.")}</w:footnote></w:footnotes>"""
REFERENCE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
DELETED = "<w:del><w:r><w:t>never </w:t><w:delText>never </w:delText></w:r></w:del>"
DOUBLED = (
    "<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box we will sing.</w:t></w:r></w:p>"
    "</w:txbxContent></mc:Choice><mc:Fallback><w:p><w:r><w:t>In a box we will sing.</w:t></w:r></w:p></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


def test_a_docx_is_read_by_paragraph(tmp_path: Path) -> None:
    body = [
        paragraph("Cooperation . . . 3", "V1"),
        paragraph("A heading that ends in a stop.", "U1"),
        paragraph("The parties will:", inside=REFERENCE),
        paragraph("meet;", listed=(1, 0)),
        paragraph("report:", listed=(1, 0)),
        paragraph("to both", listed=(1, 1)),
        paragraph("and rest.", listed=(1, 0)),
        paragraph("They will ", inside=DELETED + "<w:r><w:noBreakHyphen/><w:tab/><w:t>stay.</w:t></w:r>"),
        paragraph("(d) typed by hand"),
        paragraph("a point", listed=(2, 0)),
        paragraph("Box:", inside=DOUBLED),
        paragraph("", inside="<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>"),
    ]
    parts = {"styles.xml": STYLES, "numbering.xml": NUMBERING, "footnotes.xml": FOOTNOTES}
    parts["header1.xml"] = f"<w:hdr {W}>{paragraph('Draft 3')}</w:hdr>"
    found = text_of(tmp_path, docx("".join(body), parts), "a.docx")
    assert found.unit == "paragraph"
    assert told(found) == [
        ("heading", "A heading that ends in a stop.", 2),
        ("paragraph", "The parties will:", 3),
        ("footnote", "As agreed in 2020.", 3),
        ("item", "meet;", 4),
        ("item", "report:", 5),
        ("item", "to both", 6),
        ("item", "and rest.", 7),
        ("paragraph", "They will - stay.", 8),
        ("item", "typed by hand", 9),
        ("item", "a point", 10),
        ("paragraph", "Box:", 11),
        ("paragraph", "In a box we will sing.", 12),
    ]
    labels = [block.label for block in found.blocks if block.place == "item"]
    assert labels == ["(a)", "(b)", "i.", "(c)", "(d)", "-"]
    assert found.notes == (
        "left out: deleted text (1 places)",
        "left out: hidden text (1 places)",
        "left out: running heads and feet",
    )


def test_items_of_a_docx_are_read_with_what_introduces_them(tmp_path: Path) -> None:
    body = paragraph("Both parties will:") + paragraph("meet in spring;", listed=(1, 0))
    (tmp_path / "a.docx").write_bytes(docx(body, {"numbering.xml": NUMBERING}))
    (found,) = pact.read(tmp_path / "a.docx").promises
    assert (found.actor, found.verb, found.sentence.line) == ("Both parties", "meet", 2)


def run(text: str, of: str = "") -> str:
    return f'<w:r><w:rPr>{of}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_struck_text_of_a_docx_is_not_read(tmp_path: Path) -> None:
    styles = (
        f'<w:styles {W}><w:style w:styleId="Cut"><w:rPr><w:strike/></w:rPr></w:style>'
        '<w:style w:styleId="Plain"><w:rPr><w:strike w:val="0"/></w:rPr></w:style></w:styles>'
    )
    parts = (
        *(run("We will "), run("pay ", "<w:strike/>"), run("host ", '<w:strike w:val="false"/>')),
        *(
            run("and fund ", '<w:dstrike w:val="1"/>'),
            run(" ", "<w:strike/>"),
            run("talks", '<w:rStyle w:val="Plain"/>'),
        ),
        *(run(" and wars", '<w:rStyle w:val="Cut"/>'), run(".")),
    )
    # Of the mark of a paragraph, and of a whole one but for a run that takes it back.
    mark = "<w:pPr><w:rPr><w:strike/></w:rPr></w:pPr>"
    body = f"<w:p>{mark}{''.join(parts)}</w:p>" + paragraph(
        "The fund ends. ", "Cut", inside=run("It stays.", '<w:strike w:val="0"/>')
    )
    found = text_of(tmp_path, docx(body, {"styles.xml": styles}), "a.docx")
    assert [block.text for block in found.blocks] == ["We will host talks.", "It stays."]
    assert found.notes == ("left out: struck text (4 runs)",)


def archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in parts.items():
            written.writestr(name.replace("_", "/").replace("/xml", ".xml"), data)
    return made.getvalue()


def locked(data: bytes) -> bytes:
    """An archive whose parts are marked as encrypted."""
    made = bytearray(data)
    for at in range(len(made)):
        if made.startswith(b"PK\x01\x02", at):
            made[at + 8] |= 1
    return bytes(made)


ENTITIES = '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (docx(paragraph("&b;").replace("&amp;", "&"), before=ENTITIES), "document type definition"),
        (docx(paragraph("&a;").replace("&amp;", "&"), before=OUTSIDE), "document type definition"),
        (docx("<w:p>")[:-40], "does not unpack"),
        (docx("<w:p>"), "does not parse"),
        (
            locked(docx("")),
            "encrypted",
        ),
        (archive(xl_workbook_xml=b"<a/>"), "a workbook"),
        (archive(content_xml=b"<a/>"), "OpenDocument"),
        (archive(some_xml=b"<a/>"), "an archive"),
        (docx(""), "no text in the file"),
    ],
    ids="entities outside cut-off unclosed encrypted workbook odt archive empty".split(),
)
def test_a_docx_that_cannot_be_read_is_refused_in_words(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        text_of(tmp_path, data, "a.docx")


def test_a_docx_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unusable, match="unpacked, over 100,000,000 bytes"):
        text_of(tmp_path, docx(" " * 101_000_000), "a.docx")
    monkeypatch.setattr(prose_docx, "MAX_SIGNS", 20)
    with pytest.raises(Unusable, match="over 20 characters"):
        text_of(tmp_path, docx(paragraph("We will meet in the spring.")), "b.docx")


def test_a_marking_in_a_running_head_is_seen(tmp_path: Path) -> None:
    parts = {"header2.xml": f"<w:hdr {W}>{paragraph('NATO SECRET')}</w:hdr>"}
    with pytest.raises(Unusable, match="marked"):
        text_of(tmp_path, docx(paragraph("We will meet."), parts), "a.docx")


# --- both -----------------------------------------------------------------------------------


def test_a_file_of_pictures_may_be_larger_than_a_text_and_not_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prose, "MAX_BYTES", 100)
    monkeypatch.setattr(prose, "MAX_PACKED_BYTES", 5_000)
    assert text_of(tmp_path, docx(paragraph("We will meet.")), "a.docx").blocks
    with pytest.raises(Unusable, match="too large"):
        text_of(tmp_path, pdf([column("We will meet.")] * 20), "a.pdf")
    with pytest.raises(Unusable, match="too large"):
        text_of(tmp_path, b"We will meet. " * 20, "a.txt")


def test_what_a_place_is_stands_beside_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.docx").write_bytes(docx(paragraph("") + paragraph("We will meet.")))
    assert cli.main(["pact", "read", str(tmp_path / "a.docx")]) == 0
    assert "paragraph 2" in capsys.readouterr().out
    assert cli.main(["pact", "read", str(tmp_path / "a.docx"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["line_is"], found["commitments"][0]["line"]) == ("paragraph", 2)


# --- signs, labels, struck words, tables ----------------------------------------------------


def heard(folder: Path, text: str, name: str) -> list[tuple[str | None, str, str, bool]]:
    """Actor, verb, object and whether it is denied, of every commitment of a text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return [(one.actor, one.verb, one.object, one.negated) for one in pact.read(path).promises if one.commitment]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_label_needs_no_blank_behind_it(tmp_path: Path, gap: str) -> None:
    text = f"The Parties shall:{gap}(a)share data;{gap}(b)not sell arms; and{gap}(c)consider sanctions."
    for name in ("a.txt", "a.md"):
        assert [(one[1], one[3]) for one in heard(tmp_path, text, name)] == [
            ("share", False), ("sell", True), ("consider", False),
        ]  # fmt: skip
    inline = "The Parties shall (i)share data;(ii)not sell arms."
    assert heard(tmp_path, inline, "b.txt") == [
        ("The Parties", "share", "data", False), ("The Parties", "sell", "arms", True),
    ]  # fmt: skip
    # What only looks like a label is none: its letter neither begins a list nor follows another.
    assert Labels().match("(s)he will see.") is None
    assert Labels().match("(a)b") is None


def test_marks_of_footnotes_are_no_part_of_a_word(tmp_path: Path) -> None:
    page = "<p>Canada<sup>1</sup> will train troops.<sup>[2]</sup></p><p><sup>1</sup> Canada will add to it.</p>"
    assert heard(tmp_path, page, "a.html") == [
        ("Canada", "train", "troops", False), ("Canada", "add", "to it", False),
    ]  # fmt: skip
    plain = "Canada¹ will train troops.²\n\n¹ Canada will add to it.\n"
    assert heard(tmp_path, plain, "a.txt") == heard(tmp_path, page, "a.html")
    for name in ("a.html", "a.txt"):
        assert [block.place for block in prose.read(tmp_path / name).blocks] == ["paragraph", "footnote"]
    kept = "<p>Canada will open 10<sup>3</sup> km<sup>2</sup> of sea on the 1<sup>st</sup> of May.</p>"
    (block,) = text_of(tmp_path, kept.encode(), "b.html").blocks
    assert block.text == "Canada will open 103 km2 of sea on the 1st of May."
    (block,) = text_of(tmp_path, "Canada will open 10³ km² of sea.".encode(), "b.txt").blocks
    assert block.text == "Canada will open 10³ km² of sea."


def test_what_is_struck_out_is_not_read_and_is_counted(tmp_path: Path) -> None:
    page = (
        "<p>Canada will <del>pay for</del> <ins>host</ins> the talks.</p><p><s>The EU will fund it.</s></p>"
        "<p><span style='text-decoration: line-through'>Japan will pay.</span> It is so.</p>"
    )
    assert heard(tmp_path, page, "a.html") == [("Canada", "host", "the talks", False)]
    assert prose.read(tmp_path / "a.html").notes == ("left out, since it is struck out: 3 places",)
    text = "Canada will ~~pay for~~ host the talks.\n\n~~The EU will\nfund it.~~\n\nJapan will pay ~5 of ~~ it.\n"
    assert [one[:2] for one in heard(tmp_path, text, "a.md")] == [("Canada", "host"), ("Japan", "pay")]
    assert prose.read(tmp_path / "a.md").notes == ("left out, since it is struck out: 2 places",)


def test_signs_that_nobody_sees_hide_nothing(tmp_path: Path) -> None:
    text = "Canada w\u00adi\u200bll \u202abuild\u202c \ufb01ne ships.\n\nJapan \u2067will\u2069 sell o\ufb03ces.\n"
    for name in ("a.txt", "a.html"):
        written = text if name == "a.txt" else "".join(f"<p>{one}</p>" for one in text.split("\n\n"))
        assert heard(tmp_path, written, name) == [
            ("Canada", "build", "fine ships", False), ("Japan", "sell", "offices", False),
        ]  # fmt: skip
    found = pact.read(tmp_path / "a.txt", ["fine", "offices"])
    assert [(one.count, one.lines) for one in found.counts] == [(1, (1,)), (1, (3,))]


def test_a_row_of_a_table_is_read_cell_by_cell(tmp_path: Path) -> None:
    rows = [("Who", "What", "By"), ("Canada", "will build a port", "by 2030"), ("Japan", "will pay for it", "")]
    page = "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    marked = "".join(f"| {' | '.join(row)} |\n" for row in (rows[0], ("---", ":-:", "--:"), *rows[1:]))
    for name, text in (("a.html", page + "</table>"), ("a.md", f"Canada will meet Japan.\n{marked}Japan will speak.")):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        made = [(one.actor, one.verb, one.due) for one in pact.read(path).promises if one.verb in {"build", "pay"}]
        assert made == [("Canada", "build", "2030-01-01/2030-12-31"), ("Japan", "pay", None)]
    verbs = [one.verb for one in pact.read(tmp_path / "a.md").promises]
    assert verbs == ["meet", "build", "pay", "speak"]
