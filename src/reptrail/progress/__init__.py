"""Formulas and the reads behind the charts."""
