"""A case as text for people: on a terminal, or in a file. Every function returns the whole text."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from jointbuy.report import every_reading, figures, kinds, measured, turning, words
from jointbuy.report.cautions import cautions
from jointbuy.report.figures import NBSP, Item, Product, Slice
from jointbuy.report.layout import bar, dim, ends, finish, heading, labelled, paint, table, wrap
from jointbuy.result import Case, Finding, MissingDeclaration, Outcome, ReadingUsed, RouteResult, Status

_MARK = {
    "met": paint("green", "✓"),
    "not met": paint("red", "✗"),
    "unknown": paint("yellow", "?"),
    "for judgement": paint("cyan", "◆"),
    "not applicable": paint("dim", "–"),
}
_OUTCOME: dict[Outcome, tuple[str, str]] = {
    "eligible": ("green", "✓"),
    "not eligible": ("red", "✗"),
    "undetermined": ("yellow", "?"),
}
_GROUP_COLOUR = {figures.INSIDE: "green", figures.OUTSIDE: "red", figures.UNDECLARED: "yellow"}
_CONTROL: dict[str, Status] = {"yes": "not met", "no": "met", "undecidable": "unknown"}
_WIDEST = 120
_SHOWN = 8


def verdict(case: Case, colour: bool, width: int) -> str:
    """The verdict: what came out, how sure it is, what is still to do, and everything it rests on."""
    width = _readable(width)
    lines = [*_title(case, width), *_outcome(case, width)]
    lines += _products(case, width)
    lines += _conditions(case, width)
    lines += _facts(case, width)
    lines += _findings(case, width)
    lines += _routes(case, width)
    lines += _turning(case, width)
    lines += _readings(case, width)
    lines += every_reading.text(case.all_readings, width)
    lines += _checklist(case, width)
    lines += _missing(case, width, _SHOWN)
    lines += _bullets("Law data laid over ours", words.overlay(case.overlay), width)
    lines += _bullets("Pointed out, not judged", case.verdict.remarks, width)
    lines += _bullets("Rests on unverified law", sorted(case.verdict.unverified), width)
    lines += _notes(case, width)
    return finish([*lines, *_foot(case, width)], colour=colour)


def content(case: Case, colour: bool, width: int, *, missing: bool = False) -> str:
    """Where the value comes from; with `missing`, only the declarations that are missing, all of them."""
    width = _readable(width)
    lines = _title(case, width)
    if missing:
        lines += _missing(case, width, len(case.verdict.missing)) or ["", "  No declaration is missing."]
        return finish(lines, colour=colour)
    products = figures.products(case)
    lines += _cautions(case, width)
    lines += heading("Where the value comes from")
    for place, (product, counted) in enumerate(zip(products, figures.counted(case), strict=True)):
        lines += ([""] if place else []) + _product(case, product, width)
        lines += ["", *_slices(case, product, width), *kinds.rows(case, counted, width), *_top(case, product, width)]
    if not products:
        lines += wrap("The purchase names no bill of materials, so there is nothing to add up.", width, 2)
    lines += _missing(case, width, _SHOWN)
    return finish([*lines, *_notes(case, width)], colour=colour)


def control(case: Case, colour: bool, width: int) -> str:
    """Who stands behind each party."""
    width = _readable(width)
    lines = [*_title(case, width), *heading("Who controls each party")]
    names = {party.id: party.name for party in case.purchase.parties}
    for party, controlled in sorted(case.control.parties.items()):
        answer = figures.controlled_from_outside(case, party)
        name = f"{names[party]} ({party})" if names.get(party) else party
        lines += ends(f"{_MARK[_CONTROL[answer]]} {name}", f"controlled from outside: {answer}", width, indent=2)
        if len(controlled.chain) > 1:
            lines += wrap(" → ".join(names.get(link) or link for link in controlled.chain), width, 4)
        lines += wrap(controlled.because, width, 4)
        if controlled.large:
            lines += wrap(f"for a person to judge: {', '.join(each.name for each in controlled.large)}", width, 4)
        if route := figures.inside_under(case, controlled.country):
            lines += wrap(f"{controlled.country} counts as inside under the {words.route_title(case, route)}", width, 4)
    if not case.control.parties:
        lines += ["  The purchase names no party."]
    return finish(lines, colour=colour)


def _readable(width: int) -> int:
    return max(60, min(width, _WIDEST))


# --- the head -------------------------------------------------------------------------------


def _title(case: Case, width: int) -> list[str]:
    found = case.verdict
    title = case.purchase.title or found.purchase
    right = found.purchase if case.purchase.title else ""
    law = f"{words.act(case)} · law of {figures.day(found.on)}, as published by {figures.day(found.known_on)}"
    law += f", under {case.overlay.title}" if case.overlay else ""
    return [*ends(title, right, width), *wrap(law, width), "═" * width]


def _outcome(case: Case, width: int) -> list[str]:
    found = case.verdict
    style, sign = _OUTCOME[found.outcome]
    open_ = (
        words.count(len(found.conditions), "condition") if found.outcome != "not eligible" and found.conditions else ""
    )
    state = f"{sign} {found.outcome.upper()}" + (f", with {open_} to settle" if open_ else "")
    state += ", on readings that others reverse" if found.hangs_on else ""
    state += " (rests on unverified law)" if found.unverified else ""
    lines = ["", *(paint(style, line) for line in wrap(state, width, 2, 2)), "", *wrap(found.summary, width, 2)]
    return [*lines, *_cautions(case, width)]


def _cautions(case: Case, width: int) -> list[str]:
    """What to look at before the figures are believed."""
    told = [wrap(f"! {each}", width, 2, 2) for each in cautions(case)]
    return [line for lines in told for line in ["", *(paint("yellow", one) for one in lines)]]


# --- shares ---------------------------------------------------------------------------------


def _products(case: Case, width: int) -> list[str]:
    found = figures.products(case)
    lines = heading("Where the value comes from") if found else []
    for place, product in enumerate(found):
        lines += ([""] if place else []) + _product(case, product, width)
    return lines


def _product(case: Case, product: Product, width: int) -> list[str]:
    currency = words.currency(case)
    name = f"{product.name} ({product.id})" if product.name else product.id
    pieces = f", {figures.number(product.quantity)}{NBSP}pieces" if product.quantity is not None else ""
    lines = ends(name + pieces, f"components {figures.amounts(product.total, currency)} each", width, indent=2)
    if product.outside is None:
        return [*lines, *wrap("Component cost may be nothing, so its share is undefined.", width, 2)]
    limit = product.standing.limit if product.standing else None
    drawn, mark = bar(
        product.outside.low, product.outside.high, limit, width - 5, measured.drawn(product.rest, product.outside)
    )
    lines += ["  " + drawn]
    if limit is not None and mark is not None:
        label = f"▲ limit {figures.limit_percent(limit)}"
        lines += [" " * min(mark + 2, width - len(label)) + label]
    lines += [*wrap(_legend(product), width, 2), "", *labelled("Outside", words.outside(product), width)]
    lines += labelled("Margin", margin, width) if (margin := words.margin(product, currency)) else []
    lines += labelled("Mostly", _mostly(product), width) if product.top else []
    lines += _under_agreements(case, product, width)
    if product.traced:
        traced = f"{figures.percents(product.traced, limit)} outside when every part is traced to its source; "
        lines += labelled("Beside it", f"{traced}the figures above count: {product.method}", width)
    return lines


def _mostly(product: Product) -> str:
    """The three items that bring in most from outside."""
    told = [
        f"{item.name or item.part} from {' and '.join(item.countries)}"
        + (f", {'' if item.share.known else 'up to '}{figures.percent(item.share.high)}" if item.share else "")
        for item in product.top[:3]
    ]
    return "; ".join(told)


def _legend(product: Product) -> str:
    """The signs of the bar that are drawn, with their shares where one number says it."""
    if product.outside is None:
        return ""
    low, high = product.outside.low, product.outside.high
    limit = product.standing.limit if product.standing else None
    rest = measured.drawn(product.rest, product.outside)
    told = [("red", "█ outside", low), ("yellow", "▒ not known", high - low), ("green", "░ inside", 1 - high - rest)]
    told += [("dim", "· no component", rest)]
    return "    ".join(
        f"{paint(style, text)}{NBSP}{figures.percent(share, limit if text[0] == '█' else None)}".replace(" ", NBSP)
        for style, text, share in told
        if share > 0
    )


def _under_agreements(case: Case, product: Product, width: int) -> list[str]:
    """The same product's shares under other routes; in full where one of them decides."""
    decides = words.agreement_decides(case, product)
    lines: list[str] = []
    for finding in figures.leaves(case.verdict.findings):
        by_agreement = finding.route and (decides or figures.concerns(case, finding.route))
        if by_agreement and finding.margin_money is not None and finding.subject in {product.id, product.name}:
            title = f"{words.route_title(case, finding.route or '')}, {finding.title}"
            told = f"{_MARK[finding.status]} {title}: {finding.status}; {words.against(finding)}"
            lines += labelled("" if lines else "By agreement", told, width)
            lines += labelled("", finding.because, width) if decides else []
    if decides and lines:
        lines += labelled("", decides, width)
    return lines


