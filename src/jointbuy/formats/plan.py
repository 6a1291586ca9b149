"""A plan: plan.yaml and the tables beside it, as records; every problem found is reported in one run (§9).

The format is described in docs/plan.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from jointbuy.errors import Unusable, Where
from jointbuy.formats import files, scalars
from jointbuy.formats import plan_limits as limits
from jointbuy.formats import plan_tables as tables
from jointbuy.formats.plan_fields import Reader
from jointbuy.formats.plan_offers import Offers, offers
from jointbuy.formats.problems import Problems, listed, shown
from jointbuy.joint import GOALS, Credit, Goal, Need, Offer, Plan, State
from jointbuy.money import DIGITS
from jointbuy.places import Places
from jointbuy.yamltext import Fields, Items, parse

FILE = "plan.yaml"
_KEYS = "id title currency signature years discount loans acts depends_on minimise limits".split()
_MOST_YEARS, _MOST_OFFERS, _MOST_TERM = 40, 5_000, 100


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan and the digests of its files, by name."""

    plan: Plan
    digests: Mapping[str, str]


def read(folder: Path, places: Places, acts: tuple[str, ...]) -> ReadPlan:
    """Read a plan's folder, or its plan.yaml. Raises Unusable with every problem of all its files."""
    folder = folder.parent if folder.name == FILE else folder
    problems = Problems()
    problems.files.append(FILE)
    if not files.is_file(folder / FILE):
        do = "name a folder that holds plan.yaml, such as examples/plan-four-states"
        problems.add(f"there is no {FILE} in {folder}", None, do=do)
        problems.raise_if_any()
    content = files.load(folder / FILE, FILE, Where(FILE), files.MAX_YAML_BYTES, problems)
    text = files.text_of(content, problems) if content else None
    if text is None:
        raise Unusable(problems.in_order())
    tree = parse(text, FILE)
    if not isinstance(tree, Fields):
        problems.add("the file holds no keys", Where(FILE), do=f"write keys: {listed(_KEYS, 20)}")
        raise Unusable(problems.in_order())
    plan = _plan(Reader(tree, problems, places), folder, acts)
    problems.raise_if_any()
    if plan is None:  # a needed key is missing, which was told
        raise Unusable(problems.in_order())
    names = [name for name in (FILE, *TABLES) if (folder / name).is_file()]
    digests = {name: files.Content(name, (folder / name).read_bytes()).digest for name in names}
    return ReadPlan(plan, digests)


TABLES = ("states.csv", "needs.csv", "offers.csv", "prices.csv", "origins.csv", "extras.csv")


def _plan(reader: Reader, folder: Path, acts: tuple[str, ...]) -> Plan | None:
    problems, places = reader.problems, reader.places
    reader.only(_KEYS)
    title, currency = reader.text("title", needed=False), reader.word("currency", scalars.currency)
    signature, years = reader.word("signature", scalars.day), _years(reader)
    discount = reader.word("discount", scalars.share)
    if currency is None or signature is None or not years or discount is None:
        return None
    if years[0] < signature.year:
        why = f"nothing is delivered or paid under contracts that are signed on {signature}"
        do = f"begin with {signature.year} and write what was needed earlier for that year, or correct signature"
        problems.add(f"years begins with {years[0]}", reader.where("years"), why, do)
    money = tables.money(DIGITS[currency])
    states = _states(folder, years, money, places, problems)
    needs = _needs(folder, years, states, places, problems)
    context = Offers(folder, years, money, places, problems, acts, {each.code for each in states})
    found = offers(context)
    found = (*found, *_alone(needs, found, problems))
    _sizes(found, problems)
    _met(needs, found, problems)
    members = limits.Members(places, signature, tuple(each.code for each in states), tuple(capabilities(needs)))
    credit = _credit(reader)
    named = tuple(_act(text, acts, reader) for text in reader.words("acts"))
    return Plan(
        id=reader.text("id") or "plan",
        title=title or reader.text("id", needed=False) or "plan",
        currency=currency,
        signature=signature,
        years=years,
        discount=discount,
        acts=tuple(act for act in named if act),
        depends_on=limits.countries(reader, "depends_on", members),
        minimise=_goals(reader),
        states=states,
        needs=needs,
        offers=found,
        limits=limits.limits(reader, members),
        titles={code: places.titles[code] for code in _codes(states, found)},
        file=FILE,
        notes=_notes(states, found, credit),
        credit=credit,
    )


def capabilities(needs: tuple[Need, ...]) -> dict[str, None]:
    """Every capability that is needed, in the order of the table."""
    return dict.fromkeys(need.capability for need in needs)


