"""Turns decisions into effects: the sweep of each mailbox, the outbox, leases, and the two ways to run them."""
