"""The add-in file for desktop Excel, built from the installed xlwings: no binary is shipped."""
