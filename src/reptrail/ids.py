"""Identifiers: UUIDv7, so that rows made one after another lie side by side in an index."""

import os
import time
from uuid import UUID

_MILLISECONDS_PER_NANOSECOND = 1_000_000


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix time in milliseconds, then random bits.

    Our own six lines because the standard library has it only from Python 3.14.
    """
    milliseconds = time.time_ns() // _MILLISECONDS_PER_NANOSECOND
    random_bits = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds << 80) | random_bits
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
