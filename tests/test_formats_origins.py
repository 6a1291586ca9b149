"""Origins as suppliers declare them: what they mean for a group of countries, and that they are written as read."""

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jointbuy import law
from jointbuy.change import dated_origin
from jointbuy.exact import Among, Origin, divided
from jointbuy.flow.case import members_of
from jointbuy.formats import origins
from jointbuy.formats.decode import country
from jointbuy.formats.problems import Problems, plain
from jointbuy.formats.scalars import Wrong
from jointbuy.places import DECLARED

INSIDE = frozenset({"DE", "FR"})
PLACES = law.places()


def read(text: str) -> Origin:
    return origins.read(text, PLACES, lambda name: country(name, PLACES, Problems(), origins.ADVICE))


def per_cent(text: str, members: frozenset[str] = INSIDE) -> list[int]:
    """What is from the members, from others, and open, in whole per cents."""
    found = [share * 100 for share in divided(read(text), members)]
    assert all(share.denominator == 1 for share in found)
    return [int(share) for share in found]


@pytest.mark.parametrize(
    ("text", "inside", "outside", "open_"),
    [
        ("DE", 100, 0, 0),
        ("DE 60", 60, 0, 40),
        ("DE 60-80; US", 60, 20, 20),  # the rest is American: 20 to 40
        ("DE 60-80; US 20-40", 60, 20, 20),
        ("DE 60-80; US 5-40", 60, 20, 20),  # 5 to 20 is more than the German end leaves
        ("60 to 80 % DE, US", 60, 20, 20),
        ("US <=10; DE", 90, 0, 10),
        ("US up to 10; DE", 90, 0, 10),
        ("US <=10", 0, 0, 100),  # who has the other 90 nobody says
        ("FR >=65", 65, 0, 35),
        ("FR >=65; US", 65, 0, 35),
        ("FR >=65; US <=20", 65, 0, 35),  # 15 may come from anywhere: two ends do not make a whole
        ("DE 60-80", 60, 0, 40),
        ("DE or FR", 100, 0, 0),  # wherever it is from, it is inside
        ("US/CA", 0, 100, 0),
        ("DE or US", 0, 0, 100),
        ("DE/US 40; FR", 60, 0, 40),
        ("DE 60; ? 40", 60, 0, 40),
        ("DE 60; unknown", 60, 0, 40),
        ("DE 20-50; FR 20-50; US 20-50", 50, 20, 30),  # at least 50 is not American; mixing caps is exact
        ("US 20-50; CA 20-50; DE 20-50", 20, 50, 30),
    ],
)
def test_what_a_declaration_leaves_open(text: str, inside: int, outside: int, open_: int) -> None:
    assert per_cent(text) == [inside, outside, open_]


@pytest.mark.parametrize("name", ["EU", "eu", "European Union", "UE", "Europäische Union", "Unia Europejska"])
def test_the_union_counts_as_any_of_its_members(name: str) -> None:
    """Inside where all of them are, outside where none is, open where some are; before its day is known, open."""
    view = law.view(law.act("safe"), law.act("safe").as_of, law.act("safe").as_of)
    members = {
        each: frozenset().union(*(view.group(group).members for group in groups)) for each, groups in DECLARED.items()
    }
    origin = dated_origin(read(f"{name} 70; US"), members)
    wide, none = view.group("inside").members, view.group("canada").members
    assert divided(origin, wide) == (Fraction(7, 10), Fraction(3, 10), 0)
    assert divided(origin, none) == (0, 1, 0)
    assert divided(origin, INSIDE) == divided(read(f"{name} 70; US"), wide) == (0, Fraction(3, 10), Fraction(7, 10))
    assert str(origin[0][0]) == "EU, country not declared"


