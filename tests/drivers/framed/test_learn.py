"""Working out the frame of an unknown pad: what it sends, among noise, goes in; its format comes out."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.framed.checks import check_named
from drivers.framed.codec import layouts_of
from drivers.framed.codec import understand as understand_frame
from drivers.framed.decoder import Decoder
from drivers.framed.driver import FramedDevice, codec_of
from drivers.framed.learn import FramedLearner
from drivers.framed.learn.roles import understand
from kioskd.devices.learning import Heard, NotLearned, Press
from kioskd.devices.profile_files import find_profiles, load_profile, read_profile

KEYS = (
    "call",
    "recall",
    "pause",
    "transfer",
    "confirm",
    "digit_1",
    "digit_2",
    "digit_3",
    "digit_4",
    "digit_5",
)
FF68_CODES = (0x0C, 0x0D, 0x12, 0x13, 0x0F, 1, 2, 3, 4, 5)


def ff68(code, address=1):
    body = bytes([address, 0x01, code])
    return b"\xff\x68\x03\x03\x68" + body + bytes([sum(body) & 0xFF, 0x16])


def plain(code, address=5):
    body = bytes([address, code])
    return b"\xaa\x55" + body + bytes([sum(body) & 0xFF])


class Line:
    """What comes in while keys are pressed, with everything that spoils it."""

    def __init__(self, seed, frame, *, noise=True, copies=1, every_s=0.3, torn=(), addresses=(5,)):
        self.random = random.Random(seed)
        self.frame, self.noise, self.copies, self.every_s = frame, noise, copies, every_s
        self.torn, self.addresses = torn, addresses
        self.now_s = 100.0

    def press(self, index, key, code, answered=False):
        frame = self.frame(code, self.addresses[index % len(self.addresses)])
        heard = []
        for copy in range(1 if answered else self.copies):
            data = frame[: len(frame) // 2] if index in self.torn and copy == 0 else frame
            if self.noise:
                data = self.some_noise() + data + self.some_noise()
            self.now_s += self.every_s
            middle = self.random.randrange(len(data) + 1)
            heard += [Heard(self.now_s, data[:middle]), Heard(self.now_s + 0.01, data[middle:])]
            if self.noise and self.random.random() < 0.5:
                heard.append(Heard(self.now_s + 0.1, self.some_noise()))
        self.now_s += 2
        return Press(key, tuple(each for each in heard if each.data), answered)

    def some_noise(self):
        return self.random.randbytes(self.random.randrange(5))

    def presses(self, codes, keys=KEYS, answered_from=99):
        return [
            self.press(index, key, code, index >= answered_from)
            for index, (key, code) in enumerate(zip(keys, codes, strict=True))
        ]


def checked(learned, tmp_path, name="pad"):
    """The profile, having passed `profile check`."""
    file = tmp_path / f"{name}.toml"
    file.write_text(learned.toml, encoding="utf-8")
    return read_profile(file, (tmp_path,))


@pytest.mark.parametrize("seed", range(20))
def test_an_ff68_pad_is_worked_out_from_ten_presses_with_noise(seed, tmp_path):
    line = Line(seed, ff68, copies=3, torn=(4,), addresses=(1,))
    learned = FramedLearner().learn(line.presses(FF68_CODES), name="pad", title="垫", baud=9600, address=1)
    assert learned.frame == "FF 68 LEN LEN2 68 ADDR FUNC KEY CHECK 16"
    assert any("sum over bytes 6 to 8; it fits 10 different frames" in said for said in learned.sure)
    profile = checked(learned, tmp_path)
    assert profile.wire["keys"] == {key: f"{code:02X}" for key, code in zip(KEYS, FF68_CODES, strict=True)}
    assert len(profile.wire["golden"]) == 10


@pytest.mark.parametrize("seed", range(20))
def test_a_plain_pad_is_worked_out_from_ten_presses_with_noise(seed, tmp_path):
    codes = random.Random(seed).sample(range(0x20, 0x80), 10)
    line = Line(seed, plain, copies=2, torn=(7,))
    learned = FramedLearner().learn(line.presses(codes), name="pad", title="垫", baud=9600)
    assert learned.frame == "AA 55 ADDR KEY CHECK"
    assert any("sum over bytes 3 to 4; it fits 10 different frames" in said for said in learned.sure)
    assert any("byte 3 is the address: 5 was heard" in said for said in learned.unsure)
    assert list(checked(learned, tmp_path).wire["frames"]["pad"]["fields"]) == ["ADDR", "KEY", "CHECK"]


@pytest.mark.parametrize("seed", range(10))
def test_frames_that_come_once_among_noise_are_enough(seed, tmp_path):
    codes = random.Random(seed).sample(range(0x20, 0x80), 10)
    learned = FramedLearner().learn(
        Line(seed, plain, torn=(2,)).presses(codes), name="pad", title="垫", baud=9600, address=5
    )
    assert learned.frame == "AA 55 ADDR KEY CHECK"
    assert "a key is sent once and waits for no answer" in learned.sure
    assert len(checked(learned, tmp_path).wire["keys"]) == 9  # the torn press told nothing


def test_two_addresses_on_one_line_show_which_byte_it_is(tmp_path):
    line = Line(3, plain, addresses=(5, 9))
    learned = FramedLearner().learn(line.presses(range(0x41, 0x4B)), name="pad", title="垫", baud=9600)
    assert "byte 3 is the address: 5, 9 was heard" in learned.sure
    checked(learned, tmp_path)


def test_a_pad_that_waits_for_an_echo_is_found_out():
    presses = Line(1, ff68, copies=6, addresses=(1,)).presses(FF68_CODES, answered_from=2)
    learned = FramedLearner().learn(presses, name="pad", title="垫", baud=9600, address=1)
    assert "a key is sent 6 times, every 0.3 s, when nobody answers; the same bytes sent back end that" in (
        learned.sure
    )
    assert 'acknowledge = "echo"' in learned.toml


def test_a_pad_that_says_everything_twice_at_once_has_no_longer_frames(tmp_path):
    line = Line(2, lambda code, address: plain(code) * 2, noise=False)
    learned = FramedLearner().learn(line.presses(range(0x41, 0x4B)), name="pad", title="垫", baud=9600)
    assert learned.frame == "AA 55 ADDR KEY CHECK"


def test_a_beginning_that_was_lost_now_and_then_still_belongs_to_the_frame():
    presses = Line(6, ff68, addresses=(1,)).presses(FF68_CODES)
    for index in (2, 7):
        presses[index] = Press(KEYS[index], (Heard(1.0, ff68(FF68_CODES[index])[1:]),))
    learned = FramedLearner().learn(presses, name="pad", title="垫", baud=9600, address=1)
    assert learned.frame == "FF 68 LEN LEN2 68 ADDR FUNC KEY CHECK 16"


def test_known_protocols_are_recognised_and_named():
    profiles = [load_profile(name) for name in find_profiles()]
    presses = Line(7, ff68, copies=2, addresses=(3,)).presses(FF68_CODES)
    known = FramedLearner().known(presses, profiles)
    assert (known.profile.name, known.address, known.presses) == ("ff68-keypad", 3, 10)
    assert known.others == ()
    renamed = [Press("go" if press.key == "call" else press.key, press.heard) for press in presses]
    assert FramedLearner().known(renamed, profiles).others == (("go", "call"),)
    assert FramedLearner().known(Line(7, plain).presses(FF68_CODES), profiles) is None


def test_nothing_in_common_is_said_so():
    noise = random.Random(5)
    presses = [Press(key, (Heard(index, noise.randbytes(6)),)) for index, key in enumerate(KEYS)]
    with pytest.raises(NotLearned, match="nothing in common"):
        FramedLearner().learn(presses, name="pad", title="垫", baud=9600)
    with pytest.raises(NotLearned):
        FramedLearner().learn([], name="pad", title="垫", baud=9600)


def test_a_counter_in_the_frame_is_not_taken_for_a_key():
    presses = [
        Press(key, (Heard(10.0 * turn + index, bytes([0x7E, 0x10 + index, turn * 3 + index, 0x0D])),))
        for turn in range(3)
        for index, key in enumerate(KEYS[:4])
    ]
    with pytest.raises(NotLearned, match="byte 3 of it varies"):
        FramedLearner().learn(presses, name="pad", title="垫", baud=9600)


def test_the_same_bytes_twice_are_sensible_and_garbage_is_not():
    learner = FramedLearner()
    assert learner.sensible(Line(1, plain, copies=2).presses([0x43], ["call"]))
    assert learner.sensible(Line(1, plain).presses([0x43, 0x43], ["call", "call"]))
    noise = random.Random(1)
    assert not learner.sensible(
        [Press("call", (Heard(1, noise.randbytes(20)), Heard(2, noise.randbytes(20))))]
    )
    assert not learner.sensible(
        [Press("call", (Heard(1, bytes(6)), Heard(2, bytes(6))))]
    )  # a break, no speed


def test_frames_are_recognised_as_they_come_for_being_answered():
    presses = Line(1, plain, copies=3).presses(range(0x41, 0x4B))
    recogniser = FramedLearner().recogniser(presses[:3])
    frame = plain(0x60)
    assert recogniser.feed(b"\xaa" + frame[:3]) == []
    assert recogniser.feed(frame[3:] + b"\x55") == [frame]
    assert recogniser.feed(plain(0x61)[:-1] + b"\x00") == []
    assert FramedLearner().recogniser([]) is None
    once = Line(1, plain).presses(range(0x41, 0x4B))
    assert (
        FramedLearner().recogniser(once) is None
    )  # it waits for nothing: what we say could be a command to it


CHECKS = {"sum": 1, "xor": 1, "CRC-8/MAXIM-DOW": 1, "CRC-16/MODBUS": 2}


@st.composite
def formats(draw):
    """A made-up pad: how it writes a key."""
    head = draw(st.sampled_from([b"\xaa\x55", b"\x7e", b"\xfe\xef", b"\xa5\x5a\x81", b"\xff\x68"]))
    address = draw(st.sampled_from([b"", b"\x05", b"\x11"]))
    function = draw(st.sampled_from([b"", b"\x4b", b"\x91"]))
    tail = draw(st.sampled_from([b"", b"\x0d", b"\x16", b"\x0d\x0a"]))
    check = draw(st.sampled_from(sorted(CHECKS)))
    whole = draw(st.booleans())
    order = draw(st.sampled_from(["big", "little"]))

    def frame(code, _address=None):
        body = address + function + bytes([code])
        value = check_named(check)(head + body if whole else body) & (256 ** CHECKS[check] - 1)
        return head + body + value.to_bytes(CHECKS[check], order) + tail

    return frame, len(head), address, tail


@settings(deadline=None, max_examples=60)
@given(formats(), st.lists(st.integers(1, 0x3F), min_size=7, max_size=10, unique=True), st.integers(0, 10**6))
def test_whatever_a_pad_makes_of_a_key_is_worked_out(made_up, codes, seed):
    frame, _, address, _ = made_up
    line = Line(seed, frame, copies=2)
    roles = understand(line.presses(codes, KEYS[: len(codes)]), address[0] if address else None)
    assert roles.pattern in {frame(code) for code in codes}
    assert roles.keys == dict(zip(KEYS, codes, strict=False))
    assert roles.unexplained == ()
    assert roles.check is not None
    unheard = next(code for code in range(0x40, 0x80))
    assert roles.fits(frame(unheard))  # a key nobody pressed yet is understood as well
    spoilt = bytearray(frame(unheard))
    spoilt[roles.check.at] ^= 0x20
    assert not roles.fits(bytes(spoilt))


def test_the_profile_that_was_written_reads_keys_nobody_pressed(tmp_path):
    presses = Line(11, plain, copies=2).presses(range(0x41, 0x4B))
    profile = checked(FramedLearner().learn(presses, name="pad", title="垫", baud=9600, address=5), tmp_path)
    codec = codec_of(profile, {})
    decoder = Decoder(layouts_of(codec.receive.values()), lambda _: None)
    (frame,) = decoder.feed(b"\x00\xaa" + plain(0x70, 7))
    assert frame.address == 7
    assert understand_frame(frame, codec.receive.values()).values == {"key": 0x70}
    assert FramedDevice.line_protocol(profile) == "pad"