def _codes(states: tuple[State, ...], found: tuple[Offer, ...]) -> set[str]:
    return {each.code for each in states} | {code for offer in found for code, _ in offer.origin}


def _notes(states: tuple[State, ...], found: tuple[Offer, ...], credit: Credit | None) -> tuple[str, ...]:
    free = [each.code for each in states if each.budgets is None]
    told = f"no budget is stated for {listed(free, 40)}: nothing limits what they pay"
    lent = any(each.loan for each in states) and credit is None
    cash = "what loans cost is not stated under loans: what they pay counts as cash, without interest"
    dearer = [
        f"{offer.id} costs more a piece from {high.least:,} on than from {low.least:,} on: check prices.csv"
        for offer in found
        for low, high in pairwise(offer.tiers)
        if high.price > low.price and not offer.only
    ]
    return (*((told,) if free else ()), *((cash,) if lent else ()), *dearer)


def _credit(reader: Reader) -> Credit | None:
    """What a loan costs; None where it is not stated, or with a problem noted."""
    node = reader.tree.fields.get("loans")
    if node is None:
        return None
    do = "write interest: 3 %, grace: 10 and years: 45 in it, as the loan agreement has them"
    if not isinstance(node, Fields):
        reader.problems.add("loans holds no keys", reader.where("loans"), do=do)
        return None
    own = reader.of(node)
    own.only(["interest", "grace", "years"])
    interest, grace = own.word("interest", scalars.share), own.word("grace", tables.whole)
    years = own.word("years", tables.some)
    if interest is None or grace is None or years is None:
        return None
    if not grace < years <= _MOST_TERM:
        why = f"a loan is repaid after its {grace} years of grace, within at most {_MOST_TERM}"
        reader.problems.add(f"years is {years}", own.where("years"), why, do)
        return None
    return Credit(interest, grace, years)


def _act(text: str, acts: tuple[str, ...], reader: Reader) -> str | None:
    if text in acts:
        return text
    do = reader.problems.near(text, acts, f"the acts are: {listed(acts)}")
    reader.problems.add(f"there is no act {shown(text)}", reader.where("acts"), do=do)
    return None


def _goals(reader: Reader) -> tuple[Goal, ...]:
    found: list[Goal] = []
    for text in reader.words("minimise"):
        goal = next((goal for goal in GOALS if goal == text), None)
        if goal is None or goal in found:
            why = "it stands twice" if goal else ""
            do = f"write some of: {listed(GOALS)}"
            reader.problems.add(f"minimise holds {shown(text)}", reader.where("minimise"), why, do)
        else:
            found.append(goal)
    return tuple(found) or ("cost",)


def _years(reader: Reader) -> tuple[int, ...]:
    node = reader.tree.fields.get("years")
    if node is None or not isinstance(node, Items):
        reader.problems.add("years is missing or no list", reader.where("years"), do="write years: [2027, 2028]")
        return ()
    found = [year for text in reader.words("years") if (year := reader.through("years", text, tables.year))]
    if found != list(range(found[0], found[0] + len(found))) if found else True:
        why = "a plan needs years that follow each other"
        reader.problems.add("years are not one after another", node.where, why, "write years: [2027, 2028, 2029]")
        return ()
    if len(found) > _MOST_YEARS:
        reader.problems.add(f"years holds {len(found)}", node.where, f"at most {_MOST_YEARS} are planned")
        return ()
    return tuple(found)


# --- states and needs -----------------------------------------------------------------------


def _states(
    folder: Path, years: tuple[int, ...], money: Callable[[str], int], places: Places, problems: Problems
) -> tuple[State, ...]:
    found: dict[str, State] = {}
    for row in tables.rows(folder, "states.csv", ["state", "may_borrow"], ["loan"], problems, years=True):
        code = row.read("state", tables.country(places))
        borrows, loan = row.read("may_borrow", tables.yes), row.read("loan", money, needed=False)
        budgets = _budgets(row, years, money)
        if code is None or borrows is None:
            row.left_out()
            continue
        if code in found:
            row.wrong("state", f"{code} stands twice", f"it stands at line {found[code].where.line} too", "keep one")
            continue
        if loan is not None and not borrows:
            row.wrong("loan", "is stated", f"{code} may not borrow", "leave it empty, or write yes under may_borrow")
        found[code] = State(code, borrows, loan, budgets, row.where)
    if not found and not problems.found:
        problems.add("states.csv names no state", Where("states.csv"), do="write a row for each state that buys")
    return tuple(found.values())


