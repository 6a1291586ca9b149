"""The cheapest change that passes: a problem in whole numbers, its solvers and its proof."""
