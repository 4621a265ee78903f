"""The display's side: registers behind digits. pymodbus reads the requests and makes the answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadHoldingRegistersResponse,
    WriteMultipleRegistersRequest,
    WriteMultipleRegistersResponse,
    WriteSingleRegisterRequest,
    WriteSingleRegisterResponse,
)

from drivers.modbus.frames import Frame, Reader, encode
from drivers.modbus.options import ModbusOptions
from kioskd.devices.emulation import Action, EmulatedWire
from kioskd.devices.faulty_emulation import FaultyEmulator
from kioskd.devices.labels import Label, cable_actions, power_cut_action, usual_faults
from kioskd.devices.profiles import Profile

LATE_S = 1.5
"""How late a late display answers."""
NO_FUNCTION, NO_REGISTER, NO_VALUE = 1, 2, 3
BROADCAST = 0
WRITES = (WriteSingleRegisterRequest.function_code, WriteMultipleRegistersRequest.function_code)


class EmulatedModbusDisplay(FaultyEmulator):
    """One emulated display. What was written last, the number or the text, is what it shows."""

    FAULTS: ClassVar[Mapping[str, Label]] = usual_faults("silent", "late", "wrong_checksum") | {
        "refuse": Label("拒绝（异常应答）", "Refuses (exception)"),
    }

    def __init__(self, wire: EmulatedWire, profile: Profile, address: int | None) -> None:
        options = msgspec.convert(profile.options, ModbusOptions)
        super().__init__(wire, profile, options.address if address is None else address)
        self._options = options
        self._bad: Counter[str] = Counter()
        self._reader = Reader(
            requests=True,
            address=self.address or 1,
            count=lambda counter: self._bad.update([counter]),
        )
        self._value = options.value_register - options.base
        self._text = options.text_register - options.base
        self._decimal = None if options.decimal_register is None else options.decimal_register - options.base
        self._text_registers = (options.digits + 1) // 2
        self._outbox: list[tuple[float, bytes]] = []
        self._heard_s = wire.now_s()
        self._switch_on()

    def _switch_on(self) -> None:
        """As it is when the mains come."""
        registers = {self._value: 0}
        if self._decimal is not None:
            registers[self._decimal] = 0
        if self._options.text:
            registers |= dict.fromkeys(range(self._text, self._text + self._text_registers), 0x2020)
        self._registers = registers
        self._shows_text = False

    # --- the wire ---

    def received(self, data: bytes) -> None:
        """Bytes arrived: the host's, and on a shared line those of the other devices."""
        self._heard_s = self.wire.now_s()
        for frame in self._reader.feed(data):
            self._hear(frame)

    def tick(self) -> None:
        """Time passes: a silence ends whatever was unfinished; late answers are sent."""
        now_s = self.wire.now_s()
        if now_s - self._heard_s > self.profile.timing.silence_s:
            for frame in self._reader.silence():
                self._hear(frame)
        due = [answer for due_s, answer in self._outbox if due_s <= now_s]
        self._outbox = [(due_s, answer) for due_s, answer in self._outbox if due_s > now_s]
        for answer in due:
            self.wire.send(answer)

    def _hear(self, frame: Frame) -> None:
        if "silent" in self.faults or frame.pdu.dev_id not in (self.address, BROADCAST):
            return
        answer = self._done(frame.pdu)
        if frame.pdu.dev_id == BROADCAST:
            return
        answer.dev_id = frame.pdu.dev_id
        raw = encode(answer)
        if "wrong_checksum" in self.faults:
            raw = raw[:-1] + bytes([raw[-1] ^ 0x40])
        if "late" in self.faults:
            self._outbox.append((self.wire.now_s() + LATE_S, raw))
        else:
            self.wire.send(raw)

    def _done(self, request: ModbusPDU) -> ModbusPDU:
        """Do what is asked, and say so; or say why not."""
        address, code = request.address, request.function_code
        if code == ReadHoldingRegistersRequest.function_code:
            asked = range(address, address + request.count)
            if not all(register in self._registers for register in asked):
                return ExceptionResponse(code, NO_REGISTER)
            return ReadHoldingRegistersResponse(registers=[self._registers[register] for register in asked])
        if code not in WRITES:
            return ExceptionResponse(code, NO_FUNCTION)
        if "refuse" in self.faults:
            return ExceptionResponse(code, NO_VALUE)
        written = {address + at: value for at, value in enumerate(request.registers)}
        if not written or not written.keys() <= self._registers.keys():
            return ExceptionResponse(code, NO_REGISTER)
        self._registers |= written
        if self._value in written:
            self._shows_text = False
        elif self._text in written:
            self._shows_text = True
        if code == WriteSingleRegisterRequest.function_code:
            return WriteSingleRegisterResponse(address=address, registers=request.registers)
        return WriteMultipleRegistersResponse(address=address, count=len(written))

    # --- people ---

    def _shown(self) -> str:
        if self._shows_text:
            raw = b"".join(
                self._registers[self._text + at].to_bytes(2, "big") for at in range(self._text_registers)
            )
            return raw.decode("ascii", "replace")[: self._options.digits]
        number = self._registers[self._value]
        signed = number - 0x10000 if number > 0x7FFF else number
        behind = 0 if self._decimal is None else min(self._registers[self._decimal], self._options.digits)
        return f"{signed / 10**behind:.{behind}f}"

    def view(self) -> dict[str, Any]:
        """What its digits show, what is in its registers, and what is wrong."""
        shown = self._shown()
        return {
            "lit": shown.strip(),
            "text": shown,
            "registers": {f"{register:04X}": value for register, value in sorted(self._registers.items())},
            "faults": sorted(self.faults),
            "bad_frames": dict(self._bad),
        }

    def actions(self) -> list[Action]:
        """Its faults, its mains and its cable."""
        return [*self.switches(), power_cut_action(), *cable_actions()]

    def act(self, action: str) -> None:
        """Switch a fault on or off, cut the power, pull the cable. Raises KeyError."""
        if action == "power_cut":
            self._switch_on()
        else:
            super().act(action)
