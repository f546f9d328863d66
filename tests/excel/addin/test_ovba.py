"""The compression of VBA source: a round trip, the format's own examples, a second reader."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clv_xl.excel.addin.ovba import compress, decompress
from tests.excel.addin.vba_reading import unpacked

LARGEST_TAIL_THAT_FITS = 4096 * 8 // 9
"""A last chunk of at most so many bytes never needs more than 4096, whatever it holds."""

words = st.sampled_from([b"Private Sub ", b"End Sub\r\n", b"    ", b"clv_xl", b"x", b"'\r\n"])
texts = st.lists(words, max_size=2000).map(b"".join)


@given(texts)
@example(b"")
@example(b"a" * 4096)
@example(b"a" * 4097)
@example(bytes(range(256)) * 40)
def test_what_was_compressed_comes_back(text: bytes) -> None:
    assert decompress(compress(text)) == text


@given(texts)
def test_another_reader_finds_the_same_text(text: bytes) -> None:
    if text:  # it takes an empty container for a fault
        assert unpacked(compress(text)) == text


@given(st.binary(max_size=3 * 4096))
def test_random_bytes_come_back_filled_up_at_most(data: bytes) -> None:
    back = decompress(compress(data))

    assert back[: len(data)] == data
    assert not any(back[len(data) :])
    if len(data) % 4096 <= LARGEST_TAIL_THAT_FITS:
        assert back == data


NOTHING_REPEATED = "0119b000616263646566676800696a6b6c6d6e6f70007172737475762e"
SOMETHING_REPEATED = (
    "012fb00023616161626364658266007061676869"
    "6a013808616b6c00306d6e6f7006710270041072"
    "73747576107778797a003c"
)
ALL_REPEATED = "0103b002614500"


@pytest.mark.parametrize(
    ("container", "text"),
    [  # [MS-OVBA] 3.2
        (NOTHING_REPEATED, b"abcdefghijklmnopqrstuv."),
        (SOMETHING_REPEATED, b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"),
        (ALL_REPEATED, b"a" * 73),
    ],
)
def test_the_examples_of_the_format_are_read(container: str, text: bytes) -> None:
    assert decompress(bytes.fromhex(container)) == text


def test_the_longest_run_is_as_short_as_in_the_formats_example() -> None:
    assert compress(b"a" * 73) == bytes.fromhex(ALL_REPEATED)


@pytest.mark.parametrize(
    "broken", [b"", b"\x02\x00", bytes.fromhex("0102b0010000"), bytes.fromhex("0103b002610010")]
)
def test_what_is_no_container_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"token|begins"):
        decompress(broken)
