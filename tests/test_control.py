"""Who controls whom, on small ownership charts solved by hand (law.md §7, 13)."""

from dataclasses import replace
from fractions import Fraction

from jointbuy.control import Presumption, of
from jointbuy.model import Country, Owner, Party, Share
from jointbuy.result import Controlled

INSIDE = frozenset({"DE", "FR", "SE", "NO", "UA"})
PRESUMED = Presumption(majority=Fraction(1, 2), review=Fraction(1, 4))


def owner(
    name: str, country: str | None, per_cent: str | None, *, party: str | None = None, person: bool = False
) -> Owner:
    return Owner(
        name=name,
        country=Country(country) if country else None,
        party=party,
        kind="natural person" if person else None,
        share=None if per_cent is None else Fraction(per_cent) / 100,  # type: ignore[arg-type]
    )


def party(name: str, *owners: Owner, in_: str = "DE", controlled_by: str | None = None) -> Party:
    stated = Country(controlled_by) if controlled_by else None
    return Party(id=name, established_in=Country(in_), owners=owners, controlled_by=stated)


def control(*parties: Party) -> Controlled:
    """Control of the first party."""
    return of(parties, INSIDE, PRESUMED).parties[parties[0].id]


def test_a_direct_majority_controls() -> None:
    found = control(party("makes", owner("Parent Inc", "US", "50.01")))
    assert (found.status, found.country, found.chain) == ("controlled", "US", ("makes", "Parent Inc"))


def test_exactly_half_is_no_majority() -> None:
    assert control(party("makes", owner("Parent Inc", "US", "50"))).status == "undecidable"


def test_half_and_half_is_a_question_about_the_half_from_outside() -> None:
    """All shares are known, and nobody has a majority: whether one half decides is for a person (recital 16)."""
    found = control(party("makes", owner("Parent Inc", "US", "50"), owner("d", "DE", "50")))
    assert (found.status, [each.name for each in found.large]) == ("not controlled", ["Parent Inc"])


def test_a_part_that_may_give_somebody_a_majority_leaves_control_open_and_asks_nothing_else() -> None:
    """30 + 20 not stated is half, and no majority; a hair more might be one hand's."""

    def with_inside(share: str) -> Controlled:
        return control(party("makes", owner("a", "US", "30"), owner("d", "DE", share)))

    assert with_inside("50").status == "not controlled"
    assert (with_inside("49.99").status, with_inside("49.99").large) == ("undecidable", ())
    two = [owner("X", None, "25", party="X"), owner("Y", None, "15", party="Y"), owner("k", "DE", "49")]
    assert control(party("makes", *two), *held_by("X", "Y")).status == "undecidable", "X and Y are one hand: 40 + 11"
    apart = [owner("X", "US", "25"), owner("Y", "US", "15"), owner("k", "DE", "49")]
    assert control(party("makes", *apart)).status == "not controlled", "25 + 11"


def test_an_indirect_majority_controls_through_the_chain() -> None:
    found = control(
        party("makes", owner("holds", None, "80", party="holds")),
        party("holds", owner("tops", None, "60", party="tops")),
        party("tops", owner("Far Fund", "US", "100"), in_="SE"),
    )
    assert (found.country, found.chain) == ("US", ("makes", "holds", "tops", "Far Fund"))


def test_a_stated_controller_comes_before_shares() -> None:
    """62 % of the votes with 28 % of the capital is control: the document says so, not the share."""
    assert control(party("makes", owner("Fund", "US", "28"), controlled_by="FR")).country == "FR"


def test_its_own_country_stated_means_nobody_controls_it() -> None:
    assert control(party("makes", controlled_by="DE")).status == "not controlled"


def test_many_small_holders_control_nothing() -> None:
    owners = [owner(f"fund {n}", "US", "10") for n in range(8)]
    assert control(party("makes", *owners)).status == "not controlled"


