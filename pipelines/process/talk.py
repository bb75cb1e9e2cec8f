"""What parent and child say to each other: the child asks for objects and tells its progress, and at last its result."""

import msgspec

from pipelines.kind import Files, Recipe
from schema.jobs import ArtifactInput, ArtifactKind, FailureCause, Parameters


class Order(msgspec.Struct, frozen=True, tag=True):
    """The first message to the child."""

    kind: ArtifactKind
    source: ArtifactInput
    made: dict[str, bytes]
    parameters: Parameters
    language_model: str
    languages: tuple[str, ...]
    memory_bytes: int
    idle: bool


class Object(msgspec.Struct, frozen=True, tag=True):
    """To the child: what it asked for; None when it is not there."""

    content: bytes | None


class Wanted(msgspec.Struct, frozen=True, tag=True):
    key: str


class Answer(msgspec.Struct, frozen=True, tag=True):
    """To the child: what the language model wrote, or why it wrote nothing."""

    text: str = ""
    refusal: str = ""


class Prompt(msgspec.Struct, frozen=True, tag=True):
    prompt: str
    text: str


class Progress(msgspec.Struct, frozen=True, tag=True):
    percent: int


class Kept(msgspec.Struct, frozen=True, tag=True):
    """A file to be stored now."""

    suffix: str
    content: bytes


class Finished(msgspec.Struct, frozen=True, tag=True):
    files: Files
    recipe: Recipe


class Failed(msgspec.Struct, frozen=True, tag=True):
    error: str
    cause: FailureCause


Said = Wanted | Prompt | Kept | Progress | Finished | Failed
Told = Order | Object | Answer
encode = msgspec.msgpack.encode


decode_said = msgspec.msgpack.Decoder(Said).decode
decode_told = msgspec.msgpack.Decoder(Told).decode
