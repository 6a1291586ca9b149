"""One purchase under every act, as one table for people and one object for programs."""

from __future__ import annotations

from typing import Any

from jointbuy.across import Across, ActAnswer
from jointbuy.report import json as as_json
from jointbuy.report import words
from jointbuy.report.layout import dim, ends, finish, heading, paint, wrap

_MARK = {
    "eligible": paint("green", "✓"),
    "not eligible": paint("red", "✗"),
    "undetermined": paint("yellow", "?"),
    "not in force": paint("dim", "–"),
    "refused": paint("red", "✗"),
}
_WIDEST = 120


def text(found: Across, colour: bool, width: int) -> str:
    """The table: act, status, why, and what the act would pay."""
    width = max(60, min(width, _WIDEST))
    purchase = found.purchase
    lines = ends(purchase.title or purchase.id, purchase.id if purchase.title else "", width)
    lines += [*wrap("Which act accepts the purchase, and why the others do not", width), "═" * width]
    for answer in found.acts:
        lines += ["", *_row(answer, width)]
    told = words.overlay(found.overlay)
    if told:
        lines += [
            *heading("Law data laid over ours"),
            *(line for each in told for line in wrap(f"· {each}", width, 2, 2)),
        ]
    one = next((answer.act for answer in found.acts if answer.on), found.acts[0].act)
    whole = f"One of them whole, with the readings on which it hangs: jointbuy check PURCHASE --act {one}"
    whole += " --law FOLDER" if found.overlay else ""
    lines += ["", "─" * width, *dim(wrap(whole, width))]
    return finish([*lines, *dim(wrap("Not legal advice.", width))], colour=colour)


def _row(answer: ActAnswer, width: int) -> list[str]:
    lines = ends(f"{_MARK[answer.status]} {answer.title}", _status(answer), width, hanging=2)
    lines += wrap(words.reasons(answer.because), width, 2)
    if answer.pays and answer.status != "not eligible":
        lines += dim(wrap(answer.pays, width, 2))
    return lines


def _status(answer: ActAnswer) -> str:
    """The outcome, how much is still to settle, and whether it rests on law that nobody here has read."""
    told: list[str] = [answer.status]
    if answer.conditions and answer.status in {"eligible", "undetermined"}:
        told.append(f"{words.count(len(answer.conditions), 'condition')} to settle")
    return ", ".join([*told, *([] if answer.verified else ["unverified"])])


def json(found: Across) -> dict[str, Any]:
    """The table as one object."""
    over = as_json.overlay(found.overlay)
    return {
        "purchase": found.purchase.id,
        "title": found.purchase.title,
        "acts": [
            {
                "act": answer.act,
                "title": answer.title,
                "status": answer.status,
                "because": answer.because,
                "failed": list(answer.failed),
                "conditions": list(answer.conditions),
                "hangs_on": list(answer.hangs_on),
                "verified": "yes" if answer.verified else "no",
                "pays": answer.pays,
                "on": answer.on.isoformat() if answer.on else None,
            }
            for answer in found.acts
        ],
        "digests": dict(sorted(found.digests.items())),
        # Without a digest: each act has its own.
        "overlay": {name: value for name, value in over.items() if name != "digest"} if over else None,
    }
