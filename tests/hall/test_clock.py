"""The computer's clock."""

from datetime import UTC, datetime, timedelta

from kioskd.hall.clock import SystemClock
from kioskd.hall.times import elapsed_s, from_text, to_text


def test_the_time_is_in_utc():
    assert SystemClock().now().tzinfo is UTC


def test_seconds_do_not_go_back():
    clock = SystemClock()
    assert clock.monotonic_s() <= clock.monotonic_s()


def test_the_kernel_says_whether_somebody_vouches_for_the_time():
    assert SystemClock().synchronised() in (True, False)


def test_a_moment_survives_as_text_that_sorts_as_time_does():
    moments = [datetime(2026, 3, 2, 1, 30, second, tzinfo=UTC) for second in (9, 10)]
    texts = [to_text(moment) for moment in moments]
    assert texts == sorted(texts)
    assert texts[0] == "2026-03-02T01:30:09.000000Z"
    assert [from_text(text) for text in texts] == moments


def test_time_never_runs_backwards():
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert elapsed_s(now, now - timedelta(hours=1)) == 0
    assert elapsed_s(now, now + timedelta(hours=1)) == 3600
