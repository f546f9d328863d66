import re
from pathlib import Path
from typing import Any, get_args

import pytest

import clv_xl
from clv_xl.customers.order_columns import TaxTreatment
from clv_xl.customers.quality import Severity
from clv_xl.customers.renewals import BILLING_DAYS
from clv_xl.customers.rfm import RFM_SEGMENTS
from clv_xl.delivery.ledger import State
from clv_xl.delivery.plan import Fate
from clv_xl.delivery.preview import LOG_HEADS, RECIPIENT_HEADS
from clv_xl.errors import SourceError
from clv_xl.excel.actions.checking import _LAYOUT as CHECK_SHEET
from clv_xl.messages import template_folder
from clv_xl.models.purchase_models import Status
from clv_xl.reports.assumptions import ModelName
from clv_xl.reports.layout import BLOCK_KINDS, Block, chosen, layout_from, missing_figures
from clv_xl.reports.report import Report
from clv_xl.reports.reporting_period import Kind
from clv_xl.reports.texts import slug
from clv_xl.sources.columns import _ROLES
from clv_xl.sources.presets import PRESETS
from clv_xl.sources.source_read import rules_in_words
from clv_xl.workbooks.templates import layout_names, load_layout
from clv_xl.workbooks.write import write_workbook
from tests.reports.inputs import CASES, AskedMessages, report, texts

SOURCE = Path(clv_xl.__file__).parent
LAYOUTS = [load_layout(name) for name in layout_names()]
MAY_BE_MISSING = re.compile(r"figure\..*\.unit|(title|heading)\..*\.about")
OPTIONS: dict[str, Any] = {"refunds": "net", "zero": "keep", "status_keep": (), "tax_rate": None}
OPTIONS |= {"drop_duplicates": False, "history_complete": False, "date_order": None}
HELD = {"cards": "cards", "lines": "lines", "table": "tables", "matrix": "matrices"}
HELD |= {"figures": "figures", "chart": "charts"}


def blocks(kind: str) -> list[Block]:
    sheets = (sheet for layout in LAYOUTS for sheet in layout.sheets)
    return [block for sheet in sheets for block in sheet.blocks if block.kind == kind]


def every_report() -> list[Report]:
    return [report(case) for case in CASES]


def families() -> set[str]:
    """Return the keys that end in a word which the orders or the reader decide."""
    roles = {*_ROLES, "segments", "kept", "customer_fallback", "preset"}
    roles |= {role for preset in PRESETS for role in preset.roles}
    names = [slug(name) for name in RFM_SEGMENTS]
    return {
        *(f"amount.{unit}" for unit in ("thousands", "millions", "billions")),
        *(f"console.figures.{name}" for name in ("new_customer", "existing")),
        *(f"console.truth.{name}" for name in ("new_customer", "existing")),
        *(f"figure.src_column_{role}.label" for role in roles),
        *(f"figure.src_rule_{rule}.label" for rule in rules_in_words(OPTIONS)),
        *(f"note.withheld.{status.lower()}" for status in Status if status is not Status.OK),
        *(f"period.{kind}" for kind in get_args(Kind)),
        *(f"severity.{severity}" for severity in get_args(Severity)),
        *(f"tax.{tax.value}" for tax in TaxTreatment),
        *(f"mail.detail.{detail}" for detail in ("none", "masked", "full", "left_out")),
        *(f"console.mail.fate.{fate}" for fate in Fate),
        *(f"console.mail.state.{state}" for state in State),
        *(f"console.mail.head.{head}" for head in (*RECIPIENT_HEADS, *LOG_HEADS)),
        *(f"model.{model}" for model in get_args(ModelName)),
        *(f"rfm.{name}" for name in names),
        *(f"action.rfm.{name}" for name in names),
        *(f"chart.periods_since.{period}" for period in ("month", "quarter", "year")),
        *(f"segments.{by}" for by in ("latest", "first")),
        *(f"contract.{period}" for period in BILLING_DAYS),
        *(f"chart.renewals_x.{period}" for period in BILLING_DAYS),
        *(f"chart.missing.{b.names[-1]}" for b in blocks("chart") if "at" in b.settings),
    }


