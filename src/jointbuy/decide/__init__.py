"""Evaluates an act's rules. One definition of each rule, two ways to run it.

`explain` gives one purchase's findings with every value compared; `columns` gives the statuses of
many at once. `verdict` combines findings by the one table of conventions §8.
"""
