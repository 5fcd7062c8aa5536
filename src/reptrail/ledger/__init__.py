"""The ledger: history, restore, verification."""
