"""A case as one page: opens without a network or a script, prints on A4, reads aloud in order, fits a phone."""

from __future__ import annotations

from fractions import Fraction

from jointbuy.exact import Range
from jointbuy.report import charts, checklist, every_reading_page, figures, measured, turning, words
from jointbuy.report.cautions import cautions
from jointbuy.report.figures import Block, Product
from jointbuy.report.markup import Markup, join, tag
from jointbuy.report.pieces import Cells, bullets, capital, document, quiet, section, section_id, table
from jointbuy.report.words import CHECKLIST, PAGE
from jointbuy.result import Carried, Case, Finding, MissingDeclaration

_MARK = {
    "met": "✓",
    "not met": "✗",
    "unknown": "?",
    "for judgement": "◆",
    "not applicable": "–",
    "eligible": "✓",
    "not eligible": "✗",
    "undetermined": "?",
}
_TOP, _MISSING = 10, 15


def page(case: Case) -> str:
    """The whole page as one text; the same case gives the same bytes."""
    sections = [(key, made) for key, made in _sections(case) if made is not None]
    links = [tag("li", tag("a", PAGE[key], href=f"#{section_id(key)}")) for key, _ in sections]
    body = (
        tag("a", PAGE["skip"], href="#report", class_="skip"),
        charts.patterns(),
        _head(case),
        tag("nav", tag("h2", PAGE["contents"], id="contents"), tag("ul", *links), aria_labelledby="contents"),
        tag("main", *(section(key, made) for key, made in sections), id="report"),
    )
    return document(f"{_title(case)}: {PAGE[case.verdict.outcome]}", *body)


def _sections(case: Case) -> list[tuple[str, Markup | None]]:
    """What the page holds, in the order in which a reader asks."""
    return [
        ("share", _shares(case)),
        ("conditions", _conditions(case)),
        ("findings", _findings(case)),
        ("routes", _routes(case)),
        ("turning", _turning(case)),
        ("value", _value(case)),
        ("top", _top(case)),
        ("bill", _bill(case)),
        ("missing", _missing(case)),
        ("readings", _readings(case)),
        ("all readings", every_reading_page.page(case.all_readings)),
        ("checklist", _checklist(case)),
        ("overlay", bullets(words.overlay(case.overlay), "") if case.overlay else None),
        ("remarks", bullets(case.verdict.remarks, "") if case.verdict.remarks else None),
        ("unverified", bullets(sorted(case.verdict.unverified), "no unverified")),
        ("notes", bullets(dict.fromkeys([*case.notes, *(case.content.notes if case.content else ())]), "no notes")),
        ("rests", _rests(case)),
    ]


def _status(status: str) -> Markup:
    """A status as sign and word; the colour is only beside them."""
    sign = tag("span", _MARK[status], aria_hidden="true")
    return tag("span", sign, " ", capital(PAGE[status]), class_=f"status {section_id(status)}")


def _title(case: Case) -> str:
    return case.purchase.title or case.verdict.purchase


def _name(product: Product) -> str:
    return product.name or product.id


def _country(code: str) -> str:
    """A country by name and code."""
    from jointbuy import law

    title = law.places().titles.get(code)
    return f"{title} ({code})" if title else code


def _group_name(case: Case, group: str) -> str:
    """A group of countries; a partner by its name, as the agreement is with it."""
    from jointbuy import law

    partner = law.places().group_titles.get(group)
    known = PAGE["partner"].format(name=partner) if partner else words.route_title(case, group)
    return PAGE[group] if charts.kind(group) != "partner" else known


def _percents(share: Range | None) -> str:
    return figures.percents(share) if share else "–"


# --- the answer -----------------------------------------------------------------------------


def _head(case: Case) -> Markup:
    found = case.verdict
    law = PAGE["law"].format(
        act=words.act(case), on=figures.day(found.on), known_on=figures.day(found.known_on)
    ) + (f", under {case.overlay.title}" if case.overlay else "")  # fmt: skip
    shown = capital(PAGE[found.outcome])
    if found.conditions and found.outcome != "not eligible":
        shown += ", " + PAGE["with"].format(count=words.count(len(found.conditions), PAGE["condition"]))
    return tag(
        "header",
        tag("p", found.purchase, class_="id"),
        tag("h1", _title(case)),
        tag("p", law, class_="law"),
        tag(
            "div",
            tag(
                "p", tag("span", _MARK[found.outcome], aria_hidden="true", class_="sign"), " ", shown, class_="outcome"
            ),
            tag("p", found.summary, class_="summary"),
            *(tag("p", told, class_="summary") for told in cautions(case)),
            class_=f"verdict {section_id(found.outcome)}",
        ),
    )


