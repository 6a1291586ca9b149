"""What the acts share: expressions that take an act's own groups, limits and questions. No rule stands here."""
