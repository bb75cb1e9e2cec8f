"""What an API key looks like: `lectern_`, eight characters to tell it by, and 256 bits of secret."""

import re
import secrets
import string

import msgspec

MARK = "lectern_"
PREFIX_CHARS = 8
SECRET_BYTES = 32
SHAPE = re.compile(rf"{MARK}[a-z0-9]{{{PREFIX_CHARS}}}_[\w-]{{43}}")


class NewKey(msgspec.Struct, frozen=True):
    prefix: str
    secret: str


def new_key() -> NewKey:
    letters = string.ascii_lowercase + string.digits
    prefix = MARK + "".join(secrets.choice(letters) for _ in range(PREFIX_CHARS))
    return NewKey(prefix, f"{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}")


def is_key(token: str) -> bool:
    return SHAPE.fullmatch(token) is not None
