"""One check a clause: met or not met, with its evidence, naming what fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kioskd.conform.witness import Witness
from kioskd.devices.kinds import Kind
from kioskd.hall.cases import Case, CaseState
from kioskd.hall.matter import SIX_UNITS, Matter
from kioskd.hall.model import WindowState

NINE_AREAS = (
    "公安服务", "不动产交易登记", "商事登记", "医保社保", "城镇建设", "土地管理", "卫生计生", "公积金服务",
    "社会事务",
)  # fmt: skip
_NAME = re.compile(r".+(乡|镇|街道)便民服务中心(（.+）)?")
_NAMED_AT_MOST = 12


class Seen(NamedTuple):
    """What a check found. zh, en: the evidence."""

    met: bool
    zh: str
    en: str


Check = Callable[[Witness], Seen]
CHECKS: dict[str, Check] = {}


def _check(check: Check) -> Check:
    CHECKS[check.__name__] = check
    return check


# --- 4.2.1 signs ---


@_check
def function_signs(hall: Witness) -> Seen:
    """A window's sign is a device that works, or its page on a screen."""
    without = [window.number for window in hall.windows if not _has_sign(hall, window.number)]
    return _windows(hall, without, "有功能标识", "with a sign")


@_check
def clerks_named(hall: Witness) -> Seen:
    """Whoever is at an open window has signed in, and has a name and a position to show."""
    nobody = [
        window.number
        for window in hall.windows
        if window.state is not WindowState.CLOSED and not window.clerk_name
    ]
    nameless = [clerk.id for clerk in hall.plan.clerks if not clerk.name or not clerk.position]
    if not nobody and not nameless:
        count = len(hall.plan.clerks)
        return Seen(
            True, f"{count} 名工作人员均有姓名和职务", f"all {count} clerks have a name and a position"
        )
    return Seen(
        False,
        _join_zh("没有签到的窗口", nobody) + _join_zh("缺姓名或职务", nameless),
        _join_en("nobody signed in at window", nobody) + _join_en("no name or position", nameless),
    )


@_check
def paused_signs(hall: Witness) -> Seen:
    """A sign that works says so by itself, and says why."""
    paused = [window.number for window in hall.windows if window.state is WindowState.PAUSED]
    without = [window.number for window in hall.windows if not _has_sign(hall, window.number)]
    seen = _windows(hall, without, "离开时显示暂停服务", "saying so when the clerk is away")
    return Seen(
        seen.met,
        seen.zh + _join_zh("现在暂停", paused),
        seen.en + _join_en("paused now", paused),
    )


@_check
def name_of_the_centre(hall: Witness) -> Seen:
    """The name ends as the standard has it."""
    return Seen(bool(_NAME.fullmatch(hall.plan.name)), hall.plan.name, hall.plan.name)


def _has_sign(hall: Witness, window: int) -> bool:
    return window in hall.screens or any(one.works for one in hall.devices_of(window, Kind.DISPLAY))


# --- 4.2.2 windows ---


@_check
def comprehensive_window(hall: Witness) -> Seen:
    """Some window serves every line."""
    lines = {line.id for line in hall.plan.lines}
    found = [window.number for window in hall.plan.windows if lines <= set(window.lines)]
    if found:
        return Seen(True, f"综合窗口：{_names(found)}", f"comprehensive: window {_names(found)}")
    return Seen(False, "没有一个窗口受理全部队列", "no window serves every line")


@_check
def nine_areas(hall: Witness) -> Seen:
    """Every area has a matter that some window serves."""
    missing = [area for area in NINE_AREAS if area not in {one.area for one in hall.served}]
    if not missing:
        return Seen(True, "九类事项齐全", "all nine areas")
    return Seen(False, f"缺少：{_names(missing)}", f"missing: {_names(missing)}")


# --- 4.3 equipment ---


@_check
def queue_platform(hall: Witness) -> Seen:
    """The queue is this system's as soon as numbers are taken here, or can be."""
    taken = hall.tickets > 0 or any(one.works for one in hall.of_kind(Kind.PRINTER))
    return Seen(taken, f"今日取号 {hall.tickets}", f"{hall.tickets} tickets today")


@_check
def enquiry_device(hall: Witness) -> Seen:
    """The kiosk is one as soon as it has something to look up."""
    count = len(hall.shown)
    return Seen(count > 0, f"取号机可查询 {count} 项", f"{count} matters can be looked up at the kiosk")


