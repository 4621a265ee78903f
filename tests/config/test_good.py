import sys
from importlib import resources
from pathlib import Path

from kioskd.config import load_hall
from kioskd.hall.matter_checks import problems
from kioskd.hall.plan import Window

AREAS = {
    "公安服务",
    "不动产交易登记",
    "商事登记",
    "医保社保",
    "城镇建设",
    "土地管理",
    "卫生计生",
    "公积金服务",
    "社会事务",
}


def demo_hall():
    return load_hall(Path(str(resources.files("kioskd.demo").joinpath("hall.toml"))))


def test_a_good_file_becomes_what_the_daemon_is_made_from(hall):
    loaded = hall.load()
    assert loaded.plan.name == "青溪村便民服务点"
    assert [line.letter for line in loaded.plan.lines] == ["A", "B"]
    assert {(port.name, port.at) for port in loaded.ports} == {
        ("kiosk", "tcp:192.168.1.60:9100"),
        ("counter", "serial:/dev/ttyUSB0"),
    }
    assert loaded.windows_of == {"strip-1": 1, "strip-2": 2, "pad-1": 1}
    assert loaded.web.port == 8085
    assert loaded.web.bind == "127.0.0.1"


def test_the_hall_never_hears_of_displays(hall):
    assert all(type(window) is Window for window in hall.load().plan.windows)


def test_port_settings_come_from_the_profiles_and_the_hall_file_overrides_them(hall):
    hall.change('at = "serial:/dev/ttyUSB0"', 'at = "serial:/dev/ttyUSB0"\nbaud = 19200\nlocal_echo = true')
    counter = next(port for port in hall.load().ports if port.name == "counter")
    assert counter.settings.baud == 19200
    assert counter.settings.format == "8N1"
    assert counter.local_echo is True


def test_a_device_may_name_a_port_of_its_own(hall):
    hall.change('port = "kiosk"', 'port = "lp:/dev/usb/lp0"')
    loaded = hall.load()
    printer = next(device for device in loaded.devices if device.name == "printer")
    assert next(port.at for port in loaded.ports if port.name == printer.port) == "lp:/dev/usb/lp0"


def test_two_devices_that_name_one_place_share_one_port(hall):
    for _ in range(3):
        hall.change('port = "counter"', 'port = "serial:/dev/ttyS1"')
    ports = {device.port for device in hall.load().devices if device.name != "printer"}
    assert len(ports) == 1


def test_each_emulated_device_of_its_own_gets_a_port_of_its_own(hall):
    for _ in range(3):
        hall.change('port = "counter"', 'port = "emulator:"')
    ports = {device.port for device in hall.load().devices if device.name != "printer"}
    assert len(ports) == 3


def test_a_strip_and_a_pad_may_have_one_address_since_they_speak_different_protocols(hall):
    addresses = [device.address for device in hall.load().devices if device.name in ("strip-1", "pad-1")]
    assert addresses == [1, 1]


def test_a_window_may_say_that_it_has_no_display(hall):
    hall.change('title = "医保社保"\nlines', 'title = "医保社保"\ndisplay = false\nlines')
    hall.change('name = "strip-2"', 'name = "strip-2"\ndisabled = true')
    assert hall.mistakes() == []


def test_a_sites_own_profile_beside_the_hall_file_wins(hall):
    (hall.folder / "profiles").mkdir()
    (hall.folder / "profiles" / "our-printer.toml").write_text(
        'name = "our-printer"\ntitle = "本厅打印机"\ninherits = "escpos-80"\n', encoding="utf-8"
    )
    hall.change('profile = "escpos-80"', 'profile = "our-printer"')
    assert next(d for d in hall.load().devices if d.name == "printer").profile.title == "本厅打印机"


def test_reading_a_file_opens_no_device(hall):
    opened = []
    sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
    hall.load()
    assert opened
    assert not [path for path in opened if path.startswith(("/dev/tty", "/dev/usb"))]


# --- the demo hall ---


def test_the_demo_hall_is_a_township_with_eight_windows_and_the_devices_for_them():
    demo = demo_hall()
    assert len(demo.plan.windows) == 8
    assert len(demo.devices) >= 26
    assert sum("综合" in window.title for window in demo.plan.windows) >= 2
    on_counters = [device for device in demo.devices if device.port == "counters"]
    assert sorted(device.address for device in on_counters) == sorted([*range(1, 9)] * 2)


def test_the_demo_hall_offers_150_matters_over_the_nine_areas_each_with_its_six_data_units():
    matters = demo_hall().plan.matters
    assert len(matters) >= 150
    assert {matter.area for matter in matters} == AREAS
    for matter in matters:
        units = (matter.name, matter.by_law, matter.accept_condition, matter.handle_flow, matter.promise)
        assert all(units), matter.code
        assert matter.materials, matter.code
        assert matter.name_en, matter.code
        assert matter.sample, matter.code
        assert not [*problems(matter)], matter.code
        assert matter.by_law.startswith("《"), matter.code


def test_the_demo_hall_takes_tickets_at_any_hour():
    plan = demo_hall().plan
    assert plan.hours == ()
    assert all(line.hours == () for line in plan.lines)
    assert plan.day.closes == plan.day.starts


def test_every_port_of_the_demo_hall_says_what_a_real_one_would_be():
    text = resources.files("kioskd.demo").joinpath("hall.toml").read_text(encoding="utf-8")
    emulated = [line for line in text.splitlines() if line.startswith('at = "emulator:')]
    assert len(emulated) == len(demo_hall().ports)
    assert all('# real: "' in line for line in emulated)


def test_a_hall_without_a_file_of_matters_has_those_that_were_imported(hall):
    (hall.folder / "matters.toml").unlink()
    assert load_hall(hall.path).plan.matters is None