def test_holders_inside_together_outvote_the_rest() -> None:
    assert control(party("makes", owner("a", "DE", "30"), owner("b", "SE", "25"), owner("c", "US", "45"))).status == (
        "not controlled"
    )


def test_a_block_from_elsewhere_without_majority_needs_a_person() -> None:
    assert control(party("makes", owner("a", "US", "30"), owner("b", "DE", "30"))).status == "undecidable"


def test_what_is_not_stated_stays_open() -> None:
    assert control(party("makes")).status == "undecidable"
    assert control(party("makes", owner("a", "DE", None))).status == "undecidable"
    assert control(party("makes", owner("a", None, "70"))).status == "undecidable"
    assert control(party("makes", owner("a", "US", "20"))).status == "undecidable"  # 80 % could be anyone's


def test_a_loop_of_majorities_ends() -> None:
    found = control(party("a", owner("b", None, "51", party="b")), party("b", owner("a", None, "51", party="a")))
    assert found.status == "undecidable"
    assert "loop" in found.because


def test_a_natural_person_is_remembered() -> None:
    assert control(party("makes", owner("J. Invented", "US", "90", person=True))).person


def groups(*parties: Party) -> dict[str, str]:
    """The group of every party."""
    return {name: each.group for name, each in of(parties, INSIDE, PRESUMED).parties.items()}


def test_companies_whose_majorities_end_with_one_holder_are_a_group() -> None:
    found = groups(
        party("one", owner("tops", None, "51", party="tops")),
        party("two", owner("mid", None, "100", party="mid")),
        party("mid", owner("tops", None, "75", party="tops")),
        party("tops", owner("Example Fund", "US", "30")),
        party("apart", owner("tops", None, "50", party="tops")),
    )
    assert found == {"one": "tops", "two": "tops", "mid": "tops", "tops": "tops", "apart": "apart"}


def test_a_holder_who_is_no_party_makes_a_group_by_its_name() -> None:
    found = groups(
        party("one", owner("Example Fund", "US", "60")),
        party("two", owner("Example Fund", "US", "90")),
        party("three", Owner(country=Country("US"), share=Fraction(9, 10))),  # type: ignore[arg-type]
        party("four", Owner(country=Country("US"), share=Fraction(9, 10))),  # type: ignore[arg-type]
    )
    assert found["one"] == found["two"] == "Example Fund"
    assert found["three"] != found["four"], "two nameless holders need not be one"


def test_a_loop_of_majorities_is_one_group() -> None:
    found = groups(
        party("before", owner("b", None, "80", party="b")),
        party("b", owner("c", None, "80", party="c")),
        party("c", owner("b", None, "80", party="b")),
    )
    assert len(set(found.values())) == 1


def held_by(*parties: str) -> list[Party]:
    """Each of the parties, wholly owned by H, which is controlled from the United States."""
    return [
        *(party(name, owner("H", None, "100", party="H")) for name in parties),
        party("H", in_="US", controlled_by="US"),
    ]


def test_what_one_hand_holds_through_several_companies_is_added_up() -> None:
    """3 x 24 % = 72 %, none of them a majority by itself (recital 16: through intermediate entities)."""
    owners = [owner(name, None, "24", party=name) for name in "XYZ"]
    found = control(party("makes", *owners, owner("k", "DE", "28")), *held_by(*"XYZ"))
    assert (found.status, found.country, found.chain) == ("controlled", "US", ("makes", "H"))
    assert "H holds 72 %" in found.because


def test_half_in_two_holdings_is_no_majority_and_a_hair_more_is() -> None:
    def with_second(share: str) -> Controlled:
        owners = [owner("X", None, "25", party="X"), owner("Y", None, share, party="Y"), owner("k", "DE", "49.99")]
        return control(party("makes", *owners), *held_by("X", "Y"))

    assert with_second("25").status == "undecidable", "nobody says who holds the last hundredth"
    assert with_second("25.01").status == "controlled"


