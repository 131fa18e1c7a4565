"""The operator brings a vault back from a backup: it is noticed, and goes on once he says that he meant it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot import accepting, opening
from bot.clock import SystemClock
from storage import settings
from storage.errors import StorageError, VaultRolledBack
from tests.people import configured


async def note_something(folder: Path) -> None:
    async with (
        opening.opened(configured(folder), SystemClock()) as installation,
        installation.vaults.open(1) as vault,
        vault.transaction() as session,
    ):
        await settings.write(session, "tea", value=True)


async def test_an_older_vault_is_refused_until_the_operator_accepts_it(furnished: Path, tmp_path: Path) -> None:
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config.toml").write_text("[storage]\n")
    vault = tmp_path / "data" / "vaults" / "w1.vault"
    backup = vault.read_bytes()
    await note_something(tmp_path)
    vault.write_bytes(backup)
    with pytest.raises(VaultRolledBack):
        await note_something(tmp_path)

    said: list[str] = []
    await accepting.accept(tmp_path / "config.toml", 1, say=said.append)

    assert said == ["Workspace 1 goes on as it was when this copy was made."]
    await note_something(tmp_path)


async def test_what_is_no_vault_of_ours_cannot_be_accepted(furnished: Path, tmp_path: Path) -> None:
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    (tmp_path / "config.toml").write_text("[storage]\n")
    (tmp_path / "data" / "vaults" / "w1.vault").write_bytes(b"somebody else's" * 1000)
    with pytest.raises(StorageError):
        await accepting.accept(tmp_path / "config.toml", 1, say=print)
