"""A hall's store with its lines and two matters, and the commands that are given beside its daemon."""

import contextlib

import pytest
from click.testing import CliRunner

from kioskd.cli import main
from kioskd.hall.hall import Hall
from kioskd.hall.plan import Line, Matter, Plan, Window
from kioskd.hall.store import Store

LINES = {"general": "综合事务", "police": "公安服务"}


def matter(n, **more):
    fields = {
        "code": f"SW-{n:04}",
        "name": f"第{n}号事项",
        "line": "general",
        "area": "社会事务",
        "department": "社会事务办公室",
        "by_law": "《社会救助暂行办法》",
        "accept_condition": "本镇居民\n家庭生活困难",
        "materials": ("居民身份证", "户口簿", "申请书"),
        "handle_flow": "申请 → 审核 → 办结",
        "promise": "5个工作日",
    }
    return Matter(**(fields | more))


@pytest.fixture
def state(tmp_path):
    """The state directory of a hall whose matters are imported, with the two it has."""
    folder = tmp_path / "state"
    folder.mkdir()
    plan = Plan(
        name="青溪镇便民服务中心",
        lines=tuple(
            Line(id=id_, title=title, letter=letter)
            for (id_, title), letter in zip(LINES.items(), "AB", strict=True)
        ),
        windows=(Window(number=1, title="综合", lines=tuple(LINES)),),
    )
    with contextlib.closing(Store(folder / "hall.db")) as store:
        hall = Hall(store, plan)
        hall.change_matters([matter(1), matter(2, name_en="The second")])
    return folder


@pytest.fixture
def kioskd(state):
    """kioskd("import", file): the command on that hall; gives its exit code and what it printed."""

    def run(command, *words):
        done = CliRunner().invoke(main, ["matters", command, *map(str, words), "--state", str(state)])
        return done.exit_code, done.output

    return run


@pytest.fixture
def stored(state):
    """What is in force, read anew each time."""

    def read():
        from kioskd.hall import matters

        with contextlib.closing(Store(state / "hall.db")) as store, store.read() as snapshot:
            return matters.in_force(snapshot)

    return read
