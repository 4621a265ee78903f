"""Lessons over real pseudo-terminals: an emulated pad, a cable that adds noise, the port opened for real."""

import os
import random
import select
import subprocess
import sys
import threading
import time
import tty
from contextlib import contextmanager

import pytest

from drivers.framed.learn import FramedLearner
from kioskd.devices.errors import PortError
from kioskd.devices.learning import NotLearned
from kioskd.devices.lesson import Ear, Lesson, Pace
from kioskd.devices.profile_files import find_profiles, load_profile, read_profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.testing import running_emulators, until

QUICK = Pace(press_s=10, quiet_s=0.3, longest_s=2)
FF68_KEYS = (
    "call", "recall", "pause", "transfer", "cancel", "digit_1", "digit_2", "digit_3", "digit_4", "digit_5",
)  # fmt: skip

PLAIN = """
name = "plain"
title = "a plain pad"
driver = "framed"
kinds = ["keypad"]

[wire.frames.pad]
layout = "AA 55 ADDR KEY SUM"

[wire.frames.pad.fields]
ADDR = { type = "u8", address = true }
KEY = { type = "u8" }
SUM = { type = "u8", check = "sum", over = "ADDR..KEY" }

[wire.receive.key]
frame = "pad"
fields = { KEY = "{key:u8}" }

[wire.keys]
call = "43"
recall = "52"
pause = "50"
transfer = "54"
digit_0 = "30"
digit_1 = "31"
digit_2 = "32"
digit_3 = "33"
digit_4 = "34"
digit_9 = "39"
"""
PLAIN_KEYS = (
    "call", "recall", "pause", "transfer", "digit_0", "digit_1", "digit_2", "digit_3", "digit_4", "digit_9",
)  # fmt: skip


