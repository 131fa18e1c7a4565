"""The import law holds, and each of its contracts notices when it is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("bot", "handlers", "userbot", "crm", "storage", "sandbox")
BREACHES = {  # the contract's name, the module that breaks it, and how
    "bot > handlers": ("storage/columns.py", "import crm.errors"),
    "the sandbox is a Telegram": ("sandbox/faults.py", "import crm.errors"),
    "the demo alone imports the sandbox": ("bot/app.py", "import sandbox.faults"),
    "no Telegram and no Stripe": ("crm/errors.py", "import stripe"),
    "Telethon is the userbot's": ("handlers/screens/__init__.py", "import telethon"),
    "handlers never import one another": ("handlers/notes.py", "import handlers.contacts"),
}


def judged(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  our own linter


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "static", "media"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_law_holds_and_every_breach_is_named(copy: Path) -> None:
    assert judged(copy).returncode == 0
    for path, line in BREACHES.values():
        with (copy / path).open("a") as module:
            module.write(f"\n{line}\n")
    verdict = judged(copy)
    assert verdict.returncode == 1
    broken = [line for line in verdict.stdout.splitlines() if " BROKEN" in line]
    assert [name for name in BREACHES if not any(name in line for line in broken)] == []
