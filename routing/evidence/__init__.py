"""A person's mail in figures: evidence for people. Nothing that decides may import this room, see pyproject.toml."""
