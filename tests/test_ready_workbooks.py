import math
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from clv_xl.workbooks.templates import layout_names
from tests.ready_workbooks import FOLDER, write_ready_workbooks

NUMBER = re.compile(r"(?<![\w#.-])-?\d+\.\d+(?:[eE][+-]?\d+)?")
LARGEST_BYTES = 300_000


def parts(workbook: Path) -> dict[str, str]:
    with ZipFile(workbook) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def differing(one: str, other: str) -> bool:
    """Compare two parts; their fractions may differ in the last digits from machine to machine."""
    if NUMBER.sub("#", one) != NUMBER.sub("#", other):
        return True
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return any(not math.isclose(float(a), float(b), rel_tol=1e-6, abs_tol=1e-9) for a, b in pairs)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ready")
    write_ready_workbooks(folder)
    return folder


@pytest.mark.parametrize("layout", layout_names())
def test_the_ready_workbook_of_each_layout_is_what_the_code_writes_today(
    layout: str, fresh: Path
) -> None:
    kept, made = parts(FOLDER / f"{layout}.xlsx"), parts(fresh / f"{layout}.xlsx")

    assert list(kept) == list(made)
    stale = [name for name in made if differing(kept[name], made[name])]
    assert stale == [], "run python -m tests.ready_workbooks"


@pytest.mark.parametrize("layout", layout_names())
def test_a_ready_workbook_is_small(layout: str) -> None:
    assert (FOLDER / f"{layout}.xlsx").stat().st_size < LARGEST_BYTES


def test_a_changed_number_or_text_is_seen_as_stale() -> None:
    assert differing("<v>1.25</v>", "<v>1.26</v>")
    assert differing("<t>CLV</t>", "<t>CAC</t>")
    assert not differing("<v>1.2500000000000001</v>", "<v>1.25</v>")
