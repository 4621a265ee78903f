"""The laboratory's hall: its devices are on a USB bus without wires; one daemon runs all the while."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# These meet real kernel drivers, in the machine that script/lab boots, and nowhere else.
collect_ignore_glob = [] if os.environ.get("KIOSKD_LAB") else ["test_*.py"]
sys.path.insert(0, str(Path(__file__).parent))

if os.environ.get("KIOSKD_LAB"):
    from counter import Counter
    from daemon import RunningDaemon

    @pytest.fixture(scope="session")
    def counter() -> Iterator[Counter]:
        """What stands on the counter, all the time the tests run."""
        devices = Counter()
        yield devices
        devices.clear()

    @pytest.fixture(scope="session")
    def running(counter: Counter, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDaemon]:
        """The daemon, started once: Python is slow in here."""
        daemon = RunningDaemon(tmp_path_factory.mktemp("hall"))
        counter.attach_to(daemon)
        daemon.start()
        daemon.ready()
        yield daemon
        daemon.stop()

    @pytest.fixture
    def hall(running: RunningDaemon, counter: Counter) -> RunningDaemon:
        """The hall with everything plugged in and well that was so from the start, and nobody waiting."""
        counter.plug_again()
        running.send_all_home()
        running.until_state("online", *counter.present, *counter.cameras)
        return running
