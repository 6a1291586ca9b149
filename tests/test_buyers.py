"""Several authorities of one country are that country: neither their order nor their number decides anything.

What a state does is read off all of its authorities together (Art. 2(3), 5, 8(2)), so that no answer may change when
the lines of a file are put in another order, or when one authority is listed twice.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import test_verdicts
from jointbuy.decide import buyers, columns
from jointbuy.decide import facts as facts_of
from jointbuy.decide.dates import impossible
from jointbuy.model import Buyer, Loan, Modification, Purchase
from test_taken_away import Filed, facts, filed

SIGNED, LATER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Filed:
    found = filed("base", test_verdicts.folder({}, tmp_path_factory.mktemp("base")))
    assert found is not None
    return found


def decided(of: Filed, purchases: Sequence[Purchase]) -> list[Any]:
    """What every rule and the whole come to, for each purchase."""
    said = [facts_of.statements(each) for each in purchases]
    found = columns.verdicts(columns.table([facts(of, each) for each in purchases], said), of.act, of.view)
    return np.vstack([found.statuses, found.outcomes[None]]).T.tolist()


def drawn(choose: random.Random, purchase: Purchase) -> Purchase:
    """A purchase of one to three authorities of each of some countries; what a state's loan says is said alike."""
    found = []
    for country in choose.sample(["PL", "DE", "NO", "CA", "US"], choose.randint(2, 4)):
        loan = choose.choice([None, Loan(council_decision=date(2026, 2, 17))])
        found += [
            Buyer(
                country=country,
                borrows=choose.choice([True, False, None]),
                participation=choose.choice(["signed", "declared intention", None]),
                joined=choose.choice([None, None, LATER]),
                loan=choose.choice([None, loan]),
                quantity=choose.choice([None, 10]),
            )
            for _ in range(choose.randint(1, 3))
        ]
    adds = choose.choice([None, (), ("DE",), ("PL", "CA")])
    change = Modification(on=LATER, ground="Article 18", adds=adds, quantity_before=10, quantity_after=20)
    return replace(
        purchase,
        buyers=tuple(found),
        conducted_by=choose.choice(["PL", "DE", "CA", None]),
        modifications=choose.choice([(), (change,)]),
    )


def test_the_order_of_authorities_changes_no_answer(base: Filed) -> None:
    choose = random.Random(7)
    drawn_ = [drawn(choose, base.purchase) for _ in range(400)]
    other = [replace(each, buyers=tuple(choose.sample(each.buyers, len(each.buyers)))) for each in drawn_]
    assert len({tuple(each) for each in decided(base, drawn_)}) > 20
    for first, then, here in zip(decided(base, drawn_), decided(base, other), drawn_, strict=True):
        assert first == then, here.buyers


def test_an_authority_listed_twice_changes_no_answer(base: Filed) -> None:
    """The quantity stays what it was: a twin that bought as much again would be another purchase."""
    choose = random.Random(8)
    once = [drawn(choose, base.purchase) for _ in range(400)]
    once = [replace(each, buyers=tuple(replace(one, quantity=None) for one in each.buyers)) for each in once]
    twice = []
    for each in once:
        at = choose.randrange(len(each.buyers))
        twice.append(replace(each, buyers=(*each.buyers[:at], each.buyers[at], *each.buyers[at:])))
    for first, then, here in zip(decided(base, once), decided(base, twice), once, strict=True):
        assert first == then, here.buyers


def test_cases_do_not_hang_on_the_order_of_buyers(tmp_path: Path) -> None:
    """Every case of `verdicts.yaml` with two buyers or more, turned round."""
    seen = 0
    for case in test_verdicts.CASES:
        of = filed(case["case"], test_verdicts.folder(case, tmp_path)) if "buyers" in case.get("change", {}) else None
        if of is not None and len(of.purchase.buyers) > 1:
            seen += 1
            turned = replace(of.purchase, buyers=of.purchase.buyers[::-1])
            first, then = decided(of, [of.purchase, turned])
            assert first == then, case["case"]
    assert seen > 10


STATES: Sequence[tuple[list[str | None], str | None]] = [
    (["signed", "declared intention"], "signed"),
    (["signed", None], "signed"),
    ([None, "declared intention"], None),
    (["declared intention", "declared intention"], "declared intention"),
    (["declared intention", None, "signed"], "signed"),
]


@pytest.mark.parametrize(("authorities", "state"), STATES)
def test_one_signature_is_the_states_and_silence_is_no_intention(
    authorities: list[Any], state: str | None, base: Filed
) -> None:
    mine = tuple(Buyer(country="DE", participation=each) for each in authorities)
    (found,) = buyers.of(replace(base.purchase, buyers=mine), SIGNED, str)
    told = found["participation"]
    assert isinstance(told, facts_of.Fact)
    assert told.value == state


def test_two_days_of_one_loan_are_refused_with_both(base: Filed) -> None:
    mine = [
        Buyer(country="PL", borrows=True, loan=Loan(council_decision=day))
        for day in (date(2026, 2, 17), None, date(2026, 2, 18))
    ]
    purchase = replace(base.purchase, buyers=tuple(mine))
    (told,) = impossible(purchase, base.act, base.view)
    assert "PL is 2026-02-18" in str(told)
    assert "2026-02-17" in told.why
    assert not impossible(replace(purchase, buyers=tuple(mine[:2])), base.act, base.view)
    two_states = (mine[0], replace(mine[2], country="DE"))
    assert not impossible(replace(purchase, buyers=two_states), base.act, base.view)


def test_a_second_authority_does_not_make_a_country_a_newcomer(base: Filed) -> None:
    """Poland and Germany conclude it; another German authority comes by a change that names Germany."""
    first = (Buyer(country="PL"), Buyer(country="DE"))
    change = Modification(on=LATER, ground="Article 18", adds=("DE",))
    with_more = replace(base.purchase, buyers=(*first, Buyer(country="DE", joined=LATER)), modifications=(change,))
    assert buyers.from_the_start(with_more) == {"PL", "DE"}
    assert not buyers.concluded_alone(with_more, {"PL", "DE"})
    only = replace(with_more, buyers=(Buyer(country="PL"), Buyer(country="DE", joined=LATER)))
    assert buyers.from_the_start(only) == {"PL"}
    assert buyers.concluded_alone(only, {"PL", "DE"})
