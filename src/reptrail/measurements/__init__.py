"""Measurements of the athlete's body."""
