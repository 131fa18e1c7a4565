"""The Bot API of the sandbox: real HTTP for an unmodified aiogram, refusing what Telegram refuses."""

from sandbox.bot_api.server import BotApi

__all__ = ["BotApi"]
