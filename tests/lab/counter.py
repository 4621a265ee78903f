"""What stands on the laboratory's counter: each device, its profile, and the port it is written down with."""

from __future__ import annotations

from cameras import LoopbackCamera, VividCamera, node_of, sheet_of_paper
from daemon import RunningDaemon
from gadgets import Gadget, Spoken, UsbKeypad, UsbPrinter, UsbSerial

from kioskd.devices.profile_files import load_profile
from kioskd.devices.registry import emulator_class

SMALL = "{ max_megapixels = 0.4, warm_up_s = 0.0, warm_up_frames = 1 }"
"""The vivid camera paints each pixel itself, and slowly."""


class Counter:
    """One gadget for each way in which a device can be there, each with a socket of its own.

    kernel_printer is reached by usblp, libusb_printer by libusb; pad is a call pad on a serial adapter;
    late_pad is plugged in only while the daemon runs; keys and other_keys are number pads that only their
    sockets tell apart; a last printer is written down and never plugged in.
    """

    def __init__(self) -> None:
        self.kernel_printer = UsbPrinter(
            0, "04b8:0e15", serial="LAB0001", maker="Lab", model="Kernel printer"
        )
        self.libusb_printer = UsbPrinter(1, "0483:5743", maker="Lab", model="Libusb printer")
        self.pad = UsbSerial(2, "1a86:55d3", serial="LAB0003", maker="Lab", model="Serial adapter")
        self.late_pad = UsbSerial(3, "1a86:55d3", maker="Lab", model="Serial adapter")
        self.keys = UsbKeypad(4, "13ba:0001", maker="Lab", model="Number pad")
        self.other_keys = UsbKeypad(5, "13ba:0001", maker="Lab", model="Number pad")
        play(self.kernel_printer, "escpos-80")
        play(self.libusb_printer, "escpos-80")
        play(self.pad, "ff68-keypad", address=3)
        play(self.late_pad, "ff68-keypad", address=3)
        self.size_px = 1280, 960
        self.paper = sheet_of_paper(*self.size_px)
        self.camera = LoopbackCamera(node_of("Loopback"), self.paper, *self.size_px)
        self.vivid = VividCamera(node_of("vivid"))
        self.cameras = ("camera", "vivid-camera")
        self.present: dict[str, Gadget] = {
            "kernel-printer": self.kernel_printer,
            "libusb-printer": self.libusb_printer,
            "pad": self.pad,
            "keys": self.keys,
            "other-keys": self.other_keys,
        }
        """What is plugged in before the daemon starts, by its name in the hall file."""

    def attach_to(self, hall: RunningDaemon) -> None:
        """Write the hall file, and plug in what is to be there before the start."""
        hall.attach("kernel-printer", "escpos-80", "lp:04b8:0e15?serial=LAB0001")
        hall.attach("libusb-printer", "escpos-80", f"usb:0483:5743?path={self.libusb_printer.path}")
        hall.attach("pad", "ff68-keypad", "serial:1a86:55d3?serial=LAB0003", window=3, address=3)
        hall.attach(
            "late-pad", "ff68-keypad", f"serial:1a86:55d3?path={self.late_pad.path}", window=2, address=3
        )
        hall.attach("keys", "usb-numpad", f"evdev:13ba:0001?path={self.keys.path}", window=1)
        hall.attach("other-keys", "usb-numpad", f"evdev:13ba:0001?path={self.other_keys.path}", window=2)
        hall.attach("camera", "uvc-document", f"video:{self.camera.node}")
        hall.attach("vivid-camera", "uvc-document", f"video:{self.vivid.node}", options=SMALL)
        hall.attach("never", "escpos-58", "lp:04b8:0202?serial=NEVER")
        self.camera.plug()
        self.plug_again()

    def plug_again(self) -> None:
        """Plug in whatever a test left unplugged."""
        for gadget in self.present.values():
            if not gadget.plugged:
                gadget.plug()

    def clear(self) -> None:
        """Take everything apart."""
        self.camera.unplug()
        for gadget in (*self.present.values(), self.late_pad):
            gadget.scrap()


def play(gadget: Spoken, profile: str, address: int | None = None) -> None:
    """Let the emulator of a profile be the device behind the gadget."""
    model = load_profile(profile)
    gadget.play(emulator_class(model.driver), model, address)
