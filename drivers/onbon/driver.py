"""The driver for Onbon BX-5K/6K controllers: one dynamic area a device, acknowledged."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from drivers.onbon import commands
from drivers.onbon.commands import Answer, Area, Command
from drivers.onbon.explain import OnbonExplainer
from drivers.onbon.frames import BROADCAST, Decoder, Packet, encode
from drivers.onbon.options import OnbonOptions
from drivers.onbon.text import text_of, width_px
from kioskd.devices.driver import Driver, Link
from kioskd.devices.errors import CannotExpress, NoAnswer
from kioskd.devices.explain import Explainer
from kioskd.devices.health import Reason
from kioskd.devices.kinds import Kind, Sign
from kioskd.devices.profiles import Profile
from kioskd.reading import Mistake

BREATH_S = 0.3
"""How long a controller that is busy is left alone before it is asked again."""
DISPLAY = {"static": 1, "quick": 2, "left": 3, "right": 4, "up": 5, "down": 6}
ALIGN_X = {"left": 0, "right": 1, "center": 2}
ALIGN_Y = {"top": 0, "bottom": 4, "middle": 8}
PIXEL_BIT = 0x8000


class OnbonDisplay(Driver):
    """One area of one controller. Without an address it speaks to whatever controller hears it."""

    kinds: ClassVar[frozenset[Kind]] = frozenset({Kind.DISPLAY})
    Options: ClassVar[type[msgspec.Struct]] = OnbonOptions

    @classmethod
    def line_protocol(cls, profile: Profile) -> str | None:
        """Screens on one line differ by their address, devices of one screen by their area."""
        return f"onbon, area {profile.options.get('area', 0)}"

    @classmethod
    def check_options(cls, options: msgspec.Struct) -> list[Mistake]:
        """An area that such a controller cannot place."""
        assert isinstance(options, OnbonOptions)
        return options.mistakes()

    @classmethod
    def explainer(cls, profile: Profile, options: msgspec.Struct) -> Explainer:
        """Commands and answers in words."""
        return OnbonExplainer(profile.timing.silence_s)

    def __init__(self, link: Link, profile: Profile, options: msgspec.Struct, address: int | None) -> None:
        super().__init__(link, profile, options, address)
        assert isinstance(options, OnbonOptions)
        self._options = options
        self._decoder = Decoder(link.count)
        self._sent: Packet | None = None
        self._answer: Answer | None = None
        self._refused: dict[str, Reason] = {}
        self._facts_asked = not options.ask_facts

    # --- from the host ---

    def probe(self) -> None:
        """Find the controller, light its screen. Raises NoAnswer."""
        self._do(commands.ping())
        if self._options.power_on:
            self._do(commands.power(True))
        if self._options.brightness is not None:
            level = self._options.brightness
            self._do(commands.brightness(level, table=self._options.brightness_table), vital=False)

    def poll(self) -> None:
        """Is it still there? The first time also: what is it? Raises NoAnswer."""
        self._do(commands.ping())
        if not self._facts_asked:
            self._facts_asked = True
            self._ask_facts()

    def show(self, sign: Sign) -> None:
        """Show the sign in this device's area. Raises CannotExpress, NoAnswer.

        What cannot be shown leaves the area dark: nothing is better than the number before.
        """
        try:
            text = text_of(sign, self._options)
        except CannotExpress:
            self._do(commands.delete_areas(self._options.area), about="sign")
            raise
        if text:
            command = commands.show_areas([self._area(text)], process=self._options.process)
        else:
            command = commands.delete_areas(self._options.area)
        self._do(command, about="sign")

    def _area(self, text: str) -> Area:
        options = self._options
        mode = options.mode
        if mode == "auto":
            mode = "static" if width_px(text, options) <= options.width else "left"
        bit = PIXEL_BIT if options.pixel_bit else 0
        return Area(
            number=options.area,
            x=options.x // options.unit_px | bit,
            y=options.y,
            width=options.width // options.unit_px | bit,
            height=options.height,
            text=(options.prefix + text).encode(options.charset),
            line_space=options.line_space,
            run_mode=options.run_mode,
            timeout_s=options.timeout_s,
            align=ALIGN_X[options.align_x] | ALIGN_Y[options.align_y],
            single_line=1 if options.single_line or mode == "left" else 2,
            wrap=2 if options.wrap else 1,
            display=DISPLAY[mode],
            speed=options.speed,
            stay=round(options.stay_s * 2),
        )

    def _do(self, command: Command, *, about: str = "", vital: bool = True) -> None:
        """Have a command done, or know why it was refused. Raises NoAnswer.

        about: what it is for: done, it ends an earlier refusal of the same. vital: refused, the device is at
        fault; otherwise that is only noted as a fact.
        """
        answer = self._tried(command)
        if answer is None:
            raise NoAnswer(
                f"{self.profile.title} was sent {command.name} {1 + self._options.retries} times and gave no "
                "answer: check its power, its network or serial cable, and its address (屏号)"
            )
        if answer.accepted:
            self._refused.pop(about or command.name, None)
        elif vital:
            detail = f"{command.name}: {commands.error_text(answer.error)}"
            self._refused[about or command.name] = Reason("refused", detail)
        else:
            self.link.fact(command.name, f"not supported ({commands.error_text(answer.error)})")
        self.link.health(*self._refused.values())

    def _tried(self, command: Command) -> Answer | None:
        answer = None
        for turn in range(1 + self._options.retries):
            if turn:
                self.link.count("sent_again")
            answer = self._asked(command)
            if answer is None:
                continue
            if answer.accepted:
                break
            self.link.count("nack")
            if answer.error not in commands.PASSING_ERRORS:
                break
            self.link.pause(BREATH_S)
        return answer

    def _asked(self, command: Command) -> Answer | None:
        """Send it once and wait for what comes back; None: nothing."""
        self._answer = None
        self._sent = Packet(
            to=BROADCAST if self.address is None else self.address,
            data=command.data,
            display_mode=self._options.display_mode,
            device_type=self._options.device_type,
        )
        self.link.write(encode(self._sent))
        try:
            return self.link.wait(lambda: self._answer, timeout_s=self._options.answer_s)
        except NoAnswer:
            return None
        finally:
            self._sent = None

    def _ask_facts(self) -> None:
        firmware = self._asked(commands.ask_firmware())
        self.link.fact(
            "firmware", _told(firmware) or commands.firmware_of(firmware.data if firmware else b"")
        )
        status = self._asked(commands.ask_status())
        facts = commands.status_of(status.data) if status else {}
        for name in ("power", "brightness"):
            self.link.fact(name, facts.get(name) or _told(status) or "unknown")

    # --- from the controller ---

    def received(self, data: bytes) -> None:
        """Take the controller's answers out of what arrived.

        The document does not say whose address an answer bears, so it is not looked at.
        """
        for packet in self._decoder.feed(data):
            if packet == self._sent:
                self.link.count("echo")
            elif self._sent is not None:
                self._answer = commands.answer_of(packet.data) or self._answer
                self._note_model(packet.device_type)

    def silence(self) -> None:
        """An unfinished frame will not be finished."""
        self._decoder.silence()

    def _note_model(self, device_type: int) -> None:
        if device_type in commands.MODELS:
            self.link.fact("controller", commands.MODELS[device_type])


def _told(answer: Answer | None) -> str:
    """Say "not supported" where the controller refused the question."""
    return "not supported" if answer is not None and not answer.accepted else ""
