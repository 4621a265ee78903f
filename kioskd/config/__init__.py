"""The hall file: read, checked, and turned into what the daemon is made from."""

from kioskd.config.load import HallFile, load_hall, profile_folders

__all__ = ["HallFile", "load_hall", "profile_folders"]
