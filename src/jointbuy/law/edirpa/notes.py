"""What this act leaves to be said beside a verdict."""

from __future__ import annotations

from jointbuy.law.shared.notes import agent_from_outside, notified_elsewhere

NOTES = (agent_from_outside("inside edirpa", "Art. 2(5)"), notified_elsewhere("Art. 9(8)", "edirpa-notification"))
