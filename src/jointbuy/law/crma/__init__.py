"""Regulation (EU) 2024/1252 (Critical Raw Materials Act): a list and benchmarks, and no rules."""
