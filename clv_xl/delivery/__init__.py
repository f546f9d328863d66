"""Mail: each stakeholder gets the right workbook, once."""
