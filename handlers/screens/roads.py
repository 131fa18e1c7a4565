"""How the roads to an account are, in a light and few words, wherever an account is shown."""

from __future__ import annotations

from crm.roads import Health, Roads
from handlers.language import _, when

WELL = frozenset({Health.BOTH, Health.BUSINESS, Health.DEVICE})
STANDS_STILL = frozenset({Health.LEAVING, Health.PAUSED})
SILENT = frozenset({Health.OFFLINE, Health.FROZEN, Health.SILENT})


def light(roads: Roads) -> str:
    """One sign: whether new messages come in, and by every road that there should be."""
    if roads.health in WELL:
        return "🟢"
    if roads.health in STANDS_STILL:
        return "⏸"
    return "🔴" if roads.health in SILENT else "🟡"


def health(roads: Roads) -> str:
    """The same in words, and since when."""
    return line(roads.health).format(when=when(roads.since))


def line(kind: Health) -> str:
    """The health line of an account, with a place for the time."""
    return {
        Health.LEAVING: _("nothing new is kept, as the workspace is leaving"),
        Health.BOTH: _("new messages come in by both roads, live since {when}"),
        Health.BUSINESS: _("new messages come in through Telegram Business, since {when}"),
        Health.DEVICE: _("new messages come in through the linked device, live since {when}"),
        Health.RIGHTS: _("new messages come in, but something is not allowed since {when}"),
        Health.BUSINESS_OFF: _("Telegram Business was taken off on {when}; the linked device carries on"),
        Health.DEVICE_PAUSED: _("the linked device is paused since {when}; Telegram Business carries on"),
        Health.DEVICE_AWAY: _("the linked device has no connection since {when}; Telegram Business carries on"),
        Health.DEVICE_ENDED: _("the linked device was logged out on {when}; Telegram Business carries on"),
        Health.DEVICE_FROZEN: _("Telegram froze this account on {when}; Telegram Business carries on for now"),
        Health.PAUSED: _("nothing comes in: the linked device is paused since {when}"),
        Health.CONNECTING: _("the linked device is connecting since {when}"),
        Health.OFFLINE: _("nothing comes in: the linked device has no connection since {when}"),
        Health.FROZEN: _("nothing comes in: Telegram froze this account on {when}"),
        Health.SILENT: _("nothing comes in since {when}: no road leads to the account"),
    }[kind]


def advice(kind: Health) -> str:
    """What a shopkeeper does about it; empty where there is nothing to do."""
    return {
        Health.RIGHTS: _("Grant what is missing, as described below."),
        Health.BUSINESS_OFF: _("Answers within 24 hours go by the linked device now. Connect Telegram Business again."),
        Health.DEVICE_PAUSED: _("Resume the device when you want it to read again; it catches up by itself."),
        Health.DEVICE_AWAY: _("It tries again by itself and catches up. If this lasts, tell whoever runs Wysper."),
        Health.DEVICE_ENDED: _("Link the device again, or go on without it: then nothing of the past is read."),
        Health.DEVICE_FROZEN: _("Telegram tells you in that account how to appeal. Then resume the device here."),
        Health.PAUSED: _("Resume the device: it reads what it has missed."),
        Health.OFFLINE: _("It tries again by itself and catches up. If this lasts, tell whoever runs Wysper."),
        Health.FROZEN: _("Telegram tells you in that account how to appeal. Then resume the device here."),
        Health.SILENT: _("Connect the account again, below. What was kept stays."),
    }.get(kind, "")


def business(roads: Roads) -> list[str]:
    """The Business connection: since when, and how each right that is missing is granted."""
    road = roads.business
    if road is None:
        return [_("⚪ Telegram Business: not connected")]
    if not road.enabled:
        return [_("🔴 Telegram Business: taken off in Telegram on {when}").format(when=when(road.changed_at))]
    light = "🟡" if roads.missing_rights else "🟢"
    connected = _("Telegram Business: connected since {when}").format(when=when(road.connected_at))
    return [f"{light} {connected}", *(missing(right) for right in roads.missing_rights)]


def missing(right: str) -> str:
    """A right that is not granted: what cannot be done without it, and where it is switched on."""
    lost = {
        "can_read_messages": _("Wysper cannot read along"),
        "can_reply": _("nothing can be answered from here by this road"),
    }[right]
    return _(
        "⚠️ Not allowed: <b>{right}</b>, so {lost}. In Telegram, open Settings › Telegram Business › Chatbots › "
        "Wysper's bot, and switch on <b>{right}</b>."
    ).format(right=right_name(right), lost=lost)


def device(roads: Roads) -> str:
    """The linked device: how it is, and since when."""
    state, road = roads.device, roads.userbot
    if state is None or road is None:
        return _("⚪ Linked device: none; only what is written while connected can be kept")
    words = {
        "live": _("🟢 Linked device: live since {when}"),
        "connecting": _("🟡 Linked device: connecting since {when}"),
        "waiting": _("🟡 Linked device: live, but Telegram has asked it to slow down in reading the past"),
        "paused": _("⏸ Linked device: paused since {when}"),
        "frozen": _("🔴 Linked device: paused, as Telegram froze the account on {when}"),
        "offline": _("🔴 Linked device: no connection since {when}, trying again"),
        "off": _("🔴 Linked device: does not run here"),
        "revoked": _("🔴 Linked device: logged out on {when}, link it again"),
    }
    since = roads.userbot_since if state in {"live", "connecting", "offline"} else None
    return words[state].format(when=when(since or road.changed_at))


def right_name(right: str) -> str:
    """A right of a Business connection, as Telegram's settings call it."""
    return {"can_read_messages": _("Read messages"), "can_reply": _("Reply to messages")}[right]


def device_state(state: str) -> str:
    """How a linked device is, inside a sentence."""
    return {
        "off": _("off"),
        "paused": _("paused"),
        "connecting": _("connecting"),
        "live": _("live"),
        "waiting": _("waiting, as Telegram asked us to"),
        "offline": _("no connection to Telegram, trying again"),
        "revoked": _("logged out"),
    }[state]
