"""Every kind of mistake is refused, by file and key, with the device's or window's name and a hint."""

import pytest

SPOILED = {
    "an unknown table": ("[web]", "[wep]", "wep", "did you mean 'web'?"),
    "an unknown key": (
        '[hall]\nname = "',
        '[hall]\nnmae = "x"\nname = "',
        "hall.nmae",
        "did you mean 'name'?",
    ),
    "a missing key": ('[hall]\nname = "青溪村便民服务点"', "[hall]", "hall.name", "is missing"),
    "a wrong type": ("port = 8085", 'port = "8085"', "web.port", "int"),
    "an unknown profile": (
        '"ff68-keypad"',
        '"ff68-keybad"',
        "devices[3].profile (pad-1)",
        "did you mean 'ff68-keypad'?",
    ),
    "an unknown port": (
        'port = "kiosk"',
        'port = "kiosc"',
        "devices[0].port (printer)",
        "did you mean 'kiosk'?",
    ),
    "a bad port": ("serial:/dev/ttyUSB0", "serail:/dev/ttyUSB0", "ports.counter.at", "serial:"),
    "an unknown window": ("window = 2", "window = 3", "devices[2].window (strip-2)", "the windows are 1, 2"),
    "an unknown line": (
        'lines = ["insurance"]',
        'lines = ["insurence"]',
        "windows[1].lines (2)",
        "'insurance'",
    ),
    "one address twice": (
        "address = 2",
        "address = 1",
        "devices[2].address (strip-2)",
        "belongs to strip-1 already",
    ),
    "no address": ("address = 2\n", "", "devices[2].address (strip-2)", "is missing"),
    "a printer on a shared line": (
        'port = "kiosk"',
        'port = "counter"',
        "devices[0].port (printer)",
        "cannot share a line",
    ),
    "one name twice": (
        'name = "strip-2"',
        'name = "strip-1"',
        "devices[2].name (strip-1)",
        "devices[1] has it too",
    ),
    "a name that is no name": (
        'name = "pad-1"',
        'name = "pad 1"',
        "devices[3].name (pad 1)",
        "letters, digits, - and _",
    ),
    "one line twice": ('id = "insurance"', 'id = "general"', "lines[1].id (general)", "given twice"),
    "a line nobody serves": (
        '"general", "insurance"',
        '"insurance"',
        "lines[0] (general)",
        "no window serves",
    ),
    "a window that serves nothing": (
        'lines = ["insurance"]',
        "lines = []",
        "windows[1].lines (2)",
        "no line",
    ),
    "a window without its display": (
        'profile = "pinganlihe-v21"\nport = "counter"\naddress = 2\nwindow = 2\n',
        'profile = "pinganlihe-v21"\nport = "counter"\naddress = 2\nwindow = 1\n',
        "windows[1] (2)",
        "window 2 has no display device",
    ),
    "ranges that meet": ('letter = "B"', 'letter = "A"', "lines", "both give A001"),
    "hours that end before they begin": ("closes = 12:00:00", "closes = 08:00:00", "hours", "opens at 08:30"),
    "a time zone that is none": (
        "[hall]",
        '[hall]\ntimezone = "Asia/Hangzho"',
        "hall.timezone",
        "no time zone",
    ),
    "a public address that is none": (
        "[hall]",
        '[hall]\npublic_url = "hall"',
        "hall.public_url",
        "phone can open",
    ),
    "a mark that nobody supplied": ("[hall]", '[hall]\nmark = "once.svg"', "hall.mark", "is not there"),
    "a mark that no page shows": ("[hall]", '[hall]\nmark = "once.doc"', "hall.mark", "neither an .svg"),
    "a bind address that is none": ("[web]", '[web]\nbind = "localhots"', "web.bind", "not an IP address"),
    "an unknown option": (
        'port = "kiosk"',
        'port = "kiosk"\noptions = { colums = 32 }',
        "devices[0].options.colums (printer)",
        "did you mean 'columns'?",
    ),
    "a layout that is nowhere": (
        "[web]",
        '[printing]\nlayout = "tiket"\n[web]',
        "printing.layout (tiket)",
        "tiket",
    ),
    "a key that no pad has": ("[web]", '[keys]\npaus = "hold"\n[web]', "keys.paus", "'pause'"),
    "a key's command that is none": ("[web]", '[keys]\npause = "paus"\n[web]', "keys.pause", "'pause'"),
}


@pytest.mark.parametrize(("old", "new", "key", "says"), SPOILED.values(), ids=SPOILED.keys())
def test_it_is_refused_by_file_and_key(hall, old, new, key, says):
    hall.change(old, new)
    [mistake] = [mistake for mistake in hall.mistakes() if mistake.key == key]
    assert mistake.file == str(hall.path)
    assert says in f"{mistake.problem} {mistake.hint}"


MATTERS_SPOILED = {
    "a matter without its line": (
        'line = "insurance"',
        'line = "insurence"',
        "matters[1].line (YB-01)",
        "'insurance'",
    ),
    "one code twice": ('code = "YB-01"', 'code = "MZ-03"', "matters[1].code (MZ-03)", "given twice"),
    "a data unit left empty": ('promise = "即办"', 'promise = ""', "matters[1].promise (YB-01)", "six units"),
    "a data unit left out": (
        'by_law = "《社会救助暂行办法》"\n',
        "",
        "matters[0].by_law (MZ-03)",
        "is missing",
    ),
}


