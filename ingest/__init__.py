"""Mail comes in: the mailboxes are polled, each delivery is recorded in the ledger, and messages are read."""
