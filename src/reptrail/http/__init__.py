"""The edge: actor, problems, paging, idempotency, preconditions."""
