"""Ports of every kind, opened non-blocking so that nothing but the deadline decides.

A port reads and writes what goes at once and never waits; waiting is the line's affair (`line.py`).
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
from typing import Any, Protocol

from kioskd.devices.errors import PortError
from kioskd.devices.port_errors import lost, port_error
from kioskd.devices.port_uri import PortUri
from kioskd.devices.profiles import PortSettings
from kioskd.devices.usb_identity import parse_identity

READ_BYTES = 4096
RETRANSMITS = 5
"""A peer that acknowledges none of so many repetitions, some seven seconds by Linux's back-off, is gone."""
CONNECT_S = 3.0
"""How long a TCP connection may take to come about."""


class Port(Protocol):
    """An open port. Every method returns at once; each raises PortError (port_lost) when the port is gone."""

    character_s: float
    """How long one character takes on the wire; 0 where nobody knows."""

    def fileno(self) -> int:
        """What to poll for arriving bytes and for room to send."""

    def read(self) -> bytes:
        """What has arrived, perhaps nothing."""

    def write(self, data: bytes) -> int:
        """Take as many of the bytes as go at once, perhaps none, and say how many."""

    def close(self) -> None:
        """Let go of it. Never raises."""


def open_port(uri: PortUri, settings: PortSettings) -> Port:
    """Open a real port (never `emulator:`, which `port_uri.resolve` turns into one).

    Raises PortError: port_missing, permission_denied, busy, port_lost, ambiguous, library_missing.
    """
    match uri.scheme:
        case "serial" if "://" in uri.place:
            return SerialUrlPort(uri.place, settings)
        case "serial":
            return SerialPort(uri.place, settings)
        case "tcp":
            return TcpPort(*uri.host_and_port)
        case "lp":
            return LpPort(uri.place)
        case "usb":
            from kioskd.devices.usb_port import UsbPort

            return UsbPort(parse_identity(uri.place))
        case "evdev":
            from kioskd.devices.evdev_port import EvdevPort

            return EvdevPort(uri.place)
        case "video":
            from kioskd.devices.video_port import open_video

            return open_video(uri)
        case "alsa":
            from kioskd.devices.sound_port import open_sound

            return open_sound(uri)
        case _:
            raise PortError("port_missing", f"{uri} cannot be opened: no such kind of port")


class SerialPort:
    """A serial device file, opened for us alone (flock, as pyserial's `exclusive`)."""

    def __init__(self, path: str, settings: PortSettings) -> None:
        self._path = path
        self._serial = _open_serial(path, settings)
        self.character_s = character_s(settings)

    def fileno(self) -> int:
        """The file descriptor."""
        return int(self._serial.fd)

    def read(self) -> bytes:
        """What has arrived. A readable port with nothing in it has been pulled out."""
        data = _read(self.fileno(), self._path)
        if data == b"":
            raise lost(self._path)
        return data or b""

    def write(self, data: bytes) -> int:
        """Take what the kernel has room for."""
        return _write(self.fileno(), data, self._path)

    def close(self) -> None:
        """Let go of it."""
        with contextlib.suppress(OSError):
            self._serial.close()


class LpPort:
    """A USB printer behind the kernel's usblp driver, `/dev/usb/lpN`."""

    character_s = 0.0

    def __init__(self, path: str) -> None:
        self._path = path
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise port_error(error, path) from error

    def fileno(self) -> int:
        """The file descriptor."""
        return self._fd

    def read(self) -> bytes:
        """What has arrived; some printers answer every read with an empty packet."""
        return _read(self._fd, self._path) or b""

    def write(self, data: bytes) -> int:
        """Take what the printer has room for."""
        return _write(self._fd, data, self._path)

    def close(self) -> None:
        """Let go of it."""
        with contextlib.suppress(OSError):
            os.close(self._fd)


