"""Prescriptions: what a session asks for, by which rule and why; training maxes, and what the athlete can load."""
