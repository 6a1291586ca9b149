"""Texts of the pages about loans: the pool and a state's ledger. They are part of `words.PAGE`."""

from __future__ import annotations

FUND = {
    "pool states": "Loans by state",
    "pool states caption": "Euro; a range where a source gives round figures, a dash where none gives any",
    "pool state": "State",
    "pool tentative": "Tentative",
    "pool decided": "Decided",
    "pool prefinancing": "Pre-financing granted",
    "pool paid": "Known to be paid",
    "pool freed": "Freed",
    "pool cap": "The largest borrowers against the cap",
    "pool cap caption": "{count} states may be granted no more than {share} of {maximum} ({provision})",
    "pool basis": "Amounts",
    "pool largest": "Largest",
    "pool together": "Together",
    "pool limit": "Limit",
    "pool answer": "Answer",
    "pool deadlines": "Last days",
    "pool deadlines caption": "As they look from {on}",
    "pool day": "Day",
    "pool what": "What ends",
    "pool days": "Days left",
    "pool provision": "Provision",
    "pool left": "What is left, and what it could do",
    "pool facts": "What this rests on",
    "pool facts caption": "Every fact with its source",
    "pool on": "On",
    "pool kind": "Kind",
    "pool amount": "Amount",
    "pool source": "Source",
    "pool confidence": "Confidence",
}
"""Every text by its key."""