class TcpPort:
    """A TCP connection, such as a network printer's port 9100.

    A peer that lost its power is found by keep-alive while nothing is under way, else by what it left
    unacknowledged.
    """

    character_s = 0.0

    def __init__(self, host: str, number: int) -> None:
        self._place = f"{host}:{number}"
        try:
            self._socket = socket.create_connection((host, number), timeout=CONNECT_S)
        except OSError as error:
            why = error.strerror or "no answer"
            raise PortError("port_missing", f"cannot connect to {self._place}: {why}") from error
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in (
            (socket.TCP_KEEPIDLE, 10),  # seconds
            (socket.TCP_KEEPINTVL, 5),  # seconds
            (socket.TCP_KEEPCNT, 3),
        ):
            self._socket.setsockopt(socket.IPPROTO_TCP, option, value)

    def fileno(self) -> int:
        """The socket's descriptor."""
        return self._socket.fileno()

    def _is_dead(self) -> bool:
        """Whether the peer leaves unacknowledged what is sent again and again (TCP_INFO, tcpi_retransmits).

        A peer that is there but takes nothing, such as a printer without paper, acknowledges and is not dead.
        """
        return self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)[2] >= RETRANSMITS

    def read(self) -> bytes:
        """What has arrived. An end of file is a lost port."""
        data = _read(self.fileno(), self._place)
        if data == b"":
            raise lost(self._place)
        return data or b""

    def write(self, data: bytes) -> int:
        """Take what the kernel has room for."""
        if self._is_dead():
            raise lost(self._place)
        return _write(self.fileno(), data, self._place)

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()


class SerialUrlPort:
    """Any pyserial URL, such as `rfc2217://host:port` of a serial server.

    Not all of pyserial's handlers have a descriptor to poll: a thread hands over what arrives.
    """

    def __init__(self, url: str, settings: PortSettings) -> None:
        self._url = url
        self._serial = _open_serial(url, settings)
        self._serial.timeout = 0.2  # how soon the thread sees that the port was closed
        self.character_s = character_s(settings)
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._open = True
        threading.Thread(target=self._carry, name=f"read {url}", daemon=True).start()

    def fileno(self) -> int:
        """Our end of the socket pair."""
        return self._ours.fileno()

    def read(self) -> bytes:
        """What has arrived. When the thread ended, the port is lost."""
        data = _read(self.fileno(), self._url)
        if data == b"":
            raise lost(self._url)
        return data or b""

    def write(self, data: bytes) -> int:
        """Hand the bytes to pyserial, which takes all of them or raises."""
        import serial

        try:
            self._serial.write(data)
        except (serial.SerialException, OSError) as error:
            raise lost(self._url) from error
        return len(data)

    def close(self) -> None:
        """Let go of it."""
        self._open = False
        self._ours.close()

    def _carry(self) -> None:
        """Carry what arrives until the port is closed or lost."""
        with self._theirs, contextlib.suppress(Exception):  # handlers of URLs raise whatever they like
            while self._open:
                if data := self._serial.read(1):
                    self._theirs.sendall(data + self._serial.read(self._serial.in_waiting))
        with contextlib.suppress(Exception):
            self._serial.close()


def _open_serial(place: str, settings: PortSettings) -> Any:
    """A pyserial port, opened exclusively. Raises PortError."""
    import serial

    options = {
        "baudrate": settings.baud,
        "bytesize": int(settings.format[0]),
        "parity": settings.format[1],
        "stopbits": int(settings.format[2]),
        "rtscts": settings.flow == "rtscts",
        "xonxoff": settings.flow == "xonxoff",
        "timeout": 0,
        "write_timeout": 2,
    }
    try:
        if "://" in place:
            return serial.serial_for_url(place, **options)
        return serial.Serial(place, exclusive=True, **options)
    except (serial.SerialException, OSError, ValueError) as error:
        raise port_error(error, place) from error


def character_s(settings: PortSettings) -> float:
    """The time of one character: start bit, data, parity, stop bits."""
    data, parity, stop = settings.format
    return (1 + int(data) + (parity != "N") + int(stop)) / settings.baud


def _read(fd: int, place: str) -> bytes | None:
    """What has arrived; None for nothing; b"" as the kernel says it."""
    try:
        return os.read(fd, READ_BYTES)
    except BlockingIOError:
        return None
    except OSError as error:
        raise lost(place) from error


def _write(fd: int, data: bytes, place: str) -> int:
    try:
        return os.write(fd, data)
    except BlockingIOError:
        return 0
    except OSError as error:
        if error.errno == errno.ENOSPC:  # usblp: out of paper
            return 0
        raise lost(place) from error
