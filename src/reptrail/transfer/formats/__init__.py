"""One file a format: bytes in, a parsed history out. Pure."""
