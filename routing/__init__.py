"""What happens to a message, and why: the pure decision, its record, and the outbox of what must be done."""