class NoisyCable:
    """Between a pad and its port: passes everything on, and adds random bytes before and after."""

    def __init__(self, far_end, seed):
        self._random = random.Random(seed)
        self._far = os.open(far_end, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self.at = f"serial:{os.ttyname(self._slave)}"
        self._open = True
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()

    def _carry(self):
        quiet_s = 0.0
        while self._open:
            ready, _, _ = select.select([self._far, self._master], [], [], 0.05)
            if self._far in ready:
                data = os.read(self._far, 4096)
                if time.monotonic() - quiet_s > 0.05:  # the line was quiet: something crackles first
                    os.write(self._master, self._random.randbytes(self._random.randrange(4)))
                os.write(self._master, data)
                quiet_s = time.monotonic()
            if self._master in ready:
                os.write(self._far, os.read(self._master, 4096))
            if not ready and self._random.random() < 0.03:
                os.write(self._master, self._random.randbytes(1))

    def close(self):
        self._open = False
        self._thread.join()
        for fd in (self._far, self._master, self._slave):
            os.close(fd)


@pytest.fixture
def bench(tmp_path):
    """A pad on the bench: `with bench(profile, address) as (at, press)`."""

    @contextmanager
    def on_the_bench(profile, address, *, seed=None, options=None):
        port = PortSpec(name="bench", at="emulator:", settings=profile.port)
        device = DeviceSpec(
            name="pad", title="", profile=profile, port="bench", address=address, options=options or {}
        )
        with running_emulators([port], [device], tmp_path) as emulators:
            at = until((tmp_path / "bench.uri").read_text).strip()
            cable = None if seed is None else NoisyCable(at.removeprefix("serial:"), seed)
            try:
                yield cable.at if cable else at, lambda key: emulators.act("pad", key)
            finally:
                if cable:
                    cable.close()

    return on_the_bench


def lesson(at, press):
    """The technician presses what is asked for, a moment later."""
    told = []
    ask = lambda key: threading.Timer(0.03, press, [key]).start()  # noqa: E731
    return Lesson(FramedLearner(), at, ask=ask, tell=told.append, pace=QUICK), told


@pytest.mark.parametrize("seed", [1])
def test_an_ff68_pad_is_worked_out_and_found_to_want_an_echo(bench, tmp_path, seed):
    profile = load_profile("ff68-keypad")
    with bench(profile, 1, seed=seed, options={"resend_every_s": 0.12}) as (at, press):
        learning, _ = lesson(at, press)
        learning.find_speed("call", [9600])
        learning.learn_keys(FF68_KEYS[1:])
    known = learning.known([load_profile(name) for name in find_profiles()])
    assert (known.profile.name, known.address) == ("ff68-keypad", 1)
    learned = learning.learned(name="bench-pad", title="台上的键盘", address=1)
    assert learned.frame == "FF 68 LEN LEN2 68 ADDR FUNC KEY CHECK 16"
    assert any("the same bytes sent back end that" in said for said in learned.sure)
    file = tmp_path / "bench-pad.toml"
    file.write_text(learned.toml, encoding="utf-8")
    ours = read_profile(file, (tmp_path,))
    assert ours.wire["keys"] == {key: profile.wire["keys"][key] for key in FF68_KEYS}
    assert ours.wire["receive"]["key"]["acknowledge"] == "echo"


@pytest.mark.parametrize("seed", [2])
def test_a_plain_pad_that_says_everything_once_is_worked_out(bench, tmp_path, seed):
    (tmp_path / "plain.toml").write_text(PLAIN, encoding="utf-8")
    profile = load_profile("plain", [tmp_path])
    with bench(profile, 5, seed=seed) as (at, press):
        learning, _ = lesson(at, press)
        learning.find_speed("call", [9600])
        learning.learn_keys(PLAIN_KEYS[1:])
    assert learning.known([load_profile(name) for name in find_profiles()]) is None
    learned = learning.learned(name="bench-pad", title="台上的键盘", address=5)
    assert learned.frame == "AA 55 ADDR KEY CHECK"
    assert "byte 3 is the address: 5 was heard" in learned.sure
    file = tmp_path / "bench-pad.toml"
    file.write_text(learned.toml, encoding="utf-8")
    assert read_profile(file, (tmp_path,)).wire["keys"] == profile.wire["keys"]


def test_a_silent_line_and_a_babbling_one_are_told_apart():
    master, slave = os.openpty()
    tty.setraw(slave)
    at = f"serial:{os.ttyname(slave)}"
    pace = Pace(press_s=0.1, quiet_s=0.05)
    try:
        silent = Lesson(FramedLearner(), at, ask=lambda _: None, tell=lambda _: None, pace=pace)
        with pytest.raises(NotLearned, match="nothing came at any speed"):
            silent.find_speed("call", [9600, 19200])
        noise = random.Random(4)
        babble = Lesson(
            FramedLearner(),
            at,
            tell=lambda _: None,
            pace=pace,
            ask=lambda _: os.write(master, noise.randbytes(5)),
        )
        with pytest.raises(NotLearned, match="never the same twice"):
            babble.find_speed("call", [9600, 19200])
    finally:
        os.close(master)
        os.close(slave)


def test_a_port_that_somebody_has_is_refused():
    master, slave = os.openpty()
    at = f"serial:{os.ttyname(slave)}"
    with Ear(at, 9600, QUICK), pytest.raises(PortError) as refused:
        Ear(at, 9600, QUICK)
    assert refused.value.reason == "busy"
    os.close(master)
    os.close(slave)


def test_the_command_asks_for_keys_and_writes_a_profile_that_passes_its_check(bench, tmp_path):
    (tmp_path / "plain.toml").write_text(PLAIN, encoding="utf-8")
    with bench(load_profile("plain", [tmp_path]), 5) as (at, press):
        file = tmp_path / "bench-pad.toml"
        command = [
            sys.executable,
            "-m",
            "kioskd",
            "profile",
            "learn",
            str(file),
            "--port",
            at,
            "--baud",
            "9600",
        ]
        options = ["--address", "5", "--patience", "0.3", "--state", str(tmp_path)]
        keys = [word for key in PLAIN_KEYS[:5] for word in ("--key", key)]
        running = subprocess.Popen([*command, *options, *keys], stdout=subprocess.PIPE, text=True)
        printed = []
        for line in running.stdout:
            printed.append(line)
            if line.startswith("Press "):
                press(line.split()[1])
        assert running.wait(20) == 0, "".join(printed)
    assert "The frame: AA 55 ADDR KEY CHECK\n" in printed
    assert printed[-1] == f"{file} is written, and passes its check with every press as an example.\n"
    assert read_profile(file, (tmp_path,)).wire["keys"]["call"] == "43"
