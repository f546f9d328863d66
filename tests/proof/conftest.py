"""What pytest must not import from here."""

collect_ignore = ["macro_driver.py"]  # it runs in LibreOffice's Python
