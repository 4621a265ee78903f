"""One screen for several windows, and displays whose options cannot be."""

import pytest

BOARD = """
[[devices]]
name = "board-{window}"
profile = "onbon-bx5k"
port = "tcp:192.168.1.50:5005"
address = 1
window = {window}
options = {{ {options} }}
"""


def boards(hall, *options):
    for window, written in enumerate(options, 1):
        hall.add(BOARD.format(window=window, options=written))
    return [str(mistake).removeprefix(f"{hall.path}: ") for mistake in hall.mistakes()]


def test_the_windows_of_one_screen_have_an_area_each(hall):
    assert boards(hall, "area = 0", "area = 1, x = 64") == []

    [port] = {device.port for device in hall.load().devices if device.name.startswith("board")}
    assert port == "board-1"


def test_two_windows_in_one_area_of_a_screen_are_a_mistake(hall):
    [mistake] = boards(hall, "area = 1", "area = 1")

    assert "devices[5].address (board-2): address 1 on port 'board-1' belongs to board-1 already" in mistake


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("x = 4", "devices[4].options.x (board-1): 4: this model places areas by 8 pixels"),
        ("width = 60", "devices[4].options.width (board-1): 60: this model places areas by 8 pixels"),
        ("brightness = 16", "devices[4].options.brightness (board-1): 16: expected `int` <= 15"),
        ('mode = "scroll"', "devices[4].options.mode (board-1): 'scroll' is not one of auto, static"),
        (
            'colours = { call = "blue" }',
            "devices[4].options.colours.call (board-1): 'blue' is not one of",
        ),
        ('colours = { calling = "red" }', "calling"),
        ("hight = 32", "devices[4].options.hight (board-1): unknown key (did you mean 'height'?)"),
    ],
)
def test_an_option_that_cannot_be_is_told_by_its_key(hall, options, problem):
    [mistake] = boards(hall, options)

    assert problem in mistake
