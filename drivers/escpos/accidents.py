"""What people can do to an emulated printer, and what can happen to it."""

from __future__ import annotations

from kioskd.devices.emulation import Action

ACTIONS = (
    Action("paper_low", "纸将尽", "paper runs low", "fault"),
    Action("paper_out", "取走纸卷", "take the paper out", "fault"),
    Action("paper_out_mid", "下一张打到一半缺纸", "paper ends in the middle of the next ticket", "fault"),
    Action("paper_in", "装入新纸", "put a new roll in", "fault"),
    Action("cover_open", "打开机盖", "open the cover", "fault"),
    Action("cover_close", "合上机盖", "close the cover", "fault"),
    Action("cutter_jam", "切刀卡纸", "jam the cutter at the next cut", "fault"),
    Action("cutter_clear", "取出卡纸", "take the jammed paper out", "fault"),
    Action("head_hot", "打印头过热", "overheat the print head", "fault"),
    Action("head_cool", "打印头冷却", "let the print head cool", "fault"),
    Action("break", "机械故障", "break the mechanism", "fault"),
    Action("repair", "修好", "repair the mechanism", "fault"),
    Action("feed_press", "按住走纸键", "hold the feed button down", "fault"),
    Action("feed_release", "松开走纸键", "let go of the feed button", "fault"),
    Action("silent", "不再应答", "stop answering", "fault"),
    Action("late", "迟答三秒", "answer three seconds late", "fault"),
    Action("answers", "恢复应答", "answer again", "fault"),
    Action("hold", "不收数据", "take no data", "fault"),
    Action("take", "恢复收数据", "take data again", "fault"),
    Action("power_off", "断电", "switch off", "fault"),
    Action("power_on", "通电", "switch on", "fault"),
    Action("power_cut_mid", "下一张打到一半断电", "lose power in the middle of the next ticket", "fault"),
    Action(
        "power_blink_mid",
        "下一张打到一半闪断",
        "lose power for a second in the middle of the next ticket, the cable staying up",
        "fault",
    ),
    Action("tear", "撕下纸", "tear the paper off", "fault"),
)
