"""`clv-xl functions` and `clv-xl call` from outside: what goes in, what comes out."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from clv_xl.catalogue import CATALOGUE
from clv_xl.cli import main
from tests.models.customer_samples import cdnow, cdnow_folder

Run = Callable[..., str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that ends well, and return what it prints."""

    def printed(*words: str) -> str:
        code = main(words)
        captured = capsys.readouterr()
        assert (code, captured.err) == (0, "")
        return captured.out

    return printed


@pytest.fixture
def refuse(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command that is refused, and return the one sentence it says."""

    def said(*words: str) -> str:
        code = main(words)
        captured = capsys.readouterr()
        assert (code, captured.out) == (2, "")
        assert captured.err.count("\n") == 1
        return captured.err.strip()

    return said


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(
        "customer,date,amount\n007,2024-01-01,20\nb,2024-02-01,30\n007,2024-02-10,\nb,2024-03-31,50\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("words", "value"),
    [
        (["CLV_DISCOUNTED", "100", "0.8", "0.1"], 1100 / 3),
        (["clv_discounted", "100", ".8", "1e-1", "", "renewal"], 800 / 3),
        (["CLV_BREAK_EVEN_RETENTION", "40", "120", "0.1", "renewal"], 0.825),
        (["CLV_DISCOUNTED", "-100", "0.8", "0.1", "", "", ""], -1100 / 3),
        (["CLV_MAX_CAC", "-5e2"], 0),
        (["CLV_CAC_PAYBACK", "300", "25", "0.9"], np.inf),
        (["CLV_RETENTION_CONVERT", "0.95", "month", "year"], 0.95**12),
    ],
)
def test_a_value_is_printed_at_full_precision(run: Run, words: list[str], value: float) -> None:
    printed = run("call", *words)
    assert printed == f"{float(printed)!r}\n"
    assert float(printed) == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["CLV_CAC_RATING", "3"], "healthy"),
        (["CLV_ISERR", "#CLV! no"], "TRUE"),
        (["CLV_WHY", "#CLV! no"], "no"),
    ],
)
def test_a_text_is_printed_as_it_is(run: Run, words: list[str], text: str) -> None:
    assert run("call", *words) == f"{text}\n"


def test_an_empty_argument_is_left_out_as_a_missing_one_is(run: Run) -> None:
    assert run("call", "CLV_MAX_CAC", "366", "") == run("call", "CLV_MAX_CAC", "366")


def test_a_column_of_a_file_is_a_range(run: Run, orders: Path) -> None:
    amounts = f"@{orders}:amount"
    assert float(run("call", "CLV_AOV", amounts)) == pytest.approx(100 / 3)


def test_an_id_keeps_its_zeros_and_a_blank_cell_stays_blank(run: Run, orders: Path) -> None:
    columns = [f"@{orders}:{name}" for name in ("customer", "date", "amount")]
    table = pd.read_csv(StringIO(run("call", "CLV_SUMMARY", *columns)), dtype={"customer": str})
    assert table["customer"].tolist() == ["007", "b"]
    assert table["total"].tolist() == [20, 80]
    assert table["T"].tolist() == [90, 59]


def test_a_day_and_a_choice_pass_as_text(run: Run, orders: Path) -> None:
    columns = [f"@{orders}:{name}" for name in ("customer", "date", "amount")]
    table = pd.read_csv(StringIO(run("call", "CLV_SUMMARY", *columns, "2024-04-07", "week")))
    assert table["T"].tolist() == [97 / 7, 66 / 7]


def test_a_table_is_csv_at_full_precision_with_empty_cells_for_nothing(run: Run) -> None:
    text = run("call", "CLV_RETENTION_UPLIFT", "0", "0.8", "0.1", "5")
    assert text.splitlines()[0] == "measure,before,after,change,change_rate"
    assert text.splitlines()[2] == "clv,0.0,0.0,0.0,"
    curve = run("call", "CLV_CURVE", "100", "0.8", "0.1", "3").splitlines()
    figure = curve[2].split(",")[2]
    assert figure == repr(float(figure))
    assert float(figure) == pytest.approx(1 / 1.1, rel=1e-15)


def test_results_one_a_row_are_a_column_with_a_header(run: Run, orders: Path) -> None:
    path = orders.with_name("values.csv")
    path.write_text("value\n500\n40\n30\n", encoding="utf-8")
    assert run("call", "CLV_TIERS", f"@{path}:value").splitlines()[0] == "tiers"


def test_several_columns_are_a_table_and_the_last_colon_divides(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "a:b"
    folder.mkdir()
    log = folder / "log.csv"
    log.write_text(
        "who,day,paid,shop\n1,2024-01-01,20,north\n2,2024-02-01,30,south\n", encoding="utf-8"
    )
    costs = folder / "costs.csv"
    costs.write_text("shop,note,cac\nnorth,x,5\nsouth,y,10\n", encoding="utf-8")
    columns = [f"@{log}:{name}" for name in ("who", "day", "paid", "shop")]
    text = run("call", "CLV_SEGMENT_TABLE", *columns, "0.5", f"@{costs}:shop,cac")
    table = pd.read_csv(StringIO(text)).set_index("segment")
    assert table.loc["north", "cac"] == 5
    assert table.loc["Total", "historic_contribution"] == 12.5


def test_other_delimiters_are_found(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("name;score\na;10\nb;9\n", encoding="utf-8")
    text = run("call", "CLV_NPS", f"@{path}:score")
    assert pd.read_csv(StringIO(text))["nps"].tolist() == [100]


def test_dates_and_amounts_are_read_as_those_of_an_order_log(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "customer;date;amount\na;13/01/2024;1.234,50 €\na;02/03/2024;10,25\nb;05/03/2024;5,5\n",
        encoding="utf-8",
    )
    columns = [f"@{path}:customer", f"@{path}:date", f"@{path}:amount"]
    table = pd.read_csv(StringIO(run("call", "CLV_SUMMARY", *columns)))
    assert table["total"].tolist() == [1244.75, 5.5]
    assert table["T"].tolist() == [52, 0]
    assert table["recency"].tolist() == [49, 0]


def test_a_date_that_cannot_be_told_is_refused_with_its_row(refuse: Run, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("customer,date\na,2024-01-01\na,some day\n", encoding="utf-8")
    said = refuse("call", "CLV_SUMMARY", f"@{path}:customer", f"@{path}:date")
    assert "row 3: dates is the text 'some day'" in said


def test_published_figures_come_out_of_a_summary_in_a_file(run: Run, tmp_path: Path) -> None:
    customers, spend, _ = cdnow()
    summary = tmp_path / "summary.csv"
    frame = pd.DataFrame({**customers._asdict(), "money": spend})
    frame.to_csv(summary, index=False)
    columns = [f"@{summary}:{name}" for name in ("frequency", "recency", "T")]
    fit_path = tmp_path / "fit.csv"
    fit_path.write_text(run("call", "CLV_BGNBD_FIT", *columns, "", "week"), encoding="utf-8")
    fit = pd.read_csv(fit_path, index_col="parameter")["value"].to_dict()
    found = [float(fit[name]) for name in ("r", "alpha", "a", "b")]
    assert found == pytest.approx([0.24259, 4.41353, 0.79289, 2.42575], abs=5e-4)
    assert float(fit["log_likelihood"]) == pytest.approx(-9582.4256, abs=0.01)
    fit_range = f"@{fit_path}:parameter,value,standard_error"
    customer = ["2", "30.43", "38.86"]
    expected = run("call", "CLV_BGNBD_EXPECTED", fit_range, "39", *customer)
    assert float(expected) == pytest.approx(1.22592, abs=5e-4)
    assert float(run("call", "CLV_BGNBD_ALIVE", fit_range, *customer)) == pytest.approx(
        0.72661, abs=5e-4
    )
    new = run("call", "CLV_BGNBD_NEW", fit_range, "52 weeks")
    assert float(new) == pytest.approx(1.444060, abs=5e-4)
    everybody = pd.read_csv(StringIO(run("call", "CLV_BGNBD_EXPECTED", fit_range, "39", *columns)))
    assert everybody.columns.tolist() == ["expected_purchases_39_weeks"]
    assert everybody.sum().item() == pytest.approx(1653.4, abs=1)
    spends = pd.read_csv(StringIO(run("call", "CLV_GG_FIT", columns[0], f"@{summary}:money")))
    found = [float(value) for value in spends["value"][:3]]
    assert found == pytest.approx([6.2488, 3.7446, 15.4478], abs=5e-3)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["CLV_CACK", "1"], "did you mean CLV_CAC"),
        (["CLV_CAC_RATIO", "1"], "CLV_CAC_RATIO needs cac: CLV_CAC_RATIO(clv, cac)"),
        (["CLV_CAC_RATIO", "1", "2", "3"], "takes at most 2 arguments, got 3"),
        (["CLV_CAC_RATIO", "", "2"], "needs clv"),
        (["CLV_DISCOUNTED", "100", "80", "0.1"], "got 80 (did you mean 0.80?)"),
        (["CLV_NPS", "@missing.csv:score"], "missing.csv does not exist"),
        (["CLV_NPS", "@missing.csv"], "@FILE.csv:column"),
        (["CLV_CAC_RATIO", "nine", "2"], "clv must be a number, got 'nine'"),
    ],
)
def test_a_call_that_cannot_be_made_is_refused(
    refuse: Run, words: list[str], sentence: str
) -> None:
    assert sentence in refuse("call", *words)


def test_a_column_that_is_not_there_and_a_cell_that_is_no_number_are_named(
    refuse: Run, orders: Path
) -> None:
    missing = refuse("call", "CLV_AOV", f"@{orders}:price")
    assert "has no column price; it has customer, date, amount" in missing
    text = refuse("call", "CLV_AOV", f"@{orders}:customer")
    assert "amounts must be a number, got 'b' (row 3)" in text
    wide = refuse("call", "CLV_AOV", f"@{orders}:date,amount")
    assert "amounts must be one column, got date, amount" in wide


def test_functions_are_listed_for_people_and_for_programs(run: Run) -> None:
    listed = run("functions")
    records = json.loads(run("functions", "--json"))
    assert [record["name"] for record in records] == [entry.excel_name for entry in CATALOGUE]
    for record in records:
        assert record["name"] in listed
        assert {"name", "category", "summary", "arguments", "example"} <= set(record)


def test_one_function_tells_its_arguments_and_an_example_with_its_result(
    run: Run, refuse: Run
) -> None:
    told = run("functions", "clv_cac_ratio")
    assert "CLV_CAC_RATIO(clv, cac)" in told
    assert told.endswith("Example, as a worksheet writes it: =CLV_CAC_RATIO(900, 300)\n\n3.0\n")
    (record,) = json.loads(run("functions", "CLV_PREDICT", "--json"))
    assert [argument["name"] for argument in record["arguments"]][3] == "horizon_months"
    assert record["arguments"][3]["default"] == 12
    assert "did you mean CLV_PREDICT" in refuse("functions", "CLV_PREDICTS")


def test_each_function_can_be_told_about(run: Run) -> None:
    for entry in CATALOGUE:
        assert entry.signature in run("functions", entry.excel_name)


def test_numbers_of_a_file_lose_no_digit(run: Run, tmp_path: Path) -> None:
    values = np.random.default_rng(1).random(50)
    path = tmp_path / "clv.csv"
    path.write_text("clv\n" + "\n".join(map(repr, values.tolist())), encoding="utf-8")
    assert float(run("call", "CLV_CUSTOMER_EQUITY", f"@{path}:clv")) == float(values.sum())


def test_published_figures_of_pareto_nbd_come_out_of_a_file(run: Run, tmp_path: Path) -> None:
    summary, fit_path = tmp_path / "summary.csv", tmp_path / "fit.csv"
    pd.DataFrame(cdnow()[0]._asdict()).to_csv(summary, index=False)
    columns = [f"@{summary}:{name}" for name in ("frequency", "recency", "T")]

    fit_path.write_text(run("call", "CLV_PNBD_FIT", *columns, "", "week"), encoding="utf-8")

    fit = pd.read_csv(fit_path, index_col="parameter")["value"].to_dict()
    found = [float(fit[name]) for name in ("r", "alpha", "s", "beta")]
    assert found == pytest.approx([0.55327, 10.5776, 0.60629, 11.6703], rel=5e-4)
    assert float(fit["log_likelihood"]) == pytest.approx(-9594.974, abs=0.01)
    fit_range = f"@{fit_path}:parameter,value,standard_error"
    best = run("call", "CLV_PNBD_EXPECTED", fit_range, "52", "26", "30.86", "31")
    assert float(best) == pytest.approx(25.4549, rel=5e-4)
    expected = run("call", "CLV_PNBD_EXPECTED", fit_range, "39", "2", "30.43", "38.86")
    assert float(expected) == pytest.approx(1.45518, rel=5e-4)
    new = run("call", "CLV_PNBD_NEW", fit_range, "52")
    assert float(new) == pytest.approx(1.47307, rel=5e-4)
    alive = float(run("call", "CLV_PNBD_ALIVE", fit_range, "2", "30.43", "38.86"))
    assert 0.8 < alive < 0.9
    worth = run("call", "CLV_PNBD_DERT", fit_range, "0.15", "2", "30.43", "38.86")
    assert float(worth) > float(expected)
    one = ("2", "30.43", "38.86", "20")
    ahead = run("call", "CLV_VALUE_AHEAD", fit_range, "infinite", *one, "0.15")
    assert float(ahead) == pytest.approx(20 * float(worth), rel=1e-3)
    quarters = run("call", "CLV_VALUE_AHEAD", fit_range, "4 quarters", *one)
    assert quarters == run("call", "CLV_VALUE_AHEAD", fit_range, "1 year", *one)


def test_published_figures_of_bg_bb_come_out_of_a_file(run: Run, tmp_path: Path) -> None:
    source, fit_path = cdnow_folder() / "donations.csv", tmp_path / "fit.csv"
    columns = [f"@{source}:{name}" for name in ("frequency", "recency", "periods")]

    fit_path.write_text(
        run("call", "CLV_BGBB_FIT", *columns, f"@{source}:weights"), encoding="utf-8"
    )

    fit = pd.read_csv(fit_path, index_col="parameter")["value"].to_dict()
    found = [float(fit[name]) for name in ("alpha", "beta", "gamma", "delta")]
    assert found == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=5e-4)
    fit_range = f"@{fit_path}:parameter,value,standard_error"
    expected = run("call", "CLV_BGBB_EXPECTED", fit_range, "5", "6", "6", "6")
    assert float(expected) == pytest.approx(3.75, abs=5e-3)
    alive = run("call", "CLV_BGBB_ALIVE", fit_range, "6", "6", "6")
    assert float(alive) == pytest.approx(0.93, abs=5e-3)
