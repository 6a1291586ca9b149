"""The pool of loans and its loans: schedules to the cent, and what a loan saves."""
