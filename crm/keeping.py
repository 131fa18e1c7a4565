"""Which files are kept beside the vault, by the workspace's choice: none, what is opened, or by kind and size."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit
from crm.access import Desk, Power, Room
from crm.errors import Invalid
from crm.seen import Seen
from storage import media, settings
from storage.media import Media, Waiting

KEEP_FILES = "keep_files"  # the setting
KINDS: Mapping[str, tuple[str, ...]] = {  # as people choose them, and what Telegram calls them
    "photo": ("photo",),
    "voice": ("voice", "video_note"),
    "video": ("video", "animation"),
    "document": ("document",),
    "audio": ("audio",),
    "sticker": ("sticker",),
}
ANY = 4_000_000_000  # bytes; Telegram takes no larger file
SIZES = (0, 1_000_000, 5_000_000, 20_000_000, 100_000_000, ANY)  # bytes that may be chosen; 0 is none
USUAL = 20_000_000  # bytes; more a bot may not fetch
ABANDONED = 86_400.0  # seconds after which a half file is nobody's any more


class When(StrEnum):
    """Which files are kept at all."""

    NEVER = "never"  # they pass through when somebody asks for one
    OPENED = "opened"  # once somebody on the team has asked for one
    ALWAYS = "always"  # as they come


@dataclass(frozen=True, slots=True)
class Choice:
    """What a workspace keeps. `up_to` is in bytes, by kind; `since` is when it began to keep files as they come."""

    when: When = When.NEVER
    up_to: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, USUAL))
    since: datetime | None = None

    @property
    def limits(self) -> dict[str, int]:
        """The largest file that is kept, in bytes, by Telegram's kinds; what is not there is not kept."""
        if self.when is When.NEVER:
            return {}
        return {kind: size for name, size in self.up_to.items() if size for kind in KINDS[name]}

    def takes(self, kind: str, size: int | None) -> bool:
        """Whether such a file may be kept."""
        return (size or 0) <= self.limits.get(kind, -1)

    def takes_at_once(self, seen: Seen) -> bool:
        """Whether the file of a message that came just now is kept without anybody asking for it.

        What was sent before the choice is not: a history that is read may hold more than the disk does.
        """
        file = seen.file
        if file is None or seen.protected or self.when is not When.ALWAYS or self.since is None:
            return False
        return seen.sent_at >= self.since and bool(file.file_id or file.userbot) and self.takes(file.kind, file.size)

    def facts(self) -> dict[str, Any]:
        """As it is written down."""
        return {"when": self.when, "up_to": dict(self.up_to), "since": self.since.isoformat() if self.since else None}

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> Self:
        """As it was written down."""
        since = facts["since"]
        return cls(When(facts["when"]), facts["up_to"], datetime.fromisoformat(since) if since else None)


@dataclass(frozen=True, slots=True)
class Overview:
    """How it stands with the files of a workspace; sizes in bytes."""

    choice: Choice
    kept: tuple[int, int]  # how many, and their size
    older: tuple[int, int]  # the same of those that fit and came before the choice
    room: int  # that the disk has for files
    waiting: list[Waiting]


async def chosen(session: AsyncSession) -> Choice:
    """What the workspace has chosen."""
    facts = await settings.read(session, KEEP_FILES, default=None)
    return Choice() if facts is None else Choice.of(facts)


async def look(desk: Desk) -> Overview:
    """How it stands."""
    desk.need(Power.READ)
    room = await asyncio.to_thread(lambda: desk.vault.media.room)
    async with desk.reading() as session:
        choice = await chosen(session)
        older = await media.older_in_all(session, choice.limits) if choice.when is When.ALWAYS else (0, 0)
        return Overview(choice, await media.kept(session), older, max(room, 0), await media.waiting(session))


async def choose(desk: Desk, when: str) -> None:
    """Choose whether files are kept, from now on; what is kept already stays. Raises Invalid."""
    desk.need(Power.MANAGE)
    if when not in set(When):
        raise Invalid("when", "unknown")
    async with desk.transaction() as session:
        before = await chosen(session)
        now = desk.installation.clock.now().replace(microsecond=0)  # Telegram counts whole seconds
        since = before.since if before.when is When.ALWAYS else now
        await _write(desk, session, Choice(When(when), before.up_to, since))


async def choose_size(desk: Desk, kind: str, size: int) -> None:
    """Choose how large a file of this kind may be. Raises Invalid."""
    desk.need(Power.MANAGE)
    if kind not in KINDS or size not in SIZES:
        raise Invalid("size", "unknown")
    async with desk.transaction() as session:
        before = await chosen(session)
        await _write(desk, session, Choice(before.when, {**before.up_to, kind: size}, before.since))


async def want(desk: Desk, file: Media) -> Media:
    """Somebody has asked for a file: from then on it is kept, where that was chosen."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        choice = await chosen(session)
    if file.kept is None and choice.takes(file.kind, file.size):
        file.due_at = desk.installation.clock.now()
        async with desk.vault.transaction() as session:  # the press itself has its effect only when the file is sent
            await media.want(session, file.message, file.due_at)
    return file


async def sweep(room: Room) -> None:
    """Remove what no message carries any more, and half files that nobody goes on with."""
    store = room.vault.media
    async with room.vault.transaction() as session:
        gone, carried = await media.sweep(session)
    oldest = time.time() - ABANDONED
    ages = await asyncio.to_thread(store.ages)
    strays = {name for name, changed in ages.items() if name not in carried and changed < oldest}
    for name in gone | strays:
        await asyncio.to_thread(store.remove, name)


async def _write(desk: Desk, session: AsyncSession, choice: Choice) -> None:
    facts = choice.facts()
    await settings.write(session, KEEP_FILES, facts)
    audit.record(desk, session, "setting.changed", f"setting:{KEEP_FILES}", value=facts)
