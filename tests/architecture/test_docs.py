"""Docs that state facts about the code are held to them."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from orchestrator.cli.__main__ import parser
from orchestrator.cli.bench.main import BENCHES
from orchestrator.http.problems import STATUS

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "page", ["events.md", "errors.md", "schema.md", "openapi.yaml", "measured.md"]
)
def test_generated_pages_are_up_to_date(page: str) -> None:
    assert (ROOT / "docs" / page).read_text() == generator().PAGES[page](), (
        "run: python docs/generate.py"
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_readme_opens_with_the_two_commands() -> None:
    lines = [line.strip() for line in (ROOT / "README.md").read_text().splitlines() if line.strip()]
    assert lines[1].startswith("./lectern up")
    assert lines[2].startswith("./lectern demo")


def test_readme_names_every_top_level_package() -> None:
    text = (ROOT / "README.md").read_text()
    folders = ["schema", "orchestrator", "agents", "pipelines", "web", "tests"]
    assert [folder for folder in folders if f"[{folder}]({folder})" not in text] == []


def test_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text()
    named = set(re.findall(r"`\./lectern (\w+)|· `(\w+)", text))
    offered = re.findall(r"^    (\w+) ", parser().format_help(), re.MULTILINE)
    assert {one or other for one, other in named} == set(offered)


def test_operations_names_every_row_of_every_bench() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    rows = [(name, row) for name, rows in BENCHES.items() for row in rows]
    assert [
        one for one in rows if not re.search("`(./lectern bench {} )?{}`".format(*one), text)
    ] == []


def test_every_refusal_says_what_it_means() -> None:
    assert [one for one in STATUS if "__doc__" not in vars(one) or not one.__doc__] == []


def test_decisions_are_numbered_without_clashes() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")]
    assert len(numbers) == len(set(numbers))
