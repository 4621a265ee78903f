"""A hall that meets every clause a machine can witness; a test spoils one thing."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from kioskd.conform.witness import DeviceSeen, Witness
from kioskd.devices.health import State
from kioskd.devices.kinds import Kind
from kioskd.hall.cases import Case, CaseKind, CaseState
from kioskd.hall.matter import Matter
from kioskd.hall.model import WindowState, WindowView
from kioskd.hall.plan import Clerk, Line, Plan, Window

TODAY = date(2026, 3, 2)
AREAS = (
    "公安服务",
    "不动产交易登记",
    "商事登记",
    "医保社保",
    "城镇建设",
    "土地管理",
    "卫生计生",
    "公积金服务",
    "社会事务",
)


def matter(number, area, **changes):
    fields = {
        "code": f"M-{number}",
        "name": f"事项{number}",
        "line": "general",
        "area": area,
        "department": "所",
        "by_law": "某某法",
        "accept_condition": "本镇居民",
        "materials": ("居民身份证",),
        "handle_flow": "受理、办结",
        "promise": "即办",
        "contact": "0571-12345",
    }
    return Matter(**fields | changes)


def device(name, *kinds, window=None, state=State.ONLINE):
    return DeviceSeen(name=name, kinds=frozenset(kinds), window=window, state=state)


def case(number, **changes):
    fields = {
        "id": number,
        "number": f"260302-{number}",
        "kind": CaseKind.COMPLAINT,
        "state": CaseState.OPEN,
        "ticket": None,
        "window": None,
        "clerk": None,
        "level": None,
        "handler": "",
        "opened_at": datetime(2026, 3, 2, 1, tzinfo=UTC),
        "due_on": date(2026, 3, 23),
        "called_back_at": None,
        "resolved_at": None,
        "outcome": None,
        "set_aside": False,
    }
    return Case(**fields | changes)


@pytest.fixture
def hall():
    matters = tuple(matter(number, area) for number, area in enumerate(AREAS))
    plan = Plan(
        name="青溪镇便民服务中心",
        lines=(Line(id="general", title="综合", letter="A"),),
        windows=(Window(number=1, title="综合窗口", lines=("general",)),),
        clerks=(Clerk(id="c1", name="示范员甲", position="受理岗"),),
    )
    window = WindowView(
        number=1,
        title="综合窗口",
        title_en="",
        lines=("general",),
        state=WindowState.OPEN,
        clerk="c1",
        clerk_name="示范员甲",
        clerk_position="受理岗",
    )
    return Witness(
        plan=plan,
        today=TODAY,
        matters=matters,
        shown=frozenset(one.code for one in matters),
        windows=(window,),
        devices=(
            device("printer", Kind.PRINTER),
            device("strip-1", Kind.DISPLAY, window=1),
            device("pad-1", Kind.KEYPAD, window=1),
            device("evaluator-1", Kind.EVALUATOR, window=1),
        ),
        feedback_page=True,
    )


@pytest.fixture
def without():
    """without(hall, kind): the same hall without its devices of this kind."""

    def leave_out(hall, kind):
        return msgspec.structs.replace(
            hall, devices=tuple(one for one in hall.devices if kind not in one.kinds)
        )

    return leave_out
