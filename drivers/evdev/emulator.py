"""The device's side: a number pad or an evaluator that is pressed, and the kernel that makes records of it.

Written from linux/input.h and Documentation/input/event-codes.rst. On its pseudo-terminal are the same
records that a grabbed /dev/input/eventN gives.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from evdev import ecodes

from drivers.evdev.options import EvdevOptions
from kioskd.devices.emulation import Action, EmulatedWire
from kioskd.devices.faulty_emulation import FaultyEmulator
from kioskd.devices.labels import Label, cable_actions, key_action, rating_action
from kioskd.devices.profiles import Profile

PRESS_S = 0.08
"""How long a person holds a key down."""
REPEAT_AFTER_S = 0.25
REPEAT_EVERY_S = 0.033
"""When the kernel begins to repeat a key that is held, and how often (its own defaults: 250 ms, 33 ms)."""
BOUNCE_S = 0.006
SCANNED = "6901234567892"
SCAN_EVERY_S = 0.008
"""A barcode scanner sends one report for a key that goes down, one when it goes up, as fast as USB asks."""
SCANNER = "scanner"


class EmulatedEvdevPad(FaultyEmulator):
    """One emulated USB number pad, keyboard or evaluator."""

    serial: ClassVar[bool] = False
    FAULTS: ClassVar[Mapping[str, Label]] = {
        "bounce": Label("按键抖动", "Keys bounce"),
        "held": Label("按住不放", "Key held down"),
        "numlock": Label("夹带 NumLock", "NumLock around each key"),
        "silent": Label("按键无反应", "Keys dead"),
    }

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        super().__init__(wire, profile, address)
        options = msgspec.convert(profile.options, EvdevOptions)
        self._keys = _codes_of({name: key for name, key in options.keys.items() if key})
        self._ratings = _codes_of({name: f"rate_{level}" for name, level in options.ratings.items()})
        self._levels = sorted(set(options.ratings.values()), reverse=True)
        self._fingers: list[tuple[float, int, int]] = []
        self._free_at_s = 0.0
        self._held: int | None = None
        self._repeat_at_s = 0.0
        self._pressed = ""
        self._epoch_s = time.time() - wire.now_s()

    # --- time ---

    def tick(self) -> None:
        """Do what the fingers are due to do, and repeat the key that is held."""
        now_s = self.wire.now_s()
        while self._fingers and self._fingers[0][0] <= now_s:
            at_s, code, value = self._fingers.pop(0)
            self._move(code, value, at_s)
        if self._held is not None and now_s >= self._repeat_at_s:
            self._repeat_at_s = now_s + REPEAT_EVERY_S
            self._report(self._held, 2, now_s)

    def _move(self, code: int, value: int, at_s: float) -> None:
        """A finger moves, and the pad's faults make more of it."""
        if "numlock" in self.faults:
            self._report(ecodes.KEY_NUMLOCK, 1, at_s)
            self._report(ecodes.KEY_NUMLOCK, 0, at_s)
        self._report(code, value, at_s)
        if value and "bounce" in self.faults:
            self._report(code, 0, at_s + BOUNCE_S)
            self._report(code, 1, at_s + 2 * BOUNCE_S)

    def _report(self, code: int, value: int, at_s: float) -> None:
        """The records of one report: the key's scan code, the key, and the end of the report."""
        if "silent" in self.faults:
            return
        seconds, part = divmod(self._epoch_s + at_s, 1)
        at = int(seconds), int(part * 1_000_000)
        scan = [] if value == 2 else [(ecodes.EV_MSC, ecodes.MSC_SCAN, 0x70000 + code)]
        records = [*scan, (ecodes.EV_KEY, code, value), (ecodes.EV_SYN, ecodes.SYN_REPORT, 0)]
        self.wire.send(b"".join(struct.pack("llHHi", *at, *record) for record in records))

    # --- people ---

    def view(self) -> dict[str, Any]:
        """Which key was pressed last, which is held, and what is wrong."""
        return {
            "pressed": self._pressed,
            "held": self._held is not None,
            "faults": sorted(self.faults),
        }

    def actions(self) -> list[Action]:
        """Its keys, its rating keys, a barcode scanner in its place, and its faults."""
        scan = Action(name=SCANNER, zh="扫一次条码", en="A barcode is scanned", group="fault")
        keys = [key_action(key) for key in self._keys]
        return [*keys, *map(rating_action, self._levels), *self.switches(), scan, *cable_actions()]

    def act(self, action: str) -> None:
        """Press a key, or switch a fault on or off. Raises KeyError."""
        keys = self._keys | self._ratings
        if action == SCANNER:
            self._scan()
        elif action in keys:
            self._press(keys[action])
            self._pressed = action
        else:
            super().act(action)
            if action in self.FAULTS:
                self._let_go()

    def _press(self, code: int) -> None:
        """One finger: the next key waits until this one is up again."""
        at_s = max(self.wire.now_s(), self._free_at_s)
        self._free_at_s = at_s + 2 * PRESS_S
        self._fingers.append((at_s, code, 1))
        if "held" in self.faults:
            self._held, self._repeat_at_s = code, at_s + REPEAT_AFTER_S
        else:
            self._fingers.append((at_s + PRESS_S, code, 0))
        self.tick()

    def _scan(self) -> None:
        """All at once: a tick is longer than a scanner's pauses."""
        at_s = self.wire.now_s()
        for name in [*(f"KEY_{figure}" for figure in SCANNED), "KEY_ENTER"]:
            self._report(ecodes.ecodes[name], 1, at_s)
            self._report(ecodes.ecodes[name], 0, at_s + SCAN_EVERY_S)
            at_s += 2 * SCAN_EVERY_S

    def _let_go(self) -> None:
        """A key that was held comes up when the fault is over."""
        if self._held is not None and "held" not in self.faults:
            self._report(self._held, 0, self.wire.now_s())
            self._held = None


def _codes_of(layout: Mapping[str, str]) -> dict[str, int]:
    """What a person presses → the code of the first key that is for it."""
    codes: dict[str, int] = {}
    for name, action in layout.items():
        codes.setdefault(action, ecodes.ecodes[name])
    return codes
