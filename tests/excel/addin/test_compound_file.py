"""The compound file, read by olefile, which finds every departure from the format."""

import os
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clv_xl.excel.addin.compound_file import Storage, compound_file

NONE = 0xFFFFFFFF

# Names of one length differ in more than capitals, or the format could not tell them apart.
names = st.text(st.sampled_from("abcdefghijklmnop_ 0123ä"), min_size=1, max_size=31)
contents = st.one_of(
    st.binary(max_size=200),
    st.integers(0, 20_000).map(lambda size: os.urandom(16) * (size // 16) + b"x" * (size % 16)),
)
storages = st.recursive(
    contents, lambda held: st.dictionaries(names, held, max_size=9), max_leaves=30
).filter(lambda held: isinstance(held, dict))


def read(data: bytes) -> dict[tuple[str, ...], bytes]:
    with olefile.OleFileIO(BytesIO(data), raise_defects=olefile.DEFECT_UNSURE) as file:
        assert file.parsing_issues == []
        return {tuple(path): file.openstream(path).read() for path in file.listdir()}


def flat(storage: Storage, above: tuple[str, ...] = ()) -> dict[tuple[str, ...], bytes]:
    found: dict[tuple[str, ...], bytes] = {}
    for name, held in storage.items():
        path = (*above, name)
        found |= {path: held} if isinstance(held, bytes) else flat(held, path)
    return found


@settings(max_examples=60)
@given(storages)
def test_what_was_written_is_read_without_a_complaint(storage: Storage) -> None:
    assert read(compound_file(storage)) == flat(storage)


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 4095, 4096, 4097, 511 * 512, 6_900_000])
def test_a_stream_of_any_size_is_whole(size: int) -> None:
    content = os.urandom(size)

    assert read(compound_file({"only": content, "small": b"beside"})) == {
        ("only",): content,
        ("small",): b"beside",
    }


@pytest.mark.parametrize("count", [*range(20), 100])
def test_siblings_form_a_red_black_tree(count: int) -> None:
    data = compound_file({f"s{number:03}": b"" for number in range(count)})

    with olefile.OleFileIO(BytesIO(data)) as file:
        entries = file.direntries
        root = entries[0].sid_child

    assert len(set(black_heights(entries, root))) == 1
    assert ordered(entries, root) == sorted(f"s{number:03}" for number in range(count))


def black_heights(entries: list[Any], node: int, above: int = 0) -> Iterator[int]:
    """Yield the black entries on each way down; no red one has a red one below it."""
    if node == NONE:
        yield above
        return
    entry = entries[node]
    for below in (entry.sid_left, entry.sid_right):
        assert entry.color == 1 or below == NONE or entries[below].color == 1
        yield from black_heights(entries, below, above + entry.color)


def ordered(entries: list[Any], node: int) -> list[str]:
    if node == NONE:
        return []
    entry = entries[node]
    left, right = ordered(entries, entry.sid_left), ordered(entries, entry.sid_right)
    return [*left, entry.name, *right]


def test_shorter_names_stand_before_longer_ones() -> None:
    data = compound_file({"aaa": b"", "zz": b"", "B": b"", "a": b""})

    with olefile.OleFileIO(BytesIO(data)) as file:
        assert ordered(file.direntries, file.direntries[0].sid_child) == ["a", "B", "zz", "aaa"]


@pytest.mark.parametrize("name", ["", "a/b", "a:b", "a!b", "a\\b", "x" * 32])
def test_a_name_that_the_format_forbids_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name"):
        compound_file({name: b""})


def test_what_needs_a_longer_header_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        compound_file({"huge": bytes(7_200_000)})
