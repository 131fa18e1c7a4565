"""`wysper import`: a history that Telegram Desktop has exported, taken in from this machine's own disk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TaskProgressColumn, TimeRemainingColumn
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import SystemClock
from bot.config import Config, ConfigError
from bot.opening import opened, workspace_of
from crm import imports
from crm.access import Room, enter_room
from crm.errors import Invalid, NotNow
from crm.imports import Order, Report
from crm.imports.beside import KEPT, LEFT, LOST, Beside, Folder
from crm.imports.tally import Tally
from storage import accounts

PIECE = 64 * 1024  # bytes read at a time
AT_ONCE = 4 * 2**20  # bytes a commit: nobody else waits for the vault
NAME = "result.json"
REFUSALS = {
    "empty_file": "the file is empty",
    "not_json": "this is not JSON: in Telegram Desktop, choose “Machine-readable JSON” as the format",
    "foreign": "this is JSON, but not an export of Telegram Desktop",
    "another_account": "this history belongs to an account that is not connected to this workspace",
}


async def import_history(
    config: Config, path: Path, workspace: int | None, account: int | None, *, say: Callable[[str], None]
) -> None:
    """Take the export in and say what became of it. `path` is the file or its folder. Raises ConfigError, StorageError.

    Whoever breaks it off calls it again: what has come in is known then.
    """
    file = _file(path)
    async with opened(config, SystemClock()) as installation:
        number = await workspace_of(installation, workspace)
        async with enter_room(installation, number) as room:
            try:
                folder, account_id = Folder(file.parent), await _account(room, file, account)
                beside = Beside(room, account_id, folder)
                report = await _take(room, Order(account_id, size=folder.size, beside=beside, at_once=AT_ONCE), file)
            except Invalid as refusal:
                raise ConfigError(f"{file.name}: {REFUSALS[refusal.reason]}") from None
            except NotNow:
                raise ConfigError("the disk is almost full: make room, and take the export in once more") from None
    for line in [*told(report), *told_of_files(beside.became)]:
        say(line)


def _file(path: Path) -> Path:
    file = path / NAME if path.is_dir() else path
    if not file.is_file():
        raise ConfigError(f"there is no {NAME} in {path}")
    return file


def _bytes(file: Path) -> int:
    return file.stat().st_size


async def _take(room: Room, order: Order, file: Path) -> Report:
    async def keep(_session: AsyncSession, _report: Report) -> None:
        """Begun anew, the file is read from its beginning: that takes less than a place in it would cost."""

    columns = (BarColumn(), TaskProgressColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bar:
        shown = bar.add_task("import", total=_bytes(file))

        async def show(read: int) -> None:
            bar.update(shown, completed=read)

        return await imports.take(room, order, _pieces(file), keep, show)


async def _account(room: Room, file: Path, named: int | None) -> int:
    found = (await imports.owner(_pieces(file))).account_id
    if named is not None and found not in {None, named}:
        raise Invalid("import", "another_account")
    if found or named:
        return found or named or 0
    async with room.reading() as session:
        connected = [account.id for account, _business, _userbot in await accounts.with_roads(session)]
    choice = " or ".join(map(str, connected)) or "of an account, once one is connected"
    raise ConfigError(f"the file does not tell whose chat this is; say it: --account {choice}")


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened_file:
        while piece := opened_file.read(PIECE):
            yield piece


def told(report: Report) -> list[str]:
    """What became of an export, line by line."""
    lines = [f"{report.new:,} messages are new, {report.known + report.edited:,} were known."]
    if report.edited:
        lines.append(f"{report.edited:,} of them have a later text now.")
    if report.elsewhere:
        counts = ", ".join(f"{kind} {count:,}" for kind, count in report.elsewhere.most_common())
        lines.append(f"Left out, since only chats with one person are kept: {counts}.")
    if report.strange:
        counts = ", ".join(f"{name} {count:,}" for name, count in report.strange.most_common())
        lines.append(f"Not understood, so that the text alone was kept: {counts}.")
    if report.torn:
        lines.append(f"The file breaks off after {report.place:,} messages: what stands before that was taken in.")
    return lines


def told_of_files(became: Tally) -> list[str]:
    """What became of the files that lie beside it."""
    words = {
        KEPT: "Files kept, encrypted, with their messages",
        LEFT: "Files left where they lie, as Settings › Files has it",
        LOST: "Files that could not be read",
    }
    return [f"{word}: {became[what]:,}." for what, word in words.items() if became[what]]
