"""What agreements promise: commitments as reported with what came of them, and a reader of any English text."""
