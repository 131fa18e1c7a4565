"""Fetching the files of mirrored messages by whichever road leads to them."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiohttp import ClientError

from crm.errors import NotNow
from crm.ports import FileSource
from storage.media import Media

PIECE = 64 * 1024
CLOUD_LIMIT = 20 * 1000 * 1000  # bytes; what a bot may download through Telegram's own Bot API server


class Roads:
    """A `FileSource` that asks the Bot API where it has a handle, else the userbot."""

    def __init__(self, bot: Bot, userbots: FileSource | None) -> None:
        self._bot = bot
        self._userbots = userbots

    async def fetch(self, workspace_id: int, account_id: int, media: Media) -> AsyncIterator[bytes]:
        """The file's bytes in pieces. Raises NotNow("too_large") or NotNow("unreachable")."""
        too_large = (media.size or 0) > CLOUD_LIMIT
        if media.file_id is not None and not too_large:
            async for piece in self._by_bot(media.file_id):
                yield piece
        elif media.userbot is not None and self._userbots is not None:
            async for piece in self._userbots.fetch(workspace_id, account_id, media):
                yield piece
        else:
            raise NotNow("too_large" if too_large else "unreachable")

    async def _by_bot(self, file_id: str) -> AsyncIterator[bytes]:
        try:
            file = await self._bot.get_file(file_id)
        except TelegramBadRequest as refusal:
            raise NotNow("too_large" if "too big" in refusal.message else "unreachable") from refusal
        except AiogramError as trouble:  # a network that is down, a flood wait, a token that was taken back
            raise NotNow("unreachable") from trouble
        url = self._bot.session.api.file_url(self._bot.token, file.file_path or "")
        try:
            async for piece in self._bot.session.stream_content(url, chunk_size=PIECE, raise_for_status=True):
                yield piece
        except (ClientError, TimeoutError):  # aiohttp's own names the address, and the token stands in it
            raise NotNow("unreachable") from None
