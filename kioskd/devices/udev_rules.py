"""Rules for udev, from the hall file, the profiles and the known adapters: who may open what.

Rules that run too early are undone by later ones, and cannot undo what those begin: 60-serial and others
find out the interface numbers that are asked for here, 70-power-switch and 85-brltty add what is taken away.
Hence 90. Source: udev(7), and the documents of ModemManager and libinput on the properties that they heed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kioskd.devices.fitting import schemes
from kioskd.devices.kinds import Kind
from kioskd.devices.port_uri import PortUri, parse_port
from kioskd.devices.profiles import Profile
from kioskd.devices.specs import PortSpec
from kioskd.devices.usb_identity import UsbIdentity
from kioskd.devices.usb_known import Adapter, known

FILE = "90-kioskd.rules"
GROUP = "kioskd"
"""The daemon's own group, for what nobody else should open (systemd/kioskd.sysusers)."""

HEAD = f"""\
# Device rules for kioskd, written by `kioskd udev`. To take them up:
#   kioskd udev HALL_FILE | sudo tee /etc/udev/rules.d/{FILE}
#   sudo udevadm control --reload && sudo udevadm trigger
# The number matters: these rules add to what 60-serial finds out, and take back what 85-brltty begins.

ACTION=="remove", GOTO="kioskd_end"
"""
ADAPTERS = """
# --- serial adapters: for group dialout, and no modems to ModemManager ---
# brltty takes some for Braille displays, by ids that all of their make have: its service is not called for
# them. A hall with such a Braille display deletes the lines with BRLTTY. A brltty that always runs is not
# stopped by a rule: sudo systemctl mask --now brltty
"""
PRINTERS = """
# --- USB printers: through usblp, and through libusb where usblp does not drive them ---
SUBSYSTEM=="usbmisc", KERNEL=="lp[0-9]*", GROUP="lp", MODE="0660"
SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ENV{ID_USB_INTERFACES}=="*:0701??:*", GROUP="lp", MODE="0660"
"""
OTHERS = """
# --- USB devices of known models, by the profiles ---
"""
PORTS = """
# --- the ports of the hall file: each has a link /dev/kioskd/NAME ---
"""
TAIL = """
LABEL="kioskd_end"
"""
USB_DEVICE = 'SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device"'
NODES = {
    "serial": 'SUBSYSTEM=="tty"',
    "lp": 'SUBSYSTEM=="usbmisc", KERNEL=="lp[0-9]*"',
    "evdev": 'SUBSYSTEM=="input", KERNEL=="event*"',
    "video": 'SUBSYSTEM=="video4linux", KERNEL=="video*"',
}
GRANTS = {
    "serial": 'GROUP="dialout", MODE="0660", ENV{ID_MM_PORT_IGNORE}="1"',
    "lp": 'GROUP="lp", MODE="0660"',
    "evdev": f'GROUP="{GROUP}", MODE="0660", ENV{{LIBINPUT_IGNORE_DEVICE}}="1", TAG-="power-switch"',
    "video": 'GROUP="video", MODE="0660"',
    "usb": f'GROUP="{GROUP}", MODE="0660"',
}
LEFT_ALONE = 'ENV{ID_MM_DEVICE_IGNORE}="1"'
NOT_BRAILLE = 'ENV{BRLTTY_BRAILLE_DRIVER}=="?*", ENV{BRLTTY_BRAILLE_DRIVER}="", ENV{SYSTEMD_WANTS}=""'


def rules(profiles: Mapping[str, Profile], ports: Sequence[PortSpec] = ()) -> str:
    """The whole file. ports: those of a hall file; without, the rules that any hall can use."""
    parts = [HEAD, ADAPTERS, *(_adapter(one) for one in known().adapters), PRINTERS]
    models = list(_models(profiles))
    if models:
        parts += [OTHERS, *models]
    named = [text for port in ports if (text := _port(port))]
    if named:
        parts += [PORTS, "\n".join(named)]
    return "".join([*parts, TAIL])


def _adapter(one: Adapter) -> str:
    vendor, product = one.usb.split(":")
    ids = f'ATTR{{idVendor}}=="{vendor}", ATTR{{idProduct}}=="{product}"'
    lines = [f"# {one.chip}", f"{USB_DEVICE}, {ids}, {LEFT_ALONE}"]
    if one.braille:
        lines.append(f"{USB_DEVICE}, {ids}, {NOT_BRAILLE}")
    parents = ids.replace("ATTR{", "ATTRS{")
    lines.append(f'{NODES["serial"]}, SUBSYSTEMS=="usb", {parents}, {GRANTS["serial"]}')
    return "\n".join(lines) + "\n"


