"""xlwings Lite: Python inside Excel, on Windows, on a Mac and on the web."""
