"""How a notice goes out: without a sound in its reader's quiet hours."""

from __future__ import annotations

from aiogram import Bot

from handlers.screens import Screen
from storage.outbox import OutboxRow


async def send(bot: Bot, row: OutboxRow, screen: Screen) -> int:
    """Send it. Gives the message id."""
    silent = row.facts.get("silent", False)
    sent = await bot.send_message(row.chat_id, screen.text, reply_markup=screen.keyboard, disable_notification=silent)
    return sent.message_id
