"""The workbook that is open in Excel, as an action sees it."""
