"""Pressing a button under a bot's message, and the bot's answer to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.world.clock import Clock
from sandbox.world.events import ButtonPressed, CallbackAnswered
from sandbox.world.messages import Message
from sandbox.world.reacting import Reacting
from sandbox.world.refused import Refused

ANSWER_TIME = timedelta(seconds=15)  # then the client shows the button as unanswered and the query is dead


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the person sees after a press: a short note, or a window to close; both may be empty."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None


@dataclass(slots=True, eq=False)
class Press:
    """One press and, once it is there, its answer; `answered` ends with None when the bot was too late."""

    id: str
    person_id: int
    bot_id: int
    message: Message
    data: str
    date: datetime
    answered: asyncio.Future[CallbackAnswer | None] = field(repr=False)


class Buttons(Reacting):
    """The presses that wait for their bot."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._presses: dict[str, Press] = {}
        self._pressed = 0
        clock.on_advance(self._expire)

    def press(self, person_id: int, message_uid: int, data: str) -> asyncio.Future[CallbackAnswer | None]:
        """Press a callback button. Refuses where no bot stands behind the message.

        Only the world's time ends the wait: whoever waits in real time sets a limit of his own (`ANSWER_TIME`).
        """
        message = self.messages.get(message_uid)
        if message is None or message.deleted or person_id not in message.audience:
            raise Refused.bad_request("MESSAGE_ID_INVALID")
        bot_id = message.business_bot_id or message.sender_id
        if not self.person(bot_id).is_bot or not _has_button(message, data):
            raise Refused.bad_request("DATA_INVALID")
        self._pressed += 1
        press = Press(
            str((person_id << 32) + self._pressed), person_id, bot_id, message, data, self.clock.now(),
            asyncio.get_running_loop().create_future(),
        )  # fmt: skip
        self._expire(press.date)
        self._presses[press.id] = press
        self.emit(ButtonPressed((bot_id,), press))
        return press.answered

    def answer_callback(self, query_id: str, answer: CallbackAnswer, *, by: int) -> None:
        """Let a bot answer a press. Refuses an id that it does not know, and one whose time is over."""
        self._expire(self.clock.now())
        press = self._presses.get(query_id)
        if press is None or press.bot_id != by:
            raise Refused.bad_request("query is too old and response timeout expired or query ID is invalid")
        if not press.answered.done():
            press.answered.set_result(answer)
            self.emit(CallbackAnswered((press.person_id,), press))

    def _was_asked(self, query_id: str | None, bot_id: int, person_id: int) -> bool:
        """Tell whether a bot may still answer this press, and the person pressed it."""
        self._expire(self.clock.now())
        press = self._presses.get(query_id or "")
        return press is not None and (press.bot_id, press.person_id) == (bot_id, person_id)

    def _expire(self, now: datetime) -> None:
        for press in list(self._presses.values()):
            if now - press.date <= ANSWER_TIME:
                break  # they stand in the order in which they were pressed
            del self._presses[press.id]
            if not press.answered.done():
                press.answered.set_result(None)


def _has_button(message: Message, data: str) -> bool:
    rows = (message.markup or {}).get("inline_keyboard", ())
    return any(button.get("callback_data") == data for row in rows for button in row)
