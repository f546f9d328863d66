"""What the buttons of the ribbon do, to any workbook."""
