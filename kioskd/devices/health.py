"""Health says what to do: a state, the reasons for it, and the step a technician should take for each."""

from __future__ import annotations

import enum
import tomllib
from functools import cache
from importlib import resources

import msgspec


class State(enum.StrEnum):
    """How a device is, from the hall's point of view."""

    STARTING = "starting"
    ONLINE = "online"
    DEGRADED = "degraded"  # works, but somebody should come soon
    OFFLINE = "offline"  # no contact
    FAULT = "fault"  # contact, but it cannot do its work
    DISABLED = "disabled"  # switched off in the hall file


class ReasonText(msgspec.Struct, frozen=True):
    """One entry of the catalogue `reasons.toml`: the state a reason leads to, and what it says to people."""

    state: State
    zh: str
    en: str
    step_zh: str
    step_en: str


class Reason(msgspec.Struct, frozen=True):
    """Why a device is not simply online. detail: facts of this case, never a personal one."""

    code: str
    detail: str = ""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """A device's health at one moment. since_unix_s: when this state began, seconds since 1970 UTC."""

    state: State
    reasons: tuple[Reason, ...] = ()
    since_unix_s: float
    counters: dict[str, int] = {}
    facts: dict[str, str] = {}
    """What the device told about itself; each value may be "unknown" or "not supported", which differ."""


class Change(msgspec.Struct, frozen=True):
    """A device's state and its reasons became these. at_unix_s: seconds since 1970 UTC."""

    at_unix_s: float
    state: State
    reasons: tuple[Reason, ...]


@cache
def reason_catalogue() -> dict[str, ReasonText]:
    """Every known reason by its code, read from `reasons.toml`."""
    text = resources.files("kioskd.devices").joinpath("reasons.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, ReasonText])


def state_for(reasons: tuple[Reason, ...]) -> State:
    """The worst state that any of these reasons leads to; online when there is none."""
    order = (State.OFFLINE, State.FAULT, State.STARTING, State.DEGRADED)
    states = {reason_catalogue()[reason.code].state for reason in reasons}
    return next((state for state in order if state in states), State.ONLINE)
