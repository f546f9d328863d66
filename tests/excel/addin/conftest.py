"""The add-in files that the tests look into, each built once."""

import pytest

from clv_xl.excel.addin.build import build_addin
from clv_xl.excel.addin.places import Platform


@pytest.fixture(scope="session")
def windows_addin() -> bytes:
    return build_addin(Platform.WINDOWS)


@pytest.fixture(scope="session")
def mac_addin() -> bytes:
    return build_addin(Platform.MAC)


@pytest.fixture(scope="session", params=[*Platform])
def addin(request: pytest.FixtureRequest) -> bytes:
    return build_addin(request.param)
