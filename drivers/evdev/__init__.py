"""USB number pads, keyboards and HID evaluators: the kernel's input records, read as keys and ratings."""
