"""The VBA project of an Office file, `vbaProject.bin`: read from a template, written anew.

A project is a compound file with the source of its modules, compressed, and three lists of them
([MS-OVBA] 2.2). Excel keeps compiled code beside the source; none is written here, so that Excel
compiles the source when it opens the file.
"""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

import olefile

from clv_xl.errors import SourceError
from clv_xl.excel.addin.compound_file import compound_file
from clv_xl.excel.addin.ovba import compress, decompress
from clv_xl.excel.addin.vba_text import ENCODING, encoded

# Record numbers of the stream `dir` ([MS-OVBA] 2.3.4.2).
_NAME, _VERSION, _REFERENCE, _MODULES, _COOKIE, _END = 0x04, 0x09, 0x16, 0x0F, 0x13, 0x10
_MODULE, _MODULE_UNICODE, _STREAM, _STREAM_UNICODE = 0x19, 0x47, 0x1A, 0x32
_DOC, _DOC_UNICODE, _OFFSET, _HELP, _MODULE_COOKIE = 0x1C, 0x48, 0x31, 0x1E, 0x2C
_PROCEDURAL, _DOCUMENT, _MODULE_END = 0x21, 0x22, 0x2B
_SIZE_OF_A_VERSION = 6
"""The one record whose length field tells less than it holds (2.3.4.2.1.11)."""
_LIBRARY = b"Office"
"""The one library that the ribbon needs; the template's others are never used."""
_SETTINGS = ("ID", "HelpContextID", "VersionCompatible32", "CMG", "DPB", "GC")
_NO_COMPILED_CODE = bytes.fromhex("cc61ffff000000")
_HOST = "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000"
_MACRO_CACHE_UNKNOWN = b"\xff\xff"


@dataclass(frozen=True, slots=True)
class Module:
    """One module: its name, its source, and whether a sheet or the workbook stands behind it."""

    name: str
    source: str
    document: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """A project as read.

    `information` are its records before the modules, without the libraries it does not need;
    `settings` the lines of the stream PROJECT that belong together.
    """

    modules: tuple[Module, ...]
    information: tuple[tuple[int, bytes], ...]
    settings: dict[str, str]

    def source(self, name: str) -> str:
        """Return the source of a module, lines ending as in Python.

        Raises
        ------
        SourceError
            If the project has no module of that name.
        """
        for module in self.modules:
            if module.name == name:
                return module.source
        raise SourceError(f"the template of xlwings has no module {name}: install another xlwings")


def read_project(binary: bytes) -> Project:
    """Return the project that a `vbaProject.bin` holds."""
    with olefile.OleFileIO(BytesIO(binary)) as file:
        records = list(_records(decompress(file.openstream("VBA/dir").read())))
        text = file.openstream("PROJECT").read().decode(ENCODING)
        documents = set(re.findall(r"^Document=(\w+)/", text, re.MULTILINE))
        modules = []
        for name, offset in _module_offsets(records):
            stream = file.openstream(f"VBA/{name}").read()
            source = decompress(stream[offset:]).decode(ENCODING).replace("\r\n", "\n")
            modules.append(Module(name, source, name in documents))
    found = dict(re.findall(r"^(\w+)=(.*?)\s*$", text, re.MULTILINE))
    settings = {key: found[key] for key in _SETTINGS}
    return Project(tuple(modules), tuple(_information(records)), settings)


def project_file(name: str, modules: Sequence[Module], like: Project) -> bytes:
    """Return a `vbaProject.bin`.

    Parameters
    ----------
    name
        What the project is called.
    modules
        Its modules, those of the workbook and its sheets first.
    like
        The project whose libraries, identity and protection it takes over: none.

    Raises
    ------
    SourceError
        If a source holds a character that VBA cannot.
    """
    streams = {module.name: compress(encoded(module.name, module.source)) for module in modules}
    named = {_NAME: name.encode(ENCODING)}
    information = (_record(number, named.get(number, old)) for number, old in like.information)
    directory = b"".join(information) + _module_list(modules)
    return compound_file({
        "PROJECT": _project_text(name, modules, like.settings).encode(ENCODING),
        "PROJECTwm": b"".join(_both_names(module.name) for module in modules) + b"\0\0",
        "VBA": {"_VBA_PROJECT": _NO_COMPILED_CODE, "dir": compress(directory), **streams},
    })  # fmt: skip


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    position = 0
    while position < len(data):
        number, size = struct.unpack_from("<HI", data, position)
        size = _SIZE_OF_A_VERSION if number == _VERSION else size
        yield number, data[position + 6 : position + 6 + size]
        position += 6 + size


def _record(number: int, content: bytes) -> bytes:
    size = len(content) - 2 if number == _VERSION else len(content)
    return struct.pack("<HI", number, size) + content


def _module_offsets(records: Sequence[tuple[int, bytes]]) -> Iterator[tuple[str, int]]:
    """Yield each module, and where in its stream the compressed source begins."""
    name = ""
    for number, content in records:
        if number == _MODULE:
            name = content.decode(ENCODING)
        elif number == _OFFSET:
            yield name, int.from_bytes(content, "little")


def _information(records: Sequence[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
    library = _LIBRARY  # what stands above the first library is kept
    for number, content in records:
        if number == _MODULES:
            return
        if number == _REFERENCE:
            library = content
        if library == _LIBRARY:
            yield number, content


def _module_list(modules: Sequence[Module]) -> bytes:
    count = struct.pack("<H", len(modules))
    listed = b"".join(map(_module_records, modules))
    cookie = _record(_COOKIE, _MACRO_CACHE_UNKNOWN)
    return _record(_MODULES, count) + cookie + listed + _record(_END, b"")


def _module_records(module: Module) -> bytes:
    plain, wide = module.name.encode(ENCODING), module.name.encode("utf-16-le")
    kind = _DOCUMENT if module.document else _PROCEDURAL
    return b"".join([
        _record(_MODULE, plain),
        _record(_MODULE_UNICODE, wide),
        _record(_STREAM, plain),
        _record(_STREAM_UNICODE, wide),
        _record(_DOC, b""),
        _record(_DOC_UNICODE, b""),
        _record(_OFFSET, bytes(4)),
        _record(_HELP, bytes(4)),
        _record(_MODULE_COOKIE, _MACRO_CACHE_UNKNOWN),
        _record(kind, b""),
        _record(_MODULE_END, b""),
    ])  # fmt: skip


def _both_names(name: str) -> bytes:
    return name.encode(ENCODING) + b"\0" + name.encode("utf-16-le") + b"\0\0"


def _project_text(name: str, modules: Sequence[Module], settings: dict[str, str]) -> str:
    """Return the stream PROJECT ([MS-OVBA] 2.3.1)."""
    listed = [
        f"Document={module.name}/&H00000000" if module.document else f"Module={module.name}"
        for module in modules
    ]
    kept = [f"{key}={value}" for key, value in settings.items()]
    lines = [
        kept[0],
        *listed,
        f'Name="{name}"',
        *kept[1:],
        "",
        "[Host Extender Info]",
        _HOST,
        "",
        "[Workspace]",
        *(f"{module.name}=0, 0, 0, 0, C" for module in modules),
        "",
    ]
    return "\r\n".join(lines)
