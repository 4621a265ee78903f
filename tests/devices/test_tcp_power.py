"""A network printer loses its power: no FIN, no RST, only silence. Its own network namespace makes it so."""

import os
import subprocess
import sys

LOSES_POWER = """
import fcntl, socket, struct, time
from kioskd.devices.errors import PortError
from kioskd.devices.ports import TcpPort

def loopback(up):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 1 if up else 0)  # IFF_UP
        fcntl.ioctl(any_socket, 0x8914, request)  # SIOCSIFFLAGS

loopback(True)
printer = socket.create_server(("127.0.0.1", 9100))
port = TcpPort("127.0.0.1", 9100)
assert port.write(b"asked") == 5
loopback(False)
deadline = time.monotonic() + 60
while time.monotonic() < deadline:
    try:
        port.write(b"asked again")
    except PortError as error:
        print(error.reason)
        break
    time.sleep(0.2)
"""


def test_a_printer_that_answers_nothing_any_more_is_a_lost_port():
    as_who = [] if os.geteuid() == 0 else ["--map-root-user"]
    command = ["unshare", "--net", *as_who, sys.executable, "-c", LOSES_POWER]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "port_lost\n", done.stderr
