"""Kept files: nothing of them can be read on the disk, and nothing that was changed there is given away as whole."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import media_store
from storage.errors import MediaDamaged, StorageFull, StorageUnavailable
from storage.media_store import PIECE, MediaStore

CONTENT = os.urandom(3 * PIECE + 5)
KEY, DIGEST_KEY = b"k" * 32, b"d" * 32


def store_in(folder: Path, *, key: bytes = KEY, workspace_id: int = 1) -> MediaStore:
    return MediaStore(folder / "w1.media", key, DIGEST_KEY, workspace_id)


def kept(store: MediaStore, *pieces: bytes) -> str:
    draft = store.draft()
    for piece in pieces:
        draft.write(piece)
    draft.keep()
    return draft.name


def whole(store: MediaStore, name: str) -> bytes:
    return b"".join(store.read(name))


@settings(max_examples=30)
@given(pieces=st.lists(st.binary(max_size=PIECE + 2), max_size=3))
def test_whatever_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    store = store_in(tmp_path_factory.mktemp("any"))
    assert whole(store, kept(store, *pieces)) == b"".join(pieces)


def test_nothing_can_be_read_on_the_disk(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    name = kept(store, b"the blue waistcoat " * 10_000)
    on_disk = store.folder / name
    assert b"waistcoat" not in on_disk.read_bytes()
    assert on_disk.stat().st_mode & 0o077 == 0


@settings(max_examples=40)
@given(place=st.floats(0, 1, exclude_max=True), cut=st.booleans())
def test_what_was_changed_or_cut_off_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, place: float, *, cut: bool
) -> None:
    store = store_in(tmp_path_factory.mktemp("bad"))
    path = store.folder / kept(store, CONTENT[: PIECE + 50_000])
    there = bytearray(path.read_bytes())
    at = int(len(there) * place)
    there[at] ^= 1
    path.write_bytes(there[:at] if cut else there)
    with pytest.raises(MediaDamaged):
        whole(store, path.name)


def test_a_file_in_the_place_of_another_is_refused(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    mine, other = kept(store, b"mine"), kept(store, b"other")
    (store.folder / other).replace(store.folder / mine)
    with pytest.raises(MediaDamaged):
        whole(store, mine)


@pytest.mark.parametrize(("key", "workspace_id"), [(b"x" * 32, 1), (KEY, 2)])
def test_another_workspace_reads_nothing(tmp_path: Path, key: bytes, workspace_id: int) -> None:
    name = kept(store_in(tmp_path), b"mine")
    with pytest.raises(MediaDamaged):
        whole(store_in(tmp_path, key=key, workspace_id=workspace_id), name)


def test_a_draft_that_is_dropped_leaves_nothing(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    draft = store.draft()
    draft.write(b"half")
    draft.drop()
    assert not store.ages()


def test_a_place_that_takes_no_files_says_so(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.folder.write_bytes(b"in the way")
    with pytest.raises(StorageUnavailable):
        store.draft()


PARTS = st.lists(st.integers(0, 2 * PIECE + 7), max_size=4)  # bytes that come in before the process is killed


@settings(max_examples=60)
@given(lives=PARTS, torn=st.integers(0, 40), size=st.sampled_from([0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5]))
def test_wherever_a_download_was_cut_it_ends_in_the_same_content(
    tmp_path_factory: pytest.TempPathFactory, lives: list[int], torn: int, size: int
) -> None:
    content = CONTENT[:size]
    store = store_in(tmp_path_factory.mktemp("cut"))
    name = "f" * 32
    for came in lives:
        half = store.draft(name)
        begun = b"".join(half.begun())
        assert begun == content[: len(begun)]
        half.write(content[len(begun) : len(begun) + came])
        half.leave()
        path = store.folder / f"{name}.new"
        if torn and path.exists():  # the last write did not reach the disk whole
            os.truncate(path, max(path.stat().st_size - torn, 0))
    half = store.draft(name)
    begun = b"".join(half.begun())
    half.write(content[len(begun) :])
    half.keep()
    assert whole(store, name) == content
    assert (half.digest, half.size) == (digest_of(content), size)
    assert list(store.ages()) == [name]


def digest_of(content: bytes) -> str:
    return hashlib.blake2b(content, key=DIGEST_KEY, digest_size=32).hexdigest()


def test_a_file_that_was_as_good_as_kept_is_gone_on_with_from_its_last_whole_piece(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    name = kept(store, CONTENT[: 2 * PIECE - 1])
    (store.folder / name).rename(store.folder / f"{name}.new")  # killed between the last byte and the new name
    half = store.draft(name)
    assert b"".join(half.begun()) == CONTENT[:PIECE]
    half.write(CONTENT[PIECE : 2 * PIECE - 1])
    half.keep()
    assert whole(store, name) == CONTENT[: 2 * PIECE - 1]


def test_a_half_file_is_no_file_and_cannot_be_read(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    half = store.draft()
    half.write(CONTENT)
    half.leave()
    path = store.folder / f"{half.name}.new"
    assert CONTENT[:100] not in path.read_bytes()
    path.rename(store.folder / half.name)
    with pytest.raises(MediaDamaged):
        whole(store, half.name)


def test_a_disk_that_runs_low_takes_no_more_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = store_in(tmp_path).draft()
    draft.write(CONTENT)
    monkeypatch.setattr(media_store, "RESERVE", 2**62)
    with pytest.raises(StorageFull):
        draft.write(CONTENT)
    draft.drop()


def test_the_same_content_has_the_same_digest_and_another_under_another_key(tmp_path: Path) -> None:
    first, second = store_in(tmp_path).draft(), store_in(tmp_path).draft()
    stranger = MediaStore(tmp_path / "w2.media", KEY, b"e" * 32, 2).draft()
    for draft in (first, second, stranger):
        draft.write(b"the same")
        draft.keep()
    assert first.digest == second.digest != stranger.digest
