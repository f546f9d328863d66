"""The workbench: a workbook that shows every function at work, and proves that it works here."""
