"""Messages in a real browser: nothing overflows, nothing is fetched, and all can be read."""

from dataclasses import replace
from pathlib import Path

import pytest

from clv_xl.delivery.message import compose
from tests.delivery.browser import page_of, seen_in_browser
from tests.delivery.letters import ISSUE, SENDER, attached, hostile, letter
from tests.reports.inputs import texts

PHONE, DESKTOP = 375, 800


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize(("case", "images"), [("full", True), ("full", False), ("one_order", True)])
def test_a_message_fits_and_fetches_nothing(
    case: str, width: int, tmp_path: Path, *, images: bool
) -> None:
    seen = seen_in_browser(page_of(letter(case), with_images=images), width, tmp_path)

    assert (seen.page["width"], seen.page["beyond"]) == (width, [])
    assert seen.page["tiles"] == (2 if width == PHONE else 3)
    assert seen.page["smallest"] >= 12
    assert seen.asked == ()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_chart_takes_the_width_there_is(width: int, tmp_path: Path) -> None:
    seen = seen_in_browser(page_of(letter()), width, tmp_path)

    natural, shown, alt = seen.page["image"]
    assert natural == 1_104
    assert shown == (552 if width == DESKTOP else PHONE - 2 * 16)
    assert "Search 29 % / 25 %" in alt


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_hostile_and_endless_names_fit_and_run_nothing(width: int, tmp_path: Path) -> None:
    seen = seen_in_browser(page_of(hostile()), width, tmp_path)

    assert (seen.page["width"], seen.page["beyond"], seen.page["scripts"]) == (width, [], 0)
    assert seen.asked == ()


def test_a_message_from_right_to_left_fits_a_phone(tmp_path: Path) -> None:
    leftwards = replace(texts(), language="fa", right_to_left=True)
    issue = replace(ISSUE, scope="گزارش فروش تهران")
    message = compose(attached(), "ada@example.org", "رضا میرزایی", SENDER, leftwards, issue)

    seen = seen_in_browser(page_of(message), PHONE, tmp_path)

    assert (seen.page["width"], seen.page["beyond"]) == (PHONE, [])


def test_this_proof_sees_what_is_fetched_and_what_overflows(tmp_path: Path) -> None:
    images = '<img src="http://evil.example/x.png"><img src="https://www.google.com/y">'
    bad = f'<body>{images}<p style="width:900px">wide</p></body>'

    seen = seen_in_browser(bad, PHONE, tmp_path)

    assert seen.page["width"] > PHONE
    assert "P" in seen.page["beyond"]
    assert {"http://evil.example/x.png", "https://www.google.com/y"} <= {*seen.asked}
    assert any(line.startswith("GET http://evil.example/x.png HTTP") for line in seen.asked)
