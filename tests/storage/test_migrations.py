"""Migrations: they lead exactly to the tables in use, keep what is there, and fail without harm."""

import importlib
import os
import pkgutil
import shutil
import sys
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text

import storage
from storage import errors, migration, settings
from storage.engine import EncryptedFile
from storage.schema import METADATA
from tests.storage.conftest import House

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"


def upgrade() -> None:
    with op.batch_alter_table("{table}") as batch:
        batch.add_column(sa.Column("flavour", sa.String(), nullable=False, server_default="plain"))
    {more}
"""


def differences(connection: Connection, kind: str) -> list[object]:
    index = ("_words", "_words_data", "_words_idx", "_words_docsize", "_words_config")
    context = MigrationContext.configure(
        connection,
        opts={
            "include_object": lambda _item, name, what, *_: what != "table" or not name.endswith(index),
            "compare_type": True,
        },
    )
    found: list[object] = compare_metadata(context, METADATA[kind])
    return found


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations, in a folder where a test may write a next one."""
    folder = shutil.copytree(migration.FOLDER, tmp_path / "migrations")
    monkeypatch.setattr(migration, "FOLDER", folder)
    monkeypatch.setattr(migration, "known", migration.known.__wrapped__)
    return folder


def write_next(folder: Path, kind: str, table: str, more: str = "") -> str:
    before = migration.known(kind)[-1]
    number = f"{int(before) + 1:04}"
    (folder / kind / f"{number}_next.py").write_text(NEXT.format(number=number, before=before, table=table, more=more))
    return number


@pytest.mark.parametrize("kind", ["vault", "registry"])
async def test_the_migrations_lead_to_the_tables_in_use(house: House, kind: str) -> None:
    await house.vaults.create(1)
    async with house.vaults.open(1) as vault:
        file: EncryptedFile = vault if kind == "vault" else house.registry
        async with file.reading() as session:
            assert await (await session.connection()).run_sync(differences, kind) == []


def test_every_table_is_in_the_schema() -> None:
    before = {kind: set(metadata.tables) for kind, metadata in METADATA.items()}
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        importlib.import_module(module.name)
    assert {kind: set(metadata.tables) for kind, metadata in METADATA.items()} == before


async def test_an_older_vault_is_migrated_with_its_data_after_a_copy(house: House, newer: Path) -> None:
    await house.vaults.create(1)
    async with house.vaults.open(1) as vault, vault.transaction() as session:
        await settings.write(session, "a", "kept")
    await house.vaults.close()
    number = write_next(newer, "vault", "settings")
    async with house.vaults.open(1) as vault, vault.transaction() as session:
        assert await settings.read(session, "a", None) == "kept"
        assert await session.scalar(text("SELECT flavour FROM settings")) == "plain"
    (copy,) = migration.copies(house.vaults.path(1))
    assert copy.name == f"w1.vault.before-{number}"
    assert copy.stat().st_mode & 0o777 == 0o600
    await house.vaults.discard_copies()
    assert copy.exists()
    days_ago = time.time() - 4 * 86400
    os.utime(copy, (days_ago, days_ago))
    await house.vaults.discard_copies()
    assert not copy.exists()


async def test_an_older_registry_is_migrated_too(house: House, newer: Path) -> None:
    write_next(newer, "registry", "dialogs")
    again = await House.enter(house.folder)
    async with again.registry.reading() as session:
        assert await session.scalar(text("SELECT count(flavour) FROM dialogs")) == 0
    await again.leave()


async def test_a_vault_that_cannot_be_migrated_fails_alone_and_unchanged(house: House, newer: Path) -> None:
    for workspace in (1, 2):
        await house.vaults.create(workspace)
    async with house.vaults.open(1) as vault, vault.transaction() as session:
        await settings.write(session, "a", "kept")
    await house.vaults.close()
    only_the_second = "op.execute(\"INSERT INTO settings (name, value) VALUES ('a', 1)\")"
    number = write_next(newer, "vault", "settings", only_the_second)
    with pytest.raises(errors.MigrationFailed) as caught:
        async with house.vaults.open(1):
            pass
    assert caught.value.copy == house.vaults.path(1).with_name(f"w1.vault.before-{number}")
    async with house.vaults.open(2) as vault, vault.reading() as session:
        assert await session.scalar(text("SELECT flavour FROM settings")) == "plain"
    (newer / "vault" / f"{number}_next.py").unlink()
    async with house.vaults.open(1) as vault, vault.reading() as session:
        assert await settings.read(session, "a", None) == "kept"


async def test_a_migration_that_leaves_a_dangling_reference_is_undone(house: House, newer: Path) -> None:
    await house.vaults.create(1)
    dangling = 'op.execute("INSERT INTO contact_tags (contact_id, tag_id, put_at, put_by) VALUES (1, 1, 1, 1)")'
    write_next(newer, "vault", "settings", dangling)
    with pytest.raises(errors.MigrationFailed):
        async with house.vaults.open(1):
            pass


async def test_an_up_to_date_vault_opens_without_the_migration_machinery(house: House) -> None:
    await house.vaults.create(1)
    await house.vaults.close()
    for name in [name for name in sys.modules if name.split(".")[0] == "alembic"]:
        del sys.modules[name]
    async with house.vaults.open(1):
        assert "alembic" not in sys.modules
