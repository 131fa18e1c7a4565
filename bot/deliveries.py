"""Every kind of delivery by name, and who makes the call for it, on one page."""

from __future__ import annotations

from collections.abc import Mapping

from bot.outbox import Deliver
from crm import (
    accounts,
    bulk,
    deletion,
    digest,
    duty,
    groups_heard,
    identities,
    keeper,
    linking,
    members,
    mentions,
    past,
    queues,
    reminders,
    safety,
    team_groups,
)
from crm.replies import later
from handlers import duty as duty_notices
from handlers import notices
from handlers.team_groups import notices as group_notices

DELIVERIES: Mapping[str, Deliver] = {
    accounts.CONNECTED: notices.account_connected,
    accounts.SILENT: notices.account_silent,
    linking.REVOKED: notices.userbot_revoked,
    members.ROLE_SET: notices.role_set,
    identities.SEES: notices.sees_identities,
    members.POWER_SET: notices.power_set,
    identities.REVEALED: notices.identity_revealed,
    keeper.DISK_LOW: notices.disk_low,
    groups_heard.LOST: notices.group_lost,
    past.TAKEOUT_DELAYED: notices.takeout_delayed,
    queues.ASSIGNED: notices.conversation_assigned,
    bulk.GIVEN: notices.contacts_given,
    mentions.MENTIONED: notices.note_mentioned,
    reminders.GIVEN: notices.reminder_given,
    queues.WOKEN: notices.conversation_woken,
    later.OVERTAKEN: notices.reply_overtaken,
    safety.FROZEN: notices.userbot_frozen,
    team_groups.LACKING: group_notices.lacking,
    team_groups.HEALED: group_notices.healed,
    team_groups.ENDED: group_notices.ended,
    team_groups.FULL: group_notices.full,
    team_groups.LEFT: group_notices.left,
    duty.AWAY: duty_notices.member_away,
    duty.BACK: duty_notices.member_back,
    digest.KIND: notices.morning_digest,
    deletion.REMINDER: notices.deletion_reminder,
    deletion.FAREWELL: notices.deletion_done,
}
