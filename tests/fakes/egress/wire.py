"""psrpc's messages as they lie on Redis: livekit/psrpc internal/internal.proto, livekit/protocol rpc/egress.proto, rpc/io.proto."""

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import Message
from livekit.protocol import egress as livekit_egress

PACKAGE = "model_of_livekit_egress"
FIELD = descriptor_pb2.FieldDescriptorProto
# name of the message: its fields as "number type name"
MESSAGES = {
    "Msg": "1 string type_url, 2 bytes value",
    "Request": "1 string request_id, 2 string client_id, 3 int64 sent_at, 4 int64 expiry, 5 bool multi, 8 bytes raw_request",
    "Response": "1 string request_id, 2 string server_id, 3 int64 sent_at, 5 string error, 6 string code, 7 bytes raw_response",
    "ClaimRequest": "1 string request_id, 2 string server_id, 3 float affinity",
    "ClaimResponse": "1 string request_id, 2 string server_id",
    "StartEgressRequest": "1 string egress_id, 3 string room_id, 5 .livekit.RoomCompositeEgressRequest room_composite, "
    "15 int32 retry_count",
    "ListActiveEgressResponse": "1 string* egress_ids",
    "Empty": "",
}


def _message(name: str, fields: str) -> descriptor_pb2.DescriptorProto:
    message = descriptor_pb2.DescriptorProto(name=name)
    for field in filter(None, fields.split(", ")):
        number, kind, label = field.split(" ")
        added = message.field.add(name=label, number=int(number))
        added.label = FIELD.LABEL_REPEATED if kind.endswith("*") else FIELD.LABEL_OPTIONAL
        if kind.startswith("."):
            added.type, added.type_name = FIELD.TYPE_MESSAGE, kind
        else:
            added.type = FIELD.Type.Value(f"TYPE_{kind.removesuffix('*').upper()}")
    return message


def _load() -> dict[str, Any]:
    file = descriptor_pb2.FileDescriptorProto(name=f"{PACKAGE}.proto", package=PACKAGE)
    file.syntax = "proto3"
    file.dependency.append(livekit_egress.DESCRIPTOR.name)
    file.message_type.extend(_message(*item) for item in MESSAGES.items())
    descriptor_pool.Default().Add(file)
    found = message_factory.GetMessageClassesForFiles([file.name], descriptor_pool.Default())
    return {name: found[f"{PACKAGE}.{name}"] for name in MESSAGES}


TYPES = _load()


def pack(kind: str, **fields: Any) -> bytes:
    value = TYPES[kind](**fields).SerializeToString()
    envelope = TYPES["Msg"](type_url=f"type.googleapis.com/internal.{kind}", value=value)
    return bytes(envelope.SerializeToString())


def unpack(payload: bytes) -> tuple[str, Any]:
    """The name of what was sent, and it. Raises KeyError for what this model does not know."""
    envelope = TYPES["Msg"].FromString(payload)
    kind = envelope.type_url.rpartition(".")[2]
    return kind, TYPES[kind].FromString(envelope.value)


def message(kind: str, raw: bytes = b"") -> Message:
    read: Message = TYPES[kind].FromString(raw)
    return read


def channel(*parts: str) -> str:
    """psrpc internal/channels: joined with `|`; what is no letter, digit or `_` as `u+` and four hex digits."""
    return "|".join("".join(map(_escaped, part)) for part in parts if part)


def _escaped(char: str) -> str:
    plain = char == "_" or (char.isascii() and char.isalnum())
    return char if plain else f"u+{ord(char):04x}"
