"""Sentences that several reports write, and every text of the page in one table, so that a translation can follow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from jointbuy.errors import Where
from jointbuy.exact import Range, decimal
from jointbuy.money import DIGITS, margin_minor
from jointbuy.parameters import Overlay
from jointbuy.report import figures
from jointbuy.report.figures import NBSP, Product
from jointbuy.report.fund_words import FUND
from jointbuy.result import Case, Finding

_TOLD = 8
"""Reasons of one finding that a page tells; more would not be read."""

PAGE: Mapping[str, str] = {
    **FUND,
    "language": "en",
    "skip": "Skip to the report",
    "explored": "Where the value comes from: {title}",
    "variants": "Under other methods, bases and costs",
    "variants caption": "Share from outside; → marks those of the verdict",
    "variant": "Read as",
    "term": "Known as, or argued with",
    "bound": "a bound",
    "why": "What carries it",
    "why caption": "{country}: {total} in one {product}, every part traced; the paths that carry most",
    "path": "Path",
    "carried": "Carries",
    "moves": "What moved the share",
    "moves caption": "{product}: {before} before, {after} now; what is undeclared counts as outside",
    "line": "Line",
    "moved": "Moved the share by",
    "what if": "What if",
    "what if caption": "Share from outside under each scenario",
    "scenario": "Scenario",
    "minerals": "Strategic raw materials",
    "minerals title": "Strategic raw materials by country, each bar all of a material at one stage",
    "minerals told": "{material}, {stage}: {countries}; {against}.",
    "minerals of": "In one {product}",
    "minerals of all": "In all that is bought",
    "material": "Material",
    "mass": "Mass",
    "stage": "Stage",
    "by country": "From",
    "benchmark": "benchmark {limit}",
    "benchmark row": "Third country with most",
    "largest third country": "third country with most",
    "not declared": "not declared",
    "other countries": "other countries outside the Union",
    "in the union": "the Union",
    "no minerals": "The bill states none; the column materials says what a part holds.",
    "not listed": "Not on the list",
    "nothing else": "Nothing else is stated.",
    "unknown mass": "Raw materials of unknown mass: {cost} in each, counted nowhere above",
    "all measured": "None.",
    "break-evens": "What would just meet the limit",
    "nothing breaks": "No single rate or price would.",
    "stress": "Under errors of prices and rates",
    "stress caption": "{product}: share from outside over the draws",
    "draws below": "Draws below",
    "fixed": "What would make it pass: {title}",
    "fix changes": "What to buy elsewhere",
    "fix changes caption": "Parts that come from elsewhere; costs over all that is bought",
    "fix part": "Part",
    "fix before": "From",
    "fix after": "To",
    "fix cost": "Costs more",
    "fix detail": "Made of",
    "fix actions": "What else to do",
    "fix actions caption": "Changes beside the sources of parts",
    "fix action": "What",
    "fix for": "For",
    "fix conditions": "If these are settled",
    "fix limits": "Limits",
    "fix limits caption": "Each limit before and after, and what a percentage point of it costs",
    "fix limit": "Limit",
    "fix share before": "Before",
    "fix share after": "After",
    "fix at": "Limit at",
    "fix point": "A point costs",
    "fix frontier": "Cost against share",
    "fix cost axis": "Cost, {unit}",
    "fix frontier title": "Least cost against a share: {name}",
    "fix frontier told": "From {first} at {dear} to {last} at {cheap}; the table below says the numbers.",
    "fix frontier caption": "{name}: the least cost at which a share is reached",
    "fix share": "Share",
    "fix number": "Changes",
    "fix loosened": "Dearer without being better",
    "fix runners": "Nearly as cheap",
    "fix standing": "What stands in the way",
    "fix near": "How near the offers come",
    "fix late": "Not offered",
    "fix refused": "Cheaper, but refused",
    "fix none": "None.",
    "contents": "Contents",
    "law": "{act} · law of {on}, as published by {known_on}",
    "eligible": "eligible",
    "not eligible": "not eligible",
    "undetermined": "undetermined",
    "met": "met",
    "not met": "not met",
    "unknown": "unknown",
    "for judgement": "for judgement",
    "not applicable": "not applicable",
    "with": "with {count} to settle",
    "condition": "condition",
    "share": "Share from outside",
    "pieces": "{number} pieces",
    "components": "components {amount} each",
    "no share": "Component cost may be nothing, so its share is undefined.",
    "outside": "outside",
    "not known": "not known",
    "inside": "inside",
    "undeclared": "undeclared",
    "counting": ", with {partners}",
    "partner": "{name} (agreement)",
    "limit": "limit {limit}",
    "limit row": "limit",
    "bar title": "Share of {base} from outside: {name}",
    "share table": "{base} of {name} by where it comes from",
    "part of cost": "Part",
    "rest": "the rest of the value, no component",
    "of cost": "Share of component cost",
    "of value": "Share of the value",
    "of base": "Share from outside",
    "outside row": "Outside",
    "margin row": "Margin",
    "by agreement": "By agreement",
    "beside": "Beside it",
    "traced": "{share} outside when every part is traced to its source; the figures above count: {method}",
    "conditions": "What must still be settled",
    "no conditions": "Nothing is left to settle.",
    "facts missing": "Facts are missing: see the findings that are unknown, and the declarations that are missing.",
    "who": "Who answers",
    "provision": "Provision",
    "key": "Key",
    "settle": "Settle one under statements: in the purchase file, by its key.",
    "findings": "Findings",
    "unverified mark": "unverified",
    "others met": "{count} met",
    "other": "other",
    "compared": "Compared",
    "reading": "Readings",
    "read in": "Read in",
    "missing facts": "Missing",
    "rule": "Rule",
    "routes": "Routes",
    "routes caption": "Ways open to this purchase",
    "route head": "Route",
    "outcome": "Outcome",
    "because": "Because",
    "one route": "One route is enough; the verdict above is that of the best.",
    "turning": "What would turn the verdict",
    "value": "Where the value comes from",
    "by group": "{name}: component cost by group of countries",
    "by origin": "{name}: component cost by country of origin",
    "group": "Group",
    "origin": "Origin",
    "amount": "Amount",
    "share head": "Share",
    "drawn": "Drawn",
    "no bill": "The purchase names no bill of materials, so there is nothing to add up.",
    "top": "Largest items from outside",
    "top caption": "{name}: what brings in most from outside, dearest first",
    "top more": "and {number} more, in components.csv",
    "none outside": "Nothing is declared to come from outside.",
    "part": "Part",
    "bill": "The bill of materials",
    "bill note": "Height is cost in one end product. Left: the parts that go straight into it. Right: what is in each "
    "of them, at what it costs there; the rest of a part's price is left empty. Colour and pattern tell the origin "
    "declared for that very part. Where a price is a range, its upper end is drawn.",
    "bill title": "Bill of materials: {name}",
    "bill text": "{count} on the first level, drawn by cost and coloured by origin; the table below says the same.",
    "part noun": "part",
    "bill caption": "{name}: the parts drawn above; those inside another one are indented",
    "smaller": "{number} smaller",
    "legend": "Legend",
    "missing": "Declarations that are missing",
    "missing caption": "Origins that nobody has declared, by what they weigh",
    "missing more": "and {number} more; content PURCHASE --missing lists them all",
    "no missing": "No declaration is missing.",
    "settles": "Settles the limit",
    "yes": "→ yes",
    "no": "no",
    "readings": "Readings that mattered",
    "readings caption": "What the law leaves open, and how it was read here",
    "question": "Question",
    "chosen": "Read as",
    "or": "Other readings",
    "then": "then {outcome}",
    "effect": "Another reading",
    "changes": "→ changes a finding",
    "changes nothing": "changes no finding",
    "default": "default",
    "choice": "your choice",
    "try": 'Try another with --reading "NAME=OPTION".',
    "no readings": "No open text of the law was touched.",
    "all readings": "Under every reading",
    "all readings caption": "Readings on which the outcome hangs, and the fewest others that go with each outcome",
    "reading head": "Reading",
    "option": "Option",
    "comes to": "Comes to",
    "as chosen": "as chosen",
    "as above": "as above",
    "checklist": "Clauses and annexes",
    "clause": "What it must carry",
    "force": "Force",
    "overlay": "Law data laid over ours",
    "remarks": "Pointed out, not judged",
    "unverified": "Rests on unverified law",
    "no unverified": "The outcome rests on no provision that is marked unverified.",
    "notes": "How the files were read",
    "no notes": "Nothing to remark.",
    "rests": "What this was made from",
    "digests caption": "Digests (SHA-256) of the law and of every file that was read",
    "file": "File",
    "digest": "Digest",
    "the law": "law, {act}",
    "command": "The command that gives this answer again, with PURCHASE for the folder of the purchase:",
    "version": "jointbuy {version}",
    "advice": "Not legal advice: says what was read, how it was read, and who must decide the rest.",
    "plan cost": "{cost} present value at {rate} a year; {gap}.",
    "plan gives": "The cheapest way to make it possible",
    "plan gives caption": "What would have to give, all together",
    "plan by": "Gives by",
    "plan what": "Condition",
    "plan matrix": "Who buys what",
    "plan matrix key": "A cell says how many pieces, the darker the more of the value; a frame, who leads.",
    "plan matrix apart": " ○: bought outside the common procurement.",
    "plan contracts": "Systems bought, at the price all buyers reach together",
    "plan system": "System",
    "plan pieces": "Pieces",
    "plan price": "Price",
    "plan lead": "Leads",
    "plan buyers": "Buyers",
    "plan years": "Deliveries over the years",
    "plan years title": "Price of the pieces delivered in each year",
    "plan years set-up": "Bars are the price of pieces; set-up is apart, {amount} in all. The table below counts both.",
    "plan years pieces": "Bars are the price of pieces; there is no set-up.",
    "plan payments": "What each state pays in each year, for pieces and set-up; of it by loan: payments.csv",
    "plan state": "State",
    "plan amount": "Amount",
    "plan work": "Work share against cost share",
    "plan work caption": "What a state pays, its part of what all pieces cost, and what of that is made there",
    "plan pays": "For pieces",
    "plan set-up": "Set-up",
    "plan in all": "In all",
    "plan by loan": "Of it by loan",
    "plan cost share": "Of the pieces",
    "plan made": "Made there",
    "plan work share": "Of the work",
    "plan frontier": "Cost against dependence",
    "plan frontier caption": "Plans that no other beats at both; what is undeclared counts as from {countries}",
    "plan least": "Cost",
    "plan cost axis": "Cost, present value, {unit}; need not begin at 0",
    "plan bound": "Gap at most",
    "plan dependence": "From there or undeclared",
    "plan of value": "Of the value",
    "plan binds": "What binds",
    "plan binds caption": "Conditions without room",
    "plan family": "Kind",
    "plan worth": "What more of it would save",
    "plan depends": "Where the value comes from",
    "plan depends caption": "All states together",
    "plan country": "Country",
    "plan undeclared": "Undeclared: {share}, which counts as from wherever a limit looks.",
}  # fmt: skip
"""Every text of the page by its key; a translation is another such table."""


def telling(finding: Finding) -> list[Finding]:
    """The members that are not simply met and whose reason the finding does not give itself.

    Of a finding that is met one member may have sufficed, so that the others tell nothing.
    """
    if len(finding.parts) < 2 or finding.status == "met":
        return []
    open_ = [part for part in finding.parts if part.status not in {"met", "not applicable"}]
    return [part for part in open_ if part.because not in finding.because]


def count(number: int, thing: str) -> str:
    """A number of things: `1 part`, `3 parts`."""
    return f"{number} {thing}" + ("" if number == 1 else "s")


def told_apart(shares: Sequence[Fraction]) -> list[str]:
    """Shares in per cent with two decimals, or as many more as it takes to tell those that differ apart."""
    for digits in range(2, 9):
        told = [f"{decimal(share * 100, digits)}{NBSP}%" for share in shares]
        if len(set(told)) == len(set(shares)):
            break
    return told


def dotted(told: Iterable[str]) -> str:
    """Short pieces in a row; a line breaks after a dot, never before one."""
    return f"{NBSP}· ".join(told)


def named(case: Case, name: str | None, part: str, supplier: str | None) -> str:
    """A part by name, number and supplier, as far as known; a supplier that is a party by its name too."""
    told = f"{name} ({part})" if name else part
    party = next((party.name for party in case.purchase.parties if party.id == supplier and party.name), None)
    return f"{told}, {f'{party} ({supplier})' if party else supplier}" if supplier else told


def currency(case: Case) -> str:
    """The currency in which shares are computed."""
    return case.content.currency if case.content else case.purchase.contract.currency


def route_title(case: Case, route: str) -> str:
    """What a route is called; its id where the verdict does not name it."""
    return next((found.title for found in case.verdict.routes if found.route == route), route)


def act(case: Case) -> str:
    """The act as a heading names it."""
    return case.verdict.act.upper().replace("_", " ")


def command(case: Case) -> str:
    """What gives this answer again: law, dates and every reading that is not the default."""
    found = case.verdict
    dates = f"--on {found.on.isoformat()} --known-on {found.known_on.isoformat()}"
    chosen = sorted(f'--reading "{used.id}={used.chosen}"' for used in found.readings if not used.is_default)
    overlay = ["--law FOLDER"] if case.overlay else []
    every = ["--all-readings"] if case.all_readings else []
    return " ".join(["jointbuy check PURCHASE", f"--act {found.act}", dates, *overlay, *chosen, *every])


def overlay(over: Overlay | None) -> tuple[str, ...]:
    """Whose law data were laid over ours, and what they change."""
    if over is None:
        return ()
    of = f"decided under {over.title}, law data of {over.by} of {over.on} (source: {over.source}), laid over ours"
    return (of, *(f"it {change}" for change in over.changes))


def outside(product: Product) -> str:
    """The share from outside against its limit."""
    if product.outside is None:
        return "undefined"
    if not product.standing:
        return figures.percents(product.outside)
    limit = product.standing.limit
    exact = ", exactly the limit" if product.outside == Range(limit, limit) else ""
    share, most = figures.percents(product.outside, limit), figures.limit_percent(limit)
    bound = " (a bound: uncertain prices hang together)" if product.bound and not product.outside.known else ""
    return f"{share} of {of_base(product)}{bound}, against at most {most}{exact}"


def of_base(product: Product) -> str:
    """What a share of a product is of, in a sentence."""
    return product.base if product.rest is None else f"the {product.base}"


def margin(product: Product, currency: str) -> str:
    """Room left, or excess; the money is that of the worst completion. Nothing where no limit bears on it.

    Room is rounded down and excess up to whole minor units: as much may be moved, or must be.
    """
    standing = product.standing
    if not standing:
        return ""
    minor = margin_minor(standing.money, currency)
    money = figures.amount(Fraction(abs(minor), 10 ** DIGITS[currency]), currency)
    if minor > 0:
        told = f"in each piece, {money} more may come from outside before the limit is crossed"
    elif minor == 0:
        told = "in each piece, not one more cent may come from outside"
    elif standing.margin.high < 0:
        least = "" if standing.margin.low == standing.margin.high else "at worst "
        told = f"in each piece, {least}{money} too much comes from outside"
    else:
        told = f"in each piece, at worst {money} too much comes from outside"
    return f"{figures.points(standing.margin)}; {told}"


def under_agreements(case: Case, product: Product) -> list[str]:
    """How the same product's shares stand under other routes."""
    return [
        f"{route_title(case, finding.route)}, {finding.title}: {finding.status}"
        for finding in figures.leaves(case.verdict.findings)
        if finding.route and figures.concerns(case, finding.route)
        if finding.margin_money is not None and finding.subject in {product.id, product.name}
    ]


