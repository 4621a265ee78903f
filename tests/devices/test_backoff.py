from kioskd.devices.backoff import Backoff


def test_the_waits_grow_to_the_cap_and_the_jitter_is_bounded():
    shortest = Backoff(0.2, 15, chance=lambda: 0.0)
    longest = Backoff(0.2, 15, chance=lambda: 1.0)
    steps = [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 15, 15]
    assert [round(longest.next_s(), 6) for _ in steps] == steps
    assert [round(shortest.next_s() * 2, 6) for _ in steps] == steps


def test_after_a_reset_the_wait_is_short_again():
    backoff = Backoff(0.2, 15, chance=lambda: 1.0)
    for _ in range(5):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() == 0.2


def test_two_owners_do_not_wait_in_step():
    waits = {Backoff(1, 15).next_s() for _ in range(20)}
    assert len(waits) > 10


def test_a_device_gone_for_a_year_does_not_overflow():
    backoff = Backoff(0.2, 15, chance=lambda: 1.0)
    for _ in range(5000):
        backoff.next_s()
    assert backoff.next_s() == 15
