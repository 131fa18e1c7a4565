"""As which application the userbot comes to Telegram. Apart from the rest, for Telethon takes long to import."""

from __future__ import annotations

from bot.config import Userbot
from userbot.client import Settings


def userbot_settings(userbot: Userbot) -> Settings | None:
    """The application as which accounts are mirrored; None where the operator has none."""
    if not userbot.on:
        return None
    return Settings(
        api_id=userbot.api_id,
        api_hash=userbot.api_hash.get_secret_value(),
        dc_id=userbot.dc_id,
        address=userbot.address,
        port=userbot.port,
        public_keys=userbot.public_keys,
    )
