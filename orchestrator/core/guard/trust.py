"""Whom TLS believes."""

import ssl
from functools import cache

import httpx2


@cache
def authorities() -> ssl.SSLContext:
    """The public ones, read once: that takes longer than many a request."""
    return httpx2.create_ssl_context(trust_env=False)
