"""USB devices without hardware: the kernel's gadgets on the kernel's own bus (dummy_hcd), plugged at will.

kioskd's end is real: usblp, cdc_acm, usbhid and libusb cannot tell. The device's end is a file that an
emulator, or the test, reads and writes. Source: the kernel's documents gadget_configfs, gadget_printer,
gadget_hid.
"""

from __future__ import annotations

import os
import queue
import select
import threading
import time
import tty
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, ClassVar

from kioskd.devices.emulation import Emulator
from kioskd.devices.profiles import Profile

GADGETS = Path("/sys/kernel/config/usb_gadget")
ENGLISH = "strings/0x409"
TICK_S = 0.1
BOOT_KEYBOARD = bytes.fromhex(
    "05010906a101050719e029e715002501750195088102950175088103950575010508190129059102950175039103"
    "950675081500256505071900296581"
    "00c0"
)
"""HID 1.11, appendix B.1: the keyboard that every BIOS knows; eight bytes a report."""
KEY_CODES = {
    **{str(digit): 0x59 + (digit - 1) % 10 for digit in range(10)},  # the keypad's 1 to 9, then 0
    "enter": 0x58, "+": 0x57, "-": 0x56, "*": 0x55, "/": 0x54, ".": 0x63, "backspace": 0x2A, "escape": 0x29,
}  # fmt: skip
"""Usages of a number pad. HID Usage Tables 1.12, page 07."""


def until(ask: Callable[[], Any], what: str, within_s: float = 60.0) -> Any:
    """Ask until the answer is true, and return it."""
    deadline_s = time.monotonic() + within_s
    while not (answer := ask()):
        assert time.monotonic() < deadline_s, f"did not happen within {within_s:g} s: {what}"
        time.sleep(0.2)
    return answer


class Gadget:
    """One USB device, and the socket it is plugged into.

    ids: vendor and product, such as 04b8:0e15. serial: its serial number; cheap ones have none.
    """

    function: ClassVar[str]

    def __init__(
        self, socket: int, ids: str, *, serial: str = "", maker: str = "Lab", model: str = "Lab device"
    ) -> None:
        self.socket = socket
        self.ids = ids
        self.serial = serial
        self.plugged = False
        vendor, product = ids.split(":")
        self.folder = GADGETS / f"socket{socket}-{vendor}{product}-{time.monotonic_ns()}"
        for name, value in (
            ("idVendor", f"0x{vendor}"),
            ("idProduct", f"0x{product}"),
            (f"{ENGLISH}/manufacturer", maker),
            (f"{ENGLISH}/product", model),
            (f"{ENGLISH}/serialnumber", serial),
            ("configs/c.1/MaxPower", "100"),
        ):
            self.write(name, value)
        self.made = f"functions/{self.function}.lab"
        (self.folder / self.made).mkdir(parents=True)
        self.set_up()
        (self.folder / f"configs/c.1/{self.function}.lab").symlink_to(self.folder / self.made)

    def set_up(self) -> None:
        """Set what the function needs before it is first plugged in."""

    def write(self, name: str, value: str) -> None:
        """Set one attribute."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value)

    @property
    def path(self) -> str:
        """The kernel's name of its socket, such as 3-1."""
        hub = next(Path(f"/sys/devices/platform/dummy_hcd.{self.socket}").glob("usb*"))
        return f"{hub.name.removeprefix('usb')}-1"

    @property
    def system(self) -> Path:
        """The device as our end of the bus sees it."""
        return Path("/sys/bus/usb/devices") / self.path

    def nodes(self, pattern: str) -> list[str]:
        """The device files that our end's kernel made of it, such as nodes("tty*")."""
        found = {folder.name for folder in self.system.glob(f"**/{pattern}") if (folder / "dev").exists()}
        return sorted(found)

    def plug(self) -> None:
        """Push the cable in."""
        self.write("UDC", f"dummy_udc.{self.socket}")
        self.plugged = True

    def unplug(self) -> None:
        """Pull the cable."""
        if self.plugged:
            self.plugged = False
            self.write("UDC", "\n")

    def move(self, socket: int) -> None:
        """Pull it and plug it into another socket."""
        self.unplug()
        self.socket = socket
        self.plug()

    def scrap(self) -> None:
        """Take it apart, so that its socket and its numbers are free."""
        self.unplug()
        (self.folder / f"configs/c.1/{self.function}.lab").unlink()
        for folder in ("configs/c.1", self.made, ENGLISH, ""):
            (self.folder / folder).rmdir()


