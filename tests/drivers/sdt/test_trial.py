"""Trying a card reader: a card is shown masked, and the hall hears nothing of it."""

import threading

from kioskd.devices.health import State
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, running_emulators, until
from kioskd.devices.trials import Trial, Verdict


def test_a_card_is_shown_masked_and_told_to_nobody_else(profile, tmp_path):
    port = PortSpec(name="cards", at="emulator:", settings=profile.port)
    device = DeviceSpec(name="reader", title="", profile=profile, port="cards")
    with running_emulators([port], [device], tmp_path) as emulators:
        supervisor = Supervisor([port], [device], tmp_path, pace=QUICK)
        told = []
        supervisor.subscribe(told.append)
        supervisor.start()
        try:
            reader = supervisor.devices["reader"]
            until(lambda: reader.health().state is State.ONLINE, what="the reader")
            told.clear()
            threading.Timer(0.5, emulators.act, ["reader", "lay_elder"]).start()
            said = [one for one in Trial(reader) if one is not None]
            assert (said[0].code, told) == ("lay_a_card", [])
            assert isinstance(said[1], Verdict)
            assert (said[1].outcome, said[1].code) == ("passed", "card_read")
            assert "*" * 10 in said[1].facts["masked"]
        finally:
            supervisor.stop()
