"""What follows the cells of a sheet, in the order that the file format wants."""

import re

_ORDER = (
    "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip


def inserted(after: str, name: str, element: str) -> str:
    """Return what follows a sheet's cells with one more element, in its place.

    Parameters
    ----------
    after
        The XML behind the cells.
    name
        What kind of element it is.
    element
        Its XML.

    Examples
    --------
    >>> inserted('<pageMargins left="1"/></worksheet>', "mergeCells", "<mergeCells/>")
    '<mergeCells/><pageMargins left="1"/></worksheet>'
    """
    later = _ORDER[_ORDER.index(name) + 1 :]
    places = [found.start() for one in later if (found := re.search(rf"<{one}[\s/>]", after))]
    at = min([*places, after.rindex("</worksheet>")])
    return after[:at] + element + after[at:]


def added(after: str, group: str, elements: list[str]) -> str:
    """Return what follows a sheet's cells with more members in a group such as ``mergeCells``."""
    if not elements:
        return after
    text = "".join(elements)
    if f"</{group}>" in after:
        return after.replace(f"</{group}>", f"{text}</{group}>", 1)
    return inserted(after, group, f'<{group} count="{len(elements)}">{text}</{group}>')