def test_a_direct_and_an_indirect_holding_of_one_hand_are_added_up() -> None:
    owners = [owner("H", None, "30", party="H"), owner("X", None, "30", party="X"), owner("k", "DE", "40")]
    assert control(party("makes", *owners), *held_by("X")).country == "US"
    fund = [owner("Fund", "US", "30"), owner("X", None, "30", party="X"), owner("k", "DE", "40")]
    found = control(party("makes", *fund), party("X", owner("Fund", "US", "60")))
    assert (found.country, found.chain) == ("US", ("makes", "Fund"))


def test_a_majority_added_up_counts_in_what_is_added_up_above_it() -> None:
    """M is controlled by 2 x 30 %, and with X it gives H 2 x 30 % of the maker."""
    middle = party("M", owner("Y", None, "30", party="Y"), owner("Z", None, "30", party="Z"), owner("k", "DE", "40"))
    owners = [owner("M", None, "30", party="M"), owner("X", None, "30", party="X"), owner("k", "DE", "40")]
    assert control(party("makes", *owners), middle, *held_by(*"XYZ")).country == "US"


def test_minority_holdings_in_holders_are_not_added_up() -> None:
    """H holds half of each holder: that controls neither, so nothing of theirs is its own."""
    owners = [owner("X", None, "40", party="X"), owner("Y", None, "40", party="Y"), owner("k", "DE", "20")]
    halves = [party(name, owner("H", "US", "50"), owner("d", "DE", "50")) for name in "XY"]
    assert control(party("makes", *owners), *halves).status == "undecidable"


def test_a_company_does_not_control_itself_through_its_own_shares() -> None:
    owners = [owner("X", None, "30", party="X"), owner("Y", None, "30", party="Y"), owner("k", "DE", "40")]
    own = [party(name, owner("makes", None, "100", party="makes")) for name in "XY"]
    assert control(party("makes", *owners), *own).chain == ()


def company(name: str, country: str, per_cent: str) -> Owner:
    return replace(owner(name, country, per_cent), kind="legal entity")


def large(*parties: Party) -> list[str]:
    """Holders from outside for a person to judge, of the first party."""
    return [each.name for each in control(*parties).large]


def test_two_owners_inside_are_not_one_hand() -> None:
    """45 US, 30 DE, 25 FR: together inside outvotes, yet the largest holder is outside (recital 16)."""
    assert large(party("makes", owner("a", "US", "45"), owner("b", "DE", "30"), owner("c", "FR", "25"))) == ["a"]


def test_one_hand_inside_outvotes_a_company_but_not_the_influence_of_a_state() -> None:
    majority = owner("b", "DE", "60", person=True)
    state = Owner(name="State", country=Country("CN"), kind="state", share=Fraction(2, 5))  # type: ignore[arg-type]
    company = replace(owner("a", "US", "40"), kind="legal entity")
    assert large(party("makes", company, majority)) == []
    assert large(party("makes", state, majority)) == ["State"]


def test_who_is_not_said_to_be_no_state_may_be_one() -> None:
    """A part that nobody states is looked at from 25 % on beside a majority inside; so is one half stated."""
    majority = owner("b", "DE", "60", person=True)
    assert large(party("makes", owner("a", "US", "40"), majority)) == ["a"]
    assert large(party("makes", owner("a", "US", "24"), owner("c", "DE", "16"), majority)) == []
    state = Owner(name="State", country=Country("CN"), kind="state")
    assert large(party("makes", state, majority)) == ["State"]
    assert large(party("makes", state, owner("b", "DE", "80", person=True))) == []


def test_a_small_holder_is_looked_at_only_where_it_is_the_largest() -> None:
    inside = [owner(f"d{n}", "DE", "16") for n in range(5)]
    assert large(party("makes", owner("a", "US", "20"), *inside)) == ["a"]
    assert large(party("makes", company("a", "US", "16"), *inside)) == []


