"""Buttons: the team."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class MemberList(CallbackData, prefix="ul"):
    """A page of the team."""

    page: Number = 0


class MemberCard(CallbackData, prefix="uc"):
    """One member."""

    id: Number


class SetRole(CallbackData, prefix="ur"):
    """Let a member be something else."""

    id: Number
    role: str


class SwitchPower(CallbackData, prefix="tmp"):
    """Let a member do something otherwise than his role has it, or not."""

    id: Number
    power: str
    on: bool


class RemoveMember(CallbackData, prefix="ux"):
    """Take a member's seat; asked first."""

    id: Number
    sure: bool = False


class Invite(CallbackData, prefix="ui"):
    """A link for a new member; without a role, the question as what."""

    role: str = ""


class RevokeInvitation(CallbackData, prefix="uv"):
    """Make a link void; the mark is the beginning of its digest."""

    mark: str


class LeaveTeam(CallbackData, prefix="uq"):
    """Give up one's own seat; asked first."""

    sure: bool = False
