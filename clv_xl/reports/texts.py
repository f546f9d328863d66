"""The message catalogue: every text a report shows, by key, in one language.

The catalogue is data (``workbook_templates/messages/<language>.toml``); whoever makes a report
chooses the language and hands it over. A text may hold places such as ``{count}``, and a key may
have forms for one and for several (``key.one``, ``key.other``).
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass

from clv_xl.remarks import Remark, said
from clv_xl.reports.live import Live, Operand
from clv_xl.reports.live_functions import fixed, if_, joined


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts in one language.

    Examples
    --------
    >>> texts = Texts("en", {"greeting": "{count} customers"})
    >>> texts.say("greeting", count=3)
    '3 customers'
    """

    language: str
    messages: Mapping[str, str]
    right_to_left: bool = False

    def __contains__(self, key: str) -> bool:
        """Return whether the catalogue has a text."""
        return key in self.messages

    def get(self, key: str) -> str:
        """Return a text without places, empty where the catalogue has none."""
        return self.messages.get(key, "")

    def say(self, key: str, **values: object) -> str:
        """Return a text with its places filled in; a value may be a remark or a tuple of names."""
        return said(self.messages, key, values)

    def remark(self, remark: Remark) -> str:
        """Return what is to be said, in this language."""
        return said(self.messages, remark.key, remark.values)

    def live(self, key: str, **values: Operand) -> Live:
        """Return a text as a formula that fills its places with live values.

        Examples
        --------
        >>> texts = Texts("en", {"worth": "worth {value} today"})
        >>> texts.live("worth", value=Live("out_clv", "12")).formula
        '"worth "&out_clv&" today"'
        """
        return self._filled(key, values)

    def counted(self, key: str, count: Live, **values: Operand) -> Live:
        """Return a text about a count as a formula that keeps the form right for one and for many.

        Examples
        --------
        >>> texts = Texts("en", {"n.one": "{count} order", "n.other": "{count} orders"})
        >>> texts.counted("n", Live("orders", 1.0)).value
        '1 order'
        """
        filled = {"count": fixed(count), **values}
        one, other = (self._filled(f"{key}.{form}", filled) for form in ("one", "other"))
        return if_(count.equals(1), one, other)

    def _filled(self, key: str, values: Mapping[str, Operand]) -> Live:
        parts: list[Operand] = []
        for literal, place, _, _ in string.Formatter().parse(self.messages[key]):
            parts += [literal] if literal else []
            parts += [values[place]] if place else []
        return joined(*parts)


def slug(name: str) -> str:
    """Return a name as the last part of a key.

    Examples
    --------
    >>> slug("Can't lose")
    'cant_lose'
    """
    return name.lower().replace("'", "").replace(" ", "_")
