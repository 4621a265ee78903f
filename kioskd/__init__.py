"""kioskd: one local daemon for a service hall's devices and its queue."""

__version__ = "0.1.0"
