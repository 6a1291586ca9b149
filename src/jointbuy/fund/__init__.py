"""The pool of loans, one loan to the cent and what it saves, and what a state does with its own."""
