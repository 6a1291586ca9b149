"""The command line: one thin function a verb. Rooms are imported inside the verb that needs them, to start fast.

Exit codes: 0 done, 1 `--strict` and not eligible without conditions, 2 unusable input, 3 a limit of memory or
time was hit, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from jointbuy.cli.arguments import parser
from jointbuy.cli.printing import UNUSABLE, complain, settle_streams
from jointbuy.cli.verbs import ACTS
from jointbuy.errors import JointbuyError, Limit, Unusable

__all__ = ["ACTS", "main", "parser"]

LIMIT, INTERRUPTED, PIPE_CLOSED = 3, 130, 141
_MOST_PROBLEMS = 20


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; never a traceback for a user (conventions §10)."""
    settle_streams()
    try:
        options = parser().parse_args(argv)
        code: int = options.run(options)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse has already said why
        return int(stop.code or 0)
    except JointbuyError as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has left; nothing may be written to it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except MemoryError:
        complain("the memory is used up; split the bill, or use a machine with more; the work was left unfinished")
        return LIMIT
    except OSError as error:
        complain(f"{error.filename or 'a file'}: {error.strerror or error}")
        return UNUSABLE
    except Exception as error:
        return _own_mistake(error)
    return code


def _refuse(error: JointbuyError) -> int:
    problems = [str(problem) for problem in error.problems] if isinstance(error, Unusable) else str(error).splitlines()
    for problem in problems[:_MOST_PROBLEMS]:
        complain(problem)
    if len(problems) > _MOST_PROBLEMS:
        complain(f"and {len(problems) - _MOST_PROBLEMS} more")
    return LIMIT if isinstance(error, Limit) else UNUSABLE


def _own_mistake(error: Exception) -> int:
    if os.environ.get("JOINTBUY_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    complain(
        f"this is our mistake, not yours ({type(error).__name__}{place}: {error}); please report this line and the "
        "command to the project; JOINTBUY_DEBUG=1 shows the whole trace"
    )
    return UNUSABLE
