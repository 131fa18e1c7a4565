"""Every command with what it is for, as far as somebody may use it: for /help, and for the menu in Telegram."""

from __future__ import annotations

from collections.abc import Callable

from crm.access import Power
from handlers.language import _


def commands(may: Callable[[Power], bool]) -> list[str]:
    """Each command of a member and, after a space, what it is for, in the order of a day's work."""
    every = [
        (Power.READ, _("/start the first screen: who waits, and the ways to everything")),
        (Power.READ, _("/reminders what you have promised, and when")),
        (Power.READ, _("/digest the day at a glance: who waits, what is promised")),
        (Power.READ, _("/contacts the people who write to you")),
        (Power.READ, _("/board how far you are with each client")),
        (Power.READ, _("/search find any message, note or person")),
        (Power.READ, _("/tags your own words for sorting people and conversations")),
        (Power.WRITE, _("/outgoing answers that leave later, and those that did not leave")),
        (Power.WRITE, _("/replies what you answer again and again")),
        (Power.READ, _("/accounts connect a Telegram account, or see how it is")),
        (Power.READ, _("/status whether everything runs")),
        (Power.READ, _("/settings name, time zone, team, deleted messages")),
        (Power.READ, _("/language another language")),
        (Power.MANAGE, _("/import bring along what Telegram Desktop has exported")),
        (Power.EXPORT, _("/export take everything with you")),
        (Power.READ, _("/privacy what is kept, and why")),
        (Power.OWN, _("/deleteaccount leave, and have everything erased")),
        (Power.READ, _("/help what you can do here, topic by topic")),
        (Power.READ, _("/cancel stop what I am asking you for")),
    ]
    return [line for power, line in every if may(power)]


def at_the_door() -> list[str]:
    """The same for everybody who has no seat."""
    return [
        _("/start come in, if somebody gave you a link or a code"),
        _("/privacy what is kept, and why"),
    ]
