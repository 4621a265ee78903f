"""The driver whose protocol is the profile."""