def _models(profiles: Mapping[str, Profile]) -> Iterator[str]:
    """Models whose USB device is opened through libusb, where the profile gives their very ids."""
    told = set()
    for name, profile in sorted(profiles.items()):
        if "usb" not in schemes(profile):
            continue
        for usb in (entry.usb for entry in profile.recognise):
            if len(usb) == len("VVVV:PPPP") and usb not in told:
                told.add(usb)
                vendor, product = usb.split(":")
                printer = Kind.PRINTER in profile.kinds
                # Ids of evaluation kits are on all sorts of devices: printers are told by their interface.
                only = ', ENV{ID_USB_INTERFACES}=="*:0701??:*|*:ff????:*"' if printer else ""
                yield (
                    f"# {name}\n"
                    f'{USB_DEVICE}, ATTR{{idVendor}}=="{vendor}", ATTR{{idProduct}}=="{product}"{only}, '
                    f'GROUP="{"lp" if printer else GROUP}", MODE="0660"\n'
                )


# --- the ports of a hall ---


def _port(port: PortSpec) -> str:
    """The rules of one port; empty for what is not plugged into this computer."""
    uri = parse_port(port.at)
    if uri.scheme in ("tcp", "emulator") or "://" in uri.place:
        return ""
    head = f"# {port.name}: {port.at}"
    if uri.identity is None:
        return f"{head}\n{_by_node(uri, port.name)}\n"
    return "\n".join([head, *_by_identity(uri.scheme, uri.identity, port.name)]) + "\n"


def _by_node(uri: PortUri, name: str) -> str:
    """A port that the hall file names by its device file, or by a link that udev makes elsewhere."""
    node = uri.place.removeprefix("/dev/").rpartition("/")[2]
    if uri.place.startswith(("/dev/serial/", "/dev/input/by-", "/dev/v4l/", "/dev/kioskd/")):
        return (
            "# Named by a link, which other rules make; as `kioskd scan` names it, it gets rules of its own."
        )
    return (
        f'{NODES[uri.scheme].split(",")[0]}, KERNEL=="{_pattern(node)}", {GRANTS[uri.scheme]}, {_link(name)}'
    )


def _by_identity(scheme: str, identity: UsbIdentity, name: str) -> Iterator[str]:
    device = [
        f'ATTR{{idVendor}}=="{identity.vendor:04x}"',
        f'ATTR{{idProduct}}=="{identity.product:04x}"',
        *([f'ATTR{{serial}}=="{_pattern(identity.serial)}"'] if identity.serial else []),
    ]
    socket = f'"{identity.path}"' if identity.path else ""
    here = ", ".join([USB_DEVICE, *([f"KERNEL=={socket}"] if socket else []), *device])
    if scheme == "usb":
        yield f"{here}, {GRANTS['usb']}, {LEFT_ALONE}, {_link(name)}"
        return
    yield f"{here}, {LEFT_ALONE}"
    if scheme == "serial":
        yield f"{here}, {NOT_BRAILLE}"
    # What is asked of parents must all be true of one: the USB device has the ids, the serial, the socket.
    above = ['SUBSYSTEMS=="usb"', *([f"KERNELS=={socket}"] if socket else [])]
    above += [one.replace("ATTR{", "ATTRS{") for one in device]
    node = ", ".join([NODES[scheme], *above])
    if identity.interface is not None:
        node += f', ENV{{ID_USB_INTERFACE_NUM}}=="{identity.interface:02x}"'
    yield f"{node}, {GRANTS[scheme]}"
    yield f"{node}{_meant(scheme, identity)}, {_link(name)}"


def _meant(scheme: str, identity: UsbIdentity) -> str:
    """Of a device's several nodes the one that its link should lead to."""
    if scheme == "video":
        return ', ENV{ID_V4L_CAPABILITIES}=="*:capture:*"'
    if scheme == "evdev" and identity.interface is None:
        return ', ENV{ID_USB_INTERFACE_NUM}=="00"'
    return ""


def _link(name: str) -> str:
    return f'SYMLINK+="kioskd/{name}"'


def _pattern(text: str) -> str:
    """The text as a pattern of udev's: what has a meaning there, or is no plain letter, matches anything."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._:-/") else "?" for c in text)
    return plain if text.isascii() else plain.replace("?", "*")
