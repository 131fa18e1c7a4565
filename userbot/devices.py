"""All userbots of an installation: one device for each linked account of the active workspaces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial

from crm import linking, userbots
from crm.errors import NotNow
from crm.installation import Installation
from crm.ports import DeviceFacts, GroupFacts, LoginEnded, LoginStep, Outgoing, Sent, Tasks, Terminal, Unsent
from crm.userbots import PAUSED, Book
from storage.media import Media
from storage.userbots import REVOKED
from userbot import login
from userbot.client import Settings
from userbot.device import Device
from userbot.sender import Sender


class Userbots:
    """`crm.ports.LinkedDevices` and `crm.ports.FileRoads`. Without settings nobody can be linked, and nothing runs."""

    def __init__(
        self,
        installation: Installation,
        settings: Settings | None,
        tasks: Tasks,
        *,
        on_notice: Callable[[int], None] = lambda _workspace_id: None,
    ) -> None:
        self._on_notice = on_notice  # told at once where its owner is to hear something, by the workspace
        self._installation = installation
        self._settings = settings
        self._tasks = tasks
        self._devices: dict[tuple[int, int], Device] = {}
        self._ended: dict[tuple[int, int], str] = {}  # those that do not run: revoked or paused
        self._logins: dict[int, asyncio.Task[None]] = {}

    @property
    def available(self) -> bool:
        """Whether the operator has configured what a userbot needs."""
        return self._settings is not None

    async def start(self) -> None:
        """Begin to mirror with every session that is still linked."""
        self._launch(await userbots.devices(self._installation))

    async def close(self) -> None:
        """Hang up everywhere; what was under way goes on after the next start."""
        for workspace_id in list(self._logins):
            await self.cancel_link(workspace_id)
        await self._stop(list(self._devices))

    # Devices

    async def link(self, workspace_id: int, show: Callable[[LoginStep], Awaitable[None]]) -> None:
        """Link an account by QR code; `show` is called with each step until the end. Returns at once."""
        if self._settings is None:
            raise NotNow("not_configured")
        scanned = partial(login.in_chat, self._installation, self._settings, workspace_id, show)
        await self._begin(workspace_id, scanned, show)

    async def link_typed(
        self, workspace_id: int, terminal: Terminal, show: Callable[[LoginStep], Awaitable[None]]
    ) -> None:
        """Link an account by phone, code and second password; `show` is called with the end. Returns at once."""
        if self._settings is None:
            raise NotNow("not_configured")
        typed = partial(login.on_page, self._installation, self._settings, workspace_id, terminal)
        await self._begin(workspace_id, typed, show)

    async def cancel_link(self, workspace_id: int) -> None:
        """Give up a login that is under way."""
        under_way = self._logins.get(workspace_id)
        if under_way is not None and under_way is not asyncio.current_task():
            under_way.cancel()
            await asyncio.wait([under_way])

    async def unlink(self, workspace_id: int, account_id: int) -> None:
        """Log the device out at Telegram and forget its key."""
        place, book = (workspace_id, account_id), Book(self._installation, workspace_id, account_id)
        await self._stop([place])
        if self._settings is not None:
            await login.log_out(self._settings, book)
        self._ended.pop(place, None)
        await linking.unlinked(book)

    async def halt(self, workspace_id: int) -> None:
        """Stop mirroring a workspace at once, and log nothing out."""
        await self.cancel_link(workspace_id)
        await self._stop([place for place in self._devices if place[0] == workspace_id])

    async def resume(self, workspace_id: int) -> None:
        """Mirror again with every session that is still linked."""
        self._launch(await userbots.devices(self._installation, workspace_id))

    async def wake(self) -> None:
        """Let each device ask at once for what happened while this machine was suspended."""
        for device in list(self._devices.values()):
            await device.wake()

    def compare(self) -> None:
        """Let each device compare what its account shows with the vault."""
        for device in self._devices.values():
            device.compare()

    def state(self, workspace_id: int, account_id: int) -> str:
        """off, paused, connecting, live, waiting (a flood wait), offline or revoked."""
        device = self._devices.get((workspace_id, account_id))
        if device is not None:
            return device.state
        return self._ended.get((workspace_id, account_id), "off")

    def since(self, workspace_id: int, account_id: int) -> datetime | None:
        """Since when the device is connected, or is not; None where it does not run."""
        device = self._devices.get((workspace_id, account_id))
        return device.since if device is not None else None

    def waits_until(self, workspace_id: int, account_id: int) -> datetime | None:
        """When the flood wait of a device is over; None while there is none."""
        device = self._devices.get((workspace_id, account_id))
        return device.waits_until if device is not None else None

    def pace(self, workspace_id: int, account_id: int) -> float | None:
        """How many messages of the past a device reads in a second; None while it reads none."""
        device = self._devices.get((workspace_id, account_id))
        return device.pace if device is not None else None

    async def replan(self, workspace_id: int, account_id: int) -> None:
        """Let a device read the past as the vault now says that it is to be read."""
        device = self._devices.get((workspace_id, account_id))
        if device is not None:
            await device.wake()

    async def pause(self, workspace_id: int, account_id: int) -> None:
        """Hang up; the session stays, and the vault says that it is to stay so."""
        self._ended[workspace_id, account_id] = PAUSED
        await self._stop([(workspace_id, account_id)])

    async def inspect(self, workspace_id: int, account_id: int) -> DeviceFacts | None:
        """What Telegram says of a device; None where it cannot be asked now."""
        device = self._devices.get((workspace_id, account_id))
        return await device.inspect() if device is not None else None

    async def end_others(self, workspace_id: int, account_id: int) -> None:
        """Log the account's other devices out. Raises NotNow."""
        device = self._devices.get((workspace_id, account_id))
        if device is None:
            raise NotNow("offline")
        await device.end_others()

    async def groups(self, workspace_id: int, account_id: int, *, anew: bool = False) -> Sequence[GroupFacts]:
        """Every group that an account is in. Raises NotNow("offline")."""
        device = self._devices.get((workspace_id, account_id))
        if device is None:
            raise NotNow("offline")
        return await device.groups(anew=anew)

    def regroup(self, workspace_id: int, account_id: int) -> None:
        """Let a device take up which groups are picked now."""
        device = self._devices.get((workspace_id, account_id))
        if device is not None:
            device.regroup()

    # Writing

    async def send(self, message: Outgoing) -> Sent | None:
        """Send it as the account itself. Raises Unsent, Later, Unknown. None: it has arrived before."""
        return await self._sender(message).send(message)

    async def draft(self, message: Outgoing) -> None:
        """Put it into the account's own clients as a draft. Raises Unsent, Later, Unknown."""
        await self._sender(message).draft(message)

    # FileRoads

    def content(self, media: Media) -> str | None:
        """Telegram's own number of a file, and which of a photo's sizes it is."""
        handle = media.userbot
        return f"userbot {handle['id']} {handle['thumb']}" if self.available and handle is not None else None

    async def fetch(self, workspace_id: int, account_id: int, media: Media, *, offset: int = 0) -> AsyncIterator[bytes]:
        """The file's bytes from an offset on. Raises NotNow("unreachable") without a connected device or a file."""
        device = self._devices.get((workspace_id, account_id))
        if device is None or media.userbot is None:
            raise NotNow("unreachable")
        async for piece in device.fetch(media.message, media.userbot, offset):
            yield piece

    # Inside

    def _sender(self, message: Outgoing) -> Sender:
        device = self._devices.get((message.workspace_id, message.account_id))
        if device is None:
            raise Unsent("idle")
        return device.sender

    def _launch(self, found: list[tuple[Book, str]]) -> None:
        for book, state in found:
            place = (book.workspace_id, book.account_id)
            if state in {REVOKED, PAUSED}:
                self._ended[place] = state
            elif self._settings is not None and place not in self._devices:
                self._ended.pop(place, None)
                device = self._devices[place] = Device(
                    self._settings, book, partial(self._on_notice, book.workspace_id)
                )
                self._tasks.start(f"userbot {place[1]} of workspace {place[0]}", self._run(place, device))

    async def _run(self, place: tuple[int, int], device: Device) -> None:
        try:
            await device.run()
        finally:
            if device.state in {REVOKED, PAUSED}:
                self._ended[place] = device.state
                self._on_notice(place[0])
            if self._devices.get(place) is device:
                del self._devices[place]

    async def _stop(self, places: list[tuple[int, int]]) -> None:
        devices = [self._devices.pop(place) for place in places if place in self._devices]
        async with asyncio.TaskGroup() as group:
            for device in devices:
                group.create_task(device.stop())

    async def _begin(
        self,
        workspace_id: int,
        way: Callable[[], Awaitable[LoginEnded]],
        show: Callable[[LoginStep], Awaitable[None]],
    ) -> None:
        await self.cancel_link(workspace_id)
        self._tasks.start(f"login to workspace {workspace_id}", self._link(workspace_id, way, show))

    async def _link(
        self,
        workspace_id: int,
        way: Callable[[], Awaitable[LoginEnded]],
        show: Callable[[LoginStep], Awaitable[None]],
    ) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  a coroutine runs in one
        self._logins[workspace_id] = task
        try:
            ended = await way()
        except asyncio.CancelledError:
            await show(LoginEnded("cancelled"))
            raise
        finally:
            if self._logins.get(workspace_id) is task:
                del self._logins[workspace_id]
        if ended.outcome == "linked":
            await self.resume(workspace_id)
        await show(ended)
