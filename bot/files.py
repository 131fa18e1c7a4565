"""Fetching the files of mirrored messages by whichever road leads to them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from http import HTTPStatus

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiohttp import ClientError, ClientResponse, ClientTimeout

from crm.errors import NotNow
from crm.ports import FileRoads
from storage.media import Media

logger = logging.getLogger(__name__)
PIECE = 64 * 1024
PATIENCE = ClientTimeout(total=None, sock_connect=30, sock_read=30)  # seconds; a large file may take its time
CLOUD_LIMIT = 20 * 1000 * 1000  # bytes; what a bot may download through Telegram's own Bot API server


class Roads:
    """`crm.ports.FileRoads` over the Bot API where it has a handle, else over the userbot."""

    def __init__(self, bot: Bot, userbots: FileRoads) -> None:
        self._bot = bot
        self._userbots = userbots

    def content(self, media: Media) -> str | None:
        """The Bot API's handle names one file only, but not the file's only handle."""
        return f"bot {media.file_id}" if _by_bot(media) else self._userbots.content(media)

    async def fetch(self, workspace_id: int, account_id: int, media: Media, *, offset: int = 0) -> AsyncIterator[bytes]:
        """The file's bytes from an offset on. Raises NotNow("too_large") or NotNow("unreachable")."""
        if _by_bot(media):
            pieces = self._from_bot_api(media.file_id or "", offset)
        elif self._userbots.content(media) is not None:
            pieces = self._userbots.fetch(workspace_id, account_id, media, offset=offset)
        else:
            raise NotNow("too_large" if _is_too_large(media) else "unreachable")
        async for piece in pieces:
            yield piece

    async def _from_bot_api(self, file_id: str, offset: int) -> AsyncIterator[bytes]:
        try:
            file = await self._bot.get_file(file_id)
        except TelegramBadRequest as refusal:
            raise NotNow("too_large" if "too big" in refusal.message else "unreachable") from refusal
        except AiogramError as trouble:  # a network that is down, a flood wait, a token that was taken back
            raise NotNow("unreachable") from trouble
        assert isinstance(self._bot.session, AiohttpSession)  # noqa: S101  see bot.telegram
        session = await self._bot.session.create_session()
        url = self._bot.session.api.file_url(self._bot.token, file.file_path or "")
        wanted = {"Range": f"bytes={offset}-"} if offset else {}
        try:
            async with session.get(url, headers=wanted, timeout=PATIENCE, raise_for_status=True) as answer:
                async for piece in _from(answer, offset):
                    yield piece
        except (ClientError, TimeoutError):  # aiohttp's own names the address, and the token stands in it
            raise NotNow("unreachable") from None


async def _from(answer: ClientResponse, offset: int) -> AsyncIterator[bytes]:
    """What follows the offset: a server that knows no ranges sends the file from its beginning."""
    surplus = 0
    if offset and answer.status != HTTPStatus.PARTIAL_CONTENT:
        logger.info("the Bot API sends a half file anew: it takes no ranges")
        surplus = offset
    async for piece in answer.content.iter_chunked(PIECE):
        if len(piece) > surplus:
            yield piece[surplus:]
        surplus = max(surplus - len(piece), 0)


def _by_bot(media: Media) -> bool:
    return media.file_id is not None and not _is_too_large(media)


def _is_too_large(media: Media) -> bool:
    return (media.size or 0) > CLOUD_LIMIT
