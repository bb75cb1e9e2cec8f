"""What a kind of artifact is to the engine: what it needs and how it is made; one file a kind and one line in the registry."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from schema.jobs import ArtifactInput, Parameters

Files = dict[str, bytes]
MIB = 1024 * 1024


class Unmakeable(Exception):
    """The same input would fail again; the message says what to do about it."""


class Ask(msgspec.Struct, frozen=True):
    """The installation's language model behind `put(prompt, text)`, without a `model` there is none; it translates into `languages`."""

    model: str = ""
    put: Callable[[str, str], str] = lambda *_: ""
    languages: tuple[str, ...] = ()

    def provenance(self, prompt: str) -> dict[str, Any]:
        return {"method": "language model", "model": self.model, "prompt": prompt}


class Task(msgspec.Struct, frozen=True):
    """`made` is the JSON of the kinds needed, and of those that better this one where they are done.

    `read` gives an object by key, None when it is not there; `progress` takes percent.
    """

    source: ArtifactInput
    made: Mapping[str, bytes]
    read: Callable[[str], bytes | None] = lambda _: None
    progress: Callable[[int], None] = lambda _: None
    parameters: Parameters = Parameters()
    ask: Ask = Ask()


class Made(msgspec.Struct, frozen=True):
    """Files by suffix, `json` always among them; `provenance` is what a reader must know beside input and version."""

    files: Files
    provenance: dict[str, Any] = {}


class Limits(msgspec.Struct, frozen=True):
    """On the child process that makes it; `silence_s` is how long it may give no sign of life."""

    memory_mib: int = 1536
    silence_s: float = 600


class Kind(msgspec.Struct, frozen=True):
    """`version` goes up when the same input would give another result."""

    make: Callable[[Task], Made]
    version: int = 1
    limits: Limits = Limits()


def as_json(value: object) -> Made:
    return Made({"json": msgspec.json.encode(value)})
