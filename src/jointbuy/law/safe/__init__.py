"""Regulation (EU) 2025/1106, SAFE: one file for each rule, its cases beside it."""
