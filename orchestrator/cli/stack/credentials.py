"""The secrets of one data folder: made at its first start, kept in a 0600 file, never changed by later starts."""

import secrets
from pathlib import Path

import msgspec

from orchestrator.cli.stack.servers import write_private
from orchestrator.settings import Secret

DEMO_DOMAIN = "demo.lectern"
DEMO_ACCOUNTS = (
    ("admin", "admin"),
    ("teacher", "teacher"),
    ("student", "student"),
    ("student", "student2"),
)


class Account(msgspec.Struct, frozen=True):
    """A demo account; its password is printed for the person who started the stack."""

    role: str
    email: str
    password: str


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Plain strings, because they are written to the data folder; `Secret` wraps them on the way out."""

    postgres_password: str
    redis_password: str
    livekit_api_key: str
    livekit_api_secret: str
    encryption_key: str
    # Were the encryption key before, the newest first (`lectern keys new`).
    old_encryption_keys: tuple[str, ...] = ()
    internal_token: str
    accounts: tuple[Account, ...]

    def __repr__(self) -> str:
        return "Credentials(***)"

    @property
    def postgres(self) -> Secret:
        return Secret(self.postgres_password)

    @property
    def redis(self) -> Secret:
        return Secret(self.redis_password)


def credentials(data: Path) -> Credentials:
    """Those of the data folder, made now if it has none."""
    path = data / "secrets.json"
    if path.exists():
        return msgspec.json.decode(path.read_bytes(), type=Credentials)
    made = make()
    keep(data, made)
    return made


def keep(data: Path, secret: Credentials) -> None:
    """The whole file or none: without it nothing that was stored can be read."""
    fresh = data / "secrets.json.new"
    write_private(fresh, msgspec.json.format(msgspec.json.encode(secret)).decode())
    fresh.replace(data / "secrets.json")


def make() -> Credentials:
    return Credentials(
        postgres_password=secrets.token_hex(24),
        redis_password=secrets.token_hex(24),
        livekit_api_key=f"LK{secrets.token_hex(6)}",
        livekit_api_secret=secrets.token_hex(32),
        encryption_key=secrets.token_hex(32),
        internal_token=secrets.token_hex(32),
        accounts=tuple(
            Account(role, f"{name}@{DEMO_DOMAIN}", secrets.token_urlsafe(9))
            for role, name in DEMO_ACCOUNTS
        ),
    )
