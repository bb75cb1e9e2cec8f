"""Secrets at rest: AES-256-GCM envelopes bound to the row they belong to, and keys derived for other purposes.

Blob: `v1` | key id (4 bytes) | nonce (12 bytes) | ciphertext and tag. Additional data: `v1|table|column|tenant_id|row_id`, so
that a ciphertext moved to another row does not decrypt.
"""

import base64
import hashlib
import os
from collections.abc import Sequence
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from orchestrator.settings import Secret, SettingsError

VERSION = b"v1"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
HEADER_BYTES = len(VERSION) + KEY_ID_BYTES


class Undecryptable(Exception):
    """Wrong row, damaged, or sealed with a key this keyring does not hold; the message says which of the last."""


class Place(msgspec.Struct, frozen=True):
    """Where a secret lives; the row's id must be known before it is inserted."""

    table: str
    column: str
    tenant_id: UUID
    row_id: UUID

    @property
    def bound(self) -> bytes:
        return f"v1|{self.table}|{self.column}|{self.tenant_id}|{self.row_id}".encode()


class Keyring:
    """Seals with the primary key, opens with any; keys are 64 hexadecimal digits. Raises SettingsError without one."""

    def __init__(self, primary: Secret, old: Sequence[Secret] = ()) -> None:
        if not primary:
            raise SettingsError("ENCRYPTION_KEY is missing (openssl rand -hex 32)")
        keys = [bytes.fromhex(key.reveal()) for key in (primary, *old)]
        self._keys = {key_id(key): key for key in keys}
        self._ciphers = {name: AESGCM(key) for name, key in self._keys.items()}
        # So that a new primary key ends no invitation and renames nobody: what is derived changes with the oldest key's removal.
        self._root = keys[-1]

    @property
    def key_ids(self) -> list[bytes]:
        """The primary key's first."""
        return list(self._keys)

    def seal(self, secret: Secret, place: Place) -> bytes:
        name = self.key_ids[0]
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[name].encrypt(nonce, secret.reveal().encode(), place.bound)
        return VERSION + name + nonce + sealed

    def open(self, blob: bytes, place: Place) -> Secret:
        """Raises Undecryptable."""
        name, rest = blob[len(VERSION) : HEADER_BYTES], blob[HEADER_BYTES:]
        cipher = self._ciphers.get(name)
        if blob[: len(VERSION)] != VERSION or cipher is None:
            raise Undecryptable(f"no key {name.hex()} for {place.table}.{place.column}")
        try:
            plain = cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place.bound)
        except (InvalidTag, ValueError):
            raise Undecryptable(f"not the secret of this {place.table} row") from None
        return Secret(plain.decode())

    def seal_text(self, secret: Secret, place: Place) -> str:
        """As `seal`, in base64: for a place that holds text, such as an event."""
        return base64.b64encode(self.seal(secret, place)).decode()

    def open_text(self, sealed: str, place: Place) -> Secret:
        """Raises Undecryptable."""
        return self.open(base64.b64decode(sealed), place)

    def text_head(self, name: bytes) -> str:
        """How every text begins that the key of this id has sealed."""
        return base64.b64encode(VERSION + name).decode()

    def derive(self, purpose: str) -> bytes:
        """A 32-byte key for one purpose (HKDF-SHA256 of the oldest key that is given)."""
        return _derived(self._root, purpose)

    def derive_beside(self, sealed: str, purpose: str) -> bytes:
        """As `derive`, of the key that made this `seal_text`: it outlives a new primary key. Raises Undecryptable."""
        name = base64.b64decode(sealed)[len(VERSION) : HEADER_BYTES]
        if name not in self._keys:
            raise Undecryptable(f"no key {name.hex()} for {purpose}")
        return _derived(self._keys[name], purpose)


def _derived(key: bytes, purpose: str) -> bytes:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode())
    return kdf.derive(key)


def key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"lectern key id" + key).digest()[:KEY_ID_BYTES]
