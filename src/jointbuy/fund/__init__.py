"""The pool of loans and what a state does with its own: facts and computations, no files read here."""
