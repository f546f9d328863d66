"""clv_xl puts customer lifetime value into the spreadsheet."""

__version__ = "0.1.0"
