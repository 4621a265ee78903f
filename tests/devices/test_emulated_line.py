"""The emulated wire: bytes take their time, and senders that overlap on a shared line garble each other."""

from hypothesis import given
from hypothesis import strategies as st

from kioskd.devices.emulated_line import HOST, EmulatedLine

CHARACTER_S = 0.001


def shared() -> EmulatedLine:
    return EmulatedLine(CHARACTER_S, shared=True)


def test_a_byte_arrives_after_its_character_time_and_not_before():
    line = shared()
    line.send(HOST, b"abc", now_s=10.0)
    assert line.arrived(10.0005) == []
    assert line.next_at_s() == 10.0 + CHARACTER_S
    assert line.arrived(10.0021) == [(HOST, b"ab")]
    assert line.arrived(10.1) == [(HOST, b"c")]
    assert line.next_at_s() is None


def test_a_sender_goes_on_after_its_own_bytes():
    line = shared()
    line.send("pad", b"ab", now_s=10.0)
    line.send("pad", b"cd", now_s=10.0)
    assert line.arrived(10.0031) == [("pad", b"abc")]
    assert line.collisions == 0


def test_two_senders_at_one_time_garble_each_other():
    line = shared()
    line.send(HOST, b"abcd", now_s=10.0)
    line.send("pad", b"xy", now_s=10.0015)
    heard = dict.fromkeys((HOST, "pad"), b"")
    for sender, data in line.arrived(11.0):
        heard[sender] += data
    assert heard[HOST][0:1] == b"a"
    assert all(heard[HOST][n] != b"abcd"[n] for n in (1, 2, 3))
    assert all(heard["pad"][n] != b"xy"[n] for n in (0, 1))
    assert line.collisions > 0


def test_one_after_the_other_is_no_collision():
    line = shared()
    line.send(HOST, b"ab", now_s=10.0)
    assert line.arrived(10.003) == [(HOST, b"ab")]
    line.send("pad", b"cd", now_s=10.003)
    assert line.arrived(11.0) == [("pad", b"cd")]


def test_two_wires_do_not_garble():
    line = EmulatedLine(CHARACTER_S, shared=False)
    line.send(HOST, b"abcd", now_s=10.0)
    line.send("printer", b"xy", now_s=10.0)
    heard = dict.fromkeys((HOST, "printer"), b"")
    for sender, data in line.arrived(11.0):
        heard[sender] += data
    assert heard == {HOST: b"abcd", "printer": b"xy"}


def test_a_network_has_no_baud_rate():
    line = EmulatedLine(0.0, shared=False)
    line.send(HOST, b"abcd", now_s=10.0)
    assert line.arrived(10.0) == [(HOST, b"abcd")]


def test_a_pulled_cable_loses_what_was_on_its_way():
    line = shared()
    line.send(HOST, b"abcd", now_s=10.0)
    assert line.waiting(HOST) == 4
    line.clear()
    assert line.arrived(11.0) == []


@given(
    st.lists(
        st.tuples(st.sampled_from([HOST, "a", "b"]), st.binary(min_size=1, max_size=5), st.floats(0, 0.05)),
        max_size=12,
    )
)
def test_every_byte_arrives_once_whatever_happens_to_it(sendings):
    line = shared()
    for sender, data, at_s in sorted(sendings, key=lambda one: one[2]):
        line.send(sender, data, now_s=at_s)
    sent = sum(len(data) for _, data, _ in sendings)
    assert sum(len(data) for _, data in line.arrived(1000.0)) == sent
