"""psrpc as LiveKit speaks it over Redis: messages, channel names and ids (psrpc v0.7, livekit-server 1.13.5).

Only the `type_url` string counts on the wire, so the messages live in a package of ours and cannot clash with another
definition in the process; field numbers and types are LiveKit's.
"""

import secrets
import string
from typing import Any, Final, Literal

import structlog
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError, Message
from livekit.protocol import egress as livekit_egress

log = structlog.get_logger(__name__)

TYPE_PREFIX: Final = "type.googleapis.com/internal."
ID_ALPHABET: Final = string.ascii_letters + string.digits
PLAIN: Final = frozenset(string.ascii_letters + string.digits + "_")

IdPrefix = Literal["CLI_", "SRV_", "REQ_"]

_Field = descriptor_pb2.FieldDescriptorProto
_SCALARS: Final = {
    "string": _Field.TYPE_STRING,
    "bytes": _Field.TYPE_BYTES,
    "int64": _Field.TYPE_INT64,
    "int32": _Field.TYPE_INT32,
    "bool": _Field.TYPE_BOOL,
    "float": _Field.TYPE_FLOAT,
    "double": _Field.TYPE_DOUBLE,
}
# name: {field: (number, type)}; a type with a dot is a message, "[]" means repeated.
_MESSAGES: Final[dict[str, dict[str, tuple[int, str]]]] = {
    "Msg": {"type_url": (1, "string"), "value": (2, "bytes"), "channel": (3, "string")},
    "Request": {
        "request_id": (1, "string"),
        "client_id": (2, "string"),
        "sent_at": (3, "int64"),
        "expiry": (4, "int64"),
        "multi": (5, "bool"),
        "raw_request": (8, "bytes"),
    },
    "Response": {
        "request_id": (1, "string"),
        "server_id": (2, "string"),
        "sent_at": (3, "int64"),
        "error": (5, "string"),
        "code": (6, "string"),
        "raw_response": (7, "bytes"),
    },
    "ClaimRequest": {
        "request_id": (1, "string"),
        "server_id": (2, "string"),
        "affinity": (3, "float"),
    },
    "ClaimResponse": {"request_id": (1, "string"), "server_id": (2, "string")},
    "StartEgressRequest": {
        "egress_id": (1, "string"),
        "room_id": (3, "string"),
        "room_composite": (5, ".livekit.RoomCompositeEgressRequest"),
        "track_composite": (6, ".livekit.TrackCompositeEgressRequest"),
        "track": (7, ".livekit.TrackEgressRequest"),
        "token": (8, "string"),
        "ws_url": (9, "string"),
        "web": (11, ".livekit.WebEgressRequest"),
        "participant": (13, ".livekit.ParticipantEgressRequest"),
        "retry_count": (15, "int32"),
        "egress": (16, ".livekit.StartEgressRequest"),
        "replay": (17, ".livekit.ExportReplayRequest"),
        "room_name": (18, "string"),
    },
    "ListActiveEgressRequest": {},
    "ListActiveEgressResponse": {"egress_ids": (1, "string[]")},
    "Empty": {},
}
_ONEOFS: Final = {
    "StartEgressRequest": (
        ["room_composite", "track_composite", "track", "web", "participant", "egress", "replay"]
    )
}


def _message(name: str, fields: dict[str, tuple[int, str]]) -> descriptor_pb2.DescriptorProto:
    proto = descriptor_pb2.DescriptorProto(name=name)
    oneof = _ONEOFS.get(name, [])
    if oneof:
        proto.oneof_decl.add(name="request")
    for field, (number, kind) in fields.items():
        added = proto.field.add(name=field, number=number)
        added.label = _Field.LABEL_REPEATED if kind.endswith("[]") else _Field.LABEL_OPTIONAL
        if kind.startswith("."):
            added.type, added.type_name = _Field.TYPE_MESSAGE, kind
        else:
            added.type = _SCALARS[kind.removesuffix("[]")]
        if field in oneof:
            added.oneof_index = 0
    return proto


def _classes() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(
        name="lectern_psrpc.proto", package="lectern.psrpc", syntax="proto3"
    )
    file.dependency.append(livekit_egress.DESCRIPTOR.name)
    file.message_type.extend(_message(name, fields) for name, fields in _MESSAGES.items())
    pool = descriptor_pool.Default()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"lectern.psrpc.{name}"))
        for name in _MESSAGES
    }


_CLASS: Final = _classes()
Request: Final = _CLASS["Request"]
Response: Final = _CLASS["Response"]
ClaimRequest: Final = _CLASS["ClaimRequest"]
ClaimResponse: Final = _CLASS["ClaimResponse"]
StartEgressRequest: Final = _CLASS["StartEgressRequest"]
ListActiveEgressRequest: Final = _CLASS["ListActiveEgressRequest"]
ListActiveEgressResponse: Final = _CLASS["ListActiveEgressResponse"]
Empty: Final = _CLASS["Empty"]


def pack(message: Message) -> bytes:
    """The payload of one PUBLISH: an envelope that names the message for the Go side's registry."""
    envelope = _CLASS["Msg"](
        type_url=TYPE_PREFIX + message.DESCRIPTOR.name, value=message.SerializeToString()
    )
    return bytes(envelope.SerializeToString())


def unpack(payload: bytes) -> Any | None:
    """The inner message; None for a type that this worker does not use. Raises DecodeError for anything else."""
    envelope = _CLASS["Msg"].FromString(payload)
    kind = _CLASS.get(envelope.type_url.removeprefix(TYPE_PREFIX))
    return None if kind is None else kind.FromString(envelope.value)


def decode(payload: bytes) -> Any | None:
    """As `wire.unpack`, but None for garbage too: a stranger on the bus must not end the reader."""
    try:
        return unpack(payload)
    except DecodeError:
        log.warning("rpc_malformed", size=len(payload))
        return None


def escape(part: str) -> str:
    """One part of a channel name: what is not in [0-9A-Za-z_] becomes `u+` and 4 hex digits, or `U+` and 8."""
    return "".join(char if char in PLAIN else _hex(ord(char)) for char in part)


def _hex(point: int) -> str:
    return f"U+{point:08x}" if point > 0xFFFF else f"u+{point:04x}"


def channel(*parts: str) -> str:
    """Parts joined with `|`; an empty part vanishes together with its delimiter."""
    return "|".join(escape(part) for part in parts if part)


def new_id(prefix: IdPrefix) -> str:
    return prefix + "".join(secrets.choice(ID_ALPHABET) for _ in range(12))
