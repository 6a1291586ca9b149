"""Regulation (EU) 2025/2643, EDIP, Chapter II: common procurement under the Programme; one file for each rule."""
