"""One purchase under every act: which one accepts it, and why the others do not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from jointbuy import formats, law
from jointbuy.across import Across, ActAnswer
from jointbuy.errors import NotInForce
from jointbuy.flow.case import decided, paying
from jointbuy.result import Case


def check(
    folder: str | Path,
    *,
    on: str | date | None = None,
    known_on: str | date | None = None,
    readings: Mapping[str, str] | None = None,
) -> Across:
    """Decide one purchase under every act, as `flow.check` does under one.

    A reading is chosen for the acts that leave it open. An act that has no law on the day answers that.
    Raises Unusable with every problem found in the files, and where no act leaves a reading open.
    """
    read = formats.read(Path(folder), law.places())
    purchase, chosen = read.purchase, dict(readings or {})
    every = [law.act(name) for name in law.ACTS]
    unknown = {name: option for name, option in chosen.items() if not any(_leaves_open(act, name) for act in every)}
    payer = law.act(paying(purchase))
    law.view(payer, payer.as_of, payer.as_of, unknown)  # refuses them
    answers = []
    for act in every:
        own = {name: option for name, option in chosen.items() if _leaves_open(act, name)}
        try:
            answers.append(_answer(act, decided(read, act.name, on=on, known_on=known_on, readings=own, tried=False)))
        except NotInForce as error:
            answers.append(ActAnswer(act.name, act.title, "not in force", str(error), "", (), (), True, None))
    return Across(purchase, tuple(answers), read.digests)


def accepted(found: Across) -> bool:
    """Whether some act accepts the purchase without conditions."""
    return any(answer.status == "eligible" and not answer.conditions for answer in found.acts)


def _leaves_open(act: law.Act, reading: str) -> bool:
    return reading in act.readings and reading not in act.settled


def _answer(act: law.Act, case: Case) -> ActAnswer:
    found = case.verdict
    failed = tuple(each.condition for each in found.findings if each.status == "not met")
    return ActAnswer(
        act.name,
        act.title,
        found.outcome,
        found.summary,
        found.pays,
        tuple(dict.fromkeys(failed)) if found.outcome == "not eligible" else (),
        tuple(each.key for each in found.conditions),
        not found.unverified,
        found.on,
    )
