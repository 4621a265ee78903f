"""A document camera on its desk: pictures, the live view, and everything that can happen to it."""

import io
import threading
import time

import msgspec
import pytest
from PIL import Image

from drivers.v4l2.desk import CORNERS
from kioskd.devices.errors import CannotExpress, DeviceError, NoAnswer
from kioskd.devices.health import State
from kioskd.devices.kinds import KeyPressed
from kioskd.devices.profile_files import load_profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.testing import QUICK, until
from kioskd.devices.video_emulated import EmulatedVideo

PATIENCE_S = 15


def opened(picture):
    return Image.open(io.BytesIO(picture.data)).convert("RGB")


def brightness(picture):
    return sum(opened(picture).resize((1, 1)).getpixel((0, 0))) / 3


def look_on(camera, seen):
    """Look as a page does: again and again."""
    while True:
        seen = camera.look(seen.number, timeout_s=PATIENCE_S)


def test_a_picture_is_a_whole_jpeg_in_the_largest_mode_that_is_allowed(counter):
    with counter(max_megapixels=2.0) as desk:
        desk.expect_state(State.ONLINE)
        picture = desk.camera.capture().result(PATIENCE_S)
        assert (picture.width_px, picture.height_px) == opened(picture).size == (1600, 1200)
        assert desk.camera.health().facts["picture"] == "MJPG 1600x1200"


def test_it_waits_until_the_exposure_has_settled(counter):
    with counter() as desk:
        desk.expect_state(State.ONLINE)
        assert brightness(desk.camera.capture().result(PATIENCE_S)) > 60


def test_it_waits_also_when_the_live_view_has_only_just_begun_in_the_same_mode(counter):
    with counter() as desk:
        desk.expect_state(State.ONLINE)
        desk.camera.look(timeout_s=PATIENCE_S)
        assert desk.camera.health().facts["picture"] == desk.camera.health().facts["preview"]
        assert brightness(desk.camera.capture().result(PATIENCE_S)) > 60


def test_a_hasty_profile_gets_the_dark_first_frame(counter):
    """So the test above proves the waiting, not the lamp."""
    with counter(warm_up_frames=0) as desk:
        desk.expect_state(State.ONLINE)
        assert brightness(desk.camera.capture().result(PATIENCE_S)) < 20