def _shares(case: Case) -> Markup | None:
    found = figures.products(case)
    return join(_share(case, product, place) for place, product in enumerate(found, 1)) if found else None


def _of(product: Product) -> str:
    """The head of a column of shares."""
    return "of cost" if product.rest is None else "of value"


def _share(case: Case, product: Product, place: int) -> Markup:
    currency = words.currency(case)
    pieces = [PAGE["pieces"].format(number=figures.number(product.quantity))] if product.quantity is not None else []
    costs = PAGE["components"].format(amount=figures.amounts(product.total, currency))
    head = [tag("h3", _name(product)), quiet(words.dotted([product.id, *pieces, costs]))]
    if product.outside is None:
        return join([*head, tag("p", PAGE["no share"])])
    low, high = product.outside.low, product.outside.high
    limit = product.standing.limit if product.standing else None
    rest = measured.drawn(product.rest, product.outside)
    spans = [
        ("outside", "outside", low),
        ("undeclared", "not known", high - low),
        ("inside", "inside", 1 - high - rest),
        ("rest", "rest", rest),
    ]
    partners = [_group_name(case, part.name) for part in product.by_group if charts.kind(part.group) == "partner"]
    with_ = {"outside": PAGE["counting"].format(partners=", ".join(partners))} if partners else {}
    rows: list[Cells] = [
        (
            join([charts.swatch(group), PAGE[key], with_.get(key)]),
            figures.percent(share, limit if key == "outside" else None),
        )
        for group, key, share in spans
        if share or key not in {"not known", "rest"}
    ]
    if limit is not None:
        mark = tag("span", class_="limit-mark", aria_hidden="true")
        rows.append((join([mark, PAGE["limit row"]]), figures.limit_percent(limit)))
    facts = [("outside row", words.outside(product)), ("margin row", words.margin(product, currency))]
    facts += [("by agreement", told) for told in words.under_agreements(case, product)]
    if facts[-1][0] == "by agreement":
        facts.append(("by agreement", words.agreement_decides(case, product)))
    if product.traced:
        share = figures.percents(product.traced, limit)
        facts.append(("beside", PAGE["traced"].format(share=share, method=product.method)))
    told = [join([tag("dt", PAGE[key]), tag("dd", fact)]) for key, fact in facts if fact]
    caption = PAGE["share table"].format(name=_name(product), base=capital(product.base))
    numbers = table(caption, ["part of cost", _of(product)], rows, "name number")
    picture = charts.share_bar(product, str(place), _name(product), words.outside(product))
    return tag("div", *head, picture, tag("div", numbers, tag("dl", *told), class_="beside"), class_="product")


def _conditions(case: Case) -> Markup:
    found = case.verdict.conditions
    if not found:
        return quiet(PAGE["facts missing" if case.verdict.outcome == "undetermined" else "no conditions"])
    items = [
        tag(
            "li",
            tag("p", *(each for line in condition.text.splitlines() for each in (line, tag("br")))),
            tag(
                "dl",
                *(
                    tag("div", tag("dt", PAGE[key]), tag("dd", told))
                    for key, told in (
                        ("who", condition.who),
                        ("provision", condition.provision),
                        ("key", tag("code", condition.key)),
                    )
                ),
            ),
        )
        for condition in found
    ]
    return join([tag("ol", *items), quiet(PAGE["settle"])])


def _checklist(case: Case) -> Markup:
    """What tender, contract and what goes with them must carry: a table for each document."""
    tables = [
        table(
            CHECKLIST[document],
            ("clause", "provision", "force"),
            [(clause.text, clause.provision, _force(clause)) for clause in clauses],
            "clause word word",
        )
        for document, clauses in checklist.by_document(case.verdict.checklist)
    ]
    none = [] if tables else [quiet(CHECKLIST["none"])]
    return join([quiet(CHECKLIST["lead"]), *none, *tables, quiet(CHECKLIST["advice"])])


def _force(clause: Carried) -> str:
    about = f", {CHECKLIST['about']} {', '.join(clause.about)}" if clause.about else ""
    return checklist.force(clause) + about


# --- findings -------------------------------------------------------------------------------


