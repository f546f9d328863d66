"""The LibreOffice extension: a zip with clv_xl itself, the component and what describes both.

The same version of clv_xl makes the same bytes, whenever and wherever it is built.
"""

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import BinaryIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import clv_xl
from clv_xl import __version__
from clv_xl.excel.libreoffice import component
from clv_xl.excel.libreoffice.function_texts import function_texts
from clv_xl.excel.libreoffice.interface import IMPLEMENTATION
from clv_xl.messages import template_folder

PUBLISHER = "The clv_xl authors"
TYPE_LIBRARY = Path(__file__).with_name("clv_xl.rdb")
"""The interface, compiled by LibreOffice's own compiler."""

_PACKAGE = Path(clv_xl.__file__).parent
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16
_PARTS = {
    "clv_xl.rdb": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    "functions.components": "application/vnd.sun.star.uno-components",
    "functions.xcu": "application/vnd.sun.star.configuration-data",
}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def write_extension(target: BinaryIO) -> None:
    """Write the extension, an `.oxt` file."""
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in _files():
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, _READABLE
            entry.create_system = 3  # not the system that builds
            archive.writestr(entry, content)


def _files() -> Iterator[tuple[str, bytes]]:
    yield "META-INF/manifest.xml", _manifest().encode()
    yield "description.xml", _description().encode()
    yield "LICENSE", _licence()
    yield "clv_xl.rdb", TYPE_LIBRARY.read_bytes()
    yield "functions.components", _components().encode()
    yield "functions.xcu", function_texts()
    yield "component.py", Path(component.__file__).read_bytes()
    for module in sorted(_PACKAGE.rglob("*.py")):
        place = module.relative_to(_PACKAGE.parent).as_posix()
        yield f"pythonpath/{place}", module.read_bytes()
    messages = (template_folder() / "messages").iterdir()
    for text in sorted(messages, key=lambda file: file.name):
        yield f"pythonpath/clv_xl/workbook_templates/messages/{text.name}", text.read_bytes()


def _manifest() -> str:
    parts = "".join(
        f'  <manifest:file-entry manifest:full-path="{name}" manifest:media-type="{kind}"/>\n'
        for name, kind in _PARTS.items()
    )
    name = "http://openoffice.org/2001/manifest"
    return f'{_HEAD}<manifest:manifest xmlns:manifest="{name}">\n{parts}</manifest:manifest>\n'


def _components() -> str:
    """Return which object the Python file makes, so that installing need not run it."""
    return (
        f'{_HEAD}<components xmlns="http://openoffice.org/2010/uno-components">\n'
        f'  <component loader="com.sun.star.loader.Python" uri="component.py">\n'
        f'    <implementation name="{IMPLEMENTATION}">\n'
        f'      <service name="{IMPLEMENTATION}"/>\n'
        f"    </implementation>\n  </component>\n</components>\n"
    )


def _description() -> str:
    title = escape(f"clv_xl {__version__}: customer lifetime value in the spreadsheet")
    return (
        f'{_HEAD}<description xmlns="http://openoffice.org/extensions/description/2006">\n'
        f'  <identifier value="clv_xl"/>\n'
        f'  <version value="{escape(__version__)}"/>\n'
        f'  <display-name><name lang="en">{title}</name></display-name>\n'
        f'  <publisher><name lang="en">{escape(PUBLISHER)}</name></publisher>\n'
        f"</description>\n"
    )


def _licence() -> bytes:
    """Return the licence's text: of the installed package, or of the checkout it runs from."""
    try:
        installed = metadata.distribution("clv-xl").read_text("licenses/LICENSE")
    except metadata.PackageNotFoundError:
        installed = None
    return installed.encode() if installed else (_PACKAGE.parent / "LICENSE").read_bytes()
