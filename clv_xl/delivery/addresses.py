"""E-mail addresses: well formed, comparable, and in a domain that is allowed."""

import unicodedata
from collections.abc import Collection

from email_validator import EmailNotValidError, validate_email

from clv_xl.errors import shortened

_INSIDE = ("local", "test")
"""Domains that no public mail server knows, and a house may use."""
_LONGEST_LOCAL = 64
"""Letters before the @ that a server has to take (RFC 5321, 4.5.3.1.1)."""
_PUBLIC = ".example"
_LINE_ENDS = frozenset({"Cc", "Zl", "Zp", "Cs"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Marks that make a text read in another order than it stands."""


class UnusableAddressError(ValueError):
    """An address cannot be written to; the text says why."""


def has_control_characters(text: str) -> bool:
    r"""Return whether a text holds a line end, another control character, or a mark that turns it.

    Examples
    --------
    >>> has_control_characters("Zoë O'Neil"), has_control_characters("Zoë\r\nBcc: x@y.lv")
    (False, True)
    """
    return any(unicodedata.category(sign) in _LINE_ENDS or sign in _TURNING for sign in text)


def address(text: str) -> str:
    """Return an address with its domain as mail servers compare it: small letters, IDNA.

    Whether the domain exists is not asked: nothing here needs a network.

    Raises
    ------
    UnusableAddressError
        If it is no address, says why.

    Examples
    --------
    >>> address("Ann.B@Bücher.LV"), address("root@mail.local")
    ('Ann.B@xn--bcher-kva.lv', 'root@mail.local')
    """
    within = text.rpartition("@")[2].casefold().rpartition(".")[2] in _INSIDE
    try:
        found = validate_email(
            f"{text}{_PUBLIC}" if within else text,
            check_deliverability=False,
            allow_smtputf8=False,
            globally_deliverable=False,
        )
    except EmailNotValidError as fault:
        raise UnusableAddressError(_in_words(fault)) from None
    domain = found.ascii_domain.removesuffix(_PUBLIC if within else "")
    _refuse(found.local_part, domain)
    return f"{found.local_part}@{domain}"


def _refuse(local: str, domain: str) -> None:
    """Refuse what is written like an address and cannot be one."""
    if "." not in domain:
        raise UnusableAddressError(f"its domain {domain} has no dot")
    if domain.rpartition(".")[2].isdecimal():
        raise UnusableAddressError(f"{domain} is the number of a machine, and no domain")
    if len(local) > _LONGEST_LOCAL:
        raise UnusableAddressError(
            f"it has {len(local)} letters before the @, more than the {_LONGEST_LOCAL} allowed"
        )


def _in_words(fault: EmailNotValidError) -> str:
    """Return a reason as part of a sentence."""
    said = str(fault).rstrip(".")
    return said[:1].lower() + said[1:]


def domain_of(email: str) -> str:
    """Return the domain of an address that `address` has returned."""
    return email.rpartition("@")[2]


def same_mailbox(email: str) -> str:
    """Return what two spellings of one mailbox share: most servers take no note of case."""
    return email.casefold()


def domains(names: Collection[str]) -> frozenset[str]:
    """Return allowed domains as addresses have them; an at-sign before them does not matter.

    Raises
    ------
    UnusableAddressError
        If one is no domain.

    Examples
    --------
    >>> sorted(domains(["@Shop.LV", "bücher.lv"]))
    ['shop.lv', 'xn--bcher-kva.lv']
    """
    return frozenset(domain_of(address(f"x@{name.strip().removeprefix('@')}")) for name in names)


def shown(text: str) -> str:
    r"""Return a text from a file as a sentence may hold it: short, its control characters visible.

    Examples
    --------
    >>> shown("ann\r\nbcc")
    'ann\\r\\nbcc'
    """
    hidden = has_control_characters(text)
    return shortened(text.encode("unicode_escape").decode("ascii") if hidden else text)
