"""One connection to Telegram as a device of an account. Telethon stands behind it, and what it raises stays here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NoReturn, Self

from telethon import TelegramClient
from telethon.crypto import rsa

from crm.ports import Clock
from crm.userbots import Key
from userbot.session import VaultSession
from userbot.tl import errors

PATIENCE = 60.0  # seconds that an answer may take before the connection counts as lost
PIECE = 512 * 1024  # bytes; the most that Telegram gives at once
PARTS = 3  # of files, that are asked for at a time
TOGETHER = 500  # pushed updates that are handed on in one go
TELEGRAM = ("149.154.167.51", 443)  # data centre 2

# Telethon writes undecoded answers and requests into its log: messages, phone numbers and passwords are in them.
_silence = logging.getLogger("userbot.telethon")
_silence.setLevel(logging.CRITICAL)
_NAMES: dict[type, str] = {kind: name for name, kind in errors.rpcerrorlist.rpc_errors_dict.items()}


@dataclass(frozen=True, slots=True)
class Settings:
    """The application as which accounts are mirrored, and the server where they live.

    An empty address is Telegram's own; `public_keys` are PEM texts of other servers.
    """

    api_id: int
    api_hash: str = field(repr=False)
    dc_id: int = 2
    address: str = ""
    port: int = 443
    public_keys: tuple[str, ...] = ()
    device: str = "Wysper"

    def fresh_key(self) -> Key:
        """What a device has before its first connection."""
        address, port = (self.address, self.port) if self.address else TELEGRAM
        return Key(self.dc_id, address, port, b"")


class Cut(Exception):  # noqa: N818  a kind, named as people say it
    """The connection is lost; another may be made."""


class Refused(Exception):  # noqa: N818
    """Telegram says no. `reason` is its own name for why, such as PHONE_CODE_INVALID."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Revoked(Exception):  # noqa: N818
    """The session is ended for good; it must not be tried again. `reason` is Telegram's name for why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Frozen(Exception):  # noqa: N818
    """Telegram froze the account: the session stands, and may do nothing. `reason` is Telegram's name for it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Flooded(Exception):  # noqa: N818
    """Telegram wants to be left in peace for some seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Line:
    """A connection from `async with` on until it is cut; it is never mended, another takes its place."""

    def __init__(self, settings: Settings, session: VaultSession, clock: Clock) -> None:
        for key in settings.public_keys:
            rsa.add_key(key, old=False)  # type: ignore[no-untyped-call]  # Telethon has no types
        self.settings = settings
        self.session = session
        self.told_at: datetime | None = None  # the server's own time, as it last said it
        self.on_flood: Callable[[int], Awaitable[None]] | None = None  # told of each, in seconds
        self._clock = clock
        self._peace_at = 0.0  # when the last flood wait is over, by the loop's own time
        self._parts = asyncio.Semaphore(PARTS)
        self._client: Any = _client(settings, session)

    async def __aenter__(self) -> Self:
        """Raises Cut, Revoked."""
        try:
            with _explained():
                async with asyncio.timeout(PATIENCE):
                    await self._client.connect()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.disconnect()
        with suppress(Exception):  # why it ended is known by now: asyncio must not log it as never looked at
            await self._client.disconnected

    async def hang_up(self) -> None:
        """End the connection from our side; `lost` hears of it."""
        await self._client.disconnect()

    async def lost(self) -> NoReturn:
        """Wait until the connection is gone. Raises Cut, Revoked."""
        with _explained():
            await self._client.disconnected
        raise Cut

    async def call(self, request: Any) -> Any:
        """The answer to a request. Raises Cut, Flooded, Frozen, Refused, Revoked."""
        with _explained():
            async with asyncio.timeout(PATIENCE):
                answer = await self._client(request)
        self._look_at_date(answer)
        return answer

    @property
    def waits_until(self) -> datetime | None:
        """When Telegram's last flood wait is over; None while there is none."""
        left = self._peace_at - asyncio.get_running_loop().time()
        return self._clock.now() + timedelta(seconds=left) if left > 0 else None

    async def ask(self, request: Any) -> Any:
        """The answer to a request that can wait: flood waits are obeyed to the second, whichever request met them.

        Raises Cut, Frozen, Refused, Revoked.
        """
        while True:
            await self.rest()
            try:
                return await self.call(request)
            except Flooded as flood:
                await self.flooded(flood.seconds)

    async def pushed(self, *, within: float) -> list[Any]:
        """What the server sent unasked since the last time; nothing after `within` seconds of silence."""
        queue: asyncio.Queue[Any] = self._client._updates_queue  # noqa: SLF001  Telethon has no other door to it
        try:
            async with asyncio.timeout(
                within
            ):  # wait_for of Python 3.11 would drop a cancellation that meets an update
                batch = [await queue.get()]
        except TimeoutError:
            return []
        while not queue.empty() and len(batch) < TOGETHER:
            batch.append(queue.get_nowait())
        for pushed in batch:
            self._look_at_date(pushed)
        return batch

    def _look_at_date(self, told: Any) -> None:
        """Pushed updates and the answers about them say when they were made."""
        state = getattr(told, "state", None) or getattr(told, "intermediate_state", None) or told
        date = getattr(state, "date", None)
        if isinstance(date, datetime):
            self.told_at = max(date, self.told_at or date)

    async def download(self, location: Any, *, dc_id: int, offset: int) -> AsyncIterator[bytes]:
        """A file's bytes from an offset (a multiple of 4096) on. Raises Cut, Flooded, Frozen, Refused, Revoked.

        Of all downloads together only a few parts are asked for at a time, in turns, and none during a flood wait.
        """
        parts = self._client.iter_download(location, offset=offset, request_size=PIECE, dc_id=dc_id)
        try:
            while True:
                async with self._parts:
                    await self.rest()
                    with _explained():
                        async with asyncio.timeout(PATIENCE):
                            part = await anext(parts, None)
                if part is None:
                    return
                yield bytes(part)
        finally:
            await parts.close()

    async def move(self, dc_id: int) -> None:
        """Go on at the data centre where the account lives. Raises Cut, Refused."""
        with _explained():
            await self._client._switch_dc(dc_id)  # noqa: SLF001  its own login calls just this

    async def flooded(self, seconds: int) -> None:
        """From now on leave Telegram in peace for as long as it wants, with all that can wait."""
        self._peace_at = max(self._peace_at, asyncio.get_running_loop().time() + seconds)
        if self.on_flood is not None:
            await self.on_flood(seconds)

    async def rest(self) -> None:
        """Wait until no flood wait is left."""
        while (left := self._peace_at - asyncio.get_running_loop().time()) > 0:  # noqa: ASYNC110  it may grow meanwhile
            await asyncio.sleep(left)


