"""What a case looks like to a reader: figures defined once, then as text, as JSON and as files."""