def agreement_decides(case: Case, product: Product) -> str:
    """That the product's ordinary limit is not what the verdict rests on; nothing where it is."""
    standing = product.standing
    if case.verdict.outcome != "eligible" or standing is None or standing.status == "met":
        return ""
    short = "left open" if standing.status == "unknown" else "not met"
    return f"The ordinary limit is {short}, but not needed: the agreement decides."


def reasons(because: str) -> str:
    """Reasons for a page: of very many the first, and every one that names a provision; files have them all."""
    told = re.split(r"; (?![^()]*\))", because)  # not inside of brackets
    shown = [each for place, each in enumerate(told) if place < _TOLD or "Art. " in each]
    more = f"; and {len(told) - len(shown)} more (--json has all)" if len(shown) < len(told) else ""
    return "; ".join(shown) + more


_STRICT = re.compile(r"the limit is (more than|less than) ")
"""How a reason tells a limit that must be passed, not only kept."""


def against(finding: Finding) -> str:
    """Value against limit, and the room between them; nothing for words, which the reason already tells."""
    value, limit, room = finding.value, finding.limit, finding.margin
    if finding.unit == "share" and isinstance(value, Range) and isinstance(limit, Fraction):
        side = found[1] if (found := _STRICT.search(finding.because)) else figures.side(finding)
        told = f"{figures.percents(value, limit)} against {side} {figures.limit_percent(limit)}"
        return told.replace("  ", " ") + (f"; margin {figures.points(room)}" if isinstance(room, Range) else "")
    if finding.unit == "date" and isinstance(value, date) and isinstance(limit, date) and isinstance(room, int):
        missed = " early" if value < limit else " late"
        days = count(abs(room), "day") + (missed if room < 0 else " to spare")
        return f"{figures.day(value)} against {figures.day(limit)}; {days}"
    if finding.unit == "count" and isinstance(value, Range) and isinstance(limit, Fraction):
        return f"{figures.number(value.low)} against {figures.number(limit)}"
    return ""


