"""One purchase under every act: which one accepts it, and why the others do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from jointbuy import formats, law
from jointbuy.across import Across, ActAnswer
from jointbuy.decide.dates import paying
from jointbuy.errors import NotInForce, Unusable
from jointbuy.flow.case import decided, law_of
from jointbuy.parameters import Overlay
from jointbuy.result import Case


def check(
    folder: str | Path,
    *,
    on: str | date | None = None,
    known_on: str | date | None = None,
    readings: Mapping[str, str] | None = None,
    overlay: str | Path | None = None,
) -> Across:
    """Decide one purchase under every act, as `flow.check` does under one.

    A reading is chosen for the acts that leave it open. An act that has no law on the day answers that, and one under
    which the file says what cannot be, why; that is raised of the act that pays. `overlay` is a folder of law data
    that corrects and adds to ours, in every act.
    Raises Unusable with every problem found in the files, and where no act leaves a reading open; LawError with every
    fault of the overlay.
    """
    read = formats.read(Path(folder), law.places())
    purchase, chosen = read.purchase, dict(readings or {})
    every = [law_of(name, overlay) for name in law.ACTS]
    unknown = {name: option for name, option in chosen.items() if not any(_leaves_open(act, name) for act in every)}
    payer = law.act(paying(purchase))
    law.view(payer, payer.as_of, payer.as_of, unknown)  # refuses them
    answers = []
    for act in every:
        own = {name: option for name, option in chosen.items() if _leaves_open(act, name)}
        try:
            answer = partial(decided, read, act.name, on=on, known_on=known_on, readings=own, overlay=overlay)
            case = answer(tried=False)
            if case.verdict.outcome == "eligible":  # on which readings it hangs is asked of nothing else
                case = answer(tried=True)
            answers.append(_answer(act, case))
        except NotInForce as error:
            answers.append(ActAnswer(act.name, act.title, "not in force", str(error), "", (), (), True, None, ()))
        except Unusable as error:
            if act.name == payer.name:
                raise
            why = "; ".join(map(str, error.problems))
            answers.append(ActAnswer(act.name, act.title, "refused", why, "", (), (), True, None, ()))
    return Across(purchase, tuple(answers), read.digests, _laid_over(every))


def _laid_over(acts: Sequence[law.Act]) -> Overlay | None:
    """What the user's folder changes in all acts together; shared groups and readings are told once."""
    overlays = [act.overlay for act in acts if act.overlay is not None]
    changes = dict.fromkeys(change for each in overlays for change in each.changes)
    return replace(overlays[0], changes=tuple(changes)) if overlays else None


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
        found.hangs_on,
    )
