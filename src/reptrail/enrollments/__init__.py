"""Enrollments: one athlete in one program, its lifecycle and its schedule."""
