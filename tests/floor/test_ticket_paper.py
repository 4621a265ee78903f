"""The built-in ticket as a citizen holds it, through the real printer driver and the emulated printer."""

import msgspec
import pytest

from drivers.escpos.emulator import EmulatedPrinter
from kioskd.devices.kinds import Kind
from kioskd.devices.profiles import Profile
from kioskd.devices.specs import DeviceSpec, PortSpec
from kioskd.devices.supervisor import Supervisor
from kioskd.floor.facts import notice_facts, ticket_facts
from kioskd.floor.layout import Layout, layout_text
from kioskd.floor.papers import NOTICE

PAPER_58_MM = """\
青溪镇便民服务中心
--------------------------------
您的号码 Your number
B001
社会保障卡申领
前面等候                    0 人
取号时间        2026-03-02 09:30
可办窗口                  1 2 号
--------------------------------
请备好以下材料：
1. 居民身份证原件
2. 近期免冠照片
--------------------------------
请留意叫号，过号请到咨询台"""

REPRINT_ON_80_MM = """\
青溪镇便民服务中心
★ 补打 Reprint ★
------------------------------------------------
您的号码 Your number
B001
社会保障卡申领
前面等候                                    0 人
取号时间                        2026-03-02 09:30
可办窗口                                  1 2 号
------------------------------------------------
请备好以下材料：
1. 居民身份证原件
2. 近期免冠照片
------------------------------------------------
请留意叫号，过号请到咨询台"""


class Wire:
    """An emulated printer's cable, and its clock."""

    def __init__(self):
        self.time_s = 0.0

    def now_s(self):
        return self.time_s

    def send(self, data):
        """The printer answers; nobody listens."""

    def hold(self, held):
        """The printer's buffer is full or not; these tickets are shorter than it."""


def printed(document, columns, dots):
    """The text on the paper of a printer that is so many columns wide."""
    profile = Profile(
        name="printer",
        title="printer",
        driver="escpos",
        kinds=frozenset({Kind.PRINTER}),
        options={"columns": columns, "dots": dots},
    )
    device = DeviceSpec(name="printer", title="", profile=profile, port="paper")
    supervisor = Supervisor([PortSpec(name="paper", at="lp:/dev/null")], [device])
    data = supervisor.devices["printer"].render(document)
    wire = Wire()
    printer = EmulatedPrinter(wire, profile, None)
    printer.received(data)
    for _ in range(600):
        wire.time_s += 0.05
        printer.tick()
    [ticket] = printer.view()["tickets"]
    assert ticket["complete"]
    return ticket["text"]


@pytest.fixture
def document(hall, journal, layout):
    """The document of a ticket's newest paper."""

    def document(ticket):
        return layout.document(ticket_facts(journal.jobs(ticket.id)[-1], ticket, hall.plan))

    return document


def test_on_58_mm_paper(hall, document):
    assert printed(document(hall.issue("card")), 32, 384).strip() == PAPER_58_MM


def test_a_reprint_on_80_mm_paper(hall, document, journal):
    ticket = hall.issue("card")
    journal.begin(1, b"", "printer")
    journal.recover()
    hall.reprint(ticket.id)
    assert printed(document(ticket), 48, 576).strip() == REPRINT_ON_80_MM


def test_the_code_leads_to_the_citizens_own_page(hall, document, plan):
    hall.use(msgspec.structs.replace(plan, public_url="https://hall.example/"))
    ticket = hall.issue("card")
    assert f"[QR https://hall.example/t/{ticket.token}]" in printed(document(ticket), 48, 576)


NOTICE_ON_58_MM = """\
青溪镇便民服务中心
一次性告知单
--------------------------------
社会保障卡申领
请带好这些材料
□ 居民身份证原件
□ 近期免冠照片
--------------------------------"""


def test_what_to_bring_is_a_paper_of_its_own(hall, journal, plan):
    hall.use(msgspec.structs.replace(plan, public_url="https://hall.example/"))
    job = journal.job(hall.print_notice("card"))
    text = printed(Layout(layout_text("notice"), NOTICE).document(notice_facts(job)), 32, 384)
    assert text.strip().startswith(NOTICE_ON_58_MM)
    for unit in ("受理条件", "办理程序", "办结时限", "政策依据", "办理部门"):
        assert unit in text
    assert "[QR https://hall.example/matters/card]" in text
