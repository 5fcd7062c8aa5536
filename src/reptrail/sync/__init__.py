"""Sync: an athlete's rows to a client and back, and word of every change."""
