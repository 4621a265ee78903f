"""Profiles in their files: TOML, named after the model.

Of several folders the first that has a name wins: a site's own before the built-in ones. `inherits = "NAME"`
takes everything but its maturity from another profile; tables are merged key by key, all else is replaced.
A site's profile may inherit from the built-in one of its own name.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from kioskd.devices.driver import Driver
from kioskd.devices.errors import DriverMissing
from kioskd.devices.profiles import Profile
from kioskd.devices.registry import driver_class
from kioskd.reading import Mistake, Mistakes, load_toml, nearest, read_as


def builtin_profiles() -> Path:
    """The folder of the profiles that come with kioskd: in the installed package, or in a checkout."""
    package = Path(str(resources.files("kioskd")))
    packaged = package / "share" / "profiles"
    return packaged if packaged.is_dir() else package.parent / "profiles"


def find_profiles(folders: Sequence[Path] | None = None) -> dict[str, Path]:
    """The file of every profile by its name; the first folder that has it wins. None: only built-in ones."""
    found: dict[str, Path] = {}
    for folder in folders or (builtin_profiles(),):
        for file in _files(folder):
            found.setdefault(file.stem, file)
    return found


def load_profile(name: str, folders: Sequence[Path] | None = None) -> Profile:
    """The profile of this name, with everything that it inherits, its options and its wire format checked.

    Raises reading.Mistakes with everything that is wrong with it.
    """
    folders = tuple(folders or (builtin_profiles(),))
    files = find_profiles(folders)
    if name not in files:
        raise Mistakes([Mistake(f"{name}.toml", "", "there is no such profile", nearest(name, files))])
    return read_profile(files[name], folders)


def read_profile(file: Path, folders: Sequence[Path]) -> Profile:
    """The profile in this very file; `folders` are where it may inherit from. Raises reading.Mistakes."""
    mistakes: list[Mistake] = []
    table = _inherited(file, tuple(folders), (), mistakes)
    profile = None if table is None else _read(table, file, mistakes)
    if profile is None or mistakes:
        raise Mistakes(mistakes)
    return profile


def options_of(
    profile: Profile, driver: type[Driver], overrides: dict[str, Any], *, label: str = ""
) -> msgspec.Struct:
    """The driver's options for one device: the profile's, with what the hall file overrides.

    Raises reading.Mistakes.
    """
    mistakes: list[Mistake] = []
    options = read_options(
        all_options(profile, overrides),
        driver,
        file=str(profile.file),
        key="options",
        mistakes=mistakes,
        label=label,
    )
    if options is None:
        raise Mistakes(mistakes)
    return options


def all_options(profile: Profile, overrides: dict[str, Any]) -> dict[str, Any]:
    """The profile's [options] with one device's laid over them, table by table."""
    return _merged(profile.options, overrides)


def read_options(
    table: dict[str, Any],
    driver: type[Driver],
    *,
    file: str,
    key: str,
    mistakes: list[Mistake],
    label: str = "",
) -> msgspec.Struct | None:
    """An [options] table as its driver understands it, or None after noting every mistake in it."""
    options = read_as(table, driver.Options, file=file, key=key, mistakes=mistakes, label=label)
    if options is None:
        return None
    wrong = driver.check_options(options)
    for mistake in wrong:
        place = f"{key}.{mistake.key}" + (f" ({label})" if label else "")
        mistakes.append(Mistake(file, place, mistake.problem, mistake.hint))
    return None if wrong else options


def _inherited(
    file: Path, folders: tuple[Path, ...], heirs: tuple[Path, ...], mistakes: list[Mistake]
) -> dict[str, Any] | None:
    """The file's table laid over those it inherits from."""
    table = load_toml(file, mistakes)
    if table is None or "inherits" not in table:
        return table
    parent = table.pop("inherits")
    heirs = (*heirs, file)
    parents = {name: path for name, path in _all_files(folders) if path not in heirs}
    if parent not in parents:
        hint = nearest(str(parent), parents)
        mistakes.append(
            Mistake(str(file), "inherits", f"there is no profile {parent!r} to inherit from", hint)
        )
        return None
    inherited = _inherited(parents[parent], folders, heirs, mistakes)
    if inherited is None:
        return None
    inherited.pop("maturity", None)  # what its parent was tried with says nothing about this one
    return _merged(inherited, table)


def _all_files(folders: tuple[Path, ...]) -> list[tuple[str, Path]]:
    """Every profile file, those of the last folder first, so that a dict of them keeps the first folder's."""
    return [(file.stem, file) for folder in reversed(folders) for file in reversed(_files(folder))]


def _files(folder: Path) -> list[Path]:
    """The TOML files of a folder, then those of the folders in it; no deeper: it may be a home."""
    return sorted(folder.glob("*.toml")) + sorted(folder.glob("*/*.toml"))


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _read(table: dict[str, Any], file: Path, mistakes: list[Mistake]) -> Profile | None:
    """The table as a profile, checked by itself, then by its driver."""
    name = table.get("name")
    if isinstance(name, str) and name != file.stem:
        mistakes.append(Mistake(str(file), "name", f"{name!r} is not the name of the file, {file.stem!r}"))
    if "file" in table:
        mistakes.append(Mistake(str(file), "file", "unknown key"))
        del table["file"]
    profile = read_as(table, Profile, file=str(file), key="", mistakes=mistakes)
    try:
        driver = driver_class(str(table.get("driver", "")))
    except DriverMissing as error:
        if "driver" in table:
            mistakes.append(Mistake(str(file), "driver", str(error)))
        return None
    before = len(mistakes)
    read_options(table.get("options", {}), driver, file=str(file), key="options", mistakes=mistakes)
    if driver.Wire is not None:
        read_as(table.get("wire", {}), driver.Wire, file=str(file), key="wire", mistakes=mistakes)
    if profile is None:
        return None
    profile = msgspec.structs.replace(profile, file=file)
    if len(mistakes) == before:
        mistakes += [Mistake(str(file), "", problem) for problem in driver.check(profile)]
        if foreign := profile.kinds - driver.kinds:
            words = ", ".join(sorted(foreign))
            mistakes.append(Mistake(str(file), "kinds", f"the driver {profile.driver} is no {words}"))
    return profile
