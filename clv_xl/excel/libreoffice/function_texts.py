"""What LibreOffice's function wizard shows: names and texts, as an entry of its configuration.

From a configuration LibreOffice knows the functions without starting Python; that waits for the
first formula.
"""

from xml.etree import ElementTree as ET

from clv_xl.catalogue import CATALOGUE, CatalogueEntry, Parameter
from clv_xl.excel.libreoffice.interface import IMPLEMENTATION, argument_name

_REGISTRY = "http://openoffice.org/2001/registry"
_LANGUAGE = {"{http://www.w3.org/XML/1998/namespace}lang": "en-US"}
_NAME, _ACTION = f"{{{_REGISTRY}}}name", f"{{{_REGISTRY}}}op"


def function_texts() -> bytes:
    """Return names, descriptions and arguments of all functions as LibreOffice's configuration.

    The compatibility name is the one that formulas of `.xlsx` files use.
    """
    ET.register_namespace("oor", _REGISTRY)
    root = ET.Element(
        f"{{{_REGISTRY}}}component-data",
        {_NAME: "CalcAddIns", f"{{{_REGISTRY}}}package": "org.openoffice.Office"},
    )
    add_ins = ET.SubElement(root, "node", {_NAME: "AddInInfo"})
    functions = ET.SubElement(_added(add_ins, IMPLEMENTATION), "node", {_NAME: "AddInFunctions"})
    for entry in CATALOGUE:
        _add_function(functions, entry)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _add_function(functions: ET.Element, entry: CatalogueEntry) -> None:
    function = _added(functions, entry.excel_name)
    _add_text(function, "DisplayName", entry.excel_name)
    _add_text(function, "Description", entry.summary)
    _add_text(function, "CompatibilityName", entry.excel_name)
    category = ET.SubElement(function, "prop", {_NAME: "Category"})
    ET.SubElement(category, "value").text = "Add-In"
    arguments = ET.SubElement(function, "node", {_NAME: "Parameters"})
    for parameter in entry.parameters:
        argument = _added(arguments, argument_name(parameter))
        _add_text(argument, "DisplayName", parameter.name)
        _add_text(argument, "Description", _described(parameter))


def _described(parameter: Parameter) -> str:
    """Return the text of an argument; LibreOffice itself calls all of them optional."""
    return f"{parameter.description} Required." if parameter.required else parameter.description


def _added(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, "node", {_NAME: name, _ACTION: "replace"})


def _add_text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(ET.SubElement(parent, "prop", {_NAME: name}), "value", _LANGUAGE).text = text
