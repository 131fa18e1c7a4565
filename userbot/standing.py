"""What Telegram itself says of a linked device, and of the account's other devices."""

from __future__ import annotations

from crm.errors import NotNow
from crm.ports import DeviceFacts
from userbot.client import Cut, Flooded, Frozen, Line, Refused, Revoked
from userbot.tl import functions, types

TOO_FRESH = "FRESH_RESET_AUTHORISATION_FORBIDDEN"  # Telegram: not within a day of the device's own login


async def facts(line: Line) -> DeviceFacts | None:
    """The device as it stands in the account's own list; None where Telegram cannot say so now."""
    try:
        devices = (await line.call(functions.account.GetAuthorizationsRequest())).authorizations
        full = (await line.call(functions.users.GetFullUserRequest(types.InputUserSelf()))).full_user
    except Revoked:
        await line.hang_up()  # the next connection is told so again, and ends the device
        return None
    except (Cut, Flooded, Frozen, Refused):
        return None
    own = next((one for one in devices if one.current), None)
    if own is None:
        return None
    others = tuple(one.device_model for one in devices if not one.current)
    return DeviceFacts(own.device_model, own.date_created, others, getattr(full, "unofficial_security_risk", None))


async def end_others(line: Line) -> None:
    """Log all other devices out. Raises NotNow("offline") and NotNow("too_fresh")."""
    try:
        await line.call(functions.auth.ResetAuthorizationsRequest())
    except (Cut, Flooded, Frozen, Revoked) as error:
        raise NotNow("offline") from error
    except Refused as refusal:
        raise NotNow("too_fresh" if refusal.reason == TOO_FRESH else "offline") from refusal
