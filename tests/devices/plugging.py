"""Plugging devices in and out of a tree that umockdev shows: its library, and the kernel's events with it.

Run below `umockdev-wrapper`, which puts the tree in the place of /sys, /dev and udev's messages.
"""

import ctypes


class Testbed:
    """umockdev's own testbed, through its C library."""

    def __init__(self):
        self._library = ctypes.CDLL("libumockdev.so.0")
        self._library.umockdev_testbed_new.restype = ctypes.c_void_p
        self._bed = ctypes.c_void_p(self._library.umockdev_testbed_new())

    def plug(self, text):
        """Add the devices of a description, and send an event for each."""
        error = ctypes.c_void_p()
        added = self._library.umockdev_testbed_add_from_string(self._bed, text.encode(), ctypes.byref(error))
        assert added, "umockdev does not take this description"
        for path in paths(text):
            self._library.umockdev_testbed_uevent(self._bed, path, b"add")

    def unplug(self, text):
        """Send the events, and take the devices away, the innermost first."""
        for path in reversed(paths(text)):
            self._library.umockdev_testbed_uevent(self._bed, path, b"remove")
            self._library.umockdev_testbed_remove_device(self._bed, path)


def paths(text):
    return [f"/sys{line[3:]}".encode() for line in text.splitlines() if line.startswith("P: ")]


def ch340(socket, node, number):
    """A CH340 adapter in a socket, with the device file that the kernel gives it this time.

    umockdev makes a file only for `N:` lines; here the name of the device file is enough.
    """
    usb = f"/devices/pci0000:00/0000:00:14.0/usb1/{socket}"
    bus = f"bus/usb/001/{number:03}"
    return (
        f"P: {usb}\nE: DEVTYPE=usb_device\nE: DEVNAME=/dev/{bus}\n"
        "E: SUBSYSTEM=usb\nA: idVendor=1a86\nA: idProduct=7523\nA: product=USB Serial\n\n"
        f"P: {usb}/{socket}:1.0\nE: DEVTYPE=usb_interface\nE: SUBSYSTEM=usb\nA: bInterfaceNumber=00\n\n"
        f"P: {usb}/{socket}:1.0/{node}/tty/{node}\nE: DEVNAME=/dev/{node}\nE: SUBSYSTEM=tty\n"
    )
