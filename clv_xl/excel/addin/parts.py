"""The parts of the add-in's package that are text, in the order in which they are written."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"


def _relationships(*targets: tuple[str, str]) -> str:
    lines = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def _types(types: dict[str, str]) -> str:
    lines = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in types.items()
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f"{lines}</Types>"
    )


def _stamp(**properties: str) -> str:
    lines = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" name="{name}">'
        f"<vt:lpwstr>{value}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(properties.items(), start=2)
    )
    return (
        f'{_HEAD}<Properties xmlns="{_DOCUMENT}/custom-properties" '
        f'xmlns:vt="{_DOCUMENT}/docPropsVTypes">{lines}</Properties>'
    )


PARTS = {
    "[Content_Types].xml": _types(
        {
            "/xl/workbook.xml": "$type",
            "/xl/worksheets/sheet1.xml": f"{_SHEET_TYPE}.worksheet+xml",
            "/xl/styles.xml": f"{_SHEET_TYPE}.styles+xml",
            "/xl/vbaProject.bin": "application/vnd.ms-office.vbaProject",
            "/docProps/app.xml": "application/vnd.openxmlformats-officedocument."
            "extended-properties+xml",
            "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
            "/docProps/custom.xml": "application/vnd.openxmlformats-officedocument."
            "custom-properties+xml",
        }
    ),
    "_rels/.rels": _relationships(
        (f"{_DOCUMENT}/relationships/officeDocument", "xl/workbook.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        (f"{_DOCUMENT}/relationships/extended-properties", "docProps/app.xml"),
        (f"{_DOCUMENT}/relationships/custom-properties", "docProps/custom.xml"),
        (f"{_MICROSOFT}/ui/extensibility", "customUI/customUI.xml"),
    ),
    "docProps/app.xml": f'{_HEAD}<Properties xmlns="{_DOCUMENT}/extended-properties">'
    "<Application>Microsoft Excel</Application></Properties>",
    "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>CLV</dc:title>'
    "<dc:creator>clv_xl</dc:creator><dc:description>Customer lifetime value: worksheet functions "
    "and ribbon of clv_xl $version</dc:description></cp:coreProperties>",
    "docProps/custom.xml": _stamp(clv_xl="$version", xlwings="$xlwings", platform="$platform"),
    "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_SHEET}" xmlns:r="{_DOCUMENT}/relationships">'
    '<workbookPr codeName="ThisWorkbook"/><bookViews><workbookView/></bookViews><sheets>'
    '<sheet name="CLV" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _relationships(
        (f"{_DOCUMENT}/relationships/worksheet", "worksheets/sheet1.xml"),
        (f"{_DOCUMENT}/relationships/styles", "styles.xml"),
        (f"{_MICROSOFT}/vbaProject", "vbaProject.bin"),
    ),
    "xl/worksheets/sheet1.xml": f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetPr codeName="$sheet"/>'
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>clv_xl $version, built for xlwings '
    "$xlwings</t></is></c></row></sheetData></worksheet>",
    "xl/styles.xml": f'{_HEAD}<styleSheet xmlns="{_SHEET}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
"""Texts with ``$version``, ``$xlwings``, ``$platform``, ``$sheet`` and ``$type`` to fill in."""
