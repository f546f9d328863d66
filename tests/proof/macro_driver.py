"""Runs in LibreOffice's own Python: opens documents, calls macros of the first, prints the answers.

A request comes as JSON on stdin: the name of the pipe, the documents, and the calls as pairs of
"module.function" and arguments. The document opened last is the active one.
"""

import json
import sys
import time
from typing import Any

import uno
from com.sun.star.beans import PropertyValue

_ATTEMPTS, _PAUSE = 240, 0.25
_ALWAYS_EXECUTE = 4


def main() -> None:
    """Carry out the request."""
    request = json.load(sys.stdin)
    desktop = _desktop(request["pipe"])
    try:
        opened = [_opened(desktop, path) for path in request["documents"]]
        modules = {
            name: list(opened[0].BasicLibraries.getByName(name).ElementNames)
            for name in opened[0].BasicLibraries.ElementNames
        }
        answers = [_answer(opened[0], modules, *call) for call in request["calls"]]
        json.dump({"modules": modules, "answers": answers}, sys.stdout)
    finally:
        desktop.terminate()


def _desktop(pipe: str) -> Any:  # noqa: ANN401 - an object of LibreOffice
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for attempt in range(_ATTEMPTS):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # it has not started yet
            if attempt == _ATTEMPTS - 1:
                raise
            time.sleep(_PAUSE)
        else:
            manager = context.ServiceManager
            return manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise AssertionError


def _opened(desktop: Any, path: str) -> Any:  # noqa: ANN401
    macros = PropertyValue(Name="MacroExecutionMode", Value=_ALWAYS_EXECUTE)
    return desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (macros,))


def _answer(document: Any, modules: dict[str, list[str]], name: str, arguments: list[Any]) -> Any:  # noqa: ANN401
    library = next(key for key, held in modules.items() if name.partition(".")[0] in held)
    where = f"vnd.sun.star.script:{library}.{name}?language=Basic&location=document"
    script = document.getScriptProvider().getScript(where)
    return script.invoke(tuple(arguments), (), ())[0]


if __name__ == "__main__":
    main()
