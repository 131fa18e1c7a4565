"""The files that lie beside an export: kept with their messages, as far as the workspace keeps such files."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from crm import keeping
from crm.access import Room
from crm.errors import NotNow
from crm.imports.tally import Tally
from crm.media import Files
from storage import media, messages
from storage.media import Media

PIECE = 256 * 1024  # bytes read at a time
KEPT, LEFT, LOST = "kept", "left", "lost"  # what became of a file: not of those that are kept, or not to be read


class Folder:
    """The folder of an export, and `crm.ports.FileRoads` over it."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._files: dict[int, Path] = {}  # by the message's row

    def size(self, name: str) -> int | None:
        """Bytes; None for a file that is not there, and for a name that leads out of the folder."""
        try:
            file = (self._path / name).resolve()
            return file.stat().st_size if file.is_relative_to(self._path) and file.is_file() else None
        except (OSError, ValueError):
            return None

    def belongs(self, name: str, file: Media) -> None:
        """The file of this name is what this message carries."""
        self._files = {file.message: self._path / name}

    def content(self, media: Media) -> str | None:
        """By its name: nobody changes an export while it is taken in."""
        file = self._files.get(media.message)
        return f"export {hashlib.sha256(str(file).encode()).hexdigest()}" if file else None

    async def fetch(self, workspace_id: int, account_id: int, media: Media, *, offset: int = 0) -> AsyncIterator[bytes]:  # noqa: ARG002  a folder is of one account
        """The file's bytes from an offset on. Raises NotNow("unreachable")."""
        try:
            with self._files[media.message].open("rb") as file:
                file.seek(offset)
                while piece := await asyncio.to_thread(file.read, PIECE):
                    yield piece
        except (OSError, KeyError):
            raise NotNow("unreachable") from None


class Beside:
    """Keeps what lies beside the export of an account. `became` counts files by what became of them."""

    def __init__(self, room: Room, account_id: int, folder: Folder) -> None:
        self._room, self._account_id, self._folder = room, account_id, folder
        self._files = Files(room.installation, folder)
        self.became = Tally()

    async def keep(self, names: Mapping[int, str]) -> None:
        """Keep the files of these messages (message id → name). Raises NotNow("full") where the disk runs low."""
        async with self._room.reading() as session:
            choice = await keeping.chosen(session)
            carrying = await messages.of_account(session, self._account_id, names)
            files = await media.of_messages(session, [message.id or 0 for message in carrying.values()])
        for number, message in carrying.items():
            file = files.get(message.id or 0)
            if file is None or file.kept is not None:
                continue
            if not choice.takes(file.kind, file.size):
                self.became.count(LEFT)
                continue
            self._folder.belongs(names[number], file)
            file.due_at = self._room.installation.clock.now()  # it is asked for
            try:
                await self._files.keep(self._room, self._account_id, file, _nobody_listens)
                self.became.count(KEPT)
            except NotNow as refusal:
                if refusal.reason == "full":
                    raise
                self.became.count(LOST)


async def _nobody_listens(_bytes: int) -> None:
    """The progress is told in messages."""
