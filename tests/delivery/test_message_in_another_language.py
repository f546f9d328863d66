"""All texts of a message come from the catalogue: nothing is left in English."""

import pytest

from clv_xl.delivery.attachment import Attachment
from clv_xl.delivery.message import compose
from clv_xl.messages import message_file
from clv_xl.reports.build import build_report
from clv_xl.reports.texts import Texts
from tests.acceptance.translation import Said, translated, untranslated
from tests.delivery.letters import ISSUE, SENDER, WORKBOOK, said
from tests.delivery.test_hostile_messages import Reader
from tests.reports.inputs import inputs

DATA = frozenset(
    {"Search", "Social", "Marketplace", "Email", "Referral", "channel", "Ada", "CLV 2024.xlsx"}
    | {"Reports team", "CRM desk, crm@example.org"}
)


@pytest.mark.parametrize("case", ["full", "plain", "withheld", "one_order", "range"])
def test_nothing_is_left_untranslated_in_a_message(case: str) -> None:
    file = translated(message_file())
    texts = Texts("xx", file.messages, right_to_left=True)
    report = build_report(inputs(case).log, inputs(case).assumptions, texts)
    attachment = Attachment("CLV 2024.xlsx", WORKBOOK, report, (), "0" * 64)

    message = compose(attachment, "ada@example.org", "Ada", SENDER, texts, ISSUE)

    lines = said(message).splitlines()
    shown = Reader(said(message, "text/html")).texts
    assert len(lines) > 30
    assert len(shown) > 30
    assert untranslated([Said("subject", message["Subject"])], DATA, frozenset()) == []
    assert untranslated([Said("html", text) for text in styled(shown)], DATA, frozenset()) == []
    whole = " ".join(lines)
    for word in DATA:
        whole = whole.replace(word, f"‹{word}›")
    assert untranslated([Said("text", whole)], DATA, frozenset()) == []


def styled(texts: list[str]) -> list[str]:
    """Return texts without the style sheet."""
    return [text for text in texts if "color-scheme" not in text]
