"""Roll-up against answers worked out by hand and against a brute-force walk of every path."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bills import bill, row
from jointbuy.content import roll_up, switched
from jointbuy.exact import Parts, Range, exactly, worst_excess
from jointbuy.graph import exploded, parents_first
from jointbuy.model import Bom
from jointbuy.result import ProductContent

RATES = {"USD": Fraction(9, 10)}


def by_origin(product: ProductContent) -> dict[str | None, Range]:
    found: dict[str | None, Range] = {}
    for cell in product.cube:
        found[cell.origin] = found.get(cell.origin, exactly(0)) + cell.amount
    return found


def test_three_levels_with_a_shared_assembly_and_a_batch() -> None:
    """Worked by hand. A bracket needs 3 screws per batch of 2 (so 3/2 each).

    bracket  = 1.5 screws x 0.40 + 0.35 kg x 2.00      = 0.60 + 0.70 = 1.30
    frame    = 4 brackets + 1 plate                    = 5.20 + 10   = 15.20
    turret   = 2 brackets + 1 gun at 100 USD (90 EUR)  = 2.60 + 90   = 92.60
    product  = 2 frames + 1 turret                     = 30.40 + 92.60 = 123.00
    """
    bom = bill(
        row("PRODUCT", "frame", 2, None, "DE"),
        row("PRODUCT", "turret", 1, None, "US"),
        row("frame", "bracket", 4),
        row("frame", "plate", 1, 10, "SE"),
        row("turret", "bracket", 2),
        row("turret", "gun", 1, 100, "US", currency="USD"),
        row("bracket", "screw", Fraction(3, 2), "0.40", "CN"),
        row("bracket", "steel", "0.35", "2.00", "FI"),
    )
    content = roll_up(bom, "EUR", RATES)
    first, traced = content.products[0], content.traced[0]
    assert by_origin(first) == {"DE": exactly(Fraction("30.40")), "US": exactly(Fraction("92.60"))}
    # ten brackets in all: 8 in the frames, 2 in the turret
    assert by_origin(traced) == {
        "CN": exactly(Fraction("6.00")),
        "FI": exactly(Fraction("7.00")),
        "SE": exactly(20),
        "US": exactly(90),
    }
    assert first.total == traced.total == exactly(123)
    assert {(cell.origin, cell.currency): cell.amount.low for cell in first.cube} == {
        ("DE", "EUR"): Fraction("30.40"),
        ("US", "EUR"): Fraction("2.60"),
        ("US", "USD"): Fraction(90),
    }


def test_a_first_level_assembly_without_declaration_is_undeclared_and_not_traced() -> None:
    """Architecture, decision 3: it stays open although everything in it is declared."""
    bom = bill(row("PRODUCT", "hull", 1), row("hull", "plate", 2, 5, "DE"))
    content = roll_up(bom, "EUR", {})
    assert by_origin(content.products[0]) == {None: exactly(10)}
    assert by_origin(content.traced[0]) == {"DE": exactly(10)}


def test_what_an_assembly_costs_beyond_its_parts_counts_at_its_own_origin() -> None:
    """Traced: a 100 EUR engine assembled in DE of 60 EUR of parts from US carries 40 EUR of DE."""
    bom = bill(row("PRODUCT", "engine", 1, 100, "DE"), row("engine", "block", 3, 20, "US"))
    assert by_origin(roll_up(bom, "EUR", {}).traced[0]) == {"DE": exactly(40), "US": exactly(60)}


def test_an_assembly_cheaper_than_its_parts_is_said() -> None:
    bom = bill(row("PRODUCT", "engine", 1, 50, "DE"), row("engine", "block", 3, 20, "US"))
    content = roll_up(bom, "EUR", {})
    assert "engine costs less than its own parts do" in content.notes[0]
    assert by_origin(content.traced[0]) == {"US": exactly(60)}


def test_declared_shares_leave_the_rest_undeclared() -> None:
    bom = bill(row("PRODUCT", "radio", 1, 200, "DE 60 US 10"))
    assert by_origin(roll_up(bom, "EUR", {}).products[0]) == {
        "DE": exactly(120),
        "US": exactly(20),
        None: exactly(60),
    }


def test_two_suppliers_share_a_part_as_awarded() -> None:
    """3 tracks, 70 % from one supplier at 10, 30 % from another at 20: 21 and 18."""
    bom = bill(
        row("PRODUCT", "track", 3, 10, "DE", awarded=Fraction(7, 10), supplier="a"),
        row("PRODUCT", "track", 3, 20, "KR", awarded=Fraction(3, 10), supplier="b"),
    )
    assert by_origin(roll_up(bom, "EUR", {}).products[0]) == {"DE": exactly(21), "KR": exactly(18)}


def test_costs_that_are_no_component_cost_stand_apart() -> None:
    bom = bill(
        row("PRODUCT", "hull", 1, 80, "DE"),
        row("PRODUCT", "integration", 1, 500, "US", kind="final assembly"),
        row("PRODUCT", "design", 1, 300, "US", kind="engineering"),
    )
    product = roll_up(bom, "EUR", {}).products[0]
    assert product.total == exactly(80)
    assert {cell.cost_kind: cell.amount.low for cell in product.left_out} == {"final assembly": 500, "engineering": 300}


def test_labour_inside_a_component_is_part_of_its_make_cost() -> None:
    bom = bill(
        row("PRODUCT", "hull", 1, None, "DE"),
        row("hull", "plate", 1, 60, "US"),
        row("hull", "welding", 1, 40, "DE", kind="final assembly"),
        row("hull", "drawings", 1, 7, "DE", kind="engineering"),
    )
    content = roll_up(bom, "EUR", {})
    assert by_origin(content.products[0]) == {"DE": exactly(100)}
    assert by_origin(content.traced[0]) == {"US": exactly(60), "DE": exactly(40)}


def test_an_uncertain_price_is_a_range() -> None:
    bom = bill(row("PRODUCT", "optic", 2, (90, 110), "FR"), row("PRODUCT", "hull", 1, 100, "DE"))
    assert by_origin(roll_up(bom, "EUR", {}).products[0]) == {
        "FR": Range(Fraction(180), Fraction(220)),
        "DE": exactly(100),
    }


def test_what_is_bought_is_known_with_its_sources() -> None:
    bom = bill(
        row("PRODUCT", "hull", 1),
        row("hull", "chip", 1, 5, "JP", supplied_from="US"),
        row("hull", "nut", 1, 1),
    )
    sourced = {each.part: each for each in roll_up(bom, "EUR", {}).sourced}
    assert sourced["chip"].countries == ("JP", "US")
    assert sourced["chip"].declared
    assert not sourced["nut"].declared
    assert "hull" not in sourced  # made of its parts, which are looked at themselves


def test_what_is_awarded_nothing_is_not_bought() -> None:
    bom = bill(
        row("PRODUCT", "seal", 1, 80, "DE", supplier="one", awarded=1),
        row("PRODUCT", "seal", 1, 80, "RU", supplier="two", awarded=0),
    )
    assert [each.supplier for each in roll_up(bom, "EUR", {}).sourced] == ["one"]


def test_what_is_made_and_names_a_country_comes_from_there_too() -> None:
    """Priced or not, at whatever level (Art. 16(10)); what it leaves open is for its parts to say."""
    bom = bill(
        row("PRODUCT", "hull", 1, None, "DE"),
        row("hull", "turret", 1, None, "RU"),
        row("turret", "ring", 1, None, supplied_from="BY"),
        row("ring", "plate", 1, 60, "FR"),
        row("PRODUCT", "frame", 1),
        row("frame", "bar", 1, 5, "FR"),
    )
    sourced = {each.part: (each.countries, each.bought) for each in roll_up(bom, "EUR", {}).sourced}
    assert sourced == {
        "hull": (("DE",), False),
        "turret": (("RU",), False),
        "ring": (("BY",), False),
        "plate": (("FR",), True),
        "bar": (("FR",), True),
    }


def test_a_ladder_of_shared_assemblies_takes_no_longer_than_its_edges() -> None:
    """2^60 paths, 120 edges: whoever enumerates paths never comes back (performance.md)."""
    steps = 60
    rows = [row("PRODUCT" if not n else f"L{n}", f"L{n + 1}", 2) for n in range(steps - 1)]
    bom = bill(*rows, row(f"L{steps - 1}", "screw", 1, 1, "DE"))
    assert exploded(bom, 0, parents_first(bom.parent, bom.child, len(bom.parts)))[len(bom.parts) - 1] == 2 ** (
        steps - 1
    )
    assert roll_up(bom, "EUR", {}).products[0].total == exactly(2 ** (steps - 1))


# --- against brute force ------------------------------------------------------------------

quantities = st.fractions(min_value=Fraction(1, 100), max_value=50, max_denominator=100)
prices = st.fractions(min_value=0, max_value=10**4, max_denominator=10**4)


@st.composite
def bills_(draw: st.DrawFn) -> Bom:
    """Layered bills with shared sub-assemblies, two currencies, priced and unpriced assemblies."""
    layers = [["PRODUCT"]] + [
        [f"{'ABCD'[level]}{n}" for n in range(draw(st.integers(1, 3)))] for level in range(draw(st.integers(1, 4)))
    ]
    rows = []
    for above, here in pairwise(layers):
        last = here is layers[-1]
        for part in here:
            cost = draw(prices) if last or draw(st.booleans()) else None
            users = draw(st.lists(st.sampled_from(above), min_size=1, max_size=2, unique=True))
            origin, currency = (
                draw(st.sampled_from(["", "DE", "US", "DE 30 US 20"])),
                draw(st.sampled_from(["EUR", "USD"])),
            )
            rows += [row(user, part, draw(quantities), cost, origin, currency=currency) for user in users]
        for user in above:  # nothing may be left without parts
            if not any(each["parent"] == user for each in rows):
                rows.append(
                    row(user, f"{user}-part", draw(quantities), draw(prices), draw(st.sampled_from(["", "SE"])))
                )
    return bill(*rows)


def walk(bom: Bom, part: int) -> tuple[Fraction, dict[str | None, Fraction]]:
    """Cost of one part and its traced origins, by walking every path: slow, plain, and not our kernel."""
    sources = bom.sources
    source = sources.part.index(part) if part in sources.part else None
    below, origins = Fraction(0), {}
    for edge, parent in enumerate(bom.parent):
        if parent == part:
            cost, inner = walk(bom, bom.child[edge])
            below += bom.quantity[edge] * cost
            for origin, amount in inner.items():
                origins[origin] = origins.get(origin, Fraction(0)) + bom.quantity[edge] * amount
    price = None
    if source is not None and sources.price_low[source] is not None:
        price = sources.price_low[source] * (RATES["USD"] if sources.currency[source] == "USD" else 1)
        own, declared = max(Fraction(0), price - below), Fraction(0)
        for origin, share in sources.origin[source]:
            origins[origin] = origins.get(origin, Fraction(0)) + own * share
            declared += share
        origins[None] = origins.get(None, Fraction(0)) + own * (1 - declared)
    return (below if price is None else price), origins


@given(bills_())
@settings(max_examples=150, deadline=None)
def test_roll_up_equals_walking_every_path(bom: Bom) -> None:
    content = roll_up(bom, "EUR", RATES)
    first = {}
    for edge, parent in enumerate(bom.parent):
        if parent == 0:
            child = bom.child[edge]
            cost, _ = walk(bom, child)
            source, declared = bom.sources.part.index(child), Fraction(0)
            for origin, share in bom.sources.origin[source]:
                first[origin] = first.get(origin, Fraction(0)) + bom.quantity[edge] * cost * share
                declared += share
            first[None] = first.get(None, Fraction(0)) + bom.quantity[edge] * cost * (1 - declared)
    assert {key: value.low for key, value in by_origin(content.products[0]).items() if value.high} == {
        key: value for key, value in first.items() if value
    }
    _, traced = walk(bom, 0)
    assert {key: value.low for key, value in by_origin(content.traced[0]).items() if value.high} == {
        key: value for key, value in traced.items() if value
    }


@given(st.integers(1, 10**11), st.sampled_from([1, 3, 7, 144]), st.fractions(min_value=Fraction(1, 3), max_value=3))
@settings(max_examples=200)
def test_at_the_limit_through_the_roll_up(twentieths: int, batch: int, rate: Fraction) -> None:
    """Fractional quantities, batches and a second currency do not move the limit by a cent (§3)."""
    outside, inside = Fraction(7 * twentieths, 100), Fraction(13 * twentieths, 100)
    bom = bill(
        row("PRODUCT", "import", Fraction(1, batch), outside * batch / rate, "US", currency="USD"),
        row("PRODUCT", "hull", Fraction(1, 3), inside * 3, "DE"),
    )
    found = by_origin(roll_up(bom, "EUR", {"USD": rate}).products[0])
    assert worst_excess(Parts(found["US"], found["DE"], exactly(0)), Fraction(7, 20)) == 0
    cent = Parts(found["US"] + exactly(Fraction(1, 100)), found["DE"], exactly(0))
    assert worst_excess(cent, Fraction(7, 20)) > 0


def test_a_currency_without_rate_is_our_mistake_to_let_through() -> None:
    with pytest.raises(KeyError):
        roll_up(bill(row("PRODUCT", "gun", 1, 5, "US", currency="USD")), "EUR", {})


def engine() -> Bom:
    """Steel and titanium in an American engine bought for 100, in which a German pump of its own price has titanium."""
    return bill(
        row("PRODUCT", "engine", 2, 100, "US"),
        row("PRODUCT", "steel", 3, 10, "SE", kind="raw material"),
        row("PRODUCT", "hull", 1, None, "FR"),
        row("engine", "pump", 1, 30, "DE"),
        row("engine", "steel", 2),
        row("pump", "titanium", 1, 12, "CN", kind="raw material"),
        row("hull", "steel", 4),
        row("hull", "plate", 1, 60, "NO"),
    )


def test_raw_materials_are_in_their_component_by_default() -> None:
    """Two engines of 100 are American, whatever is in them; 3 of steel at 10 beside them, and a hull of 40 + 60."""
    (product,) = roll_up(engine(), "EUR", {}).products
    assert {place: amount.low for place, amount in by_origin(product).items()} == {"US": 200, "SE": 30, "FR": 100}


def test_raw_materials_at_their_own_origin() -> None:
    """Of an engine 100 - 12 - 20 = 68 are American; steel is 3 + 2 x 2 + 4 = 11 at 10, titanium 2 x 12; hull 60."""
    (product,) = roll_up(engine(), "EUR", {}, switched({}, materials=True)).products
    found = {place: amount.low for place, amount in by_origin(product).items()}
    assert found == {"US": 136, "SE": 110, "CN": 24, "FR": 60}
    (traced,) = roll_up(engine(), "EUR", {}, switched({}, materials=True)).traced
    assert traced == roll_up(engine(), "EUR", {}).traced[0]  # traced, each part is at its own origin either way


def test_raw_materials_worth_more_than_their_component() -> None:
    """A casting bought for 5 of steel for 20: the steel counts in full, the casting nothing, and a note says so."""
    bom = bill(row("PRODUCT", "casting", 1, 5, "US"), row("casting", "steel", 2, 10, "SE", kind="raw material"))
    content = roll_up(bom, "EUR", {}, switched({}, materials=True))
    assert {place: amount.low for place, amount in by_origin(content.products[0]).items()} == {"SE": 20}
    assert "casting costs less than the raw materials in it do; these count in full" in content.notes
