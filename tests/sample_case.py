"""Three hand-made cases with invented names: eligible with conditions, one cent over, undetermined."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from jointbuy.errors import Where
from jointbuy.exact import ZERO, Origin, Parts, Range, exactly, share_range, worst_excess
from jointbuy.model import Contract, Country, Currency, EndProduct, Events, Party, Product, Purchase
from jointbuy.money import Money
from jointbuy.result import (
    Case,
    Cell,
    Condition,
    Content,
    Control,
    Controlled,
    Finding,
    Line,
    MissingDeclaration,
    ProductContent,
    ReadingUsed,
    RouteResult,
    Verdict,
)

LIMIT = Fraction(35, 100)
GROUPS = {
    Country(code): group
    for code, group in (
        ("DE", "inside"),
        ("FI", "inside"),
        ("UA", "inside"),
        ("CA", "canada"),
        ("US", "outside"),
        ("KR", "outside"),
    )
}
BILL = "bill-of-materials.csv"
Row = tuple[str, str, str, str | None, str, str]


def line(place: int, row: Row) -> Line:
    """One line from (part, name, supplier, origin or None, low, high)."""
    part, name, supplier, origin, low, high = row
    return Line(
        part=part,
        name=name,
        supplier=supplier,
        origin=((Country(origin), Fraction(1)),) if origin else (),
        supplied_from=Country(origin) if origin else None,
        amount=Range(Fraction(low), Fraction(high)),
        currency="EUR",
        cost_kind="component",
        path=("VEHICLE", part),
        row=Where(BILL, place),
    )


def content(rows: list[Row], method: str = "first level, whole, by declared origin") -> ProductContent:
    lines = tuple(line(place, row) for place, row in enumerate(rows, 2))
    cells = tuple(Cell(each.origin[0][0] if each.origin else None, "EUR", "component", each.amount) for each in lines)
    composition: dict[Origin, Range] = {}
    for each in lines:
        composition[each.origin] = composition.get(each.origin, ZERO) + each.amount
    return ProductContent("VEHICLE", method, composition, lines, len(lines), cells, ())


def split(made: ProductContent) -> Parts:
    inside, outside, undeclared = ZERO, ZERO, ZERO
    for cell in made.cube:
        if cell.origin is None:
            undeclared += cell.amount
        elif GROUPS[cell.origin] == "inside":
            inside += cell.amount
        else:
            outside += cell.amount
    return Parts(outside, inside, undeclared)


def share_finding(made: ProductContent) -> Finding:
    parts = split(made)
    share = share_range(parts)
    assert share is not None
    worst = worst_excess(parts, LIMIT)
    status = "met" if worst <= 0 else "not met" if share.low > LIMIT else "unknown"
    single = Finding(
        rule="safe.art16_component_share",
        title="Components from outside",
        condition="components",
        route=None,
        status=status,
        provision="Art. 16(10)",
        because="component cost that originates outside the Union, EEA-EFTA states and Ukraine, by declared origin",
        value=share,
        limit=LIMIT,
        unit="share",
        margin=Range(LIMIT - share.high, LIMIT - share.low),
        margin_money=-worst / LIMIT.denominator,
        subject="VEHICLE",
        sources=tuple(each.row for each in made.lines if each.row),
        readings=("component-method", "cost-basis"),
        missing=("origin of components",) if status == "unknown" else (),
    )
    return replace(single, subject="", parts=(single,))


BUYERS = Finding(
    rule="safe.art2_common_procurement",
    title="At least two buyers, one of them with a SAFE loan",
    condition="buyers",
    route=None,
    status="met",
    provision="Art. 2(3)",
    because="Germany borrows under SAFE; Finland buys with it",
    sources=(Where("purchase.yaml", 9), Where("purchase.yaml", 14)),
)
CONTRACTORS = Finding(
    rule="safe.art16_establishment",
    title="Contractors and subcontractors involved are established and managed inside",
    condition="establishment",
    route=None,
    status="for judgement",
    provision="Art. 16(3)",
    because="Nordlicht Beispiel Oy: who controls it must be confirmed by a person",
    sources=(Where("purchase.yaml", 31),),
    parts=(
        Finding(
            "safe.art16_establishment", "", "establishment", None, "met", "Art. 16(3)", "in Germany", subject="muster"
        ),
        Finding(
            "safe.art16_establishment",
            "",
            "establishment",
            None,
            "for judgement",
            "Art. 16(3)",
            "a holding of 30 % from outside may give decisive influence",
            subject="nordlicht",
        ),
    ),
)
PAYMENT = Finding(
    rule="safe.art12_last_payment",
    title="Paid before payments end",
    condition="payment",
    route=None,
    status="met",
    provision="Art. 12(1)",
    because="last payment 2030-06-30, no later than 2030-12-31",
    value=date(2030, 6, 30),
    limit=date(2030, 12, 31),
    unit="date",
    margin=184,
    sources=(Where("purchase.yaml", 6),),
)
DESIGN = Finding(
    rule="safe.art16_design_authority",
    title="Design authority",
    condition="design",
    route=None,
    status="not applicable",
    provision="Art. 16(11)",
    because="ground combat is in category one",
)
CANADA = Finding(
    rule="safe.art17_canada_floor",
    title="Share from inside under the agreement",
    condition="components",
    route="canada",
    status="met",
    provision="Agreement with Canada, component clause",
    because="component cost that originates inside",
    value=exactly(Fraction(7190, 10000)),
    limit=Fraction(20, 100),
    unit="share",
    margin=exactly(Fraction(5190, 10000)),
    margin_money=Fraction(519000),
    subject="VEHICLE",
    verified=False,
)


def case(rows: list[Row], traced: list[Row], verdict: Verdict, notes: tuple[str, ...] = ()) -> Case:
    made = content(rows)
    purchase = Purchase(
        id="sample-vehicles",
        title="Example armoured vehicles for two countries",
        instrument="SAFE",
        events=Events(signature=date(2026, 9, 15), last_payment=date(2030, 6, 30)),
        product=Product(kind="defence product", categories=("ground combat",)),
        buyers=(),
        contract=Contract(value=Money(480_000_000_00, "EUR"), currency=Currency("EUR"), contractors=("muster",)),
        parties=(
            Party(id="muster", name="Muster Fahrzeugbau GmbH", established_in=Country("DE")),
            Party(id="nordlicht", name="Nordlicht Beispiel Oy", established_in=Country("FI")),
            Party(id="placeholder", name="Placeholder Optics Inc.", established_in=Country("US")),
        ),
        end_products=(EndProduct(id="VEHICLE", name="Example vehicle", quantity=Fraction(240)),),
        bill_of_materials=BILL,
    )
    control = Control(
        {
            "muster": Controlled("muster", Country("DE"), False, "not controlled", ("muster",), "controlled at home"),
            "nordlicht": Controlled(
                "nordlicht",
                None,
                False,
                "undecidable",
                ("nordlicht",),
                "30 % are held from outside; a person must look",
            ),
            "placeholder": Controlled(
                "placeholder",
                Country("US"),
                False,
                "controlled",
                ("placeholder", "Invented Holdings Corp."),
                "Invented Holdings Corp. of the United States holds 80 %",
            ),
        }
    )
    return Case(
        purchase=purchase,
        bom=None,
        notes=notes,
        control=control,
        content=Content("EUR", (made,), (content(traced, "traced to source"),), ()),
        verdict=verdict,
        groups=GROUPS,
        digests={"purchase.yaml": "3f1c" * 16, BILL: "a07b" * 16, "law": "91d2" * 16},
    )


def verdict(rows: list[Row], **changes: object) -> Verdict:
    base = Verdict(
        purchase="sample-vehicles",
        act="safe",
        on=date(2026, 9, 15),
        known_on=date(2026, 11, 23),
        outcome="eligible",
        summary="",
        conditions=(),
        routes=(RouteResult("ordinary", "Ordinary rules", True, "eligible", "every condition holds", True),),
        findings=(BUYERS, share_finding(content(rows)), CONTRACTORS, PAYMENT, DESIGN),
        readings=(
            ReadingUsed(
                "component-method",
                "What is a component, and how is its origin counted?",
                "first level",
                True,
                ("full trace", "replaceable unit"),
            ),
        ),
        missing=(),
        checklist=(),
        remarks=(),
        unverified=(),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


CONDITIONS = (
    Condition(
        "control:nordlicht",
        "Say whether the 30 % holding from outside gives decisive influence over Nordlicht Beispiel Oy.",
        "contracting authority",
        "Art. 16(3)",
        "safe.art16_establishment",
    ),
    Condition(
        "plan",
        "Confirm that the purchase is in the approved plan of the borrowing country.",
        "borrowing Member State",
        "Art. 7(2)",
        "safe.art7_plan",
    ),
)
_ELIGIBLE: list[Row] = [
    ("HULL", "Hull", "Muster Fahrzeugbau GmbH", "DE", "410000", "410000"),
    ("ENGINE", "Engine", "Nordlicht Beispiel Oy", "FI", "268000", "268000"),
    ("RADIO", "Radio set", "Muster Funk GmbH", "DE", "41000", "41000"),
    ("OPTICS", "Optics", "Placeholder Optics Inc.", "US", "121000", "121000"),
    ("TURRET", "Turret drive", "Maple Sample Ltd", "CA", "160000", "160000"),
]
_OVER: list[Row] = [
    ("HULL", "Hull", "Muster Fahrzeugbau GmbH", "DE", "649999.99", "649999.99"),
    ("OPTICS", "Optics", "Placeholder Optics Inc.", "US", "229999.99", "229999.99"),
    ("TURRET", "Turret drive", "Maple Sample Ltd", "CA", "120000.02", "120000.02"),
]
_OPEN: list[Row] = [
    ("HULL", "Hull", "Muster Fahrzeugbau GmbH", "DE", "410000", "430000"),
    ("ENGINE", "Engine", "Nordlicht Beispiel Oy", "FI", "200000", "200000"),
    ("OPTICS", "Optics", "Placeholder Optics Inc.", "US", "225000", "225000"),
    ("GEARBOX", "Gearbox", "Beispiel Getriebe AG", None, "96000", "104000"),
    ("HARNESS", "Cable harness", None, None, "21000.50", "21000.50"),
    (
        "SEATS",
        "Seats with a name so long that no table of eighty columns can hold all of it",
        "Muster",
        None,
        "9000",
        "9000",
    ),
]


def eligible() -> Case:
    """Eligible, with two conditions and a second route."""
    made = verdict(
        _ELIGIBLE,
        summary="Meets Article 16 on the stated facts, if two points are settled. The nearest limit is the component "
        "share, which leaves 6.90 points.",
        conditions=CONDITIONS,
        routes=(
            RouteResult("ordinary", "Ordinary rules", True, "eligible", "every condition holds", True),
            RouteResult("canada", "Agreement with Canada", True, "undetermined", "its dates are not settled", False),
        ),
        unverified=("Agreement with Canada, component clause",),
    )
    made = replace(made, findings=(*made.findings, CANADA))
    traced: list[Row] = [*_ELIGIBLE[:1], ("PUMP", "Pump", "Sample Pumps Inc.", "US", "30000", "30000"), *_ELIGIBLE[1:]]
    notes = ('column "Unit price EUR" read as price', 'column "Made in" read as origin')
    return case(_ELIGIBLE, traced, made, notes)


def not_eligible() -> Case:
    """Not eligible: one cent over the limit."""
    made = verdict(
        _OVER,
        outcome="not eligible",
        summary="One cent too much of the component cost comes from outside. Nothing else stands in the way.",
        conditions=CONDITIONS[1:],
        routes=(RouteResult("ordinary", "Ordinary rules", True, "not eligible", "the component share fails", True),),
    )
    return case(_OVER, _OVER, made)


def undetermined() -> Case:
    """Undetermined: three origins undeclared and a price range; two declarations would settle it."""
    missing = tuple(
        MissingDeclaration(
            "VEHICLE", each.part, each.name, each.supplier, each.amount, each.part == "GEARBOX", each.row
        )
        for each in content(_OPEN).lines
        if not each.origin
    )
    made = verdict(
        _OPEN,
        outcome="undetermined",
        summary="Whether the component share holds depends on origins that nobody has declared. One declaration would "
        "settle it.",
        conditions=CONDITIONS,
        missing=missing,
    )
    return case(_OPEN, _OPEN, made)
