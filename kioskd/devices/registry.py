"""Finds drivers and emulators by their entry points: built-in ones and other people's alike."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from kioskd.devices.driver import Driver
from kioskd.devices.emulation import Emulator
from kioskd.devices.errors import DriverMissing
from kioskd.devices.learning import Learner
from kioskd.reading import nearest

T = TypeVar("T")


def driver_class(name: str) -> type[Driver]:
    """The driver registered as `name`. Raises DriverMissing naming the nearest that is installed."""
    return _load("kioskd.drivers", "driver", name, Driver)


def emulator_class(name: str) -> type[Emulator]:
    """The emulator registered as `name`. Raises DriverMissing naming the nearest that is installed."""
    return _load("kioskd.emulators", "emulator", name, Emulator)


def learner_class(name: str) -> type[Learner]:
    """The learner registered as `name`. Raises DriverMissing naming the nearest that is installed."""
    return _load("kioskd.learners", "learner", name, Learner)  # type: ignore[type-abstract]


def driver_names() -> list[str]:
    """All installed drivers."""
    return sorted(_entry_points("kioskd.drivers"))


@cache
def _entry_points(group: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=group)}


def _load(group: str, word: str, name: str, base: type[T]) -> type[T]:
    points = _entry_points(group)
    if name not in points:
        hint = nearest(name, points) or f"installed: {', '.join(sorted(points)) or 'none'}"
        raise DriverMissing(f"no {word} {name!r} is installed: {hint}")
    try:
        found = points[name].load()
    except Exception as error:
        raise DriverMissing(
            f"the {word} {name!r} ({points[name].value}) cannot be loaded: {error}"
        ) from error
    if not (isinstance(found, type) and issubclass(found, base)):
        raise DriverMissing(f"the {word} {name!r} ({points[name].value}) is no {base.__name__}")
    return found
