"""What can go wrong with a device. A driver raises these; the port's owner turns them into health."""

# ruff: noqa: N818 - these names say what happened; "Error" would say less


class DeviceError(Exception):
    """Something happened at a device. The message says what, to what, and what to do now."""


class PortError(DeviceError):
    """The port could not be opened, or was lost while in use: the owner closes it and tries again later.

    reason: a code of the catalogue `reasons.toml`: port_missing, permission_denied, busy, port_lost …
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class WriteTimeout(DeviceError):
    """The device stopped taking bytes before the deadline. The port itself is still there."""

    def __init__(self, accepted: int, message: str) -> None:
        super().__init__(message)
        self.accepted = accepted
        """How many bytes of this write were taken before the deadline."""


class NoAnswer(DeviceError):
    """The device did not answer inside its deadline."""


class CannotExpress(DeviceError):
    """The device has no way to show or do what was asked, such as a letter on a digits-only display."""


class PrintError(DeviceError):
    """A paper job ended badly."""


class NothingSent(PrintError):
    """Not one byte reached the printer: the job may safely be sent again."""


class PrintUnknown(PrintError):
    """Contact was lost after bytes were taken: nobody knows what is on the paper; never send it again."""


class Stopping(DeviceError):
    """The daemon is stopping: raised out of a wait so that the owner's thread can end."""


class DriverMissing(DeviceError):
    """No installed package registers a driver (or an emulator) of this name."""


class ProfileError(DeviceError):
    """A profile says something that cannot be. The message names the file and the key."""