@_check
def ticket_machine(hall: Witness) -> Seen:
    """A printer that works prints the tickets: one of the kiosk, or any where the kiosk has none."""
    printers = [one for one in hall.of_kind(Kind.PRINTER) if one.window is None] or hall.of_kind(Kind.PRINTER)
    return _devices(printers, "取号打印机", "ticket printers")


@_check
def call_devices(hall: Witness) -> Seen:
    """A window is called from by a pad that works, or by a clerk with an account for the clerk's page."""
    if hall.clerks_with_accounts:
        count = len(hall.clerks_with_accounts)
        return Seen(True, f"{count} 名工作人员可用叫号页面", f"{count} clerks can use the clerk's page")
    without = [
        window.number
        for window in hall.windows
        if not any(one.works for one in hall.devices_of(window.number, Kind.KEYPAD))
    ]
    return _windows(hall, without, "有呼叫器", "with a call pad")


@_check
def displays(hall: Witness) -> Seen:
    """Every display works."""
    found = hall.of_kind(Kind.DISPLAY)
    if not found and hall.screens:
        return Seen(True, "使用窗口屏页面", "windows' pages on screens")
    return _devices(found, "显示屏", "displays", all_of_them=True)


@_check
def every_matter_shown(hall: Witness) -> Seen:
    """What windows can do, the kiosk shows; and there is no matter whose line no window serves."""
    hidden = [one for one in hall.served if one.code not in hall.shown]
    orphaned = [one for one in hall.matters if one.line not in hall.served_lines]
    served = len(hall.served)
    counted_zh = f"取号机显示 {served - len(hidden)}/{served} 项"
    counted_en = f"{served - len(hidden)} of {served} matters shown"
    return Seen(
        served > 0 and not hidden and not orphaned,
        counted_zh
        + _join_zh("未显示", map(_matter, hidden))
        + _join_zh("没有窗口受理", map(_matter, orphaned)),
        counted_en
        + _join_en("hidden", map(_matter, hidden))
        + _join_en("no window serves", map(_matter, orphaned)),
    )


@_check
def window_equipment(hall: Witness) -> Seen:
    """Each window has an evaluator; cameras are told."""
    cameras = len(hall.of_kind(Kind.CAMERA))
    seen = _windows(hall, _without_evaluator(hall), "有评价器", "with an evaluator")
    return Seen(seen.met, f"{seen.zh}；高拍仪 {cameras} 台", f"{seen.en}; {cameras} document cameras")


# --- 4.4, 5 matters ---


@_check
def six_units(hall: Witness) -> Seen:
    """No unit of a matter is empty."""
    lacking = [
        f"{_matter(one)}: {_names(units)}"
        for one in hall.matters
        if (units := [unit for unit in SIX_UNITS if not getattr(one, unit)])
    ]
    return _matters(hall, lacking, "六项数据齐全", "with all six units")


@_check
def guides(hall: Witness) -> Seen:
    """The brief edition is the six units; the full one is at an address, or at this hall's own kiosk."""
    without = [_matter(one) for one in hall.served if not _full_guide(hall, one)]
    return _matters(hall, without, "简版指南注明完整版途径", "whose brief guide says how to get the full one")


def _full_guide(hall: Witness, matter: Matter) -> bool:
    return bool(matter.guide_url or hall.plan.public_url or matter.code in hall.shown)


@_check
def information_to_look_up(hall: Witness) -> Seen:
    """The guides can be read in the hall, and feedback can be given there."""
    count = len(hall.shown)
    asked = sum(bool(one.contact) for one in hall.served)
    return Seen(
        count > 0 and hall.feedback_page,
        f"可查询 {count} 项，其中 {asked} 项有咨询方式；意见反馈{'已' if hall.feedback_page else '未'}开放",
        f"{count} guides, {asked} say where to ask; feedback is {'' if hall.feedback_page else 'not '}taken",
    )


@_check
def records_and_terms(hall: Witness) -> Seen:
    """Every visit is a ticket with its dates; each matter promises a term; nothing is overdue."""
    without = [_matter(one) for one in hall.served if not one.promise]
    late = [case.id for case in hall.cases if case.due_on < hall.today]
    return Seen(
        not without and not late,
        f"今日记录 {hall.tickets} 件" + _join_zh("无承诺时限", without) + _join_zh("逾期", late),
        f"{hall.tickets} visits recorded today"
        + _join_en("no term", without)
        + _join_en("overdue case", late),
    )


