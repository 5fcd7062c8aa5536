"""Measurements over time, and what they say of the body's composition."""
