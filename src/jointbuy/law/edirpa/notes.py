"""What this act leaves to be said beside a verdict."""

from __future__ import annotations

from jointbuy.law.shared.notes import notified_elsewhere

NOTES = (notified_elsewhere("Art. 9(8)", "edirpa-notification"),)
