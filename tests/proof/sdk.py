"""Microsoft's Open XML SDK as a judge: the schema and the semantics of every part."""

import json
import subprocess
from pathlib import Path

from tests.proof.tools import VALIDATOR, require


def errors(path: Path) -> list[str]:
    """Return what the SDK finds wrong with a workbook, by the rules of the newest Office."""
    command = [require(VALIDATOR), str(path), "Microsoft365"]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    try:
        verdict = json.loads(said.stdout)
    except json.JSONDecodeError:
        raise AssertionError(f"the validator said no JSON: {said.stdout}{said.stderr}") from None
    found = [f"{e['path']} {e['xPath']}: {e['description']}" for e in verdict["errors"]]
    if not verdict["ok"] and not found:
        raise AssertionError(f"the validator refused {path} without a reason")
    return found