@pytest.mark.parametrize(("old", "new", "key", "says"), MATTERS_SPOILED.values(), ids=MATTERS_SPOILED.keys())
def test_a_mistake_in_the_matters_is_told_by_their_own_file(hall, old, new, key, says):
    hall.change(old, new, file="matters.toml")
    [mistake] = hall.mistakes()
    assert (mistake.file, mistake.key) == (str(hall.folder / "matters.toml"), key)
    assert says in f"{mistake.problem} {mistake.hint}"


def test_all_of_them_are_told_in_one_go(hall):
    keys = set()
    for name in (
        "an unknown table",
        "an unknown key",
        "an unknown profile",
        "an unknown port",
        "an unknown line",
        "one address twice",
        "a bad port",
        "a time zone that is none",
    ):
        old, new, key, _ = SPOILED[name]
        hall.change(old, new)
        keys.add(key)
    hall.change('line = "insurance"', 'line = "insurence"', file="matters.toml")
    keys.add("matters[1].line (YB-01)")
    assert keys <= {mistake.key for mistake in hall.mistakes()}


def test_a_type_mistake_in_one_table_hides_none_in_another_and_invents_none(hall):
    hall.change('title = "综合窗口"', "title = 1")
    hall.change("window = 2", "window = 9")
    keys = {mistake.key for mistake in hall.mistakes()}
    assert keys == {"windows[0].title (1)", "devices[2].window (strip-2)", "windows[1] (2)"}


def test_a_syntax_error_is_told_with_line_and_column(hall):
    hall.change("[ports.kiosk]", "[ports.kiosk")
    [mistake] = hall.mistakes()
    assert "line 5, column 13" in mistake.problem


def test_a_file_that_is_not_there_and_one_that_is_not_utf8(hall):
    hall.change("[hall]", "[hall]\nmatters = 'gone.toml'")
    assert any(mistake.file.endswith("gone.toml") for mistake in hall.mistakes())
    hall.path.write_bytes("[hall]\nname = '便民'".encode("gbk"))
    assert "UTF-8" in hall.mistakes()[0].problem


def test_devices_of_one_line_must_talk_at_one_speed(hall):
    (hall.folder / "profiles").mkdir()
    (hall.folder / "profiles" / "fast-pad.toml").write_text(
        'name = "fast-pad"\ninherits = "ff68-keypad"\n[port]\nbaud = 19200\n', encoding="utf-8"
    )
    hall.change('"ff68-keypad"', '"fast-pad"')
    [mistake] = hall.mistakes()
    assert mistake.key == "devices[3].port (pad-1)"
    assert "19200" in mistake.problem
    assert "9600" in mistake.problem
    assert "[ports.counter]" in mistake.hint
    hall.change('at = "serial:/dev/ttyUSB0"', 'at = "serial:/dev/ttyUSB0"\nbaud = 9600')
    assert hall.mistakes() == []


def test_a_mistake_in_a_profile_is_told_by_the_profiles_file_and_once(hall):
    (hall.folder / "profiles").mkdir()
    wrong = hall.folder / "profiles" / "our-strip.toml"
    wrong.write_text('name = "our-strip"\ninherits = "pinganlihe-v21"\ntitel = "x"\n', encoding="utf-8")
    hall.change('"pinganlihe-v21"', '"our-strip"')
    hall.change('"pinganlihe-v21"', '"our-strip"')
    assert [m.key for m in hall.mistakes() if m.file == str(wrong)] == ["titel"]


def test_a_layout_tells_its_own_mistakes(hall):
    (hall.folder / "ours.txt").write_text("{{ numbr }}\n", encoding="utf-8")
    hall.add('[printing]\nlayout = "ours.txt"\n')
    assert any(
        "numbr" in mistake.problem for mistake in hall.mistakes() if mistake.key.startswith("printing.layout")
    )


@pytest.mark.parametrize(
    "text", ["", "hall = 1", "lines = 3\nports = []\nkeys = 1", "[[hall]]", "devices = [1, 'x']"]
)
def test_the_strangest_file_gets_mistakes_and_no_traceback(hall, text):
    hall.path.write_text(text, encoding="utf-8")
    assert hall.mistakes()


FACE_CAMERA = """
[[devices]]
name = "face-camera"
profile = "uvc-document"
port = "video:0c45:6366?path=1-5"
options = { role = "portrait" }
"""


def test_a_camera_that_looks_at_faces_is_refused_unless_the_hall_allows_it(hall):
    hall.add(FACE_CAMERA)
    [mistake] = hall.mistakes()
    assert mistake.key.endswith("options.role (face-camera)")
    assert "portrait = true in [documents]" in mistake.hint
    hall.change('name = "face-camera"', 'name = "face-camera"\ndisabled = true')
    assert hall.mistakes() == []
    hall.change('name = "face-camera"\ndisabled = true', 'name = "face-camera"')
    hall.add("[documents]\nportrait = true\n")
    assert hall.mistakes() == []


def test_a_profile_of_ones_own_does_not_turn_a_portrait_camera_on(hall):
    (hall.folder / "profiles").mkdir()
    (hall.folder / "profiles" / "our-camera.toml").write_text(
        'name = "our-camera"\ninherits = "uvc-document"\n[options]\nrole = "portrait"\n', encoding="utf-8"
    )
    hall.add(FACE_CAMERA.replace("uvc-document", "our-camera").replace('options = { role = "portrait" }', ""))
    [mistake] = hall.mistakes()
    assert "faces" in mistake.problem
