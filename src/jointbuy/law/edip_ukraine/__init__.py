"""Regulation (EU) 2025/2643, EDIP, Chapter III: common procurement under the Ukraine Support Instrument."""
