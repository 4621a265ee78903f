"""`python -m kioskd` is the command `kioskd`."""

from kioskd.cli import main

main(prog_name="kioskd")
