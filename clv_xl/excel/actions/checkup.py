"""The check-up of the installation, as a message."""

from importlib import import_module

from clv_xl.excel.book import Book

_DOCTOR = "clv_xl.excel.doctor"


def check_install(book: Book) -> str:
    """Say whether Python, xlwings and the add-in fit together, and what to do where they do not.

    Parameters
    ----------
    book
        The workbook from which it is asked.
    """
    book.progress("Looking at the installation")
    checks = import_module(_DOCTOR).examine()  # no other action needs it
    lines = []
    for check in checks:
        lines.append(f"{'✓' if check.ok else '✗'} {check.name}: {check.finding}")
        if not check.ok and check.remedy:
            lines.append(f"   {check.remedy}")
    failed = sum(not check.ok for check in checks)
    lines.append(f"{failed} of {len(checks)} need attention." if failed else "All is well.")
    return "\n".join(lines)
