"""Runs `clv-xl` each time in a process of its own, forked from one that has imported everything.

A line of JSON on standard input holds the words. The process id comes back, then the exit code;
what the command says goes into the file that the line names.
"""

import importlib
import json
import os
import sys

from clv_xl.cli import main

importlib.import_module("clv_xl.cli.mail_run")


def serve() -> None:
    """Run what the lines say until they end."""
    for line in sys.stdin:
        asked = json.loads(line)
        process = os.fork()
        if process == 0:
            said = os.open(asked["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(said, 1)
            os.dup2(said, 2)
            code = main(asked["words"])
            sys.stdout.flush()
            os._exit(code)
        say(process)
        _, status = os.waitpid(process, 0)
        say(os.waitstatus_to_exitcode(status))


def say(number: int) -> None:
    """Answer with a number."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
