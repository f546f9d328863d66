"""The hosts: worksheet functions, the ribbon, and what carries them into a spreadsheet program."""
