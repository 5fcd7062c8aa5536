"""Reptrail: a self-hosted training-progress system of record."""

__version__ = "0.1.0"
