"""Small rooms: the measures that keep the tree readable, checked on every run."""

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("schema", "orchestrator", "agents", "pipelines")
CEILING_LINES = 500
MEDIAN_LINES = 120
FILES_PER_FOLDER = 9
DEPTH = 3
FUNCTION_P90_LINES = 40
# Flat vocabularies with one module a feature; migrations grow by one file a change.
WIDE_FOLDERS = {
    "schema",
    "schema/log",
    "orchestrator/state",
    "orchestrator/proof",
    "orchestrator/migrations/versions",
}


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return [path for path in found if "__pycache__" not in path.parts]


def line_count(path: Path) -> int:
    return len(path.read_text().splitlines())


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_module_is_larger_than_the_ceiling() -> None:
    large = {relative(path): line_count(path) for path in modules()}
    assert {name: n for name, n in large.items() if n > CEILING_LINES} == {}


def test_the_median_module_fits_on_two_screens() -> None:
    sizes = [line_count(path) for path in modules() if path.name != "__init__.py"]
    assert statistics.median(sizes) <= MEDIAN_LINES


def test_no_folder_is_crowded_or_deep() -> None:
    folders: dict[str, int] = {}
    for path in modules():
        if path.name != "__init__.py":
            folder = relative(path.parent)
            folders[folder] = folders.get(folder, 0) + 1
    crowded = {
        folder: n
        for folder, n in folders.items()
        if n > FILES_PER_FOLDER and folder not in WIDE_FOLDERS
    }
    assert crowded == {}
    assert [folder for folder in folders if folder.count("/") >= DEPTH] == []


def test_packages_have_empty_init_files() -> None:
    full = [relative(path) for path in modules() if path.name == "__init__.py" and line_count(path)]
    assert full == []


def test_functions_are_short() -> None:
    lengths = sorted(
        (node.end_lineno or node.lineno) - node.lineno + 1
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    assert lengths[int(len(lengths) * 0.9)] <= FUNCTION_P90_LINES


@pytest.mark.parametrize("word", ["TODO", "FIXME", "NotImplementedError()"])
def test_nothing_is_left_for_later(word: str) -> None:
    assert [relative(path) for path in modules() if word in path.read_text()] == []