@_check
def rules_and_promises(hall: Witness) -> Seen:
    """What a system witnesses of such rules: materials and a term on each guide, and a way to rate."""
    without = [_matter(one) for one in hall.served if not one.materials or not one.promise]
    seen = _matters(hall, without, "写明材料和时限", "with materials and a term")
    rating = _can_rate(hall)
    return Seen(
        seen.met and rating,
        f"{seen.zh}；评价{'已' if rating else '未'}启用",
        f"{seen.en}; people can{'' if rating else 'not'} rate",
    )


# --- 6, 7 complaints and ratings ---


@_check
def channels(hall: Witness) -> Seen:
    """Evaluators at the windows, and feedback at the kiosk and by phone."""
    seen = _windows(hall, _without_evaluator(hall), "有评价器", "with an evaluator")
    return Seen(
        seen.met and hall.feedback_page,
        f"{seen.zh}；意见反馈{'已' if hall.feedback_page else '未'}开放",
        f"{seen.en}; feedback is {'' if hall.feedback_page else 'not '}taken",
    )


@_check
def complaints_followed(hall: Witness) -> Seen:
    """No case is overdue, and one of yesterday has somebody who answers for it."""
    late = [case.id for case in hall.cases if case.due_on < hall.today]
    nobodys = [
        case.id
        for case in hall.cases
        if case.state is CaseState.OPEN and not case.handler and _opened_on(hall, case) < hall.today
    ]
    return Seen(
        not late and not nobodys,
        f"未办结 {len(hall.cases)} 件" + _join_zh("逾期", late) + _join_zh("没有经办人", nobodys),
        f"{len(hall.cases)} open" + _join_en("overdue", late) + _join_en("nobody handles", nobodys),
    )


def _opened_on(hall: Witness, case: Case) -> date:
    """The day on the hall's wall: at eight in the morning it is still yesterday in UTC."""
    return case.opened_at.astimezone(ZoneInfo(hall.plan.timezone)).date()


@_check
def result_by_number(hall: Witness) -> Seen:
    """Each case has a number, and there is a page that answers it."""
    if hall.feedback_page:
        return Seen(True, "凭受理编号查询：/feedback", "by its number at /feedback")
    return Seen(False, "没有查询页面", "there is no page to ask at")


@_check
def ratings_kept(hall: Witness) -> Seen:
    """People can rate, and what they say is kept."""
    return Seen(_can_rate(hall), f"今日评价 {hall.rated} 次", f"{hall.rated} ratings today")


def _can_rate(hall: Witness) -> bool:
    return bool(hall.of_kind(Kind.EVALUATOR) or hall.plan.public_url)


def _without_evaluator(hall: Witness) -> list[int]:
    return [
        window.number
        for window in hall.windows
        if not any(one.works for one in hall.devices_of(window.number, Kind.EVALUATOR))
    ]


# --- evidence in words ---


def _windows(hall: Witness, without: list[int], zh: str, en: str) -> Seen:
    total = len(hall.windows)
    done = f"{total - len(without)}/{total}"
    return Seen(
        not without,
        f"{done} 个窗口{zh}" + _join_zh("缺", without),
        f"{done} windows {en}" + _join_en("not window", without),
    )


def _devices(found: list, zh: str, en: str, *, all_of_them: bool = False) -> Seen:  # type: ignore[type-arg]
    dead = [f"{one.name} ({one.state})" for one in found if not one.works]
    working = len(found) - len(dead)
    met = working > 0 and not (all_of_them and dead)
    return Seen(
        met,
        f"{zh} {working}/{len(found)} 台正常" + _join_zh("故障", dead),
        f"{working} of {len(found)} {en} work" + _join_en("not", dead),
    )


def _matters(hall: Witness, without: list[str], zh: str, en: str) -> Seen:
    total = len(hall.matters)
    return Seen(
        total > 0 and not without,
        f"{total - len(without)}/{total} 项{zh}" + _join_zh("缺", without),
        f"{total - len(without)} of {total} matters {en}" + _join_en("not", without),
    )


def _matter(matter: Matter) -> str:
    return f"{matter.code} {matter.name}"


def _join_zh(what: str, names: Iterable[object]) -> str:
    told = _names(names)
    return f"；{what}：{told}" if told else ""


def _join_en(what: str, names: Iterable[object]) -> str:
    told = _names(names)
    return f"; {what}: {told}" if told else ""


def _names(names: Iterable[object]) -> str:
    told = [str(name) for name in names]
    more = f" … (+{len(told) - _NAMED_AT_MOST})" if len(told) > _NAMED_AT_MOST else ""
    return ", ".join(told[:_NAMED_AT_MOST]) + more
