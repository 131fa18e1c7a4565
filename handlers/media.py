"""Sending a member the file of a mirrored message, when he asks for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery, InputFile

from crm import history, keeping
from crm.access import Desk
from crm.errors import NotNow
from crm.history import Whole
from crm.ports import FileSource, LinkedDevices, Tasks
from handlers.buttons.history import History
from handlers.buttons.media import SendFile
from handlers.language import _, size, when
from handlers.screens import Screen, button, safe
from handlers.screens.messages import side
from storage.media import Media

UPLOAD_LIMIT = 50 * 1000 * 1000  # bytes; what a bot may send through Telegram's own Bot API server
EXTENSIONS = {"photo": "jpg", "voice": "ogg", "video": "mp4", "video_note": "mp4", "animation": "mp4", "audio": "mp3"}
SHORT = timedelta(seconds=5)  # nobody needs to be told of such a wait
BARE = frozenset({"sticker", "video_note"})  # kinds that take no caption


def routes() -> Router:
    """The one press."""
    router = Router(name="media")
    router.callback_query.register(send, SendFile.filter())
    return router


async def send(
    event: CallbackQuery,
    callback_data: SendFile,
    *,
    desk: Desk,
    bot: Bot,
    files: FileSource,
    devices: LinkedDevices,
    tasks: Tasks,
) -> None:
    """By Telegram's own handle at once; else fetched and sent while the member goes on."""
    message, file = await history.file(desk, callback_data.id)
    file = await keeping.want(desk, file)
    delivery = _Delivery(bot, event.from_user.id, message, file)
    until = _held_until(desk, devices, message, file)
    if until is None:
        await event.answer(_("Here it comes…"))
    else:
        text = _("Telegram lets the linked device fetch nothing until {when}. The file then comes by itself.")
        await event.answer(text.format(when=when(until)), show_alert=True)
    if file.file_id is not None and await delivery.by_handle(file.file_id):
        return
    fetch = partial(files.fetch, desk.workspace.id or 0, message.line.message.account_id, file)
    tasks.start("sending a file", delivery.by_pieces(fetch))


def _held_until(desk: Desk, devices: LinkedDevices, message: Whole, file: Media) -> datetime | None:
    """When a flood wait ends that is worth a word, of the only road to a file; else None."""
    if file.kept is not None or file.file_id is not None:
        return None
    until = devices.waits_until(desk.workspace.id or 0, message.line.message.account_id)
    return until if until is not None and until - desk.installation.clock.now() > SHORT else None


class _Delivery:
    """One file on its way to one member."""

    def __init__(self, bot: Bot, chat_id: int, message: Whole, media: Media) -> None:
        self._bot, self._chat_id, self._message, self._media = bot, chat_id, message, media

    async def by_handle(self, file_id: str) -> bool:
        """False where Telegram does not take its handle any more."""
        try:
            await self._send(file_id)
        except TelegramBadRequest:
            return False
        return True

    async def by_pieces(self, fetch: Callable[[], AsyncIterator[bytes]]) -> None:
        """Sent on while it is fetched: nothing of it touches this machine's disk, and little its memory."""
        if (self._media.size or 0) > UPLOAD_LIMIT:
            await self._excuse("too_large")
            return
        try:
            try:
                await self._send(await self._stream(fetch))
            except TelegramBadRequest:  # a picture may be too wide or too large for a photo, and still be a file
                await self._send(await self._stream(fetch), "document")
        except NotNow as refusal:
            await self._excuse(refusal.reason)
        except TelegramAPIError:
            await self._excuse("unreachable")

    async def _stream(self, fetch: Callable[[], AsyncIterator[bytes]]) -> _Stream:
        pieces = fetch()
        first = await anext(pieces, b"")  # a road that leads nowhere says so before anything is sent
        return _Stream(first, pieces, self._name())

    async def _send(self, file: str | InputFile, kind: str | None = None) -> None:
        kind, bot = kind or self._media.kind, self._bot
        senders: dict[str, Callable[..., Awaitable[object]]] = {
            "photo": bot.send_photo,
            "video": bot.send_video,
            "animation": bot.send_animation,
            "audio": bot.send_audio,
            "voice": bot.send_voice,
            "video_note": bot.send_video_note,
            "sticker": bot.send_sticker,
        }
        if kind not in senders:
            kind = "document"
        words = {} if kind in BARE else {"caption": self._caption()}
        await senders.get(kind, bot.send_document)(
            self._chat_id, **{kind: file}, **words, reply_markup=self._way_back().keyboard
        )

    def _caption(self) -> str:
        message = self._message.line.message
        return f"{side(message)} {safe(self._message.talk.contact.name)} · {when(message.sent_at)}"

    def _way_back(self, text: str = "") -> Screen:
        message = self._message.line.message
        place = History(id=message.conversation_id, focus=message.message_id)
        return Screen(text, [[button(_("‹ In the conversation"), place)]])

    def _name(self) -> str:
        extension = EXTENSIONS.get(self._media.kind, "bin")
        return self._media.name or f"{self._media.kind}-{self._message.line.message.message_id}.{extension}"

    async def _excuse(self, reason: str) -> None:
        if reason == "too_large":
            text = _(
                "This file ({size}) is too large to be fetched by a bot. Open the chat in Telegram to see it."
            ).format(size=size(self._media.size or 0))
        else:
            text = _(
                "This file cannot be fetched from Telegram now: it was deleted there, or no account here reaches it. "
                "Try again later, or open the chat in Telegram."
            )
        screen = self._way_back(text)
        with suppress(TelegramAPIError):  # he may have blocked the bot meanwhile
            await self._bot.send_message(self._chat_id, screen.text, reply_markup=screen.keyboard)


class _Stream(InputFile):
    """A file that is uploaded while it comes in."""

    def __init__(self, first: bytes, rest: AsyncIterator[bytes], name: str) -> None:
        super().__init__(filename=name)
        self._first, self._rest = first, rest

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:  # noqa: ARG002  aiogram's signature
        yield self._first
        async for piece in self._rest:
            yield piece
