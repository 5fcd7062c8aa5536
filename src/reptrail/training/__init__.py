"""Workout sessions, performances and sets."""