def test_it_sees_the_page_where_it_lies(counter):
    with counter() as desk:
        desk.expect_state(State.ONLINE)
        frame = opened(desk.camera.capture().result(PATIENCE_S))
        centre = tuple(round(sum(corner[i] for corner in CORNERS[0]) / 4 * frame.size[i]) for i in (0, 1))
        assert min(frame.getpixel(centre)) > 180
        assert max(frame.getpixel((10, frame.height // 2))) < 80


def test_nothing_streams_until_somebody_looks_and_nothing_long_after(counter):
    with counter() as desk:
        desk.expect_state(State.ONLINE)
        assert desk.emulated()["streams"] == "no"
        first = desk.camera.look(timeout_s=PATIENCE_S)
        second = desk.camera.look(first.number, timeout_s=PATIENCE_S)
        assert second.number > first.number
        assert desk.emulated()["streams"] == "MJPG 1280x960"
        until(lambda: desk.emulated()["streams"] == "no", what="the camera to rest")


def test_a_slow_viewer_gets_the_newest_frame_and_holds_nobody_up(counter):
    with counter() as desk:
        desk.expect_state(State.ONLINE)
        first = desk.camera.look(timeout_s=PATIENCE_S)
        until(lambda: desk.emulated()["sent"] >= 10, what="frames that nobody looked at")
        late = desk.camera.look(first.number, timeout_s=PATIENCE_S)
        assert late.number > first.number + 3


def test_a_picture_in_the_middle_of_the_live_view_and_the_view_goes_on(counter):
    with counter(max_megapixels=2.0) as desk:
        desk.expect_state(State.ONLINE)
        seen = desk.camera.look(timeout_s=PATIENCE_S)
        picture = desk.camera.capture().result(PATIENCE_S)
        assert picture.width_px == 1600
        assert desk.camera.look(seen.number, timeout_s=PATIENCE_S).picture.width_px == 1280


def test_a_camera_pulled_out_while_somebody_looks_is_told_at_once_and_found_again(counter):
    with counter() as desk:
        desk.expect_state(State.ONLINE)
        seen = desk.camera.look(timeout_s=PATIENCE_S)
        desk.act("unplug")
        begun = time.monotonic()
        with pytest.raises(NoAnswer):
            look_on(desk.camera, seen)
        assert time.monotonic() - begun < 3
        desk.expect_state(State.OFFLINE, "port_missing")
        with pytest.raises(DeviceError):
            desk.camera.capture().result(1)
        desk.act("plug")
        desk.expect_state(State.ONLINE)
        assert desk.camera.look(timeout_s=PATIENCE_S).number > seen.number


def test_an_idle_camera_pulled_out_is_noticed(counter):
    with counter() as desk:
        desk.expect_state(State.ONLINE)
        desk.act("unplug")
        desk.expect_state(State.OFFLINE, "port_missing")


def test_a_frozen_camera_is_silent_and_recovers(counter):
    with counter(frame_s=1.0) as desk:
        desk.expect_state(State.ONLINE)
        desk.act("freeze")
        with pytest.raises(NoAnswer, match="no frame within"):
            desk.camera.capture().result(PATIENCE_S)
        desk.act("repair")
        desk.expect_state(State.ONLINE)
        assert desk.camera.capture().result(PATIENCE_S)


def test_broken_frames_are_counted_and_never_handed_out(counter):
    with counter() as desk:
        desk.expect_state(State.ONLINE)
        desk.act("garbage")
        with pytest.raises(NoAnswer, match="broken frames"):
            desk.camera.capture().result(PATIENCE_S)
        assert desk.camera.health().counters["bad_frames"] == 5
        desk.act("repair")
        desk.expect_state(State.ONLINE)


def test_a_camera_without_jpeg_has_it_made(counter):
    with counter(max_megapixels=0.31) as desk:
        desk.expect_state(State.ONLINE)
        assert desk.camera.health().facts["picture"] == "MJPG 640x480"
    with counter(max_megapixels=0.2) as desk:
        desk.expect_state(State.FAULT, "no_picture")
        with pytest.raises(NoAnswer):
            desk.camera.capture().result(PATIENCE_S)


def test_the_focus_is_set_as_the_profile_says(counter):
    with counter(focus=120) as desk:
        desk.expect_state(State.ONLINE)
        assert desk.emulated()["focus"] == "120"
        assert desk.camera.health().facts["focus"] == "120"


def test_a_hung_camera_leaves_the_pad_beside_it_alone(counter):
    pad_profile = load_profile("ff68-keypad")
    pad = (
        PortSpec(name="line", at="emulator:", settings=pad_profile.port),
        DeviceSpec(name="pad", title="", profile=pad_profile, port="line", address=1),
    )
    with counter(pad, frame_s=4.0) as desk:
        desk.expect_state(State.ONLINE)
        until(lambda: desk.supervisor.devices["pad"].health().state == State.ONLINE, what="the pad")
        heard = []
        pressed = threading.Event()

        def hear(event):
            if isinstance(event, KeyPressed):
                heard.append(event)
                pressed.set()

        desk.supervisor.subscribe(hear)
        desk.act("freeze")
        waiting = desk.camera.capture()
        begun = time.monotonic()
        desk.emulators.act("pad", "call")
        assert pressed.wait(2)
        assert time.monotonic() - begun < 1
        assert not waiting.done()


def test_a_device_that_is_no_camera_says_so(counter):
    pad_profile = load_profile("ff68-keypad")
    pad = (
        PortSpec(name="line", at="emulator:", settings=pad_profile.port),
        DeviceSpec(name="pad", title="", profile=pad_profile, port="line", address=1),
    )
    with counter(pad) as desk:
        device = desk.supervisor.devices["pad"]
        until(lambda: device.health().state == State.ONLINE, what="the pad")
        with pytest.raises(CannotExpress):
            device.capture().result(5)
        assert device.health().state == State.ONLINE


def test_a_camera_that_hangs_in_the_kernel_is_stuck_and_nobody_waits_for_it(counter, monkeypatch):
    """The kernel's own calls have no deadline: the supervisor gives up, and finds the camera again after."""
    released = threading.Event()
    hung = threading.Event()

    def read_frame(port, timeout_s):
        hung.set()
        released.wait(30)

    with counter(pace=msgspec.structs.replace(QUICK, stuck_s=2.0)) as desk:
        desk.expect_state(State.ONLINE)
        monkeypatch.setattr(EmulatedVideo, "read_frame", read_frame)
        picture = desk.camera.capture()
        assert hung.wait(5)
        desk.expect_state(State.FAULT, "stuck")
        with pytest.raises(NoAnswer, match="hangs"):
            picture.result(1)
        begun = time.monotonic()
        with pytest.raises(NoAnswer):
            desk.camera.look()
        assert time.monotonic() - begun < 0.5
        monkeypatch.undo()
        released.set()
        desk.expect_state(State.ONLINE)
        assert desk.camera.capture().result(PATIENCE_S)