class _Client(TelegramClient):
    """Telethon without its own reading of updates, which loses edits and deletions: see `userbot.mirror`."""

    async def _update_loop(self) -> None:
        """Leave what the server pushes in its queue, from which the line takes it."""

    async def _on_login(self, user: Any) -> Any:
        """Remember who is signed in, and ask the server for no difference on the side."""
        self._mb_entity_cache.set_self_user(user.id, user.bot, user.access_hash)  # type: ignore[no-untyped-call]
        self._authorized = True
        return user


def _client(settings: Settings, session: VaultSession) -> _Client:
    """A client that never reconnects, waits or repeats by itself: all that is decided, and shown, by us."""
    return _Client(
        session,
        settings.api_id,
        settings.api_hash,
        device_model=settings.device,
        system_version="1",
        app_version="1",
        connection_retries=0,
        retry_delay=0,
        request_retries=2,
        auto_reconnect=False,
        flood_sleep_threshold=0,
        raise_last_call_error=True,
        base_logger=_silence,
    )


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what Telethon raises into our own kinds."""
    try:
        yield
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise Cut from None  # Telethon cancels what waits for an answer when it hangs up
    except errors.AuthKeyNotFound as error:
        raise Revoked("AUTH_KEY_UNREGISTERED") from error
    except (errors.FloodWaitError, errors.FloodPremiumWaitError, errors.TakeoutInitDelayError) as error:
        raise Flooded(error.seconds) from error
    except errors.SessionPasswordNeededError as error:
        raise Refused(_reason(error)) from error
    except (errors.UnauthorizedError, errors.AuthKeyDuplicatedError) as error:
        raise Revoked(_reason(error)) from error
    except errors.RPCError as error:
        known = isinstance(error, errors.RandomIdDuplicateError)  # a server's error by its number alone
        if isinstance(error, errors.ServerError | errors.TimedOutError) and not known:
            raise Cut from error
        reason = _reason(error)
        raise (Frozen if reason.startswith("FROZEN_") else Refused)(reason) from error
    except (OSError, EOFError, BufferError, errors.BadMessageError, errors.SecurityError) as error:
        raise Cut from error  # a TimeoutError is an OSError; a broken key exchange shows as one of the others


def _reason(error: Any) -> str:
    """Telegram's own name for an error: Telethon keeps that of a known one in its table, of another in the message."""
    return _NAMES.get(type(error)) or str(error.message)
