"""What a role is called, and what it may do, in words."""

from __future__ import annotations

from crm.access import Power
from handlers.language import _


def role_name(role: str) -> str:
    """As it stands within a line."""
    return {"owner": _("owner"), "admin": _("admin"), "agent": _("agent"), "viewer": _("viewer")}[role]


def duty(role: str) -> str:
    """What it allows."""
    return {
        "owner": _("may do everything, and alone may delete the workspace"),
        "admin": _("may do everything but delete the workspace"),
        "agent": _("reads, tags and writes notes"),
        "viewer": _("only reads"),
    }[role]


def power_name(power: Power) -> str:
    """What may be switched for a member."""
    return {
        Power.ASSIGN: _("May give conversations to others"),
        Power.EXPORT: _("May take data out"),
    }[power]
