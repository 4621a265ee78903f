"""A USB printer driven through libusb, for what the kernel's usblp cannot do, or where it is not loaded.

The printer is left as it is found: it is not reset, its configuration is set only where it has none, and
usblp gets its interface back at the end. Source: USB Device Class Definition for Printing Devices 1.1, 5.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import threading
import time
from typing import Any

from kioskd.devices.errors import PortError
from kioskd.devices.plugged import find, usb_address
from kioskd.devices.port_errors import lost, port_error, usb_permission_text
from kioskd.devices.usb_identity import UsbIdentity

PRINTER_CLASS = 0x07
VENDOR_CLASS = 0xFF
BIDIRECTIONAL = 0x02
"""bInterfaceProtocol of a printer that can also answer."""
WRITE_BYTES = 4096
WRITE_S = 0.2
"""How long one write may take: a printer without paper takes nothing, and the owner has other work."""
READ_S = 0.25
"""How soon the reading thread sees that the port was closed."""
HALTS = 20
"""So many halted writes in a row, and the printer counts as lost: opened anew it may come to its senses."""
EMPTY_READ_S = 0.05
"""Some printers answer every read at once with nothing: they are not asked again and again."""


class UsbPort:
    """One printer on USB. A thread hands over what arrives, since libusb has no descriptor to poll.

    Raises PortError: port_missing, ambiguous, permission_denied, busy, library_missing.
    """

    character_s = 0.0

    def __init__(self, identity: UsbIdentity) -> None:
        self._place = f"usb:{identity}"
        self._device = _device(identity)
        self._kernel_driver = False
        self._halts = 0
        self._open = True
        try:
            self._interface, self._out, self._in = self._claim()
        except BaseException:
            self._release()
            raise
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._reader = threading.Thread(target=self._carry, name=f"read {self._place}", daemon=True)
        self._reader.start()

    def fileno(self) -> int:
        """Our end of the socket pair."""
        return self._ours.fileno()

    def read(self) -> bytes:
        """What has arrived. When the thread ended, the port is lost."""
        try:
            data = self._ours.recv(WRITE_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            raise lost(self._place)
        return data

    def write(self, data: bytes) -> int:
        """Take what the printer takes within a moment."""
        import usb.core

        try:
            taken = int(self._device.write(self._out, data[:WRITE_BYTES], timeout=int(WRITE_S * 1000)))
        except usb.core.USBTimeoutError:
            return 0
        except usb.core.USBError as error:
            if error.errno == errno.EPIPE and self._halts < HALTS:
                self._resume()
                return 0
            raise lost(self._place) from error
        self._halts = 0
        return taken

    def _resume(self) -> None:
        """The printer halted its endpoint: let it go on, after a moment."""
        import usb.core

        self._halts += 1
        time.sleep(WRITE_S)
        with contextlib.suppress(usb.core.USBError):
            self._device.clear_halt(self._out)

    def close(self) -> None:
        """Give the printer back to the kernel's driver."""
        self._open = False
        self._reader.join(2 * READ_S)
        self._ours.close()
        self._release()

    def _claim(self) -> tuple[int, Any, Any]:
        """Take the printer's interface from the kernel's driver; its number and its endpoints."""
        import usb.core
        import usb.util

        try:
            setting = _setting(self._device)
            number = setting.bInterfaceNumber
            if self._device.is_kernel_driver_active(number):
                self._device.detach_kernel_driver(number)
                self._kernel_driver = True
            self._interface = number
            usb.util.claim_interface(self._device, number)
            if setting.bAlternateSetting:
                setting.set_altsetting()
            return number, _endpoint(setting, usb.util.ENDPOINT_OUT), _endpoint(setting, usb.util.ENDPOINT_IN)
        except usb.core.USBError as error:
            if error.errno in (errno.EACCES, errno.EPERM):
                raise PortError("permission_denied", usb_permission_text(self._place)) from error
            raise port_error(error, self._place) from error

    def _release(self) -> None:
        import usb.core
        import usb.util

        with contextlib.suppress(usb.core.USBError, AttributeError):
            usb.util.release_interface(self._device, self._interface)
        if self._kernel_driver:
            with contextlib.suppress(usb.core.USBError):
                self._device.attach_kernel_driver(self._interface)
        with contextlib.suppress(usb.core.USBError):
            usb.util.dispose_resources(self._device)

    def _carry(self) -> None:
        """Carry what arrives until the port is closed or the printer is gone."""
        import usb.core

        with self._theirs:
            while self._open:
                if self._in is None:
                    time.sleep(READ_S)
                    continue
                try:
                    data = self._device.read(self._in, WRITE_BYTES, timeout=int(READ_S * 1000))
                except usb.core.USBTimeoutError:
                    continue
                except usb.core.USBError:
                    return
                if not data:
                    time.sleep(EMPTY_READ_S)
                    continue
                try:
                    self._theirs.sendall(bytes(data))
                except OSError:
                    return


def _device(identity: UsbIdentity) -> Any:
    """The device as libusb has it, by the kernel's own name for it: asking each one would disturb others."""
    bus, number = usb_address(find("usb", identity))
    import usb.backend.libusb1
    import usb.core

    backend = usb.backend.libusb1.get_backend()
    if backend is None:
        raise PortError("library_missing", "libusb is not installed: sudo apt-get install libusb-1.0-0")
    device = usb.core.find(bus=bus, address=number, backend=backend)
    if device is None:
        raise PortError("port_missing", f"usb:{identity} was unplugged while it was opened")
    return device


def _setting(device: Any) -> Any:
    """The printer's interface setting: one that can answer before one that cannot, printers before unknowns.

    Raises PortError for a device that has neither, USBError.
    """
    import usb.core

    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.ENODEV):
            raise
        device.set_configuration()  # it has none yet
        configuration = device.get_active_configuration()
    settings = [one for one in configuration if _endpoint(one, usb.util.ENDPOINT_OUT) is not None]
    printers = [one for one in settings if one.bInterfaceClass == PRINTER_CLASS]
    printers.sort(key=lambda one: one.bInterfaceProtocol != BIDIRECTIONAL)
    unknowns = [one for one in settings if one.bInterfaceClass == VENDOR_CLASS]
    if not (printers or unknowns):
        raise PortError(
            "port_missing", f"the USB device {device.idVendor:04x}:{device.idProduct:04x} is no printer"
        )
    return (printers or unknowns)[0]


def _endpoint(setting: Any, direction: int) -> Any:
    """The bulk endpoint of this direction, or None."""
    import usb.util

    return usb.util.find_descriptor(
        setting,
        custom_match=lambda one: (
            usb.util.endpoint_direction(one.bEndpointAddress) == direction
            and usb.util.endpoint_type(one.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        ),
    )
