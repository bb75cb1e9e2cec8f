"""Models are taken as they were chosen, byte for byte; what cannot be loaded says why."""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from agents.asr.engines import models
from agents.asr.engines.models import File, ModelDamaged, ModelMissing, ModelUnknown
from agents.asr.registry import load_engine


@pytest.fixture
def packages(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """Two packages with half of a file each, as the wheels bring large ones; a name is imported only once."""
    one, two = (tmp_path / f"{name}_{uuid4().hex}" for name in ("one", "two"))
    for package, data in ((one, b"wei"), (two, b"ghts")):
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "part").write_bytes(data)
    sys.path.insert(0, str(tmp_path))
    yield one, two
    sys.path.remove(str(tmp_path))


@pytest.fixture
def halves(packages: tuple[Path, Path]) -> File:
    parts = tuple(f"{package.name}:part" for package in packages)
    return File("model.bin", parts, hashlib.sha256(b"weights").hexdigest())


def test_a_file_is_joined_from_its_parts(halves: File) -> None:
    assert models.checked(halves) == b"weights"


def test_a_byte_that_changed_is_noticed(halves: File, packages: tuple[Path, Path]) -> None:
    (packages[1] / "part").write_bytes(b"ghtz")
    with pytest.raises(ModelDamaged, match=r"model\.bin") as refused:
        models.checked(halves)
    assert refused.value.code == "asr_model_damaged"


def test_a_part_that_is_gone_is_missing(halves: File, packages: tuple[Path, Path]) -> None:
    (packages[0] / "part").unlink()
    with pytest.raises(ModelMissing):
        models.checked(halves)


def test_an_unknown_model_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ModelUnknown, match=r"tiny\.en") as refused:
        load_engine("tinny.en", threads=1)
    assert refused.value.code == "asr_model_unknown"


def test_a_folder_without_a_model_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"model\.bin"):
        load_engine(str(tmp_path), threads=1)


def test_a_folder_with_broken_weights_is_damaged(tmp_path: Path) -> None:
    for name in models.NEEDED:
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(ModelDamaged):
        load_engine(str(tmp_path), threads=1)


def test_an_engine_elsewhere_needs_an_address() -> None:
    with pytest.raises(ModelMissing, match="LECTERN_ASR_URL"):
        load_engine("openai:whisper-1", threads=1)
