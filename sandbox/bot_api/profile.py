"""What a bot says of itself: who it is, its commands, name and descriptions; and its answers to presses."""

from __future__ import annotations

import re
from typing import Any

from aiogram import methods, types

from sandbox.bot_api.calls import Caller
from sandbox.bot_api.rendering import user
from sandbox.world import CallbackAnswer, Refused

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
MAX_NOTE = 200  # characters in the answer to a press
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MAX_TEXT = {"name": 64, "description": 512, "short_description": 120}


def get_me(caller: Caller, _call: methods.GetMe) -> types.User:
    person = caller.bot.person
    abilities = {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": person.secretary_mode,
        "has_main_web_app": False,
    }
    return user(person).model_copy(update=abilities)


def set_my_commands(caller: Caller, call: methods.SetMyCommands) -> bool:
    """Keep the commands of one scope and language; the default ones show on the bot itself."""
    if len(call.commands) > MAX_COMMANDS:
        raise Refused.bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in call.commands:
        if not _COMMAND.fullmatch(command.command.removeprefix("/")):
            raise Refused.bad_request("BOT_COMMAND_INVALID")
        if not 0 < len(command.description) <= MAX_DESCRIPTION:
            raise Refused.bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    _keep_commands(caller, call, [(one.command.removeprefix("/"), one.description) for one in call.commands])
    return True


def delete_my_commands(caller: Caller, call: methods.DeleteMyCommands) -> bool:
    _keep_commands(caller, call, [])
    return True


def get_my_commands(caller: Caller, call: methods.GetMyCommands) -> list[types.BotCommand]:
    """What was set for just this scope and language: Telegram does not look further here."""
    kept = caller.bot.person.commands.get(_scope(caller, call), [])
    return [types.BotCommand(command=command, description=description) for command, description in kept]


def _keep_commands(caller: Caller, call: Any, commands: list[tuple[str, str]]) -> None:
    lists = {**caller.bot.person.commands, _scope(caller, call): commands}
    caller.world.change_person(caller.bot_id, commands=lists)


def _scope(caller: Caller, call: Any) -> tuple[str, str]:
    """What the commands are for. Refuses a chat that is not there."""
    scope = call.scope or types.BotCommandScopeDefault()
    chat = getattr(scope, "chat_id", None)
    name = f"{scope.type}:{caller.world.person(int(chat)).id}" if chat is not None else scope.type
    return name, call.language_code or ""


def set_chat_menu_button(caller: Caller, call: methods.SetChatMenuButton) -> bool:
    """Keep what the button beside the writing field opens, in one chat or everywhere."""
    kind = call.menu_button.type if call.menu_button else "default"
    buttons = {**caller.bot.person.menu_buttons, call.chat_id or 0: kind}
    caller.world.change_person(caller.bot_id, menu_buttons=buttons)
    return True


def get_chat_menu_button(caller: Caller, call: methods.GetChatMenuButton) -> types.MenuButton:
    buttons = caller.bot.person.menu_buttons
    return types.MenuButton(type=buttons.get(call.chat_id or 0) or buttons.get(0, "default"))


def set_my_text(caller: Caller, call: Any) -> bool:
    """Keep the bot's name, description or short description in one language."""
    field_name = _text_of(call)
    text = getattr(call, field_name) or ""
    if len(text) > _MAX_TEXT[field_name]:
        raise Refused.bad_request(f"BOT_{field_name.upper()}_TOO_LONG")
    caller.bot.texts[field_name, call.language_code or ""] = text
    if field_name == "name" and text and not call.language_code:
        caller.world.change_person(caller.bot_id, first_name=text)
    return True


def get_my_text(caller: Caller, call: Any) -> dict[str, str]:
    field_name = _text_of(call)
    texts = caller.bot.texts
    text = texts.get((field_name, call.language_code or "")) or texts.get((field_name, ""), "")
    return {field_name: text or (caller.bot.person.first_name if field_name == "name" else "")}


def _text_of(call: Any) -> str:
    return {"Name": "name", "Description": "description", "ShortDescription": "short_description"}[
        call.__api_method__[len("setMy") :]
    ]


def answer_callback_query(caller: Caller, call: methods.AnswerCallbackQuery) -> bool:
    """Answer a press. Refuses notes past 200 characters, and presses whose time is over."""
    if len(call.text or "") > MAX_NOTE:
        raise Refused.bad_request("MESSAGE_TOO_LONG")
    answer = CallbackAnswer(call.text or "", call.show_alert is True, call.url)
    caller.world.answer_callback(call.callback_query_id, answer, by=caller.bot_id)
    return True
