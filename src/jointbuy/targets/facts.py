"""The pledges as dated parameters, and single published facts, each with its source; read once from the YAML here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import cast, get_args

from jointbuy.exact import Range, exactly, parse_decimal
from jointbuy.law.load import parameters_of
from jointbuy.law.reader import Reader
from jointbuy.parameters import Parameter
from jointbuy.spending import Edition, Figure, Remark, Statement, Table, Terms, What, rounded
from jointbuy.yamltext import Fields, Node

HERE = Path(__file__).parent
_FILES = ("parameters.yaml", "facts.yaml")
_CITED = ("source", "confidence", "checked")
_SHARE = re.compile(r"(more than |less than )?(\d+(?:\.(\d+))?) ?%")
_SAID = ("id", "buyer", "supplier", "what", "base", "unit", "share", "said", "told", *_CITED)


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. `editions` come with the day each was published, the latest last."""

    as_of: date
    parameters: Mapping[str, Parameter]
    editions: tuple[tuple[date, Table], ...]
    remarks: tuple[Remark, ...]
    allies: tuple[str, ...]
    statements: tuple[Statement, ...]
    digest: str

    def terms(self, on: date) -> Terms:
        """The pledges on a day. Raises NotInForce before there were any."""
        return Terms(
            *(
                self.parameters[name].on(on, on)
                for name in ("hague.floor", "hague.ceiling", "wales.equipment", "hague.aim_year", "hague.review_year")
            )
        )

    def number(self, name: str, on: date) -> Fraction:
        """A parameter of ReArm Europe on a day."""
        return cast(Fraction, self.parameters[f"rearm.{name}"].on(on, on).value)


@cache
def facts(folder: Path = HERE) -> Facts:
    """The facts of a folder laid out as this one. Raises LawError with every fault found in its files."""
    reader = Reader(folder)
    tree = reader.tree("facts.yaml")
    reader.only(tree, ("as_of", "editions", "figures", "remarks", "allies", "dependence"))
    found = Facts(
        as_of=reader.day(tree, "as_of"),
        parameters={key: one for key, (one, _) in parameters_of(reader, "parameters.yaml").items()},
        editions=_editions(reader, tree),
        remarks=tuple(_remark(reader, node) for node in reader.items(tree, "remarks")),
        allies=_countries(reader, tree, "allies"),
        statements=tuple(_said(reader, node) for node in reader.items(tree, "dependence")),
        digest=_digest(reader),
    )
    reader.done()
    return found


def _digest(reader: Reader) -> str:
    """SHA-256 of the files; their line ends are equal, since they are read as text."""
    whole = "".join(f"{name}\0{reader.content(name)}\0" for name in _FILES)
    return "sha256:" + hashlib.sha256(whole.encode()).hexdigest()


def _cited(reader: Reader, node: Node, keys: tuple[str, ...], optional: tuple[str, ...] = ()) -> Fields:
    """A fact with its keys; each has a source, a confidence and the day it was checked."""
    fields = reader.fields(node)
    reader.only(fields, (*keys, *_CITED), optional)
    reader.day(fields, "checked")
    return fields


def _editions(reader: Reader, tree: Fields) -> tuple[tuple[date, Table], ...]:
    figures = [_figure(reader, node) for node in reader.items(tree, "figures")]
    found = []
    for name, _, fields in reader.members(tree, "editions"):
        reader.only(fields, ("title", "known_since"))
        edition = Edition(name, reader.text(fields, "title"), "", "", "", "")
        kept = tuple(figure for figure in figures if figure.editions == (name,))
        found.append((reader.day(fields, "known_since"), Table(edition, kept)))
    return tuple(sorted(found, key=lambda one: one[0]))


def _figure(reader: Reader, node: Node) -> Figure:
    fields = _cited(reader, node, ("edition", "country", "year", "share"))
    written = reader.text(fields, "share")
    match = _SHARE.fullmatch(written)
    if not match or match[1]:
        reader.fault(f'"{written}" is no published share', fields.where, do="write it like 2.06 %")
    published = parse_decimal(match[2]) / 100 if match else Fraction(0)
    return Figure(
        country=reader.text(fields, "country"),
        year=int(reader.text(fields, "year")),
        measure="share",
        value=rounded(published, 2 + len(match[3] or "") if match else 2),
        published=published,
        currency=None,
        prices="",
        estimate=True,
        editions=(reader.text(fields, "edition"),),
        where=fields.where,
        source=reader.text(fields, "source"),
        verified=reader.verified(fields),
    )


def _remark(reader: Reader, node: Node) -> Remark:
    fields = _cited(reader, node, ("publisher", "countries", "text"))
    publisher, countries, text, source = (
        reader.text(fields, key) for key in ("publisher", "countries", "text", "source")
    )
    return Remark(publisher, tuple(countries.split()), text, source, reader.verified(fields))


def _countries(reader: Reader, tree: Fields, key: str) -> tuple[str, ...]:
    """A list of countries that is itself a fact."""
    if key not in tree.fields:
        return ()
    return tuple(reader.text(_cited(reader, tree.fields[key], ("countries",)), "countries").split())


def _said(reader: Reader, node: Node) -> Statement:
    fields = _cited(reader, node, _SAID[: -len(_CITED)], ("since", "until", "aim"))
    what, share = reader.text(fields, "what"), share_of(reader.text(fields, "share"))
    if what not in get_args(What):
        reader.fault(f'"{what}" is no kind of dependence', fields.where, do=f"one of: {', '.join(get_args(What))}")
    if share is None:
        reader.fault("this is no share", fields.where, do="write it like 52 % or more than 70 %")
    year = {key: int(reader.text(fields, key)) if key in fields.fields else None for key in ("since", "until")}
    return Statement(
        id=reader.text(fields, "id"),
        buyer=reader.text(fields, "buyer"),
        supplier=reader.text(fields, "supplier"),
        what=cast(What, what),
        base=reader.text(fields, "base"),
        unit=reader.text(fields, "unit"),
        since=year["since"],
        until=year["until"],
        share=share or exactly(0),
        said=reader.text(fields, "said"),
        told=reader.day(fields, "told"),
        source=reader.text(fields, "source"),
        verified=reader.verified(fields),
        aim=reader.text(fields, "aim") == "yes",
    )


def share_of(written: str) -> Range | None:
    """A stated share: `52 %`, `more than 70 %`, `less than 20 %`; None for anything else."""
    match = _SHARE.fullmatch(written)
    if not match or (share := parse_decimal(match[2]) / 100) > 1:
        return None
    low = Fraction(0) if match[1] == "less than " else share
    high = Fraction(1) if match[1] == "more than " else share
    return Range(low, high)
