"""Workbooks out: a report and a layout become a file."""
