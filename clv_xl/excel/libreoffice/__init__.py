"""LibreOffice Calc as a host: an extension that answers the worksheet functions there."""
