"""Where Excel and the add-in look for their files, on each system."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from clv_xl.errors import SourceError

FILE_NAME = "clv_xl.xlam"


class Platform(StrEnum):
    """A system that desktop Excel runs on."""

    WINDOWS = "windows"
    MAC = "mac"

    @property
    def interpreter_key(self) -> str:
        """The setting that names Python, as the add-in asks for it."""
        return "INTERPRETER_WIN" if self is Platform.WINDOWS else "INTERPRETER_MAC"

    def is_absolute(self, path: str) -> bool:
        r"""Return whether a path on this system is a full one, with its drive.

        Examples
        --------
        >>> Platform.WINDOWS.is_absolute(r"C:\Python\pythonw.exe")
        True
        >>> Platform.MAC.is_absolute("python3")
        False
        """
        return self.path(path).is_absolute()

    def path(self, text: str) -> PurePath:
        """Return a path of this system, whichever system this is."""
        return PureWindowsPath(text) if self is Platform.WINDOWS else PurePosixPath(text)


def platform_of(system: str) -> Platform | None:
    """Return the platform that Python calls `system`; None where Excel does not run.

    Examples
    --------
    >>> platform_of("win32"), platform_of("linux")
    (<Platform.WINDOWS: 'windows'>, None)
    """
    return {"win32": Platform.WINDOWS, "darwin": Platform.MAC}.get(system)


@dataclass(frozen=True, slots=True)
class Places:
    """The files of one user's installation.

    The add-in lies in the folder from which Excel opens everything when it starts (XLSTART), which
    Excel trusts without asking: nothing is to be ticked, and no registry is written. `elsewhere`
    are the folders in which another copy would be a second add-in of the same name.
    """

    platform: Platform
    addin: Path
    settings: Path
    encoding: str
    """How Excel reads the settings: in the code page of Windows, on a Mac as plain letters."""
    elsewhere: tuple[Path, ...]
    scripts: Path | None = None
    """On a Mac: the folder of the only scripts that Excel may run outside its sandbox."""

    @property
    def lock(self) -> Path:
        """The file that Excel keeps beside an add-in while it has it open."""
        return self.addin.with_name(f"~${self.addin.name}")


def places(platform: Platform, home: Path, environment: Mapping[str, str]) -> Places:
    """Return where the files of a user belong.

    Parameters
    ----------
    platform
        The system.
    home
        The user's folder.
    environment
        The environment variables: Windows tells there where settings lie.

    Raises
    ------
    SourceError
        If Windows does not tell it.
    """
    return _on_windows(home, environment) if platform is Platform.WINDOWS else _on_a_mac(home)


def _on_windows(home: Path, environment: Mapping[str, str]) -> Places:
    roaming = environment.get("APPDATA")
    if not roaming:
        raise SourceError("APPDATA must name the folder of your settings, and it is not set")
    microsoft = Path(roaming) / "Microsoft"
    profile = Path(environment.get("USERPROFILE") or home)
    return Places(
        Platform.WINDOWS,
        addin=microsoft / "Excel" / "XLSTART" / FILE_NAME,
        settings=profile / ".clv_xl" / "clv_xl.conf",
        encoding="mbcs",
        elsewhere=(microsoft / "AddIns",),
    )


def _on_a_mac(home: Path) -> Places:
    library = home / "Library"
    office = library / "Group Containers" / "UBF8T346G9.Office" / "User Content.localized"
    return Places(
        Platform.MAC,
        addin=office / "Startup.localized" / "Excel" / FILE_NAME,
        settings=library / "Containers" / "com.microsoft.Excel" / "Data" / "clv_xl.conf",
        encoding="ascii",
        elsewhere=(office / "Add-Ins.localized",),
        scripts=library / "Application Scripts" / "com.microsoft.Excel",
    )
