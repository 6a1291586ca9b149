"""Spending and dependence against what states pledged; pledges and single published facts stand beside this file."""
