"""A case from first incident to erasure: what is recorded, what the policy lets be recorded, and what falls due."""