class Spoken(Gadget):
    """A gadget whose device side is a stream of bytes, behind which an emulator sits.

    It is itself the emulator's wire: what the emulator sends goes over real USB. While it is plugged in, a
    thread of its own has the emulator to itself.
    """

    def __init__(self, socket: int, ids: str, **strings: str) -> None:
        self.arrived = bytearray()
        """Every byte that came from kioskd, over all pluggings."""
        self.emulator: Emulator | None = None
        self._held = False
        self._orders: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        self._pulled = threading.Event()
        self._thread: threading.Thread | None = None
        self._fd = -1
        super().__init__(socket, ids, **strings)

    def open_file(self) -> int:
        """Open the device's end, non-blocking."""
        raise TypeError(f"{type(self).__name__} has no end that can be opened")

    def play(self, emulator: type[Emulator], profile: Profile, address: int | None = None) -> None:
        """Let this emulator be the device."""
        self.emulator = emulator(self, profile, address)

    def plug(self) -> None:
        """Push the cable in and bring the device to life."""
        self._fd = self.open_before_plugging()
        super().plug()
        self._pulled = threading.Event()
        self._thread = threading.Thread(target=self._live, args=(self._pulled,), daemon=True)
        self._thread.start()

    def open_before_plugging(self) -> int:
        """Open the device's end already now, where the kernel has it; -1 where it comes with the cable."""
        return -1

    def unplug(self) -> None:
        """Pull the cable, at any moment; the emulator itself may, too."""
        self._pulled.set()
        if self._thread not in (None, threading.current_thread()):
            self._thread.join(10)
        self._close()
        super().unplug()

    def do(self, order: Callable[[], Any]) -> Any:
        """Do something with the emulator on its own thread, and say what came of it."""
        if self._pulled.is_set() or self._thread is None:
            return order()
        done: Future[Any] = Future()
        self._orders.put((order, done))
        return done.result(10)

    def act(self, action: str) -> None:
        """Press a key of the emulated device, open its cover, and so on."""
        assert self.emulator is not None
        self.do(lambda: self.emulator.act(action))

    # --- the emulator's wire ---

    def send(self, data: bytes) -> None:
        """Towards kioskd. A cable that is pulled swallows it."""
        while data and not self._pulled.is_set():
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                select.select([], [self._fd], [], TICK_S)
            except OSError:
                return

    def now_s(self) -> float:
        """A monotonic clock."""
        return time.monotonic()

    def hold(self, held: bool) -> None:
        """Stop (or go on) taking bytes."""
        self._held = held

    # --- its life between two pluggings ---

    def _live(self, pulled: threading.Event) -> None:
        if self._fd < 0:
            self._fd = until(self._try_open, f"the device's end of {self.folder.name} can be opened")
        while not pulled.is_set():
            poll = select.poll()
            poll.register(self._fd, 0 if self._held else select.POLLIN)
            ready = poll.poll(TICK_S * 1000)
            if ready and ready[0][1] & select.POLLIN:
                self._take()
            elif ready:
                pulled.wait(TICK_S)  # the host has not configured it yet, or no longer
            while not pulled.is_set() and not self._orders.empty():
                order, done = self._orders.get()
                done.set_result(order())
            if self.emulator is not None and not pulled.is_set():
                self.emulator.tick()
        self._close()

    def _try_open(self) -> int | None:
        try:
            return self.open_file()
        except OSError:
            return None

    def _close(self) -> None:
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def _take(self) -> None:
        try:
            data = os.read(self._fd, 4096)
        except OSError:
            return
        self.arrived += data
        if self.emulator is not None and data:
            self.emulator.received(data)


class UsbPrinter(Spoken):
    """A receipt printer on USB: /dev/g_printerN on its own side, /dev/usb/lpN and libusb on ours."""

    function = "printer"
    _taken: ClassVar[set[int]] = set()

    def set_up(self) -> None:
        """The kernel gives printers the lowest free number, and tells it nowhere."""
        self.number = next(n for n in range(10) if n not in self._taken)
        self._taken.add(self.number)
        self.write(f"{self.made}/pnp_string", "MFG:Lab;MDL:Lab printer;CLS:PRINTER;CMD:ESC/POS;")

    def open_file(self) -> int:
        """Its end comes and goes with the cable."""
        return os.open(f"/dev/g_printer{self.number}", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)

    def scrap(self) -> None:
        """Take it apart."""
        super().scrap()
        self._taken.discard(self.number)


class UsbSerial(Spoken):
    """A serial adapter of the CDC-ACM kind: /dev/ttyGSN on its own side, /dev/ttyACMN on ours."""

    function = "acm"

    def open_before_plugging(self) -> int:
        """Raw before the first byte can come: else the terminal would echo it."""
        number = (self.folder / self.made / "port_num").read_text().strip()
        fd = os.open(f"/dev/ttyGS{number}", os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        tty.setraw(fd)
        return fd


UNHURRIED_S = 4.0


class UsbKeypad(Gadget):
    """A number pad: /dev/hidgN on its own side, an input device on ours."""

    function = "hid"

    def set_up(self) -> None:
        """A boot keyboard."""
        self.write(f"{self.made}/protocol", "1")
        self.write(f"{self.made}/subclass", "1")
        self.write(f"{self.made}/report_length", "8")
        (self.folder / self.made / "report_desc").write_bytes(BOOT_KEYBOARD)

    typed_at_s = 0.0

    def type(self, *keys: str, bounce: bool = False) -> None:
        """Press and release keys, one after another; bounce: each contact closes twice.

        Never sooner than a person would press again: the hall takes a second press within three seconds for
        the same one.
        """
        time.sleep(max(0.0, self.typed_at_s + UNHURRIED_S - time.monotonic()))
        self.typed_at_s = time.monotonic()
        device = (self.folder / self.made / "dev").read_text().strip()
        fd = os.open(f"/dev/char/{device}", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            for key in [key for key in keys for _ in range(1 + bounce)]:
                self._report(fd, bytes([0, 0, KEY_CODES[key], 0, 0, 0, 0, 0]))
                self._report(fd, bytes(8))
        finally:
            os.close(fd)

    def _report(self, fd: int, report: bytes) -> None:
        """Hand over one report, once the host has fetched the one before."""
        _, ready, _ = select.select([], [fd], [], 10)
        assert ready, f"nobody reads what {self.folder.name} types"
        os.write(fd, report)
