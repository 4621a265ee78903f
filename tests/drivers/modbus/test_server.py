"""The driver against pymodbus's own server, over two real terminals: an independent reader of our writes."""

import asyncio
import os
import select
import threading
import tty

import pytest
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from drivers.modbus.driver import ModbusDisplay
from kioskd.devices.health import State
from kioskd.devices.kinds import Sign, SignState
from kioskd.devices.port_uri import PortUri
from kioskd.devices.ports import open_port
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.devices.testing import QUICK, until

REGISTERS = 0x80


class Cable:
    """Two pseudo-terminals, joined: what goes into one comes out of the other."""

    def __init__(self):
        self._masters, self.ends = [], []
        for _ in range(2):
            master, slave = os.openpty()
            tty.setraw(slave)
            self._masters.append(master)
            self.ends.append(os.ttyname(slave))
            self._masters.append(slave)
        self._end_r, self._end_w = os.pipe()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def _carry(self):
        one, _, other, _ = self._masters
        across = {one: other, other: one}
        while True:
            ready, _, _ = select.select([one, other, self._end_r], [], [])
            if self._end_r in ready:
                return
            for fd in ready:
                os.write(across[fd], os.read(fd, 4096))

    def close(self):
        os.write(self._end_w, b".")
        self._thread.join()
        for fd in (*self._masters, self._end_r, self._end_w):
            os.close(fd)


@pytest.fixture
def cable():
    cable = Cable()
    yield cable
    cable.close()


@pytest.fixture
def server(cable):
    """pymodbus's server at address 1 with 128 holding registers: `server()` reads them."""
    registers = SimData(0, count=REGISTERS, values=0, datatype=DataType.REGISTERS)
    loop = asyncio.new_event_loop()
    running = threading.Event()
    servers = []

    async def serve():
        servers.append(ModbusSerialServer(SimDevice(1, registers), port=cable.ends[0], baudrate=9600))
        task = asyncio.ensure_future(servers[0].serve_forever())
        while not servers[0].is_active():
            await asyncio.sleep(0.01)
        running.set()
        await task

    def run():
        loop.run_until_complete(serve())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert running.wait(10)

    def read(register, count=1):
        reading = servers[0].context.async_getValues(1, 3, register, count)
        return asyncio.run_coroutine_threadsafe(reading, loop).result(10)

    yield read
    asyncio.run_coroutine_threadsafe(servers[0].shutdown(), loop).result(10)
    thread.join(10)
    loop.close()


@pytest.fixture
def display(cable, profile):
    """A display at the other end: `display(text=True)` gives the device as the floor has it."""
    started = []

    def start(**options):
        found = profile(**options)
        port = PortSpec(name="line", at="serial:/dev/null", settings=found.port, local_echo=None)
        spec = DeviceSpec(name="digits", title="", profile=found, port="line", address=1, options={})
        supervisor = Supervisor(
            [port],
            [spec],
            pace=QUICK,
            find=lambda _: ModbusDisplay,
            opener=lambda _, settings: open_port(PortUri("serial", cable.ends[1]), settings),
        )
        started.append(supervisor)
        supervisor.start()
        return supervisor.devices["digits"]

    yield start
    for supervisor in started:
        supervisor.stop()


def call(number):
    return Sign(state=SignState.CALL, window=3, number=number)


def test_the_server_understands_a_number(server, display):
    digits = display(text=False)
    until(lambda: digits.health().state is State.ONLINE)

    digits.show(call("A012"))
    until(lambda: server(0x00) == [12])
    digits.show(call("A345"))
    until(lambda: server(0x00) == [345])

    assert digits.health().state is State.ONLINE
    assert "bad_checksum" not in digits.health().counters


def test_the_server_understands_text(server, display):
    digits = display()

    digits.show(call("B345"))

    until(lambda: server(0x70, 3) == [0x2020, 0x4233, 0x3435])
    until(lambda: digits.health().state is State.ONLINE)


def test_the_servers_refusal_is_a_fault_that_names_the_register(server, display):
    digits = display(text=False, value_register=0x7FFF, ask=False)

    digits.show(call("A012"))

    until(lambda: digits.health().state is State.FAULT)
    [reason] = digits.health().reasons
    assert (reason.code, reason.detail) == ("refused", "number: exception 2: it has no such register")
