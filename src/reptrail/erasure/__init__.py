"""Erasure: an account and everything in it, gone, with a receipt."""
