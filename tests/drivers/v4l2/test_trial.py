"""Trying a camera: a picture is taken, and only its size is told."""

from kioskd.devices.health import State
from kioskd.devices.trials import Step, Trial, Verdict


def test_a_picture_is_taken_and_only_its_size_is_told(counter):
    with counter() as bench:
        bench.expect_state(State.ONLINE)
        said = [one for one in Trial(bench.camera) if one is not None]
        assert said[0] == Step("taking_a_picture")
        assert isinstance(said[1], Verdict)
        assert (said[1].outcome, said[1].code) == ("passed", "picture_taken")
        assert set(said[1].facts) == {"width", "height", "kilobytes"}
        assert said[1].facts["width"] > 300
