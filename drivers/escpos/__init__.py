"""ESC/POS receipt printers: the driver, and the printer itself as an emulator."""
