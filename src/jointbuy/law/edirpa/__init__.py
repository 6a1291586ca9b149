"""Regulation (EU) 2023/2418, EDIRPA: one file for each rule, its cases beside it."""
