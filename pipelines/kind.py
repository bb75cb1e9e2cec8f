"""What a kind of artifact is to the engine: what it needs and how it is made; one file a kind and one line in the registry."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from schema.jobs import ArtifactInput, Parameters

Files = dict[str, bytes]
MIB = 1024 * 1024
# Of language models: the same class has the same summary.
TEMPERATURE = 0.0


class Unmakeable(Exception):
    """The same input would fail again; the message says what to do about it."""


class Unwritten(Exception):
    """The language model gave nothing that can be used; the message says why."""


class Recipe(msgspec.Struct, frozen=True):
    """What made an artifact out of its input: `model` is empty where none had a part in it."""

    method: str
    model: str = ""
    parameters: dict[str, Any] = {}


class Ask(msgspec.Struct, frozen=True):
    """The installation's language model behind `put(prompt, text)`, which raises Unwritten; without a `model` there is none.

    It translates into `languages`.
    """

    model: str = ""
    put: Callable[[str, str], str] = lambda *_: ""
    languages: tuple[str, ...] = ()

    def recipe(self, prompts: Sequence[str]) -> Recipe:
        """`prompts` in the order in which they were put."""
        parameters = {"prompts": list(prompts), "temperature": TEMPERATURE}
        return Recipe("language model", self.model, parameters)

    def instead(self, recipe: Recipe, why: Unwritten) -> Recipe:
        """Of what was made without the model, which a person may have made again."""
        missing = {"model": self.model, "reason": str(why)}
        return replace(recipe, parameters={**recipe.parameters, "insteadOf": missing})


class Task(msgspec.Struct, frozen=True):
    """`made` is the JSON of the kinds needed, and of those that better this one where they are done.

    `read` gives an object by key, None when it is not there; `keep` stores a file by its suffix at once, where all of them
    together would be too large to be held; `progress` takes percent.
    """

    source: ArtifactInput
    made: Mapping[str, bytes]
    read: Callable[[str], bytes | None] = lambda _: None
    keep: Callable[[str, bytes], None] = lambda *_: None
    progress: Callable[[int], None] = lambda _: None
    parameters: Parameters = Parameters()
    ask: Ask = Ask()


class Made(msgspec.Struct, frozen=True):
    """Files by suffix, `json` always among them, but for those that were kept before."""

    files: Files
    recipe: Recipe


class Limits(msgspec.Struct, frozen=True):
    """On the child process that makes it; `silence_s` is how long it may give no sign of life."""

    memory_mib: int = 1536
    silence_s: float = 600


class Kind(msgspec.Struct, frozen=True):
    """`version` goes up when the same input would give another result."""

    make: Callable[[Task], Made]
    version: int = 1
    limits: Limits = Limits()


def as_json(value: object, recipe: Recipe) -> Made:
    return Made({"json": msgspec.json.encode(value)}, recipe)
