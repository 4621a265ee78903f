"""A person is a keyed hash for a day."""

import os
import stat

import pytest

from kioskd.floor.person_hash import PersonHash, kept_secret

NUMBER = "660102199606151236"


def test_one_person_is_one_hash_a_day_and_another_the_next():
    person = PersonHash(b"s" * 32)
    today = person.of(NUMBER, "2026-03-02")
    assert today == person.of(f" {NUMBER} ", "2026-03-02")
    assert person.of("66010219880920456x", "2026-03-02") == person.of("66010219880920456X", "2026-03-02")
    assert today != person.of(NUMBER, "2026-03-03")
    assert today != PersonHash(b"t" * 32).of(NUMBER, "2026-03-02")
    assert len(today) == 64
    assert NUMBER not in today


def test_a_short_secret_is_no_secret():
    with pytest.raises(ValueError, match="31 bytes"):
        PersonHash(b"s" * 31)


def test_nobody_reads_the_secret_in_a_text():
    assert "ssss" not in repr(PersonHash(b"s" * 32))


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_the_secret_is_made_once_and_is_for_its_owner_alone(tmp_path, mask):
    before = os.umask(mask)
    try:
        secret = kept_secret(tmp_path / "person.key")
    finally:
        os.umask(before)
    assert len(secret) == 32
    assert stat.S_IMODE((tmp_path / "person.key").stat().st_mode) == 0o600
    assert kept_secret(tmp_path / "person.key") == secret
    assert [file.name for file in tmp_path.iterdir()] == ["person.key"]


def test_a_secret_left_open_is_closed_and_half_a_secret_made_anew(tmp_path):
    file = tmp_path / "person.key"
    secret = kept_secret(file)
    file.chmod(0o644)
    assert kept_secret(file) == secret
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_bytes(secret[:7])  # the power went
    assert len(kept_secret(file)) == 32
