"""What people call keys, rating keys and faults: read from `labels.toml`, for emulators and pages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec

from kioskd.devices.emulation import Action


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What something is called."""

    zh: str
    en: str


class Labels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file `labels.toml`."""

    keys: dict[str, Label]
    ratings: dict[str, Label]
    cable: dict[str, Label]
    faults: dict[str, Label]


@cache
def labels() -> Labels:
    """The usual names."""
    text = resources.files("kioskd.devices").joinpath("labels.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Labels)


def key_label(key: str) -> Label:
    """What a key is called; one without a usual name by its own, a digit by its figure."""
    figure = key.removeprefix("digit_")
    return labels().keys.get(key, Label(figure, figure))


def key_action(key: str) -> Action:
    """Pressing a key of an emulated pad: the action has the key's own name."""
    label = key_label(key)
    return Action(name=key, zh=label.zh, en=label.en)


def rating_action(level: int) -> Action:
    """Pressing a rating key of an emulated evaluator: `rate_5`, the best, to `rate_1`."""
    label = labels().ratings[str(level)]
    return Action(name=f"rate_{level}", zh=label.zh, en=label.en, group="rating")


def usual_faults(*names: str) -> dict[str, Label]:
    """Faults that many emulated devices have, by their names."""
    return {name: labels().faults[name] for name in names}


def power_cut_action() -> Action:
    """The mains go off and come back: `power_cut`."""
    label = labels().faults["power_cut"]
    return Action(name="power_cut", zh=label.zh, en=label.en, group="fault")


def cable_actions() -> list[Action]:
    """Pulling the cable and pushing it in again: `unplug` and `plug`."""
    return [
        Action(name=name, zh=label.zh, en=label.en, group="fault") for name, label in labels().cable.items()
    ]