def literals() -> set[str]:
    """Return the keys that stand in the code and in the templates of messages as they are."""
    templates = Path(str(template_folder())).rglob("*.j2")
    files = [*SOURCE.rglob("*.py"), *templates]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return set(re.findall(r"\"([a-z0-9_.]+)\"", text))


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the keys that all reports and their workbooks ask for."""
    folder = tmp_path_factory.mktemp("layouts")
    for made in every_report():
        assert made.figures
    for layout in LAYOUTS:
        for case in ("full", "few", "contract"):
            write_workbook(report(case), layout, texts(), folder / f"{layout.name}.xlsx")
    messages = texts().messages
    assert isinstance(messages, AskedMessages)
    return messages.asked


def test_every_text_that_is_asked_for_is_there(asked: set[str]) -> None:
    missing = (asked | families()) - set(texts().messages)

    assert {key for key in missing if not MAY_BE_MISSING.fullmatch(key)} == set()


def test_every_text_is_used_somewhere(asked: set[str]) -> None:
    forms = {key.rsplit(".", 1)[0] for key in texts().messages if key.endswith((".one", ".other"))}
    used = asked | families() | literals()
    used |= {f"title.{sheet.key}.about" for sheet in CHECK_SHEET.sheets}  # made by its button
    used |= {f"{key}.{form}" for key in forms & used for form in ("one", "other")}

    assert sorted(set(texts().messages) - used) == []


@pytest.mark.parametrize("kind", sorted(HELD))
def test_every_name_in_a_layout_is_held_by_some_report(kind: str) -> None:
    held = {name for made in every_report() for name in getattr(made, HELD[kind])}

    lost = [
        name
        for block in blocks(kind)
        for name in block.names
        if not chosen((name,), dict.fromkeys(held))
    ]

    assert lost == []


@pytest.mark.parametrize("case", CASES)
def test_everything_that_formulas_may_refer_to_has_its_place(case: str) -> None:
    made = report(case)
    for layout in LAYOUTS:
        big = {s.settings["data_table"] for s in layout.sheets if "data_table" in s.settings}
        tables = {n for b in blocks("table") for n in chosen(b.names, made.tables)}
        matrices = {n for b in blocks("matrix") for n in chosen(b.names, made.matrices)}
        assert missing_figures(layout, made) == []
        assert set(made.tables) - tables - big == set()
        assert set(made.matrices) - matrices == set()


def test_every_chart_and_card_of_a_full_report_is_on_a_sheet() -> None:
    made = report("full")

    assert {n for b in blocks("cards") for n in chosen(b.names, made.cards)} == set(made.cards)
    charts = set(made.charts) | set(report("contract").charts)
    assert {name for block in blocks("chart") for name in block.names} == charts


def test_a_layout_says_what_it_gets_wrong() -> None:
    for tree, said in (
        ({"name": "mine"}, "layout mine lacks sheets"),
        ({"sheets": [{}]}, "lacks key"),
        ({"sheets": [{"key": "a", "blocks": [{"name": "b"}]}]}, "lacks kind"),
        ({"sheets": [{"key": "a", "blocks": [{"kind": "pie"}]}]}, "a block of kind pie"),
    ):
        with pytest.raises(SourceError, match=said):
            layout_from(tree)


def test_a_layout_that_shows_too_few_figures_is_refused_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    bare = layout_from({"name": "bare", "sheets": [{"key": "dashboard"}]})

    with pytest.raises(SourceError, match="layout bare shows no figures"):
        write_workbook(report("few"), bare, texts(), tmp_path / "bare.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_block_keeps_its_settings_and_its_names() -> None:
    tree = {"kind": "table", "name": "Spend", "at": "B4", "columns": 3}
    (sheet,) = layout_from({"sheets": [{"key": "data", "blocks": [tree], "tab": "#fff"}]}).sheets

    assert sheet.blocks[0] == Block("table", ("Spend",), {"at": "B4", "columns": 3})
    assert sheet.settings == {"tab": "#fff"}
    assert "table" in BLOCK_KINDS


def test_names_are_taken_in_the_order_of_the_layout_each_once() -> None:
    held = dict.fromkeys(["in_cac", "out_clv", "in_margin_rate", "Segments", "Segments_2"])

    assert chosen(("out_*", "in_*", "out_clv"), held) == ["out_clv", "in_cac", "in_margin_rate"]
    assert chosen(("Segments", "Segments_?"), held) == ["Segments", "Segments_2"]
    assert chosen(("nothing",), held) == []
