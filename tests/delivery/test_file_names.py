import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clv_xl.delivery.file_names import LONGEST_BYTES, LONGEST_NAME, file_name


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\x", "x"),
        ("C:\\Users\\ann", "C-Users-ann"),
        ("/abs", "abs"),
        ("aux", "_aux"),
        ("Lpt9.txt", "_Lpt9.txt"),
        ("COM¹", "_COM¹"),
        ("name. . .", "name"),
        (".hidden", "hidden"),
        ("~$lock", "lock"),
        ("a\x00b\nc\td", "ab c d"),
        ("gpj.\u202excod", "gpj.xcod"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("Café 客户 შოთა", "Café 客户 შოთა"),
        ("e\u0301", "é"),
        ('<script>"|?*', "script"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("", "report"),
    ],
)
def test_a_name_is_safe_and_still_readable(part: str, name: str) -> None:
    assert file_name(part) == f"{name}.xlsx"


def test_a_name_that_is_too_long_is_cut_at_a_word_and_keeps_its_period() -> None:
    long = ", ".join(f"Filiale Nummer {n:03}" for n in range(40))

    name = file_name("CLV report", long, "2024-03-01..2025-02-28".replace("..", " to "))

    assert name.endswith("… - 2024-03-01 to 2025-02-28.xlsx")
    assert name.partition("…")[0].endswith(("Filiale", "Nummer", ","))
    assert name.startswith("CLV report - Filiale Nummer 000, Filiale")
    assert len(name) <= LONGEST_NAME


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_period_is_whole_however_long_the_rest_is(title: str, scope: str) -> None:
    assert file_name(title, scope, "2024-Q1").endswith("2024-Q1.xlsx")


@given(st.lists(st.text(max_size=200), min_size=1, max_size=4))
def test_whatever_the_parts_are_the_name_is_one_file_in_its_folder(parts: list[str]) -> None:
    name = file_name(*parts)

    assert PureWindowsPath(name).name == PurePosixPath(name).name == name
    assert not PureWindowsPath(name).is_reserved()
    assert name.endswith(".xlsx")
    assert name == name.strip(" .")
    assert len(name) <= LONGEST_NAME + 1
    assert len(name.encode()) <= LONGEST_BYTES + 1
    assert not any(unicodedata.category(sign).startswith("C") for sign in name)


@given(st.text(max_size=100))
def test_every_name_can_be_written(part: str) -> None:
    assert Path(file_name(part)).name == file_name(part)
