import pytest

from kioskd import doctor


@pytest.mark.parametrize(
    ("finding", "verdict", "step"),
    [
        (doctor.python((3, 11, 2)), "good", ""),
        (doctor.python((3, 9, 2)), "bad", "Python 3.11"),
        (doctor.sqlite((3, 37, 0)), "good", ""),
        (doctor.sqlite((3, 34, 1)), "bad", "SQLite 3.37"),
        (doctor.group("no-such-group", "teapots"), "look", ""),
    ],
)
def test_a_finding_says_what_to_do(finding, verdict, step):
    assert finding.verdict == verdict
    assert step in finding.step
    assert bool(finding.step) == (verdict == "bad")


def test_a_user_outside_the_group_is_told_the_command_that_helps(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 4242)
    monkeypatch.setattr("os.getegid", lambda: 4242)
    monkeypatch.setattr("os.getgroups", lambda: [4242])
    found = doctor.group("dialout", "serial ports")
    assert found.verdict == "bad"
    assert "usermod -aG dialout" in found.step


def test_brltty_is_found_by_its_udev_rules(tmp_path):
    assert doctor.brltty(tmp_path).verdict == "good"
    (tmp_path / "85-brltty.rules").touch()
    assert "brltty" in doctor.brltty(tmp_path).step


def test_a_full_disk_is_told_for_a_directory_that_is_not_there_yet(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "DISK_NEEDED_MIB", 10**9)
    found = doctor.disk(tmp_path / "not" / "yet")
    assert found.verdict == "bad"
    assert str(tmp_path) in found.what
