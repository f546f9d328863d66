"""Writing a compound file, the container of a VBA project: [MS-CFB] version 3.

A compound file is a small file system: storages are its folders, streams its files. `olefile` reads
them; it writes none, and no well-kept library with a permissive licence does. What is written here
is what that format asks for a new file: sectors of 512 bytes, small streams in the mini stream, and
no time stamps, so that equal contents are equal bytes.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, Union

Storage: TypeAlias = Mapping[str, Union[bytes, "Storage"]]
"""What a storage holds, by name: streams as bytes, further storages as mappings."""

_SECTOR, _MINI_SECTOR, _MINI_STREAM_BELOW = 512, 64, 4096
_END, _FREE, _FAT_SECTOR = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_NO_ENTRY = 0xFFFFFFFF
_ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")
_HEADER = struct.Struct("<8s16sHHHHH6sIIIIIIIII")
_ENTRIES_OF_A_SECTOR = _SECTOR // 4
_FAT_SECTORS_IN_THE_HEADER = 109
_LONGEST_NAME = 31
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1


@dataclass(slots=True)
class _Entry:
    """One line of the directory ([MS-CFB] 2.6.1)."""

    name: str
    kind: int
    content: bytes = b""
    colour: int = _BLACK
    left: int = _NO_ENTRY
    right: int = _NO_ENTRY
    child: int = _NO_ENTRY
    start: int = 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\0\0"
        return _ENTRY.pack(
            name,
            len(name),
            self.kind,
            self.colour,
            self.left,
            self.right,
            self.child,
            b"",
            0,
            0,
            0,
            self.start,
            len(self.content),
        )


@dataclass(slots=True)
class _Sectors:
    """Sectors of one size, and the chain of each stream in them ([MS-CFB] 2.3)."""

    size: int
    data: bytearray = field(default_factory=bytearray)
    chains: list[int] = field(default_factory=list)

    def put(self, content: bytes) -> int:
        """Append a stream and return its first sector; an empty one has none."""
        if not content:
            return _END
        first, count = len(self.chains), -(-len(content) // self.size)
        self.chains += [*range(first + 1, first + count), _END]
        self.data += content.ljust(count * self.size, b"\0")
        return first


def compound_file(root: Storage) -> bytes:
    r"""Return the bytes of a compound file.

    Parameters
    ----------
    root
        What the root storage holds.

    Raises
    ------
    ValueError
        If a name is empty, longer than 31 UTF-16 units or holds ``/ \ : !``, or if the contents
        exceed about 7 MB, which would need a longer header.
    """
    entries = _directory(root)
    sectors, mini = _Sectors(_SECTOR), _Sectors(_MINI_SECTOR)
    for entry in entries:
        if entry.kind == _STREAM:
            small = len(entry.content) < _MINI_STREAM_BELOW
            entry.start = (mini if small else sectors).put(entry.content)
    entries[0].content = bytes(mini.data)
    entries[0].start = sectors.put(entries[0].content)
    mini_fat = _table(mini.chains)
    mini_fat_start = sectors.put(mini_fat)
    directory_start = sectors.put(_filled(b"".join(entry.packed() for entry in entries)))
    fat_start, fat_count = _put_fat(sectors)
    header = _header(
        fat=(fat_start, fat_count),
        directory=directory_start,
        mini_fat=(mini_fat_start, len(mini_fat) // _SECTOR),
    )
    return header + bytes(sectors.data)


def _directory(root: Storage) -> list[_Entry]:
    """Return the entries of every storage and stream, the root first."""
    entries = [_Entry("Root Entry", _ROOT)]

    def add(storage: Storage, parent: int) -> None:
        members = []
        for name in sorted(storage, key=_order):
            held = storage[name]
            stream = isinstance(held, bytes)
            members.append(len(entries))
            content = held if isinstance(held, bytes) else b""
            entries.append(_Entry(_checked(name), _STREAM if stream else _STORAGE, content))
            if not isinstance(held, bytes):
                add(held, members[-1])
        entries[parent].child = _tree(entries, members, _levels(len(members)))

    add(root, 0)
    return entries


def _order(name: str) -> tuple[int, str]:
    """Return what siblings are sorted by: the length, then the upper-case name (2.6.4)."""
    return len(name.encode("utf-16-le")), name.upper()


def _checked(name: str) -> str:
    if not 0 < len(name.encode("utf-16-le")) // 2 <= _LONGEST_NAME or set("/\\:!") & set(name):
        raise ValueError(f"no name of a stream or storage: {name!r}")
    return name


def _levels(count: int) -> int:
    """Return how many levels of a balanced tree are filled completely."""
    return (count + 1).bit_length() - 1


def _tree(entries: list[_Entry], members: list[int], full_levels: int) -> int:
    """Link siblings as a red-black tree (2.6.4) and return its root.

    Cut in halves, a tree has all its levels filled but the last; that one is red, so that every
    way down passes equally many black entries.
    """
    if not members:
        return _NO_ENTRY
    middle = len(members) // 2
    entry = entries[members[middle]]
    entry.colour = _RED if full_levels == 0 else _BLACK
    entry.left = _tree(entries, members[:middle], full_levels - 1)
    entry.right = _tree(entries, members[middle + 1 :], full_levels - 1)
    return members[middle]


def _table(chains: list[int]) -> bytes:
    """Return a table of sector numbers as whole sectors."""
    count = -(-len(chains) // _ENTRIES_OF_A_SECTOR) * _ENTRIES_OF_A_SECTOR
    return struct.pack(f"<{count}I", *chains, *[_FREE] * (count - len(chains)))


def _filled(directory: bytes) -> bytes:
    """Fill the directory's last sector with unused entries."""
    unused = _ENTRY.pack(b"", 0, 0, 0, _NO_ENTRY, _NO_ENTRY, _NO_ENTRY, b"", 0, 0, 0, 0, 0)
    return directory + unused * (-len(directory) % _SECTOR // _ENTRY.size)


def _put_fat(sectors: _Sectors) -> tuple[int, int]:
    """Append the table of all sectors, which lists its own; return where it begins, and its size.

    Raises
    ------
    ValueError
        If it needs more sectors than the header can name.
    """
    start, count = len(sectors.chains), 0
    while start + count > count * _ENTRIES_OF_A_SECTOR:
        count += 1
    if count > _FAT_SECTORS_IN_THE_HEADER:
        raise ValueError(f"{len(sectors.data):,} bytes are too many for this compound file")
    sectors.chains += [_FAT_SECTOR] * count
    sectors.data += _table(sectors.chains)
    return start, count


def _header(*, fat: tuple[int, int], directory: int, mini_fat: tuple[int, int]) -> bytes:
    """Return the first 512 bytes ([MS-CFB] 2.2)."""
    fields = _HEADER.pack(
        bytes.fromhex("d0cf11e0a1b11ae1"),
        b"",
        0x3E,  # minor version
        3,  # major version
        0xFFFE,  # byte order
        9,  # a sector has 2**9 bytes
        6,  # a mini sector 2**6
        b"",
        0,  # directory sectors are not counted in version 3
        fat[1],
        directory,
        0,  # no transactions
        _MINI_STREAM_BELOW,
        *mini_fat,
        _END,  # the header has room for the whole list of FAT sectors
        0,
    )
    return fields + b"".join(_fat_numbers(*fat))


def _fat_numbers(start: int, count: int) -> Iterator[bytes]:
    for place in range(_FAT_SECTORS_IN_THE_HEADER):
        yield struct.pack("<I", start + place if place < count else _FREE)
