"""`python -m cli` is `mailroom`."""

from cli.main import main

main()