def _slices(case: Case, product: Product, width: int) -> list[str]:
    """Amounts by group, then by origin."""
    currency = words.currency(case)
    limit = product.standing.limit if product.standing else None
    rows = [_row(part, part.name, currency, limit) for part in product.by_group]
    if product.rest is not None:
        rows.append(_row(Slice("", "rest", product.beside, product.rest), "no component", currency, limit))
    origins = [_row(part, f"{part.name}   {part.group}", currency, limit) for part in product.by_origin]
    return [
        *wrap("By group", width, 2),
        *table(rows, frozenset({1, 2}), width),
        "",
        *wrap("By origin", width, 2),
        *table(origins, frozenset({1, 2}), width),
    ]


def _row(part: Slice, name: str, currency: str, limit: Fraction | None) -> tuple[str, str, str]:
    share = figures.percents(part.share, limit) if part.share else "–"
    label = paint(_GROUP_COLOUR.get(part.group, "cyan"), name)
    return label, figures.amounts(part.amount, currency), share


def _top(case: Case, product: Product, width: int) -> list[str]:
    if not product.top:
        return []
    rows = [_item(case, item) for item in product.top[:_SHOWN]]
    more = len(product.top) - _SHOWN
    return [
        "",
        *wrap("Most from outside", width, 2),
        *table(rows, frozenset({0, 1}), width),
        *([f"    and {more} more"] if more > 0 else []),
    ]


