"""What a message says of a report: decided once, so that the HTML and the plain text agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clv_xl.delivery.chart_choice import ChartData, chosen_chart
from clv_xl.delivery.header_text import readable
from clv_xl.delivery.shown_values import currency_of, is_known, now, shown
from clv_xl.errors import MOST_LISTED, shortened
from clv_xl.reports.report import Card, Report
from clv_xl.reports.texts import Texts

_CARDS = (
    "revenue",
    "active",
    "clv",
    "retention",
    "ratio",
    "at_risk",
    "new",
    "expected",
    "top_tenth",
)
"""In the order of choice; those that are known come first."""
_SHOWN, _MOST_NOTES, _LONGEST_NOTE = 6, 8, 400
_LONGEST_SCOPE, _LONGEST_LIST = 40, 300
_EXACT = 9
"""Decimals that a rating looks at."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in words: what it is, its value, its change, what it rests on."""

    title: str
    value: str
    change: str
    foot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """Everything a message says, in words, apart from greeting and signature."""

    title: str
    scope: str
    headline: Figure
    figures: tuple[Figure, ...]
    compared: str
    readings: tuple[str, ...]
    steps: tuple[str, ...]
    alerts: tuple[str, ...]
    told: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]
    meaning: str
    chart: ChartData | None


def digest_of(
    report: Report,
    texts: Texts,
    *,
    scope: str,
    filters: Sequence[tuple[str, str]],
    told: Sequence[str],
) -> Digest:
    """Return what a message says of a report.

    Parameters
    ----------
    report
        Of the recipient's own rows.
    texts
        The message catalogue.
    scope
        What the report is about, in a few words.
    filters
        What was asked for: label and value.
    told
        What the reader has to know about the attachment.
    """
    currency = currency_of(report, texts)
    chosen = _chosen(report)
    predicted = is_known(report.figures["calc_new_customer_value"].content)
    headline = report.cards["clv" if predicted else "revenue"]
    return Digest(
        title=readable(str(now(report.title))),
        scope=scope,
        headline=_figure(headline, texts, currency),
        figures=tuple(_figure(card, texts, currency) for card in chosen),
        compared=_compared(report, texts),
        readings=_sentences(report, "readings"),
        steps=_sentences(report, "next"),
        alerts=tuple(_alerts(report, texts)),
        told=tuple(_cut(readable(sentence)) for sentence in told[:_MOST_NOTES]),
        filters=tuple((label, _cut(readable(value))) for label, value in filters),
        meaning=_meaning(report, texts),
        chart=chosen_chart(report, texts),
    )


def scope_of(segments: Sequence[str], texts: Texts) -> str:
    """Return what a report is about, for its subject: the segments, a few of them by name.

    Parameters
    ----------
    segments
        Names of the segments asked for; none: all.
    texts
        The message catalogue.
    """
    if not segments:
        return texts.say("mail.scope.all")
    together = texts.say("mail.filter.names", names=tuple(segments))
    if len(segments) == 1 or len(together) <= _LONGEST_SCOPE:
        return together
    return texts.say("mail.scope.several", first=shortened(segments[0]), count=len(segments) - 1)


def named_segments(segments: Sequence[str], texts: Texts) -> str:
    """Return segments by name, as many as can be read, and how many more there are."""
    names = [shortened(name) for name in segments]
    shown, length = 1, len(names[0])
    while shown < min(len(names), MOST_LISTED) and length <= _LONGEST_LIST:
        length += len(names[shown]) + 2
        shown += 1
    together = texts.say("mail.filter.names", names=tuple(names[:shown]))
    rest = len(names) - shown
    return texts.say("mail.filter.more", names=together, rest=rest) if rest else together


def _chosen(report: Report) -> list[Card]:
    cards = [report.cards[key] for key in _CARDS if key in report.cards]
    known = [card for card in cards if is_known(card.value)]
    unknown = [card for card in cards if not is_known(card.value)]
    return [*known, *unknown][:_SHOWN]


def _figure(card: Card, texts: Texts, currency: str) -> Figure:
    change = str(now(card.change) or "")
    return Figure(
        title=readable(str(now(card.title))),
        value=shown(texts, card.value, card.shown_as, currency),
        change="" if change == texts.get("change.unknown") else change,
        foot=str(now(card.foot) or ""),
    )


def _compared(report: Report, texts: Texts) -> str:
    """Return which period the figures are of, and which they are compared with."""
    first, last = (report.value(f"src_period_{end}") for end in ("from", "to"))
    if "src_previous_from" not in report.figures:
        return texts.say("mail.period.alone", first=first, last=last)
    return texts.say(
        "mail.period.compared",
        first=first,
        last=last,
        earlier=report.value("src_previous_from"),
        later=report.value("src_previous_to"),
    )


def _meaning(report: Report, texts: Texts) -> str:
    """Return what keeps the figures from being misread, apart from the days, which stand above."""
    value = report.value
    return texts.say(
        "mail.meaning",
        kind=value("src_period_kind"),
        currency=readable(str(value("src_currency"))),
        tax=value("src_tax"),
        basis=value("calc_basis"),
        months=value("in_horizon_months"),
        discount=f"{100 * (value('in_discount_rate') or 0):.1f}",
        data=now(report.lines["data_badge"].lines[0]),
    )


def _sentences(report: Report, key: str) -> tuple[str, ...]:
    lines = report.lines[key].lines if key in report.lines else ()
    return tuple(readable(str(now(line))) for line in lines if is_known(line))


def _of_ratio(report: Report, texts: Texts) -> Iterator[str]:
    """Return that CLV:CAC is too low, with the figure that its tile shows."""
    ratio, target = report.value("out_clv_cac_ratio"), report.value("in_target_ratio") or 0.0
    if ratio is None or round(ratio, _EXACT) >= target:
        return
    card = report.cards["ratio"]
    loss = now(card.foot) == texts.say("rating.loss")
    key = "mail.alert.below_cost" if loss else "mail.alert.below_target"
    told = shown(texts, card.value, card.shown_as)
    decimals = 1 if round(target, 1) == target else 2
    yield texts.say(key, ratio=told, target=f"{target:.{decimals}f}")


def _alerts(report: Report, texts: Texts) -> Iterator[str]:
    """Return what is out of the ordinary: in the business first, then in the data."""
    yield from _of_ratio(report, texts)
    overdue = int(report.value("fact_at_risk_customers") or 0)
    if overdue:
        card = report.cards["at_risk"]
        key = "mail.alert.at_risk" if now(card.value) else "mail.alert.at_risk_few"
        money = shown(texts, card.value, card.shown_as, currency_of(report, texts))
        yield texts.say(key, count=overdue, money=money)
    score, gate = report.value("fact_quality_score"), report.value("src_quality_gate")
    if score < gate:
        yield texts.say("mail.alert.quality", score=int(score), gate=int(gate))
    if report.value("calc_checks_failed"):
        yield texts.say("mail.alert.checks")
    warning = report.value("calc_horizon_warning")
    if warning and warning != texts.get("word.none"):
        yield str(warning)
    yield from dict.fromkeys(_unknown(report, texts))


def _unknown(report: Report, texts: Texts) -> Iterator[str]:
    """Return what is not known, in the words of whoever reads figures and not methods."""
    if "retention_rate" in report.notes:
        yield _cut(readable(report.notes["retention_rate"]))
    if "predicted_value" in report.notes:
        yield texts.say("mail.alert.no_prediction")
    elif "clv" in report.notes:
        yield _cut(readable(report.notes["clv"]))


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST_NOTE else f"{sentence[: _LONGEST_NOTE - 1]}…"
