"""The VAT exemption certificates of a purchase that is paid by SAFE (Art. 20)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jointbuy import law
from jointbuy.certificate import Certificate, certificates
from jointbuy.errors import JointbuyError
from jointbuy.flow.case import check
from jointbuy.result import Case


def certify(folder: str | Path, *, on: str | date | None = None) -> tuple[Case, tuple[Certificate, ...]]:
    """Decide a purchase under SAFE and fill in its certificates.

    Raises JointbuyError where the verdict is that it is not eligible, since a certificate declares that SAFE pays, and
    where no Member State buys or no contractor is named. What is open in the verdict is for whoever signs.
    """
    case = check(folder, act="safe", on=on)
    if case.verdict.outcome == "not eligible":
        why = "a VAT exemption certificate declares that SAFE pays (Art. 20)"
        raise JointbuyError(f"the purchase is not eligible, and {why}: {case.verdict.summary}")
    legislation = law.act("safe")
    union = law.view(legislation, case.verdict.on, case.verdict.known_on, {}, {}).group("union").members
    found = certificates(case.purchase, union)
    if not found:
        raise JointbuyError(
            "no certificate is due: no buyer that takes part is a Member State, or no contractor is named (Art. 20(2))"
        )
    return case, found
