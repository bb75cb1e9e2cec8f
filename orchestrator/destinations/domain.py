"""What a destination may be: pure checks of type, address and stream key."""

import ipaddress
import re
from typing import Literal
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

import msgspec

from orchestrator.destinations.presets import CUSTOM, SRT, preset_of
from schema.destinations import (
    CreateDestination,
    DestinationPreset,
    DestinationType,
    UpdateDestination,
)
from schema.errors import InvalidField
from schema.platforms import PlatformName
from schema.srt import fault, query_of

Scheme = Literal["rtmp", "rtmps", "srt"]

SCHEMES: dict[str, Scheme] = {"rtmp": "rtmp", "rtmps": "rtmps", "srt": "srt"}
MAX_URL_CHARS = 2048
MAX_NAME_CHARS = 200
# The safe set: neither ffmpeg's tee syntax (`|`, `[`), nor a space, nor an option's dash can be smuggled in.
SAFE_KEY = re.compile(r"(?!-)[A-Za-z0-9_\-.~=&?:%+]{1,512}")
SAFE_PATH = re.compile(r"(/[A-Za-z0-9_\-.~=:%+]+)+")
HOST_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
KEY_HINT_CHARS = 4
MIN_HINTED_KEY_CHARS = 12


class Address(msgspec.Struct, frozen=True):
    """A checked server address; `path` begins with `/` and has no trailing one, and is empty for SRT; `host` is bare, even for IPv6."""

    scheme: Scheme
    host: str
    port: int | None
    path: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


class NewDestination(msgspec.Struct, frozen=True):
    """`key` is the stream key in clear: seal it before it goes anywhere."""

    type: DestinationType
    preset: str
    name: str
    address: Address
    key: str


class NewAccount(msgspec.Struct, frozen=True):
    """A connected account's: URL and key come from its platform. Without a name it gets the account's."""

    type: PlatformName
    connection_id: UUID
    name: str | None


def check(command: CreateDestination) -> NewDestination | NewAccount:
    """Raises InvalidField."""
    if command.oauth_token is not None:
        raise InvalidField("oauthToken", "Accounts are given by connectionId, never by a token.")
    if command.connection_id is not None:
        return _check_account(command, command.connection_id)
    preset = preset_of(_preset_name(command))
    if command.type not in {"rtmp", preset.id}:
        raise InvalidField("preset", f"A destination of type {command.type} has its own preset.")
    address = _address_for(preset, command.url)
    key = parse_key(command.stream_key or "")
    check_key(preset, key)
    return NewDestination(
        type=command.type,
        preset=preset.id,
        name=parse_name(command.name or address.host),
        address=address,
        key=key,
    )


def _preset_name(command: CreateDestination) -> str:
    """An SRT address needs none to be named: there is one preset for all of these."""
    if command.type != "rtmp":
        return command.preset if command.preset is not None else command.type
    if command.preset in {None, CUSTOM}:
        return SRT if (command.url or "").startswith("srt:") else CUSTOM
    return str(command.preset)


def _check_account(command: CreateDestination, connection_id: UUID) -> NewAccount:
    if command.type == "rtmp":
        raise InvalidField("type", "A connected account is of type youtube or twitch.")
    for field, value in (("url", command.url), ("streamKey", command.stream_key)):
        if value is not None:
            raise InvalidField(field, "A connected account needs none: its platform gives it.")
    name = None if command.name is None else parse_name(command.name)
    return NewAccount(type=command.type, connection_id=connection_id, name=name)


class Changes(msgspec.Struct, frozen=True):
    """What an update asks for, checked; None leaves a field as it is."""

    name: str | None
    address: Address | None
    key: str | None

    def moves(self, url: str) -> bool:
        """Whether a stream to `url` would have to start anew."""
        return self.key is not None or (self.address is not None and self.address.url != url)


