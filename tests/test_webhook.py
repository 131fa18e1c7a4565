from __future__ import annotations

import socket

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.config import Telegram
from tests.people import Desk, Someone

SECRET = "only-telegram-knows"


@pytest.fixture
async def hooked(desk: Desk) -> Desk:
    """The same desk, to which Telegram posts its updates."""
    await desk.stop()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    telegram = Telegram(
        token=desk.config.telegram.token,
        api=desk.config.telegram.api,
        updates="webhook",
        webhook_url=f"http://127.0.0.1:{port}/updates",
        webhook_secret=SecretStr(SECRET),
        listen_port=port,
    )
    desk.config = desk.config.model_copy(update={"telegram": telegram})
    await desk.start()
    return desk


async def test_what_telegram_posts_is_mirrored_and_answered(hooked: Desk, olga: Someone, anna: Someone) -> None:
    await anna.writes("By another road", to=olga)
    await olga.writes("/help")
    assert await hooked.mirrored() == ["By another road"]
    assert "What would you like to know?" in olga.screen


@pytest.mark.parametrize(
    ("secret", "body", "answer"),
    [
        ("guessed", b'{"update_id": 1}', 403),
        (SECRET, b"{", 400),
        (SECRET, b"[]", 400),
        (SECRET, b'{"message": 1}', 400),
    ],
)
async def test_what_is_not_from_telegram_or_no_update_is_refused(
    hooked: Desk, secret: str, body: bytes, answer: int
) -> None:
    url, header = hooked.config.telegram.webhook_url, {"X-Telegram-Bot-Api-Secret-Token": secret}
    async with ClientSession() as stranger, stranger.post(url, data=body, headers=header) as response:
        assert response.status == answer


async def test_going_back_to_polling_takes_the_webhook_off(hooked: Desk, olga: Someone) -> None:
    await hooked.stop()
    telegram = hooked.config.telegram.model_copy(update={"updates": "polling"})
    hooked.config = hooked.config.model_copy(update={"telegram": telegram})
    await hooked.start()
    await olga.writes("/help")
    assert "What would you like to know?" in olga.screen