@pytest.mark.parametrize("name", ["non-EU", "outside the EU", "third country", "Drittland", "hors UE", "spoza UE"])
def test_some_country_beyond_the_union_is_outside_it_and_may_be_a_partner(name: str) -> None:
    """Of 70 % from beyond the Union nothing is from the Union; it may be Norwegian, and is then inside under SAFE."""
    view = law.view(law.act("safe"), law.act("safe").as_of, law.act("safe").as_of)
    origin = dated_origin(read(f"{name} 70; DE"), members_of(view))
    union, wide = view.group("union").members, view.group("inside").members
    assert divided(origin, union) == (Fraction(3, 10), Fraction(7, 10), 0)
    assert divided(origin, wide) == (Fraction(3, 10), 0, Fraction(7, 10))
    (beyond,) = (place for place, _ in origin if isinstance(place, Among))
    assert "RU" in beyond.countries  # so that the bar on contravening sources stays open
    assert "NO" in beyond.countries
    assert "FR" not in beyond.countries
    assert str(beyond) == "non-EU, country not declared"
    assert origins.written(read(f"{name} 70; DE"), plain) == "non-EU 70; DE 30"


def test_beyond_the_economic_area_norway_is_not() -> None:
    view = law.view(law.act("safe"), law.act("safe").as_of, law.act("safe").as_of)
    ((beyond, _),) = dated_origin(read("non-EEA"), members_of(view))
    assert isinstance(beyond, Among)
    assert {"NO", "IS", "LI", "DE"}.isdisjoint(beyond.countries)
    assert {"UA", "US", "CH"} <= set(beyond.countries)


@pytest.mark.parametrize("name", ["Asia", "Africa", "Import", "Ausland"])
def test_what_is_no_country_gets_no_near_miss(name: str) -> None:
    with pytest.raises(Wrong) as caught:
        read(name)
    assert "did you mean" not in caught.value.do


def test_the_union_is_that_of_the_day() -> None:
    """The United Kingdom left on 1 February 2020."""
    act = law.act("safe")
    for day, there in (("2019-12-31", True), ("2020-02-01", False)):
        view = law.view(act, type(act.as_of).fromisoformat(day), act.as_of)
        (union,) = dated_origin(read("EU"), {"EU": view.group("union").members})
        assert ("GB" in union[0].countries) is there  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("US; CA", "how much comes from"),
        ("DE 70-90; US 40-50", "110 per cent at least"),
        ("DE 60-70; US 10-20", "90 per cent at most"),
        ("DE 80-60; US", "downwards"),
        ("DE >=60-80; US", "both a bound and a range"),
        ("NATO", "no country"),
        ("DE or NATO", "no country"),
        ("DE 0.6-0.8; US 0.2", "1 per cent or less"),
    ],
)
def test_what_says_nothing_or_too_much_is_refused(text: str, why: str) -> None:
    with pytest.raises(Wrong) as refused:
        read(text)
    assert why in refused.value.why


ENDS = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted), min_size=2, max_size=4)


@given(ENDS)
def test_an_interval_is_what_the_completions_reach(ends: list[list[int]]) -> None:
    """Every whole in steps of ten within the ends lies within the interval; its ends are those of a finer walk."""
    ends = [[low // 20 * 20, -(-high // 20) * 20] for low, high in ends]
    names = ["DE", "US", "FR", "CA"][: len(ends)]
    text = "; ".join(f"{name} {low}-{high}" for name, (low, high) in zip(names, ends, strict=True))
    wholes = [shares for shares in product(*(range(low, high + 1, 20) for low, high in ends)) if sum(shares) == 100]
    try:
        inside, outside, _ = divided(read(text), INSIDE)
    except Wrong:
        # Points alone that stay below the whole are no contradiction, so they are not refused here.
        assert not wholes
        return
    if all(low == high for low, high in ends) and sum(low for low, _ in ends) < 100:
        return
    from_inside = [sum(share for name, share in zip(names, shares, strict=True) if name in INSIDE) for shares in wholes]
    # The ends are multiples of twenty, so the corners of what is possible are among the wholes walked here.
    assert inside * 100 == min(from_inside)
    assert (1 - outside) * 100 == max(from_inside)


WRITTEN = ["DE", "DE 60", "DE 60-80; US", "US <=10", "FR >=65", "EU", "EU 70; US", "EU/NO 30-40; US", "DE or US",
           "DE 20-50; FR 20-50; US 20-50", "FR >=65; US <=20", "DE 33.3; ? 66.7", "DE 0.5 %; ? 99.5 %"]  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_written_reads_back_the_same(text: str) -> None:
    assert read(origins.written(read(text), plain)) == read(text)
