"""The server's own matters, and what an account knows of its devices and takeouts."""

from __future__ import annotations

import secrets
from datetime import timedelta
from math import ceil
from typing import Any

from sandbox.mtproto.authorization import Authorization
from sandbox.mtproto.calls import BadRequest, Call, RpcRefusal, answers
from sandbox.mtproto.tl import functions, types

FRESH = timedelta(days=1)


@answers(functions.help.GetConfigRequest, for_anyone=True)
def get_config(call: Call, _: Any) -> Any:
    now = call.world.clock.now()
    here = types.DcOption(call.server.dc_id, call.server.host, call.server.port)
    return types.Config(
        date=now, expires=now + timedelta(hours=1), test_mode=False, this_dc=call.server.dc_id, dc_options=[here],
        dc_txt_domain_name="", chat_size_max=200, megagroup_size_max=200_000, forwarded_count_max=100,
        online_update_period_ms=210_000, offline_blur_timeout_ms=5_000, offline_idle_timeout_ms=30_000,
        online_cloud_timeout_ms=300_000, notify_cloud_delay_ms=30_000, notify_default_delay_ms=1_500,
        push_chat_period_ms=60_000, push_chat_limit=2, edit_time_limit=172_800, revoke_time_limit=2**31 - 1,
        revoke_pm_time_limit=2**31 - 1, rating_e_decay=2_419_200, stickers_recent_limit=200,
        channels_read_media_period=604_800, call_receive_timeout_ms=20_000, call_ring_timeout_ms=90_000,
        call_connect_timeout_ms=30_000, call_packet_timeout_ms=10_000, me_url_prefix="https://t.me/",
        caption_length_max=1_024, message_length_max=4_096, webfile_dc_id=call.server.dc_id,
    )  # fmt: skip


@answers(functions.help.GetNearestDcRequest, for_anyone=True)
def get_nearest_dc(call: Call, _: Any) -> Any:
    return types.NearestDc("", call.server.dc_id, call.server.dc_id)


@answers(functions.account.GetAuthorizationsRequest)
def get_authorizations(call: Call, _: Any) -> Any:
    devices = call.server.sessions_of(call.me.id)
    return types.account.Authorizations(180, [tl_authorization(known, call.authorization) for known in devices])


def tl_authorization(authorization: Authorization, current: Authorization | None = None) -> Any:
    is_current = authorization is current
    device = authorization.device
    return types.Authorization(
        hash=0 if is_current else authorization.hash,
        current=is_current,
        password_pending=authorization.password_of is not None,
        device_model=device.model,
        platform=device.system,
        system_version=device.system,
        api_id=device.api_id,
        app_name="",
        app_version=device.app,
        date_created=authorization.created,
        date_active=authorization.active,
        ip="127.0.0.1",
        country="",
        region="",
    )


@answers(functions.account.ResetAuthorizationRequest)
def reset_authorization(call: Call, request: Any) -> bool:
    for known in call.server.sessions_of(call.me.id):
        if known.hash == request.hash and known is not call.authorization:
            known.sign_out()
            return True
    raise BadRequest("HASH_INVALID")


@answers(functions.auth.ResetAuthorizationsRequest)
def reset_authorizations(call: Call, _: Any) -> bool:
    """A login that is younger than a day may not throw the others out."""
    signed_in = call.authorization.signed_in
    if signed_in is not None and call.world.clock.now() - signed_in < FRESH:
        raise RpcRefusal(406, "FRESH_RESET_AUTHORISATION_FORBIDDEN")
    for known in call.server.sessions_of(call.me.id):
        if known is not call.authorization:
            known.sign_out()
    return True


@answers(functions.account.InitTakeoutSessionRequest)
def init_takeout(call: Call, _: Any) -> Any:
    """A login that is too young has to wait, unless it is begun already."""
    signed_in = call.authorization.signed_in
    if signed_in is not None and call.authorization.takeout_id is None:
        left = signed_in + call.server.takeout_delay - call.world.clock.now()
        if left > timedelta():
            raise RpcRefusal(420, f"TAKEOUT_INIT_DELAY_{ceil(left.total_seconds())}")
    call.authorization.takeout_id = call.authorization.takeout_id or secrets.randbits(62)
    return types.account.Takeout(call.authorization.takeout_id)


@answers(functions.account.FinishTakeoutSessionRequest)
def finish_takeout(call: Call, _: Any) -> bool:
    if not call.takeout:
        raise BadRequest("TAKEOUT_REQUIRED")
    call.authorization.takeout_id = None
    return True


@answers(functions.account.UpdateStatusRequest)
def update_status(call: Call, _: Any) -> bool:
    del call
    return True