def test_a_small_holder_that_may_be_a_state_is_looked_at() -> None:
    """Recital 16: a state's influence needs no share, and may be indirect; who is not said to be none may be one."""
    inside = [company(f"d{n}", "DE", "45") for n in range(2)]
    state = replace(company("State", "US", "100"), kind="state")
    assert large(party("makes", replace(state, share=Share(Fraction(1, 100))), *inside)) == ["State"]
    assert large(party("makes", owner("a", "US", "10"), *inside)) == ["a"]
    through = owner("h", None, "10", party="h")
    for behind, found in (
        ([state], ["h"]),
        ([owner("a", "US", "100")], ["h"]),
        ([], ["h"]),
        ([company("a", "US", "100")], []),
        ([company("a", "US", "50"), company("b", "US", "50")], []),
        ([company("a", "US", "40"), company("b", "US", "40")], ["h"]),
        ([replace(state, share=None)], ["h"]),
        ([replace(state, country=Country("FR"))], []),
    ):
        assert large(party("makes", through, *inside), party("h", *behind)) == found, behind


def test_dispersed_owners_whom_those_inside_do_not_outvote_are_looked_at_together() -> None:
    """3 x 24 % of different American hands and 28 % inside: no share decides who has influence."""
    americans = [company(name, "US", "24") for name in "abe"]
    assert large(party("makes", *americans, owner("c", "DE", "28"))) == ["owners from outside together"]
    assert (
        large(party("makes", owner("a", "US", "10"), owner("b", "DE", "60", person=True), owner("c", "FR", "30"))) == []
    )


def test_a_state_is_looked_at_whatever_it_holds_unless_one_hand_inside_outvotes_it() -> None:
    state = Owner(name="State", country=Country("CN"), kind="state", share=Fraction(24, 100))  # type: ignore[arg-type]
    assert large(party("makes", state, owner("h", "DE", "39"), owner("k", "FR", "37"))) == ["State"]
    assert large(party("makes", state, owner("h", "DE", "76", person=True))) == []


def test_a_large_part_that_nobody_has_stated_is_looked_at_whoever_holds_the_rest() -> None:
    """It may be a state's, of which 25.00 % are looked at beside a majority inside."""
    assert large(party("makes", owner("b", "DE", "75", person=True))) == ["owners not stated"]
    assert large(party("makes", owner("b", "DE", "75.01", person=True))) == []
    assert large(party("makes", owner("b", "DE", "30"), owner("c", "FR", "25"))) == ["owners not stated"]


def test_who_holds_a_company_that_ends_the_chain_inside_is_asked_after() -> None:
    """Its country says where it is; decisive influence is also indirect (recital 16)."""
    company = Owner(name="Holding", country=Country("DE"), kind="legal entity", share=Fraction(1))  # type: ignore[arg-type]
    assert large(party("makes", company)) == ["whoever holds Holding"]
    assert large(party("makes", owner("unsaid", "DE", "51"), owner("d", "DE", "49"))) == ["whoever holds unsaid"]
    assert large(party("makes", owner("Founder", "DE", "100", person=True))) == []
    state = Owner(name="State", country=Country("DE"), kind="state", share=Fraction(1))  # type: ignore[arg-type]
    assert large(party("makes", state)) == []
    assert large(party("makes", company, controlled_by="DE")) == []
    holding = party("holds", owner("Founder", "DE", "100", person=True))
    assert large(party("makes", owner("holds", None, "100", party="holds")), holding) == []


def test_several_owners_from_outside_are_looked_at_together_beside_the_large_ones() -> None:
    outside = [owner("a", "US", "30"), owner("b", "CA", "30")]
    assert large(party("makes", *outside, owner("c", "DE", "40"))) == ["a", "b", "owners from outside together"]
    company, inside = replace(owner("a", "US", "30"), kind="legal entity"), owner("c", "DE", "51", person=True)
    assert large(party("makes", company, owner("b", "CA", "19"), inside)) == []