def _item(case: Case, item: Item) -> tuple[str, str, str, str]:
    share = figures.percents(item.share) if item.share else "–"
    return (
        figures.amounts(item.amount, words.currency(case)),
        share,
        ", ".join(item.countries),
        words.named(case, item.name, item.part, item.supplier),
    )


# --- what is still open -----------------------------------------------------------------------


def _conditions(case: Case, width: int) -> list[str]:
    if not case.verdict.conditions:
        return []
    lines = heading("What must still be settled")
    for place, condition in enumerate(case.verdict.conditions, 1):
        first, *others = condition.text.splitlines()
        lines += wrap(f"{place}{NBSP} {first}", width, 2, 3)
        lines += [line for other in others for line in wrap(f"– {other}", width, 5, 2)]
        lines += dim(wrap(words.dotted([condition.who, condition.provision, f"key: {condition.key}"]), width, 5))
    return [*lines, "", *wrap("Settle one under statements: in the purchase file, by its key.", width, 2)]


def _facts(case: Case, width: int) -> list[str]:
    """What to state so that an undetermined verdict can be given."""
    found = figures.to_state(case) if case.verdict.outcome == "undetermined" else ()
    lines = heading("Facts to state") if found else []
    for fact, provisions, where in found:
        lines += wrap(f"· {fact}", width, 2, 2)
        lines += dim(wrap(words.dotted([*provisions, *filter(None, [words.places(where)])]), width, 4))
    return lines


def _missing(case: Case, width: int, shown: int) -> list[str]:
    found = figures.missing(case)
    if not found:
        return []
    lines = heading("Declarations that are missing")
    lines += [*wrap(words.settling(case), width, 2), ""]
    lines += table([_missing_row(case, line) for line in found[:shown]], frozenset({1}), width, 2)
    if len(found) > shown:
        lines += ["", f"  and {len(found) - shown} more; content PURCHASE --missing lists them all"]
    return lines


def _missing_row(case: Case, line: MissingDeclaration) -> tuple[str, str, str]:
    told = [words.named(case, line.name, line.part, line.supplier), *([str(line.row)] if line.row else [])]
    amount = figures.amounts(line.amount, words.currency(case))
    return paint("yellow", "→") if line.settles else " ", amount, words.dotted(told)


# --- findings -------------------------------------------------------------------------------


def _findings(case: Case, width: int) -> list[str]:
    lines: list[str] = []
    for status in figures.WORST_FIRST:
        found = [finding for finding in figures.told(case) if finding.status == status]
        if not found:
            continue
        lines += heading(f"{status} ({len(found)})")
        if status == "not applicable":
            for finding in found:
                title = f"{_MARK[status]} {finding.title}"
                lines += ends(title, finding.provision, width, style="", indent=2, hanging=2)
                lines += dim(wrap(finding.because, width, 4))
        else:
            for finding in found:
                lines += _finding(case, finding, width)
    return lines


def _finding(case: Case, finding: Finding, width: int) -> list[str]:
    route = f" · {words.route_title(case, finding.route)}" if finding.route else ""
    unverified = "" if finding.verified else " (unverified)"
    title = f"{_MARK[finding.status]} {finding.title}{route}"
    lines = ends(title, finding.provision + unverified, width, indent=2, hanging=2)
    if words.says_one_thing(finding):
        lines += wrap(words.against(finding), width, 4)
    lines += wrap(words.reasons(finding.because), width, 4)
    lines += _members(finding, width)
    lines += wrap(f"→ {told}", width, 4, 2) if (told := turning.of_finding(finding)) else []
    return lines + dim(wrap(words.dotted([finding.rule, *filter(None, [words.places(finding.sources)])]), width, 4))