def _findings(case: Case) -> Markup:
    made: list[Markup] = []
    for status in figures.WORST_FIRST:
        found = [finding for finding in figures.told(case) if finding.status == status]
        if found:
            made.append(tag("h3", _status(status), f" ({len(found)})"))
            made += [_finding(case, finding) for finding in found]
    return join(made)


def _finding(case: Case, finding: Finding) -> Markup:
    route = f" · {words.route_title(case, finding.route)}" if finding.route else ""
    unverified = tag("span", PAGE["unverified mark"], class_="unverified-mark")
    provision = tag("p", finding.provision, " ", None if finding.verified else unverified, class_="provision")
    head = tag("div", tag("h4", finding.title + route), provision, class_="ends")
    compared = words.against(finding) if words.says_one_thing(finding) else ""
    facts = [
        ("missing facts", words.dotted(finding.missing)),
        ("reading", words.dotted(finding.readings)),
        ("read in", words.places(finding.sources)),
        ("rule", finding.rule),
    ]
    foot = [tag("span", f"{PAGE[key]}: {told}") for key, told in facts if told]
    return tag(
        "article",
        head,
        tag("p", compared, class_="compared") if compared else None,
        tag("p", words.reasons(finding.because)),
        _members(finding),
        tag("p", turns, class_="turns") if (turns := turning.of_finding(finding)) else None,
        tag("p", *(join([" ", each]) for each in foot), class_="source"),
        class_=f"finding {section_id(finding.status)}",
    )


def _members(finding: Finding) -> Markup | None:
    """Members of which the finding does not say all, each with its reason; the rest counted."""
    open_ = words.telling(finding)
    if not open_:
        return None
    items = [tag("li", _status(part.status), f" {part.subject or part.title}: {part.because}") for part in open_]
    met = sum(part.status == "met" for part in finding.parts)
    rest = PAGE["others met"].format(count=words.count(met, PAGE["other"]))
    return tag("ul", *items, tag("li", rest) if met else None)


def _routes(case: Case) -> Markup | None:
    found = [route for route in case.verdict.routes if route.open and figures.concerns(case, route.route)]
    if len(found) < 2:
        return None
    rows = [
        (
            route.title,
            _status(route.outcome),
            route.because + ("" if route.verified else f" ({PAGE['unverified mark']})"),
        )
        for route in found
    ]
    return join([
        table(PAGE["routes caption"], ["route head", "outcome", "because"], rows, "name word text"),
        quiet(PAGE["one route"]),
    ])  # fmt: skip


def _turning(case: Case) -> Markup | None:
    """What would turn the verdict."""
    told = turning.of_verdict(case)
    if told is None:
        return None
    made = [tag("p", told.lead)] if told.lead else []
    for place, some in enumerate(told.sets):
        made += [tag("p", told.between)] if place and told.between else []
        made.append(tag("ul", *(tag("li", *(tag("p", line) for line in item)) for item in some)))
    return join([*made, quiet(told.rest) if told.rest else None])


# --- where the value comes from ----------------------------------------------------------------


def _value(case: Case) -> Markup:
    made: list[Markup] = []
    currency = words.currency(case)
    for product in figures.products(case):
        for key, slices in (("group", product.by_group), ("origin", product.by_origin)):
            rows: list[Cells] = []
            most = max((slice_.share.high for slice_ in slices if slice_.share), default=Fraction(0))
            for slice_ in slices:
                known = key == "group" or slice_.name == figures.UNDECLARED
                name = _group_name(case, slice_.name) if known else _country(slice_.name)
                rows.append((
                    join([charts.swatch(slice_.group), name]),
                    charts.mini_bar(slice_.group, slice_.share, most),
                    figures.amounts(slice_.amount, currency),
                    _percents(slice_.share),
                ))  # fmt: skip
            caption = PAGE[f"by {key}"].format(name=_name(product))
            made.append(table(caption, [key, "drawn", "amount", "share head"], rows, "name drawn number number"))
    return join(made) if made else quiet(PAGE["no bill"])


def _top(case: Case) -> Markup | None:
    made: list[Markup] = []
    for product in figures.products(case):
        rows: list[Cells] = [
            (
                words.named(case, item.name, item.part, item.supplier),
                ", ".join(_country(code) for code in item.countries),
                figures.amounts(item.amount, words.currency(case)),
                _percents(item.share),
            )
            for item in product.top[:_TOP]
        ]
        more = len(product.top) - _TOP
        caption = PAGE["top caption"].format(name=_name(product))
        heads = ["part", "origin", "amount", "share head"]
        made.append(table(caption, heads, rows, "name word number number") if rows else quiet(PAGE["none outside"]))
        made += [quiet(PAGE["top more"].format(number=more))] if more > 0 else []
    return join(made) if made else None