def _budgets(
    row: tables.Cells, years: tuple[int, ...], money: Callable[[str], int]
) -> tuple[tuple[int, int], ...] | None:
    """Budgets of all years of the plan, or of none: a year left out is not nothing (§1)."""
    for name, text in row.cells.items():
        if name.isdigit() and int(name) not in years and text:
            row.wrong(
                f"the column {name}", "is no year of the plan", do=f"the years are {listed(list(map(str, years)))}"
            )
    given = [year for year in years if row.given(str(year))]
    if not given:
        return None
    missing = [str(year) for year in years if year not in given]
    if missing:
        do = "write 0 where there is none, or leave all years empty where nothing limits it"
        row.wrong("the budget", f"of {listed(missing)} is empty", "other years have one", do)
    amounts = [(year, row.read(str(year), money)) for year in given]
    return tuple((year, amount) for year, amount in amounts if amount is not None)


def _needs(
    folder: Path, years: tuple[int, ...], states: tuple[State, ...], places: Places, problems: Problems
) -> tuple[Need, ...]:
    known = {each.code for each in states}
    found: dict[tuple[str, str, int], Need] = {}
    same: dict[tuple[str, str], Need] = {}
    before = len(problems.found)
    columns = ["state", "capability", "year", "quantity"]
    for row in tables.rows(folder, "needs.csv", columns, ["latest", "standards", "buy_alone"], problems):
        code, capability = row.read("state", tables.country(places)), row.text("capability")
        year, quantity = row.read("year", tables.year), row.read("quantity", tables.some)
        latest = row.read("latest", tables.year, needed=False) or year
        alone = bool(row.read("buy_alone", tables.yes, needed=False))
        if code is None or not capability or year is None or latest is None or quantity is None:
            row.left_out()
            continue
        if code not in known and "states.csv" not in problems.unread:
            row.wrong("state", f"{code} is none of states.csv", do="add it there, or correct it here")
            row.left_out()
            continue
        for name, one in {"year": year, "latest": latest}.items():
            if one not in years:
                row.wrong(name, f"{one} is no year of the plan", do=f"the years are {listed(list(map(str, years)))}")
        if latest < year:
            row.wrong("latest", f"{latest} is before {year}", "what is needed by then cannot be due earlier")
        key = (code, capability, year)
        if key in found:
            line = found[key].where.line
            row.wrong(
                "this need", "stands twice", f"line {line} has the same state, capability and year", "add them up"
            )
            continue
        standards = tables.words(row.given("standards"))
        other = same.get((code, capability))
        if other is not None and set(other.standards) != set(standards):
            why = f"line {other.where.line} asks others of the same state and capability"
            row.wrong("standards", "differ", why, "ask the same in both, or name two capabilities")
        if other is not None and other.alone != alone:
            why = f"line {other.where.line} says otherwise of the same state and capability"
            row.wrong("buy_alone", "differs", why, "write the same in both, or name two capabilities")
        found[key] = Need(code, capability, year, latest, quantity, standards, row.where, alone)
        same.setdefault((code, capability), found[key])
    if not found and len(problems.found) == before:
        problems.add("needs.csv names no need", Where("needs.csv"), do="write a row for each need of a state")
        problems.unread.add("needs.csv")  # who names what is needed elsewhere is not at fault
    return tuple(found.values())


def _alone(needs: tuple[Need, ...], found: tuple[Offer, ...], problems: Problems) -> Iterator[Offer]:
    """For each state that may buy by itself, every offer once more: its own price and set-up, the same capacity."""
    known = {each.id for each in found}
    for state, capability in dict.fromkeys((each.state, each.capability) for each in needs if each.alone):
        for offer in found:
            if offer.capability != capability or offer.alone:
                continue
            name = f"{offer.id} / {state}"
            if name in known:
                why = f"{shown(name)} is what {state} buys of {shown(offer.id)} by itself"
                problems.add("this offer has the name of another", offer.where, why, "name one of them otherwise")
            yield replace(offer, id=name, alone=True, only=state, source=offer.id)


def _sizes(found: tuple[Offer, ...], problems: Problems) -> None:
    if len(found) > _MOST_OFFERS:
        problems.add(
            f"offers.csv holds {len(found):,} offers", Where("offers.csv"), f"at most {_MOST_OFFERS:,} are planned"
        )


def _met(needs: tuple[Need, ...], found: tuple[Offer, ...], problems: Problems) -> None:
    """Needs for which there is no offer at all, told with their row; where an offer was left out, nobody knows."""
    if "offers.csv" in problems.unread:
        return
    offered = {offer.capability for offer in found}
    for need in needs:
        if need.capability not in offered:
            do = problems.near(need.capability, offered, "add an offer for it, or take the need out")
            problems.add(f"nobody offers {shown(need.capability)}", need.where, f"{need.state} needs it", do)
