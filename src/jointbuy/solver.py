"""HiGHS, silent and ended in time: what every room that calls it needs of it (docs/decisions/0016-highs.md).

It may overrun a limit of time, and whoever waits for it hears no interrupt. So it runs in a thread of its own, is asked
to stop in its own calls back, and is left to itself where it does not.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import highspy

Late = Callable[[], bool]
"""Whether time is up, or somebody asked to stop."""
GRACE = 3.0
"""Seconds that the solver may take to stop."""
_LOOK = 0.2


class Silent(highspy.Highs):  # type: ignore[misc]
    """The solver, which says nothing: it would announce itself when its calls back are set up."""

    def enableCallbacks(self) -> None:  # noqa: N802
        """Set the calls back up once it is silent."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


def heed(highs: Silent, late: Late) -> None:
    """Have it stop by itself once it is late, wherever it looks."""

    def look(event: Any) -> None:
        if late():
            event.interrupt()

    highs.cbMipInterrupt += look
    highs.cbSimplexInterrupt += look
    highs.cbIpmInterrupt += look


def ended(highs: Silent, late: Late, grace: float = GRACE) -> bool:
    """Run it. False where it did not stop so many seconds after it was late: nobody may touch it then any more."""
    failed: list[BaseException] = []
    done = threading.Event()

    def work() -> None:
        try:
            highs.run()
        except BaseException as error:
            failed.append(error)
        finally:
            done.set()

    threading.Thread(target=work, daemon=True).start()
    since: float | None = None
    while not done.wait(_LOOK):  # so that an interrupt reaches us, and not the solver
        if late():
            since = since or time.monotonic()
            if time.monotonic() >= since + grace:
                return False
    if failed:
        raise failed[0]
    return True
