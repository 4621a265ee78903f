"""The driver for Modbus-RTU LED displays: a sign becomes a number or a text in their registers."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

from drivers.modbus.exceptions import PASSING_EXCEPTIONS, exception_text
from drivers.modbus.explain import ModbusExplainer
from drivers.modbus.frames import Frame, Reader, encode
from drivers.modbus.options import ModbusOptions
from kioskd.devices.driver import Driver, Link
from kioskd.devices.errors import CannotExpress, NoAnswer
from kioskd.devices.explain import Explainer
from kioskd.devices.health import Reason
from kioskd.devices.kinds import Kind, Sign, SignState
from kioskd.devices.profiles import Profile
from kioskd.devices.sentences import expand, sign_values
from kioskd.reading import Mistake

BREATH_S = 0.2
"""How long a busy display is left alone."""
SHOWN_STATES = frozenset({SignState.CALL, SignState.SERVING})
"""A number stands on the display while a ticket is at the window."""
LARGEST = 0x7FFF


class ModbusDisplay(Driver):
    """One display at one address."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.DISPLAY})
    Options: ClassVar[type[msgspec.Struct]] = ModbusOptions

    @classmethod
    def line_protocol(cls, profile: Profile) -> str | None:
        """Every Modbus device has its own address, whatever its model."""
        return "modbus"

    @classmethod
    def check_options(cls, options: msgspec.Struct) -> list[Mistake]:
        """Numbers that no register holds, and registers that cannot be."""
        assert isinstance(options, ModbusOptions)
        return options.mistakes()

    @classmethod
    def explainer(cls, profile: Profile, options: msgspec.Struct) -> Explainer:
        """Requests and answers in words."""
        assert isinstance(options, ModbusOptions)
        return ModbusExplainer(profile.timing.silence_s, options.address)

    def __init__(self, link: Link, profile: Profile, options: msgspec.Struct, address: int | None) -> None:
        assert isinstance(options, ModbusOptions)
        super().__init__(link, profile, options, options.address if address is None else address)
        self._options = options
        self._reader = Reader(requests=False, address=self._at, count=link.count)
        self._echo = link.local_echo
        """Whether the line gives us our own bytes back; None: not known yet."""
        self._asked: ModbusPDU | None = None
        self._answer: ModbusPDU | None = None
        self._refused: dict[str, Reason] = {}

    @property
    def _at(self) -> int:
        assert self.address is not None
        return self.address

    # --- from the host ---

    def probe(self) -> None:
        """Find the display, and make sure that it shows whole numbers. Raises NoAnswer."""
        self.poll()
        if self._options.ask and self._options.decimal_register is not None:
            self._do("decimal point", self._write(self._options.decimal_register, 0), vital=False)

    def poll(self) -> None:
        """Is it still there? Raises NoAnswer."""
        if self._options.ask:
            register = self._options.value_register - self._options.base
            self._do("read", ReadHoldingRegistersRequest(address=register, count=1), vital=False)
        elif self._options.decimal_register is not None:
            self._do("decimal point", self._write(self._options.decimal_register, 0), vital=False)

    def show(self, sign: Sign) -> None:
        """Show the ticket's number, or nothing. Raises CannotExpress, NoAnswer.

        What cannot be shown leaves the display blank: no number is better than the one before.
        """
        text = self._text(sign) if self._options.text else None
        if text is not None:
            request = self._write(self._options.text_register, *_characters(text), several=True)
            self._do("text", request, about="sign")
            return
        number = self._number(sign)
        self._do("number", self._write_value(self._options.blank if number is None else number), about="sign")
        if number is None:
            raise CannotExpress(f"{sign.number} does not fit into the {self._options.digits} digits")

    def _text(self, sign: Sign) -> str | None:
        """What stands on the display, as wide as it is; None when its characters cannot say it."""
        values = sign_values(sign, {})
        shown = sign.number if sign.state in SHOWN_STATES else ""
        if sign.state in self._options.texts:
            shown = expand(self._options.texts[sign.state], values)
        elif len(shown) > self._options.digits:
            shown = sign.digits
        fits = len(shown) <= self._options.digits and shown.isascii() and (shown + "0").isprintable()
        return shown.rjust(self._options.digits) if fits else None

    def _number(self, sign: Sign) -> int | None:
        """The ticket's digits as a number: a display of numbers shows 012 as 12. None: it does not fit."""
        if sign.state not in SHOWN_STATES or not sign.digits:
            return self._options.blank
        number = int(sign.digits)
        return number if number <= LARGEST and len(str(number)) <= self._options.digits else None

    def _write_value(self, number: int) -> ModbusPDU:
        return self._write(
            self._options.value_register, number & 0xFFFF, several=self._options.value_function == 16
        )

    def _write(self, register: int, *values: int, several: bool = False) -> ModbusPDU:
        """Function 6 for one register, 16 for more."""
        address = register - self._options.base
        if len(values) == 1 and not several:
            return WriteSingleRegisterRequest(address=address, registers=list(values))
        return WriteMultipleRegistersRequest(address=address, registers=list(values), count=len(values))

    # --- a request and its answer ---

    def _do(self, name: str, request: ModbusPDU, *, about: str = "", vital: bool = True) -> None:
        """Have a request done, or know why it was refused. Raises NoAnswer.

        about: what it is for: done, it ends an earlier refusal of the same. vital: refused, the device is at
        fault; otherwise that is only noted as a fact.
        """
        answer = self._tried(request)
        if answer is None:
            raise NoAnswer(
                f"{self.profile.title} at address {self._at} was asked {1 + self._options.retries} times "
                f"({name}) and gave no answer: check its power, A and B, its address and its baud rate"
            )
        refusal = _refusal(answer)
        if not refusal:
            self._refused.pop(about or name, None)
        elif vital:
            self._refused[about or name] = Reason("refused", f"{name}: {refusal}")
        else:
            self.link.fact(name, f"not supported ({refusal})")
        self.link.health(*self._refused.values())

    def _tried(self, request: ModbusPDU) -> ModbusPDU | None:
        answer = None
        for turn in range(1 + self._options.retries):
            if turn:
                self.link.count("sent_again")
            answer = self._once(request)
            if answer is None:
                continue
            if not _refusal(answer):
                break
            self.link.count("exceptions")
            if getattr(answer, "exception_code", 0) not in PASSING_EXCEPTIONS:
                break
            self.link.pause(BREATH_S)
        return answer

    def _once(self, request: ModbusPDU) -> ModbusPDU | None:
        """Send it once and wait for what comes back; None: nothing."""
        request.dev_id = self._at
        frame = encode(request)
        self._asked, self._answer = request, None
        self._reader.expect_echo(frame if self._may_echo(request) else b"", self._heard_echo)
        self.link.write(frame)
        try:
            return self.link.wait(lambda: self._answer, timeout_s=self._options.answer_s)
        except NoAnswer:
            return None
        finally:
            self._asked = None

    def _may_echo(self, request: ModbusPDU) -> bool:
        """Whether the request's own bytes may come back, and would not be its answer.

        The confirmation of function 6 has the very bytes of its request. So an echo of that is looked for
        only where one is known: by the port's `local_echo`, or by the echo of a question, which is no answer.
        """
        if self._echo is None:
            return not isinstance(request, WriteSingleRegisterRequest)
        return self._echo

    def _heard_echo(self) -> None:
        self._echo = True
        self.link.count("echo")

    # --- from the line ---

    def received(self, data: bytes) -> None:
        """Take this display's answer out of what arrived."""
        for frame in self._reader.feed(data):
            self._take(frame)

    def silence(self) -> None:
        """An unfinished frame stays unfinished; what it hid is taken."""
        for frame in self._reader.silence():
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        if frame.pdu.dev_id != self._at:
            self.link.count("other_address")
        elif self._asked is not None and _answers(frame.pdu, self._asked):
            self._answer = frame.pdu


def _answers(pdu: ModbusPDU, asked: Any) -> bool:
    """Whether this is an answer to that request, and no late one to another.

    The same function; for a write also the same register, and what is repeated of its values.
    """
    if isinstance(pdu, ExceptionResponse):
        return bool(pdu.function_code & 0x7F == asked.function_code)
    if pdu.function_code != asked.function_code:
        return False
    if isinstance(asked, ReadHoldingRegistersRequest):
        return True
    repeated = list(pdu.registers) or list(asked.registers)
    return bool(pdu.address == asked.address) and repeated == list(asked.registers)


def _refusal(answer: ModbusPDU) -> str:
    """What an exception response says; empty for any other answer."""
    if not isinstance(answer, ExceptionResponse):
        return ""
    return exception_text(answer.exception_code)


def _characters(text: str) -> list[int]:
    """Two characters a register, a blank behind an odd one."""
    padded = text + " " * (len(text) % 2)
    return [int.from_bytes(padded[at : at + 2].encode("ascii"), "big") for at in range(0, len(padded), 2)]
