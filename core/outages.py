"""Why something outside did not answer, in words for people."""


def why(error: Exception) -> str:
    """The system's own words without its number: Connection refused."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return str(words)[:300] or type(error).__name__
