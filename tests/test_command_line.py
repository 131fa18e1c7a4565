from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def wysper(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command line as a process; no module may be compiled anew for it."""
    command = [sys.executable, "-P", "-m", "bot", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)  # noqa: S603  our own program


def test_help_names_every_command_and_version_the_version(tmp_path: Path) -> None:
    helped = wysper("--help", folder=tmp_path)
    assert helped.returncode == 0
    assert all(command in helped.stdout for command in ("accept", "check", "demo", "import", "init", "login", "run"))
    assert wysper("--version", folder=tmp_path).stdout == "Wysper, version 0.1.0\n"


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("bot.__main__", ("aiogram", "telethon", "sqlalchemy", "pydantic", "asyncio")),
        ("bot.setup", ("aiogram", "telethon", "sandbox")),
        ("bot.checking", ("aiogram", "telethon", "sandbox")),
    ],
)
def test_a_command_waits_for_nothing_that_it_does_not_need(module: str, heavy: tuple[str, ...]) -> None:
    asked = f"import sys, {module}; print(*(name for name in sys.argv[1:] if name in sys.modules))"
    command = [sys.executable, "-c", asked, *heavy]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == ""  # noqa: S603


@pytest.mark.parametrize("command", ["run", "check", "login"])
def test_without_a_configuration_a_command_says_what_to_do(tmp_path: Path, command: str) -> None:
    refused = wysper(command, folder=tmp_path)
    assert refused.returncode == 1
    assert refused.stderr == "Error: there is no config.toml; `wysper init` writes one\n"


def test_a_new_installation_is_made_and_is_in_order(tmp_path: Path) -> None:
    made = wysper("init", folder=tmp_path)
    assert made.returncode == 0
    assert "The master key is" in made.stdout
    checked = wysper("check", folder=tmp_path)
    assert checked.returncode == 0
    assert "Registry: whole" in checked.stdout
    refused = wysper("run", folder=tmp_path)
    assert refused.returncode == 1
    assert refused.stderr == "Error: telegram.token: not set; put the token of your bot into config.toml\n"
    assert "api_id: not set" in wysper("login", folder=tmp_path).stderr
    (tmp_path / "master.key").unlink()
    lost = wysper("check", folder=tmp_path)
    assert lost.returncode == 1
    assert "the master key file is missing" in lost.stderr
    assert "Traceback" not in lost.stderr


def test_no_command_leaves_a_core_dump_or_a_file_that_others_may_read() -> None:
    script = (
        "import asyncio, os, resource; from bot.__main__ import _run; _run(asyncio.sleep(0));"
        "print(resource.getrlimit(resource.RLIMIT_CORE), oct(os.umask(0)))"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603  our own program
    assert told.stdout.strip() == "(0, 0) 0o77"
