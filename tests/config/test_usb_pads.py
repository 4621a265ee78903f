"""USB pads in a hall file: two of one model are two windows, named by their sockets."""

import pytest

PAD = """
[[devices]]
name = "numpad-{window}"
profile = "usb-numpad"
port = "{at}"
window = {window}
"""


def pads(hall, first, second):
    hall.add(PAD.format(window=1, at=first) + PAD.format(window=2, at=second))
    return hall


def test_two_of_one_model_in_two_sockets_are_two_windows(hall):
    loaded = pads(hall, "evdev:13ba:0001?path=1-1", "evdev:13ba:0001?path=1-2").load()
    ports = {port.name: port.at for port in loaded.ports}
    where = {device.name: ports[device.port] for device in loaded.devices if "numpad" in device.name}
    assert where == {"numpad-1": "evdev:13ba:0001?path=1-1", "numpad-2": "evdev:13ba:0001?path=1-2"}
    assert (loaded.windows_of["numpad-1"], loaded.windows_of["numpad-2"]) == (1, 2)


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [
        ("evdev:13ba:0001?path=1-1", "evdev:13ba:0001?path=1-1", "cannot share a line"),
        ("evdev:13ba:0001?path=1-1", "evdev:13BA:0001?path=1-1", "is what port 'numpad-1' opens already"),
        ("evdev:13ba:0001", "evdev:13ba:0001?path=1-1", "may be what port 'numpad-1' opens"),
        ("evdev:13ba:0001?path=1-1", "evdev:13ba:0001", "?path="),
        ("lp:04b8:0e15", "evdev:13ba:0001?path=1-1", "cannot be reached by lp:"),
        ("serial:/dev/ttyUSB7", "evdev:13ba:0001?path=1-1", "it is attached by evdev:"),
    ],
)
def test_two_on_one_identity_are_refused(hall, first, second, says):
    told = "\n".join(map(str, pads(hall, first, second).mistakes()))
    assert says in told


def test_functions_of_one_device_and_other_models_are_no_twins(hall):
    assert pads(hall, "evdev:13ba:0001?interface=0", "evdev:13ba:0001?interface=1").mistakes() == []


def test_a_key_that_the_kernel_does_not_know_is_told_with_the_nearest(hall):
    options = 'options = { keys = { KEY_KPENTR = "call" } }\n'
    hall.add(PAD.format(window=1, at="evdev:13ba:0001") + options)
    [mistake] = hall.mistakes()
    assert str(mistake).endswith(
        "devices[4].options.keys.KEY_KPENTR (numpad-1): the kernel knows no key 'KEY_KPENTR' "
        "(did you mean 'KEY_KPENTER'?)"
    )


def test_a_key_of_the_pads_own_may_be_given_a_command(hall):
    options = 'options = { keys = { KEY_KPSLASH = "my_key" } }\n'
    hall.add(PAD.format(window=1, at="evdev:13ba:0001") + options + '\n[keys]\nmy_key = "start"\n')
    assert hall.mistakes() == []
    hall.change('my_key = "start"', 'mykey = "start"')
    assert "did you mean 'my_key'?" in str(hall.mistakes()[0])