def test_a_large_holder_is_seen_up_the_chain() -> None:
    holding = party("holds", owner("a", "US", "45"), owner("b", "DE", "30"), owner("c", "FR", "25"))
    assert large(party("makes", owner("holds", None, "100", party="holds")), holding) == ["a"]


def test_every_entity_of_the_chain_is_named_where_it_is_established_and_no_person_is() -> None:
    found = control(
        party("makes", owner("corp", None, "100", party="corp")),
        party("corp", owner("A. Invented", "DE", "100", person=True), in_="US"),
    )
    assert [(each.name, each.country) for each in found.entities] == [("corp", "US")]
    assert (found.country, found.person) == ("DE", True)


def test_what_one_hand_holds_through_several_companies_is_one_part() -> None:
    """Inside 52 in two hands; 48 of one hand from outside is looked at, be it in three parts of 16 (recital 16)."""
    inside = [replace(owner(code, code, "26"), kind="state") for code in ("DE", "FR")]
    between = [party(name, company("Ajax", "US", "100")) for name in "xyz"]
    thirds = [owner(name, None, "16", party=name) for name in "xyz"]
    assert large(party("makes", *inside, company("Ajax", "US", "48"))) == ["Ajax"]
    assert large(party("makes", *inside, *thirds), *between) == ["Ajax"]
    others = [party(name, company(name, "US", "100")) for name in "xyz"]
    assert large(party("makes", *inside, *thirds), *others) == []


def test_beside_a_majority_inside_a_state_is_looked_at_from_a_quarter_in_all_its_parts() -> None:
    state = replace(company("State", "US", "24"), kind="state")
    majority = replace(owner("b", "DE", "52"), kind="state")
    through = party("x", replace(state, share=Share(Fraction(1))))
    found = large(party("makes", majority, state, owner("x", None, "24", party="x")), through)
    assert found == ["State"]
    assert large(party("makes", majority, state, company("c", "US", "24"))) == []


def test_a_company_from_outside_is_looked_at_whoever_holds_it() -> None:
    """Held whole by a state inside, seated outside: a majority controls, a quarter is looked at, less is not."""
    state = replace(company("DE", "DE", "100"), kind="state")
    seated = replace(party("x", state), established_in=Country("US"))
    for share, found in (("50", ["x"]), ("25", ["x"]), ("24", [])):
        rest = [company(name, "FR", str(Fraction(100 - int(share), 2))) for name in "ab"]
        assert large(party("makes", owner("x", None, share, party="x"), *rest), seated) == found, share
    rest = [company("a", "FR", "30"), company("b", "SE", "25")]
    found = control(party("makes", owner("x", None, "45", party="x"), *rest), seated).large
    assert [(each.country, each.ends_in) for each in found] == [("US", "DE")]


def test_who_is_above_a_party_in_all_its_holdings_together_is_an_entity_of_its_chain() -> None:
    """AG holds half itself and half through G, which it holds whole: it has all of it, as if it held it directly."""
    state = replace(company("DE", "DE", "100"), kind="state")
    chain = [
        party("G", owner("AG", None, "100", party="AG")),
        replace(party("AG", state), established_in=Country("CH")),
    ]

    def entities(*owners: Owner) -> list[tuple[str, str | None]]:
        return [(each.name, each.country) for each in control(party("makes", *owners), *chain).entities]

    half = [owner(name, None, "50", party=name) for name in ("AG", "G")]
    assert ("AG", "CH") in entities(*half)
    assert ("AG", "CH") in entities(owner("G", None, "100", party="G"))
    third = [owner(name, None, "25", party=name) for name in ("AG", "G")]
    assert ("AG", "CH") not in entities(*third, replace(owner("FR", "FR", "50"), kind="state")), "half is no majority"


