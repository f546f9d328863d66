"""Values of a report as a message shows them: the same words as in the workbook's sentences."""

import math
from typing import Any

from clv_xl.reports.cards import amount_text, percent_text
from clv_xl.reports.live import Live
from clv_xl.reports.live_functions import fixed
from clv_xl.reports.report import Content, Format, Report
from clv_xl.reports.texts import Texts

UNKNOWN = "–"
_DECIMALS = {Format.RATE: 1, Format.SHARE: 0}


def now(content: Content) -> Any:  # noqa: ANN401 - a cell may hold any kind of value
    """Return what a cell holds now; a formula's blank is ""."""
    return content.value if isinstance(content, Live) else content


def is_known(content: Content) -> bool:
    """Return whether a cell holds anything that can be shown."""
    value = now(content)
    return value not in {None, ""} and not (isinstance(value, float) and not math.isfinite(value))


def currency_of(report: Report, texts: Texts) -> str:
    """Return the unit of money, empty where the orders do not name it."""
    unit = str(report.value("src_currency") or "")
    return "" if unit == texts.get("currency.unnamed") else unit


def shown(texts: Texts, content: Content, shown_as: Format, currency: str = "") -> str:
    """Return a value in words, a dash where it is unknown.

    Examples
    --------
    >>> texts = Texts("en", {"amount.percent": "{amount} %"})
    >>> shown(texts, 0.4341, Format.RATE), shown(texts, None, Format.RATE)
    ('43.4 %', '–')
    """
    if not is_known(content):
        return UNKNOWN
    value = now(content)
    text = value if isinstance(value, str) else _number(texts, Live("", float(value)), shown_as)
    if currency and shown_as in {Format.MONEY, Format.MONEY_EXACT}:
        return texts.say("mail.money", amount=text, currency=currency)
    return text


def _number(texts: Texts, value: Live, shown_as: Format) -> str:
    if shown_as in {Format.MONEY, Format.MONEY_EXACT}:
        return str(amount_text(texts, value).value)
    if shown_as in _DECIMALS:
        amount = percent_text(value, _DECIMALS[shown_as]).value
        return texts.say("amount.percent", amount=amount)
    if shown_as is Format.RATIO:
        return texts.say("mail.ratio", ratio=fixed(value, 2).value)
    return str(fixed(value).value)
