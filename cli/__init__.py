"""The `mailroom` command."""
