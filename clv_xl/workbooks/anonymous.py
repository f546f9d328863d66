"""A workbook that does not tell who made it: authors, paths and companies are taken out."""

import re
from html import unescape

from clv_xl.workbooks.package import Package

_AUTHORS = re.compile(r"(<author\b[^>]*>)([^<]*)(</author>)")
_CORE = re.compile(r"(<(dc:creator|cp:lastModifiedBy)\b[^>]*>)[^<]+(</\2>)")
_APP = re.compile(r"<(Manager|Company)\b[^>]*>[^<]+</\1>")
_PERSON = re.compile(r'(\s(?:displayName|userId)=")[^"]+(")')
_PATH = re.compile(
    r"<mc:AlternateContent\b[^>]*>\s*<mc:Choice\b[^>]*>\s*<x15ac:absPath\b.*?</mc:AlternateContent>"
    r"|<x15ac:absPath\b[^>]*/>",
    re.DOTALL,
)
_SHARING = re.compile(r'(<fileSharing\b[^>]*?)\suserName="[^"]*"')


def without_persons(package: Package) -> list[str]:
    """Take the names of persons and the paths of their files out, and say so.

    Parameters
    ----------
    package
        The workbook, changed in place. Comments stay, without their authors.
    """
    told = []
    if sum(_anonymous_comments(package, part) for part in list(package.parts)):
        told.append("The authors of comments were taken out.")
    found = False
    for part, pattern, by in (
        ("docProps/core.xml", _CORE, r"\1\3"),
        ("docProps/app.xml", _APP, ""),
        (package.book_part, _PATH, ""),
        (package.book_part, _SHARING, r"\1"),
    ):
        if part in package.parts:
            text = package.text(part)
            anew = pattern.sub(by, text)
            found = found or anew != text
            package.put(part, anew)
    if found:
        told.append("The author, company and path of the file were taken out.")
    return told


def _anonymous_comments(package: Package, part: str) -> bool:
    if not part.endswith(".xml"):
        return False
    if part.startswith("xl/persons/"):
        text = package.text(part)
        anew = _PERSON.sub(r"\1-\2", text)
    elif re.fullmatch(r"xl/comments[^/]*\.xml|xl/comments/[^/]*\.xml", part):
        text = package.text(part)
        names = [unescape(name) for _, name, _ in _AUTHORS.findall(text) if name.strip()]
        anew = _AUTHORS.sub(r"\1\3", text)
        for name in names:  # Excel begins a note with its author
            anew = re.sub(rf"(<t\b[^>]*>){re.escape(name)}:\s*(</t>)", r"\1\2", anew)
    else:
        return False
    package.put(part, anew)
    return anew != text
