"""The documents tell of the code that exists."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from crm.roads import Health
from handlers.screens import roads
from storage.schema import METADATA

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_table_is_named_on_the_page_of_what_is_kept() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text()
    for kind, title in (("vault", "## Vault"), ("registry", "## Registry")):
        part = page.split(title)[1].split("\n## ")[0]
        named = {
            name
            for row in part.splitlines()
            if row.startswith("| `")
            for name in re.findall(r"`(\w+)`", row.split("|")[1])
        }
        assert {name for name in named if not name.endswith("_words")} == set(METADATA[kind].tables)


def test_the_tree_that_the_architecture_describes_exists() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text()
    tree = page.split("```text\n")[1].split("```")[0]
    folder = ROOT
    missing = []
    for line in tree.splitlines():
        names = re.split(r"\s{2,}", line.strip())[0].split()
        if not line.startswith(" "):
            folder = ROOT / names[0] if names[0].endswith("/") else ROOT
            missing += [name for name in names if not (ROOT / name).exists()]
        else:
            missing += [f"{folder.name}/{name}" for name in names if not (folder / name).exists()]
    assert not missing


def test_every_link_from_a_document_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / link).exists()
    ]
    assert not broken


def test_every_command_of_a_module_that_a_document_names_exists() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"]
    named = {module for page in pages for module in re.findall(r"python -m ([\w.]+)", page.read_text())}
    assert {"tests.soak", "benchmarks.search"} <= named
    assert not {module for module in named if find_spec(module) is None}


def test_an_operator_finds_every_health_line_of_an_account_with_what_to_do() -> None:
    page = (ROOT / "docs" / "operating.md").read_text()
    explained = {row.split(" | ")[0].removeprefix("| ") for row in page.splitlines() if row.count(" | ") == 2}
    assert not {roads.line(kind).format(when="…") for kind in Health} - explained