def test_what_documents_say_of_control_hides_no_company_in_between() -> None:
    """Where owners end in the country that documents name, who is in between is there; else a person looks at it."""
    state = replace(company("DE", "DE", "100"), kind="state")
    stated = party("makes", owner("AG", None, "100", party="AG"), controlled_by="DE")
    consistent = control(stated, replace(party("AG", state), established_in=Country("CH")))
    assert [(each.name, each.country) for each in consistent.entities] == [("AG", "CH")]
    assert consistent.large == ()
    open_ = control(stated, party("AG", in_="CH"))
    assert open_.entities == ()
    assert [(each.name, each.country, each.ends_in) for each in open_.large] == [("AG", "CH", "DE")]
    assert control(stated, party("AG", in_="FR")).large == ()


def test_a_majority_inside_that_one_hand_has_in_two_parts_outvotes_a_company() -> None:
    state = replace(company("PL", "FR", "30"), kind="state")
    through = party("own", replace(state, share=Share(Fraction(1))))
    for outside, found in (
        (company("Inc", "US", "49"), []),
        (replace(company("State", "US", "49"), kind="state"), ["State"]),
    ):
        assert large(party("makes", state, owner("own", None, "21", party="own"), outside), through) == found


def test_a_natural_person_through_a_company_from_outside_leaves_that_company_to_look_at() -> None:
    person = owner("p", "US", "100", person=True)
    inside = [company(name, "DE", "30") for name in "ab"]
    direct = control(party("makes", owner("p", "US", "40", person=True), *inside)).large
    assert [(each.name, each.person) for each in direct] == [("p", True)]
    held = control(party("makes", owner("x", None, "40", party="x"), *inside), party("x", person, in_="US")).large
    assert ("x", False) in [(each.name, each.person) for each in held]


def test_a_part_whose_holders_are_all_known_is_nobody_elses() -> None:
    """47 FR, 46 US, 7 of a company that GB and NO hold by halves: neither holds anything else of it."""

    def status(*halves: Owner) -> str:
        owners = [company("FR", "FR", "47"), company("Ajax", "US", "46"), owner("x", None, "7", party="x")]
        return control(party("makes", *owners), party("x", *halves)).status

    assert status(company("GB", "GB", "50"), company("NO", "NO", "50")) == "not controlled"
    assert status(company("Ajax", "US", "50"), company("NO", "NO", "50")) == "undecidable", "46 + 7"
    assert status(company("GB", "GB", "50")) == "undecidable", "who holds the other half may be Ajax"


def test_of_one_name_in_several_countries_each_is_a_hand_of_its_own() -> None:
    """Two ministries of one name, in any order: 30 from France are not 30 from the United States, nor 60 of either."""
    ministries = [replace(company("Ministry of Defence", code, "30"), kind="state") for code in ("FR", "US")]
    rest = company("d", "DE", "40")
    for owners in (ministries, ministries[::-1]):
        found = control(party("makes", *owners, rest))
        assert found.status == "not controlled"
        assert [(each.name, each.country) for each in found.large] == [("Ministry of Defence", "US")]


def test_who_holds_a_part_of_whoever_is_above_is_looked_at() -> None:
    """AG has all of it in two holdings; a state from outside holds 40 of AG, as it would were AG its only owner."""
    states = [replace(company(code, code, share), kind="state") for code, share in (("DE", "60"), ("US", "40"))]
    chain = [party("G", owner("AG", None, "100", party="AG")), party("AG", *states)]
    half = [owner(name, None, "50", party=name) for name in ("AG", "G")]
    assert large(party("makes", *half), *chain) == ["US"]
    assert large(party("makes", owner("AG", None, "100", party="AG")), *chain) == ["US"]


def test_a_company_managed_from_outside_is_between_wherever_its_owner_is() -> None:
    """Held whole by a state inside, seated there, managed from elsewhere: some acts take it for one from outside."""
    state = replace(company("DE", "DE", "100"), kind="state")
    between = replace(party("x", state), executive_management_in=Country("US"))
    rest = [company(name, "FR", "30") for name in "ab"]
    found = control(party("makes", owner("x", None, "40", party="x"), *rest), between).large
    assert [(each.name, each.country, each.managed_from) for each in found] == [("x", "DE", "US")]
