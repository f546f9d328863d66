"""The worksheet functions as classic xlwings registers them on Windows."""

import sys
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import clv_xl.excel
from tests.excel import pywin32_stand_in as stand_in

NAME = "clv_xl_udfs_on_windows"


@cache
def classic_functions() -> ModuleType:
    """Return `clv_xl.excel.udfs` as it is imported on Windows.

    It gets a name of its own: other tests may have imported the module before xlwings' decorators
    did anything.
    """
    stand_in.install()
    path = Path(clv_xl.excel.__file__).with_name("udfs.py")
    spec = spec_from_file_location(NAME, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[NAME] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