def _members(finding: Finding, width: int) -> list[str]:
    """Members of which the finding does not say all, each with its reason; the rest counted."""
    open_ = words.telling(finding)
    lines: list[str] = []
    for part in open_:
        lines += wrap(f"{_MARK[part.status]} {part.subject or part.title}: {part.because}", width, 6, 2)
    met = sum(part.status == "met" for part in finding.parts)
    if open_ and met:
        lines += wrap(f"{_MARK['met']} {words.count(met, 'other')} met", width, 6)
    return lines


# --- what it rests on -----------------------------------------------------------------------


def _routes(case: Case, width: int) -> list[str]:
    open_ = [route for route in case.verdict.routes if route.open and figures.concerns(case, route.route)]
    if len(open_) < 2:
        return []
    lines = heading("Routes")
    for route in open_:
        lines += ends(f"{_route_mark(route)} {route.title}", route.outcome, width, indent=2, hanging=2)
        unverified = "" if route.verified else " (unverified)"
        holds = route.outcome == "eligible" and case.verdict.conditions
        lines += wrap(("nothing stands against it" if holds else route.because) + unverified, width, 4)
    return [*lines, "", *wrap("One route is enough; the verdict above is that of the best.", width, 2)]


def _turning(case: Case, width: int) -> list[str]:
    """What would turn the verdict."""
    told = turning.of_verdict(case)
    if told is None:
        return []
    lines = [*heading("What would turn the verdict"), *wrap(told.lead, width, 2)]
    for place, some in enumerate(told.sets):
        lines += wrap(told.between, width, 2) if place and told.between else []
        for first, *others in some:
            lines += wrap(f"→ {first}", width, 2, 2)
            lines += [line for other in others for line in wrap(other, width, 4, 2)]
    return [*lines, *([""] if told.sets and told.rest else []), *wrap(told.rest, width, 2)]


def _route_mark(route: RouteResult) -> str:
    style, sign = _OUTCOME[route.outcome]
    return paint(style, sign)


def _readings(case: Case, width: int) -> list[str]:
    if not case.verdict.readings:
        return []
    readings = sorted(case.verdict.readings, key=lambda used: used.id)
    matter, rest = [used for used in readings if used.matters], [used for used in readings if not used.matters]
    lines = heading("Readings that matter" if matter else "Readings")
    for used in matter:
        lines += wrap(used.question, width, 2, 2)
        lines += dim(wrap(f"{_chosen(used)}; {_flips(used, case.verdict.outcome)}", width, 4, 2))
    lines += [""] if matter and rest else []
    told = "; ".join(_chosen(used) for used in rest)
    lines += wrap(f"{'Also taken' if matter else 'Taken'}, without effect here: {told}", width, 2, 2) if rest else []
    return [*lines, "", *wrap('Try another with --reading "NAME=OPTION".', width, 2)]


def _chosen(used: ReadingUsed) -> str:
    return f"{used.id}={used.chosen}" + ("" if used.is_default else " (your choice)")


def _flips(used: ReadingUsed, outcome: Outcome) -> str:
    """The other options that would change the verdict, and to what; where none does, what they are."""
    told = [f"{option} would make it {other}" for option, other in used.outcomes if other != outcome]
    same = f"or: {', '.join(used.alternatives)}, which changes findings and not the verdict"
    return ", ".join(told or [same])


def _checklist(case: Case, width: int) -> list[str]:
    """How much tender and contract must carry; the list itself is a page of its own."""
    found = case.verdict.checklist
    if not found:
        return []
    needed = sum(clause.required and not clause.open for clause in found)
    told = f"{words.count(needed, 'clause')} or annex the text requires of this purchase, {len(found) - needed} more "
    told += "advised or open; --out FOLDER writes them as checklist.md and into the page."
    return [*heading("Clauses and annexes"), *wrap(told, width, 2)]


def _notes(case: Case, width: int) -> list[str]:
    found = [*case.notes, *(case.content.notes if case.content else ())]
    return _bullets("How the files were read", list(dict.fromkeys(found)), width)


def _bullets(title: str, told: Iterable[str], width: int) -> list[str]:
    lines = [line for each in told for line in wrap(f"· {each}", width, 2, 2)]
    return [*heading(title), *lines] if lines else []


def _foot(case: Case, width: int) -> list[str]:
    found = case.verdict
    digests = words.dotted(
        f"{name}{NBSP}{digest.rpartition(':')[2][:12]}" for name, digest in sorted(case.digests.items())
    )
    law = f"Law of {found.on}, as published by {found.known_on}." + (f" Digests: {digests}." if digests else "")
    advice = "Not legal advice: says what was read, how it was read, and who must decide the rest."
    return ["", "─" * width, *dim(wrap(law, width)), *dim(wrap(advice, width))]
