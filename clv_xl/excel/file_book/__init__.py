"""A workbook file as an action sees it: its parts are patched, all others stay byte for byte."""
