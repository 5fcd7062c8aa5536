"""Exercises, metrics and workouts, and the built-in data."""
