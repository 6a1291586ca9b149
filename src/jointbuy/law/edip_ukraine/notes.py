"""What this act leaves to be said beside a verdict."""

from __future__ import annotations

from jointbuy.law.shared.notes import agent_from_outside, notified_elsewhere

NOTES = (agent_from_outside("inside edip", "Art. 2(24)"), notified_elsewhere("Art. 11(8)", "edip-ukraine-notification"))
