"""Private servers on 127.0.0.1 without a container engine: for `scripts/stack` and for the tests."""
