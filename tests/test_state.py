import subprocess
import sys

import pytest

from kioskd.state import StateBusy, StateDirectory

KEEPS_IT = """
import sys
from pathlib import Path
from kioskd.state import StateDirectory
StateDirectory(Path(sys.argv[1])).lock()
print("mine", flush=True)
sys.stdin.read()
"""


def another_daemon(folder):
    process = subprocess.Popen(
        [sys.executable, "-c", KEEPS_IT, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "mine\n"
    return process


def test_a_second_daemon_is_refused_and_told_which_process_is_in_the_way(tmp_path):
    with another_daemon(tmp_path) as first:
        with pytest.raises(StateBusy, match=f"process {first.pid}: stop that one first"):
            StateDirectory(tmp_path).lock()
        first.stdin.close()


def test_a_killed_daemon_leaves_no_lock_behind(tmp_path):
    with another_daemon(tmp_path) as first:
        first.kill()
    StateDirectory(tmp_path).lock()
    with pytest.raises(StateBusy):
        StateDirectory(tmp_path).lock()


def test_the_directory_is_made_and_is_free_again_after_unlock(tmp_path):
    state = StateDirectory(tmp_path / "new" / "hall")
    state.lock()
    state.unlock()
    StateDirectory(tmp_path / "new" / "hall").lock()
    assert state.path.stat().st_mode & 0o007 == 0
