"""Who buys what, from whom and when: the columns and rows of a joint plan, its search, its proof, its explanation."""
