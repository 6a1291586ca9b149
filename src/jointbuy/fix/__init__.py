"""The cheapest change that passes: a problem in whole numbers, its solvers, its proof and its frontier."""