def says_one_thing(finding: Finding) -> bool:
    """Whether its value is that of the whole reason; several facts together would mislead."""
    return finding.margin_money is not None or "; " not in finding.because


HELD = 40
"""Characters of places that stay on one line: more would not fit a narrow screen."""


def places(sources: Iterable[Where]) -> str:
    """Where the values stand, file by file, four places of each: `bill.csv:2, 3, 4, 5 and 12 more`."""
    files: dict[str, list[str]] = {}
    for place in sources:
        spot = str(place)[len(place.file) + 1 :]
        files.setdefault(place.file, []).extend([spot] if spot else [])
    told = []
    for file, spots in files.items():
        more = f" and {len(spots) - 4} more" if len(spots) > 4 else ""
        one = f"{file}:{', '.join(spots[:4])}{more}" if spots else file
        told.append(one.replace(" ", NBSP) if len(one) <= HELD else one)
    return dotted(told)


def settling(case: Case) -> str:
    """What the missing declarations can and cannot do for the component limit."""
    found = sum(line.settles for line in case.verdict.missing)
    if found:
        those = "The one marked → settles" if found == 1 else f"The {found} marked → settle"
        return f"{those} the component limit, if found to come from inside."
    if any(standing and standing.status == "unknown" for standing in figures.standings(case)):
        return "Even if all of them came from inside, the component limit would stay open."
    return "None of them changes the answer on the component limit."


CHECKLIST: Mapping[str, str] = {
    "title": "Clauses and annexes",
    "law": "Law of {on}, as published by {known_on}.",
    "lead": "What this purchase must carry, in our own words, with the provision beside it. Required: the text asks "
    "for it. Advised: it serves to prove or to keep what the text asks for.",
    "none": "No clauses are written out for this act: what its text asks tender and contract to carry, the contracting "
    "authority must take from the text itself.",
    "tender specifications": "Tender specifications",
    "contract": "Contract",
    "annexes": "Annexes",
    "notices": "Notices",
    "requests for payment": "With each request for payment",
    "required": "required",
    "advised": "advised",
    "perhaps": "needed or not: not stated is {open}",
    "about": "on account of",
    "advice": "Not legal advice: the wording of a clause is for the contracting authority's lawyers.",
}
"""The texts of the checklist by their key."""
