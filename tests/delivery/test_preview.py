"""Rows of text about a run and its ledger."""

from dataclasses import replace

from clv_xl.delivery.ledger import Delivery
from clv_xl.delivery.preview import logged_rows
from clv_xl.workbooks.templates import load_texts
from tests.delivery.test_ledger import delivery


def segments_cell(*names: str) -> str:
    noted: Delivery = replace(delivery(), segments=names)
    return logged_rows([noted], load_texts()).rows[0][3]


def test_of_many_segments_a_cell_names_the_first_and_counts_the_others() -> None:
    many = [f"Branch number {n:03}" for n in range(40)]

    assert segments_cell(*many) == (
        "Branch number 000, Branch number 001, Branch number 002 and 37 more"
    )
    assert segments_cell("Rome", "web") == "Rome, web"
    assert segments_cell() == "all segments"


def test_a_mark_that_turns_the_text_is_not_shown_on_a_terminal() -> None:
    assert segments_cell("Zero\u202eTXT") == "Zero TXT"
