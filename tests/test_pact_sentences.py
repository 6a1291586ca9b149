"""What a sentence promises: the table that a lawyer can read (promises.md), days, amounts, frequencies and areas."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from jointbuy.commitments import Promise, Sentence
from jointbuy.flow import pact
from jointbuy.pact.amounts import amount, amounts_of, frequency, frequency_of
from jointbuy.pact.areas import area_of, terms
from jointbuy.pact.deadlines import deadline_of, due_of
from jointbuy.pact.reader import promises_of

TABLE = Path(__file__).with_name("promises.md")
AREAS = Path(__file__).with_name("pact_areas.csv")
"""Sentences of our own; `limit` marks those that are known to be told wrongly."""


class Row(NamedTuple):
    """One promise of the table."""

    who: str
    rung: str
    denied: str
    deadline: str
    condition: str


def table() -> dict[str, list[Row]]:
    """The rows of every sentence."""
    found: dict[str, list[Row]] = {}
    sentence = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if len(cells) != 6 or cells[0] == "sentence" or set(cells[0]) == {"-"}:
            continue
        sentence = cells[0] or sentence
        found.setdefault(sentence, []).append(Row(*cells[1:]))
    return found


def said(text: str) -> list[Promise]:
    return promises_of(Sentence(text, "paragraph", 1, 1, "", 0, (), ""))


def told(one: Promise) -> Row:
    """A promise of the reader as a row."""
    conditions = "; ".join(one.conditions) or "-"
    return Row(one.actor or "not named", one.strength, "not" if one.negated else "-", one.deadline or "-", conditions)


@pytest.mark.parametrize("sentence", table())
def test_what_a_sentence_promises(sentence: str) -> None:
    rows, found = table()[sentence], said(sentence)
    promised = [told(one) for one in found if one.commitment]
    assert promised == [row for row in rows if row.rung not in {"none", "denied"}]
    # What denies a promise is found and listed apart, as said by somebody of nothing.
    denied = [one.actor or "-" for one in found if one.modality == "statement" and one.negated and not one.commitment]
    assert denied == [row.who for row in rows if row.rung == "denied"]


def test_the_table_has_its_rows() -> None:
    rows = [row for each in table().values() for row in each]
    assert len(rows) >= 150
    assert sum(row.rung in {"none", "denied"} for row in rows) >= 40


def test_what_we_are_doing_is_told_as_how_things_are() -> None:
    (found,) = said("We are limiting exports.")
    assert (found.actor, found.verb, found.strength, found.commitment) == ("We", "limiting", "stated", False)


def test_who_says_a_view_after_what_others_must_do() -> None:
    found = said("We are determined that Iran must stop, and reiterate that Iran must leave.")
    assert [(one.verb, one.actor) for one in found] == [
        ("determined", "We"),
        ("stop", "Iran"),
        ("reiterate", "We"),
        ("leave", "Iran"),
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ('The Prime Minister said: "We will double the fund."', "The Prime Minister"),
        ('"We will double the fund," Prime Minister Berg said.', "Prime Minister Berg"),
        ("We will double the fund.", "We"),
    ],
)
def test_who_speaks_within_quotation_marks(tmp_path: Path, text: str, speaker: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    (found,) = pact.read(path).promises
    assert (found.meant, found.quoted) == (speaker, '"' in text)


def test_it_never_stands_for_we(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("We will fund the forum. It will report.", encoding="utf-8")
    assert [one.meant for one in pact.read(path).promises] == ["We", "It"]


def test_english_sentences_of_a_mixed_paragraph_are_read(tmp_path: Path) -> None:
    path = tmp_path / "text.md"
    mixed = (
        "Norway will host talks. Le gouvernement est pour la paix et pour les pays de la région dans le cadre du plan."
    )
    german = "Der Kanzler will die Häfen schließen und will neue Schiffe."
    path.write_text(f"{'We will meet in the spring of the year. ' * 3}\n\n{mixed}\n\n{german}\n", encoding="utf-8")
    found = pact.read(path)
    assert [one.actor for one in found.promises] == ["We", "We", "We", "Norway"]
    assert found.notes == (
        "line 3: of a paragraph that looks like French its English sentences are read",
        "line 5: a sentence in another language is not read",
    )


# --- the days that a deadline names ----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("by 31 March 2027 at the latest", "2027-03-31"),
        ("by the 30th of June 2027", "2027-06-30"),
        ("by June 30, 2027", "2027-06-30"),
        ("by 2027-06-30", "2027-06-30"),
        ("in June 2026", "2026-06-01/2026-06-30"),
        ("in February 2028", "2028-02-01/2028-02-29"),
        ("by 2030", "2030-01-01/2030-12-31"),
        ("by Q3 2027", "2027-07-01/2027-09-30"),
        ("in the first quarter of 2027", "2027-01-01/2027-03-31"),
        ("by the second half of 2027", "2027-07-01/2027-12-31"),
        ("by the end of 2027", "2027-12-31"),
        ("by end-2027", "2027-12-31"),
        ("by the end of June 2027", "2027-06-30"),
        ("from 2027 to 2030", "2027-01-01/2030-12-31"),
        ("between June 2027 and May 2028", "2027-06-01/2028-05-31"),
        ("by 2020 through to 2025", "2020-01-01/2025-12-31"),
        ("by the 2030s", "2030-01-01/2039-12-31"),
        ("by 31.12.2027", "2027-12-31"),
        ("by 12/31/2027", "2027-12-31"),
        ("by 31/12/2027", "2027-12-31"),
        ("by Dec. 31, 2027", "2027-12-31"),
        ("by 3 Sept. 2027", "2027-09-03"),
        # no day, or none that all agree on
        ("by 3/4/2027", None),
        ("by 31.13.2027", None),
        ("within sixty (60) days of signature", None),
        ("for five years from 2027", None),
        ("by 31 June 2027", None),
        ("in spring 2026", None),
        ("by mid-2027", None),
        ("in fiscal year 2027-28", None),
        ("before the 2027 summit", None),
        ("within 30 days of signature", None),
        ("by 1 March each year", None),
        ("next year", None),
    ],
)
def test_the_days_that_a_deadline_names(text: str, due: str | None) -> None:
    assert deadline_of(f"pay {text}") == text
    assert due_of(text) == due


# --- how much and how often ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("pay EUR 10 million", ["EUR 10000000"]),
        ("pay €10m", ["EUR 10000000"]),
        ("pay 10 million euros", ["EUR 10000000"]),
        ("pay EUR 10,000,000", ["EUR 10000000"]),
        ("pay EUR 2.5 billion and C$3bn", ["EUR 2500000000", "CAD 3000000000"]),
        ("pay $5 million", ["$ 5000000"]),
        ("pay EUR 10 to 12 million", ["EUR 10000000-12000000"]),
        ("raise it to at least 3.5 per cent of GDP", ["at least 3.5 % of gdp"]),
        ("raise it by 40-45 %", ["40-45 %"]),
        ("deliver 50 vehicles", ["50 vehicles"]),
        ("train 10,000 soldiers", ["10000 soldiers"]),
        ("send two patrol ships", ["2 patrol ships"]),
        ("build 1,000 MW", ["1000 mw"]),
        ("give one hundred thousand shells", ["100000 shells"]),
        ("double the fund", ["double"]),
        # which ones, when, or no number at all
        ("meet the two sides", []),
        ("consult the 27 Member States", []),
        ("pay within 30 days", []),
        ("meet Article 5 duties", []),
        ("cut Section 232 tariffs", []),
        ("stand by 2030 commitments", []),
        ("work with one or more partners", []),
    ],
)
def test_amounts(text: str, amounts: list[str]) -> None:
    assert [amount(one) for one in amounts_of(text)] == amounts


@pytest.mark.parametrize(
    ("text", "often"),
    [
        ("meet every six months", "every 6 months"),
        ("meet twice a year", "every 6 months"),
        ("meet twice yearly", "every 6 months"),
        ("meet semi-annually", "every 6 months"),
        ("meet annually", "every 12 months"),
        ("hold an annual dialogue", "every 12 months"),
        ("meet each spring", "every 12 months"),
        ("meet every second year", "every 24 months"),
        ("meet four times per year", "every 3 months"),
        ("meet quarterly", "every 3 months"),
        ("pay EUR 5 million a year", "every 12 months"),
        ("meet five times a year", "5 times in 12 months"),
        ("hold regular exchanges", "regularly"),
        ("pay within a year", None),
        ("consult every Member State", None),
    ],
)
def test_frequencies(text: str, often: str | None) -> None:
    found = frequency_of(text)
    assert (frequency(found) if found else None) == often


def test_a_promise_has_its_own_amount_and_frequency() -> None:
    found = said(
        "Norway will pay EUR 10 million yearly by 2030 and the Union will, if two thirds agree, send 50 ships."
    )
    assert [(one.amounts, one.frequency, one.due) for one in found] == [
        (("EUR 10 million",), "yearly", "2030-01-01/2030-12-31"),
        (("50 ships",), None, None),
    ]


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("support the European Defence Agency", "industry"),
        ("test no anti-satellite missiles", "space"),
        ("raise defence spending", "defence"),
        ("hold joint exercises", "defence"),
        ("hold joint naval exercises", "maritime"),
        ("protect our planet", "climate"),
        ("end the slave trade", "rights"),
        ("end forced labour in supply chains", "rights"),
        ("keep the English, French and Russian texts", None),
        ("sanction Russian ships", "sanctions"),
        ("consult the trade unions", "labour"),
        ("hold a meeting of the joint committee", "governance"),
        ("fund ports from the European Defence Fund", "industry"),
    ],
)
def test_areas(text: str, area: str | None) -> None:
    assert area_of(text) == area


def test_areas_of_written_sentences() -> None:
    with AREAS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 150
    assert {row["area"] for row in rows} - {""} == {name for name, _ in terms().titles}
    wrong = [row["sentence"] for row in rows if (area_of(row["sentence"]) or "") != row["area"]]
    # A word has one meaning here: nothing tells that what is traded are stories.
    assert wrong == [row["sentence"] for row in rows if row["limit"]]


def test_the_longest_term_counts_and_no_word_twice() -> None:
    assert area_of("protect critical infrastructure") == "hybrid"
    assert area_of("end the slave trade") == "rights"
    assert area_of("underline the importance of it") is None


def test_general_words_count_where_no_other_does() -> None:
    assert area_of("increase investment") == "trade"
    assert area_of("increase investment in hospitals") == "health"
    assert area_of("increase investment", "for hospitals we will increase investment") == "health"


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("# Health\n\nWe will tax income less. We will do so by 2030.", "finance"),
        ("# Health\n\nWe will do so by 2030.", "health"),
        ("# Health\n\n## Article 3\n\nWe will meet each spring.", "health"),
        ("# Health\n\n# Article 3\n\nWe will meet each spring.", None),
        ("# Treaty\n\n**Health**\n\n**Article 3**\n\nWe will meet each spring.", None),
        ("We will tax income less.\n\nWe will do so by 2030.", None),
        ("# Health\n\nIn tax matters they agreed as follows:\n\n- Canada will write.\n- Japan will reply.", "finance"),
    ],
)
def test_an_area_is_told_by_what_stands_before_in_the_paragraph_then_above_it(
    text: str, area: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "text.md"
    file.write_text(text, encoding="utf-8")
    assert pact.read(file).promises[-1].area == area
