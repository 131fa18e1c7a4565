"""Files: given out part by part to whoever holds a valid reference, and taken in part by part."""

from __future__ import annotations

import struct
from hashlib import md5
from typing import Any

from sandbox.mtproto.calls import BadRequest, Call, answers
from sandbox.mtproto.tl import functions, types
from sandbox.world import File

_STEP = 4096  # what offset and limit must be multiples of, unless the client asks for precise parts
_WINDOW = 1 << 20  # within which a part must lie
_PART = 512 * 1024
_TYPES = {
    "image/jpeg": types.storage.FileJpeg,
    "image/png": types.storage.FilePng,
    "image/gif": types.storage.FileGif,
    "image/webp": types.storage.FileWebp,
    "application/pdf": types.storage.FilePdf,
    "audio/mpeg": types.storage.FileMp3,
    "video/mp4": types.storage.FileMp4,
    "video/quicktime": types.storage.FileMov,
}


class FileReferences:
    """A reference proves that a client has seen the file in a message lately."""

    def __init__(self) -> None:
        self._age = 1

    def of(self, file_id: int) -> bytes:
        return struct.pack("<iq", self._age, file_id)

    def expire(self) -> None:
        """Let every reference that was given out be too old."""
        self._age += 1

    def check(self, reference: bytes, file_id: int) -> None:
        if not reference:
            raise BadRequest("FILE_REFERENCE_EMPTY")
        if reference[-8:] != self.of(file_id)[-8:]:
            raise BadRequest("FILE_REFERENCE_INVALID")
        if reference != self.of(file_id):
            raise BadRequest("FILE_REFERENCE_EXPIRED")


class Uploads:
    """Parts on their way in, by the account and the number that the client gave the file."""

    def __init__(self) -> None:
        self._parts: dict[tuple[int, int], dict[int, bytes]] = {}

    def keep(self, account_id: int, file_id: int, part: int, data: bytes) -> None:
        if not 0 < len(data) <= _PART:
            raise BadRequest("FILE_PART_SIZE_INVALID")
        self._parts.setdefault((account_id, file_id), {})[part] = data

    def whole(self, account_id: int, file: Any) -> bytes:
        """Put a file together. Refuses one with a missing part or another checksum."""
        parts = self._parts.pop((account_id, file.id), {})
        if sorted(parts) != list(range(file.parts)):
            raise BadRequest("FILE_PARTS_INVALID")
        data = b"".join(parts[at] for at in range(file.parts))
        checksum = getattr(file, "md5_checksum", "")
        if checksum and checksum != md5(data).hexdigest():  # noqa: S324  the protocol's own
            raise BadRequest("MD5_CHECKSUM_INVALID")
        return data


@answers(functions.upload.SaveFilePartRequest, functions.upload.SaveBigFilePartRequest)
def save_file_part(call: Call, request: Any) -> bool:
    call.server.uploads.keep(call.me.id, request.file_id, request.file_part, request.bytes)
    return True


@answers(functions.upload.GetFileRequest)
def get_file(call: Call, request: Any) -> Any:
    _check_part(request)
    if call.world.faults.take("mtproto_references_expired"):
        call.server.references.expire()
    file = _file_at(call, request.location)
    kind = _TYPES.get(file.mime, types.storage.FileUnknown)
    part = file.data[request.offset : request.offset + request.limit]
    return types.upload.File(kind(), int(call.world.clock.now().timestamp()), part)


def _check_part(request: Any) -> None:
    step = 1024 if request.precise else _STEP
    if request.offset < 0 or request.offset % step:
        raise BadRequest("OFFSET_INVALID")
    if not 0 < request.limit <= _WINDOW or request.limit % step:
        raise BadRequest("LIMIT_INVALID")
    if request.offset // _WINDOW != (request.offset + request.limit - 1) // _WINDOW:
        raise BadRequest("LIMIT_INVALID")


def _file_at(call: Call, location: Any) -> File:
    if isinstance(location, types.InputPeerPhotoFileLocation):
        photo = call.view.person_at(location.peer).photo
        if photo is None or photo.id != location.photo_id:
            raise BadRequest("LOCATION_INVALID")
        return photo
    if not isinstance(location, types.InputPhotoFileLocation | types.InputDocumentFileLocation):
        raise BadRequest("LOCATION_INVALID")
    return known_file(call, location)


def known_file(call: Call, wanted: Any) -> File:
    """Find the file that an id, an access hash and a reference name. Refuses any that is wrong."""
    file = call.world.file(wanted.id)
    if file is None or file.access_hash != wanted.access_hash:
        raise BadRequest("FILE_ID_INVALID")
    call.server.references.check(wanted.file_reference, file.id)
    return file
