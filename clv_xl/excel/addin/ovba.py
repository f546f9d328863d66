"""The compression of VBA source inside an Office file: [MS-OVBA] 2.4.1, both ways.

The text is cut into chunks of 4096 bytes. Within a chunk a run of bytes that occurred before is
replaced by a copy token: how far back, and how many. How many bits each of the two gets depends on
how far into the chunk the token stands.
"""

import struct
from collections.abc import Iterator

_SIGNATURE = 0x01
_CHUNK = 4096
_RAW, _PACKED = 0x3000, 0xB000
"""Chunk headers, [MS-OVBA] 2.4.1.1.5: signature 0b011, and whether the chunk is compressed."""
_SHORTEST_COPY = 3
_TOKENS_OF_A_FLAG = 8
_CANDIDATES = 32
"""How many earlier places are tried for a copy: more shrink source text no further."""


def compress(data: bytes) -> bytes:
    """Return `data` as a compressed container.

    A last chunk of random bytes that does not shrink is filled up with zeros, as the format wants
    it (2.4.1.3.10). Source text always shrinks.

    Examples
    --------
    >>> decompress(compress(b"Option Explicit, Option Explicit"))
    b'Option Explicit, Option Explicit'
    """
    chunks = (data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK))
    return bytes([_SIGNATURE]) + b"".join(map(_packed_chunk, chunks))


def decompress(container: bytes) -> bytes:
    """Return what a compressed container holds.

    Raises
    ------
    ValueError
        If the bytes are no such container.
    """
    if not container or container[0] != _SIGNATURE:
        raise ValueError("a compressed container begins with the byte 1")
    result, position = bytearray(), 1
    while position < len(container):
        (header,) = struct.unpack_from("<H", container, position)
        end = position + (header & 0x0FFF) + 3
        body = container[position + 2 : end]
        result += _unpacked_chunk(body) if header & 0x8000 else body
        position = end
    return bytes(result)


def _packed_chunk(chunk: bytes) -> bytes:
    body = b"".join(_token_sequences(chunk))
    if len(body) > _CHUNK:
        return struct.pack("<H", _RAW | _CHUNK - 1) + chunk.ljust(_CHUNK, b"\0")
    return struct.pack("<H", _PACKED | len(body) - 1) + body


def _token_sequences(chunk: bytes) -> Iterator[bytes]:
    """Yield the chunk's tokens in eights, each eight behind the byte that tells their kinds."""
    tokens = list(_tokens(chunk))
    for start in range(0, len(tokens), _TOKENS_OF_A_FLAG):
        eight = tokens[start : start + _TOKENS_OF_A_FLAG]
        flags = sum(1 << place for place, token in enumerate(eight) if len(token) > 1)
        yield bytes([flags]) + b"".join(eight)


def _tokens(chunk: bytes) -> Iterator[bytes]:
    """Yield a byte as it is, or the two bytes of a copy token."""
    seen: dict[bytes, list[int]] = {}
    at = 0
    while at < len(chunk):
        back, length = _longest_copy(chunk, at, seen)
        if length:
            token = (back - 1) << (16 - _offset_bits(at)) | (length - _SHORTEST_COPY)
            yield struct.pack("<H", token)
        else:
            yield chunk[at : at + 1]
        step = length or 1
        for place in range(at, at + step):
            seen.setdefault(chunk[place : place + _SHORTEST_COPY], []).append(place)
        at += step


def _longest_copy(chunk: bytes, at: int, seen: dict[bytes, list[int]]) -> tuple[int, int]:
    """Return how far back the longest earlier run begins, and its length; zeros for none."""
    best = (0, 0)
    key = chunk[at : at + _SHORTEST_COPY]
    if len(key) < _SHORTEST_COPY:
        return best
    longest = min((0xFFFF >> _offset_bits(at)) + _SHORTEST_COPY, len(chunk) - at)
    for place in reversed(seen.get(key, [])[-_CANDIDATES:]):
        length = _SHORTEST_COPY
        while length < longest and chunk[place + length] == chunk[at + length]:
            length += 1
        if length > best[1]:
            best = (at - place, length)
    return best


def _offset_bits(at: int) -> int:
    """Return how many bits of a copy token tell the distance ([MS-OVBA] 2.4.1.3.19.1)."""
    return max(4, (at - 1).bit_length())


def _unpacked_chunk(body: bytes) -> bytes:
    chunk, position = bytearray(), 0
    while position < len(body):
        flags, position = body[position], position + 1
        for place in range(_TOKENS_OF_A_FLAG):
            if position >= len(body):
                break
            if flags >> place & 1:
                _copy(chunk, *struct.unpack_from("<H", body, position))
                position += 2
            else:
                chunk.append(body[position])
                position += 1
    return bytes(chunk)


def _copy(chunk: bytearray, token: int) -> None:
    """Append the earlier bytes that a copy token names; they may overlap what they make."""
    if not chunk:
        raise ValueError("a copy token stands before any byte that it could copy")
    length_bits = 16 - _offset_bits(len(chunk))
    back = (token >> length_bits) + 1
    if back > len(chunk):
        raise ValueError(f"a copy token reaches {back} bytes back, and {len(chunk)} are there")
    for _ in range((token & (1 << length_bits) - 1) + _SHORTEST_COPY):
        chunk.append(chunk[-back])
