"""Late, pulled, moved and swapped devices, with udev's events as the library hears them."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

SCRIPT = Path(__file__).parent / "found_again.py"


@pytest.fixture(scope="module")
def morning():
    done = subprocess.run(
        ["umockdev-wrapper", sys.executable, str(SCRIPT)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return [msgspec.json.decode(line) for line in done.stdout.splitlines()]


def test_what_was_there_is_open_and_what_comes_late_is_opened_when_it_comes(morning):
    before, after = morning[:2]
    assert before["open"] == {"left": "/dev/ttyUSB0"}
    assert before["why"] == {"right": "1a86:7523?path=1-2 is not plugged in, but its like is at 1-1"}
    assert after == {"open": {"left": "/dev/ttyUSB0", "right": "/dev/ttyUSB1"}, "why": {}}


def test_twins_that_come_back_with_their_nodes_exchanged_are_who_they_were(morning):
    gone, back = morning[2:4]
    assert gone["open"] == {}
    assert back["open"] == {"left": "/dev/ttyUSB1", "right": "/dev/ttyUSB0"}


def test_another_of_the_same_model_in_the_same_socket_takes_its_place(morning):
    assert morning[4]["open"] == {"left": "/dev/ttyUSB7", "right": "/dev/ttyUSB0"}


def test_in_another_socket_it_is_not_taken_for_the_one_that_was_named(morning):
    assert morning[5]["open"] == {"right": "/dev/ttyUSB0"}
    assert morning[5]["why"] == {"left": "1a86:7523?path=1-1 is not plugged in, but its like is at 1-2, 1-4"}