def _bill(case: Case) -> Markup | None:
    made: list[Markup] = []
    for place, product in enumerate(figures.products(case), 1):
        blocks = figures.blocks(case, product.id, charts.SMALLEST)
        if not blocks or not product.total.high:
            continue
        told = PAGE["bill text"].format(count=words.count(sum(each.several for each in blocks), PAGE["part noun"]))
        title = PAGE["bill title"].format(name=_name(product))
        legend = [tag("li", charts.swatch(slice_.group), _group_name(case, slice_.name)) for slice_ in product.by_group]
        picture = charts.icicle(blocks, product.total.high, str(place), title, told)
        made.append(tag("div", tag("ul", *legend, class_="legend", aria_label=PAGE["legend"]), picture, class_="whole"))
        flat = [(each, level) for block in blocks for each, level in ((block, 0), *((part, 1) for part in block.inner))]
        rows = [_block_row(case, block) for block, _ in flat]
        heads = ["part", "origin", "amount", "share head"]
        caption = PAGE["bill caption"].format(name=_name(product))
        kinds = ["inner" if level else "first" for _, level in flat]
        made.append(table(caption, heads, rows, "name word number number", kinds))
    return join([quiet(PAGE["bill note"]), *made]) if made else None


def _block_row(case: Case, block: Block) -> Cells:
    smaller = PAGE["smaller"].format(number=block.several)
    if block.several > 1:
        name, from_ = smaller, ", ".join(_group_name(case, slice_.name) for slice_ in block.slices)
    else:
        undeclared = [PAGE["undeclared"] for slice_ in block.slices if slice_.name == figures.UNDECLARED]
        name, from_ = block.name or block.part, ", ".join([*map(_country, block.countries), *undeclared])
    swatches = join(charts.swatch(slice_.group) for slice_ in block.slices)
    amount = figures.amounts(block.amount, words.currency(case))
    return name, join([swatches, from_]), amount, _percents(block.share)


# --- what it rests on -----------------------------------------------------------------------


def _missing(case: Case) -> Markup:
    found = figures.missing(case)
    if not found:
        return quiet(PAGE["no missing"])
    rows = [_missing_row(case, line) for line in found[:_MISSING]]
    more = len(found) - _MISSING
    return join([
        tag("p", words.settling(case)),
        table(PAGE["missing caption"], ["part", "settles", "read in", "amount"], rows, "name word word number"),
        quiet(PAGE["missing more"].format(number=more)) if more > 0 else None,
    ])  # fmt: skip


def _missing_row(case: Case, line: MissingDeclaration) -> Cells:
    return (
        words.named(case, line.name, line.part, line.supplier),
        PAGE["yes" if line.settles else "no"],
        str(line.row) if line.row else "–",
        figures.amounts(line.amount, words.currency(case)),
    )


def _readings(case: Case) -> Markup:
    """Every reading that was touched, those first whose other options would change a finding."""
    rows: list[Cells] = []
    for used in sorted(case.verdict.readings, key=lambda used: (not used.matters, used.id)):
        outcomes = dict(used.outcomes)
        others = [
            f"{option} ({PAGE['then'].format(outcome=outcomes[option])})" if option in outcomes else option
            for option in used.alternatives
        ]
        rows.append((
            join([used.question, tag("br"), tag("code", used.id)]),
            f"{used.chosen} ({PAGE['default' if used.is_default else 'choice']})",
            ", ".join(others) or "–",
            PAGE["changes" if used.matters else "changes nothing"],
        ))  # fmt: skip
    if not rows:
        return quiet(PAGE["no readings"])
    heads = ["question", "chosen", "or", "effect"]
    made = table(PAGE["readings caption"], heads, rows, "name word word word")
    return join([made, quiet(PAGE["try"])])


def _rests(case: Case) -> Markup:
    from jointbuy import __version__

    rows: list[Cells] = [
        (
            PAGE["the law"].format(act=words.act(case)) if name == "law" else name,
            tag("code", digest.rpartition(":")[2]),
        )
        for name, digest in sorted(case.digests.items())
    ]
    return join([
        table(PAGE["digests caption"], ["file", "digest"], rows, "name digest") if rows else None,
        tag("p", PAGE["command"]),
        tag("pre", tag("code", words.command(case))),
        quiet(PAGE["version"].format(version=__version__)),
    ])  # fmt: skip
