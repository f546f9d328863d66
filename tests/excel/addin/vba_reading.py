"""The VBA inside an add-in file, read by programs that are not ours."""

import re
import warnings
from io import BytesIO
from pathlib import PurePath
from zipfile import ZipFile

from clv_xl.excel.addin.vba_text import procedures

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # oletools calls an older pyparsing
    from oletools.olevba import VBA_Parser, decompress_stream

_CODE = re.compile(r"(?P<text>\"(?:[^\"\n]|\"\")*\")|(?P<comment>'.*)|(?P<code>[^\"'\n]+|\n)")
_NAME = re.compile(r"[A-Za-z_]\w*")


def part(addin: bytes, name: str) -> bytes:
    """Return a part of an add-in's package."""
    with ZipFile(BytesIO(addin)) as archive:
        return archive.read(name)


def sources(addin: bytes) -> dict[str, str]:
    """Return the source of every module, as olevba lists it."""
    parser = VBA_Parser("clv_xl.xlam", data=addin)
    try:
        return {
            PurePath(name).stem: source.replace("\r\n", "\n")
            for _, _, name, source in parser.extract_macros()
        }
    finally:
        parser.close()


def unpacked(container: bytes) -> bytes:
    """Return what a compressed container holds, as oletools reads it."""
    return bytes(decompress_stream(bytearray(container)))


def code_words(source: str) -> set[str]:
    """Return the words of VBA code in small letters, those of comments and texts left out."""
    code = " ".join(found["code"] for found in _CODE.finditer(source) if found["code"])
    return {word.lower() for word in _NAME.findall(code)}


def all_procedures(addin: bytes) -> dict[str, str]:
    """Return every procedure of an add-in by its name in small letters."""
    return {
        name.lower(): text
        for source in sources(addin).values()
        for name, text in procedures(source).items()
    }


def reached_from(name: str, every: dict[str, str]) -> set[str]:
    """Return the procedures that one can come to, itself included."""
    reached: set[str] = set()
    ahead = {name.lower()}
    while ahead:
        reached |= ahead
        words = {word for procedure in ahead for word in code_words(every[procedure])}
        ahead = (words & every.keys()) - reached
    return reached
