"""What is plugged in, by the kernel's device tree: nothing is opened, so a port in use never notices.

Source: the Linux kernel's documents sysfs-bus-usb and sysfs-class-*; read through libudev (pyudev).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from kioskd.devices.errors import PortError
from kioskd.devices.usb_identity import UsbIdentity

SUBSYSTEMS = {"serial": "tty", "lp": "usbmisc", "evdev": "input", "video": "video4linux", "usb": "usb"}
"""Where the kernel lists what a scheme of ports can name."""
_NODES = {"serial": "tty", "lp": "lp", "evdev": "event", "video": "video", "usb": ""}
"""How the names of their nodes begin: other nodes of the subsystem, such as mice, are no ports."""
_here = threading.local()
_FIRST_LETTER_KEY = 16
"""KEY_Q of linux/input-event-codes.h: a device with this key is a whole keyboard, a number pad has none."""
_DIGIT_KEYS = (2, 79)
"""KEY_1 and KEY_KP1 of linux/input-event-codes.h."""


class Plugged(msgspec.Struct, frozen=True, kw_only=True):
    """One node of one device that is plugged in.

    scheme: which ports can name it. node: its device file now. vendor, product: USB ids, None off USB.
    path: the socket, such as 1-2.3. interface: the number of its USB function. links: stable names that udev
    made for the node. digits: whether it has digit keys; letters: whether it is a whole keyboard.
    """

    scheme: str
    node: str
    vendor: int | None = None
    product: int | None = None
    serial: str = ""
    path: str = ""
    interface: int | None = None
    maker: str = ""
    model: str = ""
    links: tuple[str, ...] = ()
    digits: bool = False
    letters: bool = False
    captures: bool = True
    """For a camera's node: whether it gives pictures, rather than metadata about them."""
    functions: tuple[int, ...] = ()
    """For a `usb` node: the class codes of its interfaces, such as 7 for a printer."""

    def fits(self, identity: UsbIdentity) -> bool:
        """Whether this is the device that `identity` means."""
        return (
            (self.vendor, self.product) == (identity.vendor, identity.product)
            and identity.serial in ("", self.serial)
            and identity.path in ("", self.path)
            and identity.interface in (None, self.interface)
        )


def plugged(scheme: str, model: UsbIdentity | None = None) -> list[Plugged]:
    """Every node that a port of this scheme could name, in the order of the kernel's names.

    model: only those of USB devices with its vendor and product: a PC has a hundred other terminals to read.
    Raises PortError (library_missing) where there is no libudev.
    """
    found = [_read(scheme, device) for device in _devices(scheme, model)]
    return sorted((one for one in found if one is not None), key=lambda one: _order(one.node))


def find(scheme: str, identity: UsbIdentity) -> Plugged:
    """The node that is meant. Raises PortError: port_missing, or ambiguous when two devices fit."""
    return choose(scheme, identity, plugged(scheme, identity))


def choose(scheme: str, identity: UsbIdentity, among: Sequence[Plugged]) -> Plugged:
    """Of these nodes the one that is meant. A keyboard's many nodes are one device: its digits are taken."""
    fitting = [one for one in among if one.scheme == scheme and one.fits(identity)]
    if not fitting:
        raise PortError("port_missing", f"{identity} is not plugged in" + _others(identity, among))
    sockets = sorted({one.path for one in fitting})
    if len(sockets) > 1:
        model = f"{identity.vendor:04x}:{identity.product:04x}"
        ways = " or ".join(f"{model}?path={path}" for path in sockets)
        raise PortError("ambiguous", f"{len(sockets)} devices are {identity}: write which is meant, {ways}")
    return min(fitting, key=_preference)


def _preference(one: Plugged) -> tuple[object, ...]:
    """Of the nodes of one device the one that a person would mean comes first."""
    return not one.captures, not one.digits, one.interface or 0, _order(one.node)


def _others(identity: UsbIdentity, among: Iterable[Plugged]) -> str:
    """Where a device of the same model sits instead: somebody may have used another socket."""
    model = UsbIdentity(identity.vendor, identity.product)
    elsewhere = sorted({one.path for one in among if one.path and one.fits(model)})
    return f", but its like is at {', '.join(elsewhere)}" if elsewhere else ""


def _order(node: str) -> tuple[str, int]:
    """ttyUSB10 comes after ttyUSB9."""
    stem = node.rstrip("0123456789")
    return stem, int(node[len(stem) :] or 0)


