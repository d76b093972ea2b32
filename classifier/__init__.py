"""Possible abuse, as advice to a reviewer: scores, never verdicts, and never an action."""
