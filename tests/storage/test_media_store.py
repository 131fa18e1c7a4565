"""Kept files: nothing of them can be read on the disk, and nothing that was changed there is given away as whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import MediaDamaged, StorageUnavailable
from storage.media_store import MediaStore

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


@settings(max_examples=30, deadline=None)
@given(pieces=st.lists(st.binary(max_size=300_000), max_size=4))
def test_whatever_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    store = store_in(tmp_path_factory.mktemp("any"))
    assert whole(store, kept(store, *pieces)) == b"".join(pieces)


def test_nothing_can_be_read_on_the_disk(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    name = kept(store, b"the blue waistcoat " * 10_000)
    on_disk = store.folder / name
    assert b"waistcoat" not in on_disk.read_bytes()
    assert on_disk.stat().st_mode & 0o077 == 0


@settings(max_examples=40, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), cut=st.booleans())
def test_what_was_changed_or_cut_off_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, place: float, *, cut: bool
) -> None:
    store = store_in(tmp_path_factory.mktemp("bad"))
    path = store.folder / kept(store, os.urandom(150_000))
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


def test_the_same_content_has_the_same_digest_and_another_under_another_key(tmp_path: Path) -> None:
    first, second = store_in(tmp_path).draft(), store_in(tmp_path).draft()
    stranger = MediaStore(tmp_path / "w2.media", KEY, b"e" * 32, 2).draft()
    for draft in (first, second, stranger):
        draft.write(b"the same")
        draft.drop()
    assert first.digest == second.digest != stranger.digest