# --- reading the tree ---


def _devices(scheme: str, model: UsbIdentity | None) -> list[Any]:
    return [one for one in _listed(_tree(), scheme, model) if one.sys_name.startswith(_NODES[scheme])]


def _tree() -> Any:
    """Libudev's context: dear to make, and never shared between threads."""
    try:
        if not hasattr(_here, "tree"):
            import pyudev

            _here.tree = pyudev.Context()
    except ImportError as error:
        raise PortError("library_missing", f"{error}: sudo apt-get install libudev1") from error
    return _here.tree


def _listed(tree: Any, scheme: str, model: UsbIdentity | None) -> Iterator[Any]:
    """All of the scheme's subsystem, or what belongs to it below the USB devices of this model."""
    if model is None:
        yield from tree.list_devices(subsystem=SUBSYSTEMS[scheme])
        return
    usb = tree.list_devices(subsystem="usb")
    usb.match_attribute("idVendor", f"{model.vendor:04x}").match_attribute(
        "idProduct", f"{model.product:04x}"
    )
    for device in usb:
        if scheme == "usb":
            yield device
        else:
            yield from tree.list_devices(subsystem=SUBSYSTEMS[scheme], parent=device)


def _read(scheme: str, device: Any) -> Plugged | None:
    """One device of the tree; None for what has no node, or is gone while it is looked at."""
    if scheme == "usb" and device.device_type != "usb_device":
        return None
    usb = device if scheme == "usb" else device.find_parent("usb", "usb_device")
    node = device.device_node
    if not node or (scheme == "serial" and usb is None and not _is_wired(device)):
        return None
    keys = _keys(device) if scheme == "evdev" else 0
    function = None if scheme == "usb" else device.find_parent("usb", "usb_interface")
    return Plugged(
        scheme=scheme,
        node=node,
        vendor=_hex(usb, "idVendor"),
        product=_hex(usb, "idProduct"),
        serial=_text(usb, "serial"),
        path=usb.sys_name if usb is not None else "",
        interface=_hex(function, "bInterfaceNumber"),
        maker=_text(usb, "manufacturer"),
        model=_text(usb, "product") or _text(device, "name") or _text(device.parent, "name"),
        links=tuple(sorted(device.device_links)),
        digits=any(keys >> key & 1 for key in _DIGIT_KEYS),
        letters=bool(keys >> _FIRST_LETTER_KEY & 1),
        captures=_captures(device),
        functions=_functions(device) if scheme == "usb" else (),
    )


def _is_wired(tty: Any) -> bool:
    """Whether a serial port that is not on USB has a chip behind it: PCs list 32 that have none."""
    return _text(tty, "type") not in ("", "0")


def _captures(device: Any) -> bool:
    """What udev found out about a camera's node; without udev's word the first node is taken (index 0)."""
    said = device.properties.get("ID_V4L_CAPABILITIES")
    if said is not None:
        return ":capture:" in said
    return _text(device, "index") in ("", "0")


def _functions(usb: Any) -> tuple[int, ...]:
    """What a USB device says that its interfaces are (bInterfaceClass), each once."""
    interfaces = [one for one in usb.children if one.device_type == "usb_interface" and one.parent == usb]
    codes = {_hex(one, "bInterfaceClass") for one in interfaces}
    return tuple(sorted(code for code in codes if code is not None))


def _keys(event: Any) -> int:
    """The keys that an input device has, one bit each (capabilities/key: 64-bit words, the highest first)."""
    device = event.parent
    words = _text(device, "capabilities/key").split() if device is not None else []
    keys = 0
    for word in words:
        keys = keys << 64 | int(word, 16)
    return keys


def _text(device: Any, attribute: str) -> str:
    """An attribute as text a terminal can show: a device may say anything about itself."""
    if device is None:
        return ""
    try:
        raw = device.attributes.get(attribute) or b""
    except OSError:
        return ""
    return "".join(c for c in raw.decode("utf-8", "replace").strip() if c.isprintable())[:120]


def _hex(device: Any, attribute: str) -> int | None:
    text = _text(device, attribute)
    return int(text, 16) if text else None


def usb_address(found: Plugged) -> tuple[int, int]:
    """Bus and device number of a `usb` node, from its name /dev/bus/usb/BBB/DDD."""
    bus, number = Path(found.node).parts[-2:]
    return int(bus), int(number)
