import re
from pathlib import Path

import clv_xl
from clv_xl.customers.drop_reasons import reason_said
from clv_xl.remarks import Remark

SOURCE = Path(clv_xl.__file__).parent


def reasons_in_the_code() -> set[str]:
    """Return the reasons that stand in the code which drops rows."""
    files = [*(SOURCE / "customers").glob("*.py"), SOURCE / "sources/order_files.py"]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    dropped = re.findall(r"drop(?:_at)?\([^\n]*\"([a-z_]+)\"\)", text)
    tables = re.findall(r"(?:reasons = |dropped=)\{(.*?)\}", text, re.DOTALL)
    assert len(tables) == 2
    return {*dropped, *re.findall(r"\"([a-z_]+)\":", "".join(tables))}


def test_every_reason_to_leave_a_row_out_has_words() -> None:
    reasons = {reason for reason in reasons_in_the_code() if not reason.startswith("status_")}

    assert len(reasons) > 10
    assert {r: reason_said(r).key for r in reasons} == {r: f"dropped.{r}" for r in reasons}


def test_a_status_is_named_and_a_reason_of_the_callers_own_is_readable() -> None:
    assert str(reason_said("status_cancelled")) == "status cancelled"
    assert reason_said("status_on_hold") == Remark("dropped.status", status="on_hold")
    assert str(reason_said("something_new")) == "something new"