def check_changes(command: UpdateDestination) -> Changes:
    """Raises InvalidField."""
    return Changes(
        name=None if command.name is None else parse_name(command.name),
        address=None if command.url is None else parse_address(command.url),
        key=None if command.stream_key is None else parse_key(command.stream_key),
    )


def check_platform(preset: DestinationPreset, address: Address) -> None:
    """Raises InvalidField for an address that the platform would refuse."""
    if (preset.id == SRT) != (address.scheme == "srt"):
        scheme = "srt://" if preset.id == SRT else "rtmp:// or rtmps://"
        raise InvalidField("url", f"{preset.name} has an address that starts with {scheme}.")
    if preset.requires_rtmps and address.scheme != "rtmps":
        raise InvalidField(
            "url", f"{preset.name} takes encrypted streams only: the URL must start with rtmps://."
        )


def check_key(preset: DestinationPreset, key: str) -> None:
    """Raises InvalidField, whose message never repeats the key."""
    if preset.id == SRT and (wrong := fault(query_of(key))):
        raise InvalidField("streamKey", f"This cannot be said to an SRT receiver: {wrong}.")


def parse_name(text: str) -> str:
    """Raises InvalidField."""
    name = text.strip()
    if not 1 <= len(name) <= MAX_NAME_CHARS or not name.isprintable():
        raise InvalidField("name", f"A name has 1 to {MAX_NAME_CHARS} printable characters.")
    return name


def _address_for(preset: DestinationPreset, url: str | None) -> Address:
    given = url or preset.url
    if given is None:
        raise InvalidField("url", f"Give the server URL. {preset.help}")
    address = parse_address(given)
    check_platform(preset, address)
    return address


def parse_address(url: str) -> Address:
    """`rtmp[s]://host[:port]/app[/more]` or `srt://host:port`; raises InvalidField."""
    if len(url) > MAX_URL_CHARS or not url.isascii() or not url.isprintable() or " " in url:
        raise InvalidField("url", "The server URL has characters that no server takes.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidField("url", "The server URL cannot be read.") from None
    if parts.scheme not in SCHEMES:
        raise InvalidField("url", "The server URL must start with rtmp://, rtmps:// or srt://.")
    if "@" in parts.netloc or "?" in url or "#" in url:
        raise InvalidField(
            "url", "The server URL holds no user, query or fragment; the key has its own field."
        )
    path = parts.path.rstrip("/")
    if parts.scheme == "srt":
        if path or port is None:
            raise InvalidField("url", "An SRT address is srt://host:port and no more.")
    elif not SAFE_PATH.fullmatch(path) or "/." in path:
        raise InvalidField("url", "The server URL needs an application, as in rtmp://host/live.")
    return Address(scheme=SCHEMES[parts.scheme], host=_host(parts), port=_port(port), path=path)


def parse_key(key: str) -> str:
    """Raises InvalidField; the message never repeats the key."""
    if not SAFE_KEY.fullmatch(key):
        raise InvalidField(
            "streamKey",
            "A stream key has 1 to 512 of the characters A-Z a-z 0-9 _ - . ~ = & ? : % + and no leading dash.",
        )
    return key


def key_hint(key: str) -> str | None:
    """The last four characters, of a key long enough for them to give nothing away."""
    return key[-KEY_HINT_CHARS:] if len(key) >= MIN_HINTED_KEY_CHARS else None


def publish_url(url: str, key: str) -> str:
    """What an encoder pushes to. It holds the key: for the call that needs it, never for a log."""
    return f"{url}?{query_of(key)}" if url.startswith("srt:") else f"{url}/{key}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    labels = host.split(".")
    numeric = labels[-1].isdigit() or labels[-1].startswith("0x")
    if numeric or len(host) > 253 or not all(HOST_LABEL.fullmatch(label) for label in labels):
        raise InvalidField("url", "The server URL has no valid host.")
    return host


def _port(port: int | None) -> int | None:
    if port is not None and port not in {80, 443} and not 1024 <= port <= 65535:
        raise InvalidField("url", "The port must be 80, 443 or at least 1024.")
    return port
