"""What an operator types beside the running daemon, and reads."""

import contextlib
from datetime import date, timedelta

import msgspec

from kioskd.hall import matters
from kioskd.hall.matters import MATTERS_FILE
from kioskd.hall.store import Store
from tests.matter_files.conftest import matter


def write(file, found):
    file.write_bytes(msgspec.json.encode({"matters": [msgspec.to_builtins(one) for one in found]}))
    return file


def test_a_dry_run_shows_each_difference_and_does_nothing(kioskd, stored, tmp_path):
    before = stored()
    file = write(
        tmp_path / "new.json", [matter(1, promise="3个工作日", materials=("居民身份证", "照片")), matter(9)]
    )
    code, printed = kioskd("import", file)
    assert (code, stored()) == (0, before)
    for line in (
        "+ SW-0009 第9号事项",
        "~ SW-0001 第1号事项",
        "    promise: 5个工作日 → 3个工作日",
        "    material + 照片",
        "    material - 户口簿",
        "2 matters: 1 new, 1 changed, 0 the same, 0 withdrawn, 1 not named are kept",
        "Nothing was changed. Do it with --apply.",
    ):
        assert f"{line}\n" in printed
    assert kioskd("diff", file)[1] in printed


def test_it_begins_on_the_day_that_is_named(kioskd, stored, state, tmp_path):
    tomorrow = (date.today() + timedelta(days=2)).isoformat()
    file = write(tmp_path / "new.json", [matter(1, promise="3个工作日")])
    code, printed = kioskd("import", file, "--apply", "--effective", tomorrow)
    assert (code, [one.promise for one in stored()]) == (0, ["5个工作日"] * 2), printed
    with contextlib.closing(Store(state / "hall.db")) as store, store.read() as snapshot:
        assert matters.on_day(snapshot, tomorrow)["SW-0001"].promise == "3个工作日"
    assert f"begins on {tomorrow}" in kioskd("import", file)[1]
    export = tmp_path / "then.json"
    assert kioskd("export", export, "--on", tomorrow)[0] == 0
    assert "3个工作日" in export.read_text("utf-8")


def test_a_day_that_is_over_is_refused(kioskd, tmp_path):
    file = write(tmp_path / "new.json", [matter(1)])
    code, printed = kioskd("import", file, "--effective", "2020-01-01")
    assert code == 2
    assert "is over" in printed


def test_a_hall_whose_matters_come_from_a_file_is_told_what_to_do(kioskd, state, tmp_path):
    with contextlib.closing(Store(state / "hall.db")) as store, store.transaction() as tx:
        tx.execute("INSERT OR REPLACE INTO meta VALUES (?, '/etc/kioskd/matters.toml')", MATTERS_FILE)
    code, printed = kioskd("import", write(tmp_path / "new.json", [matter(1)]), "--apply")
    assert code == 1
    assert "come from /etc/kioskd/matters.toml" in printed


def test_lint_tells_mistakes_and_advice(kioskd, tmp_path):
    code, printed = kioskd("lint")
    assert code == 0
    assert "advice: 1 have no English name: SW-0001" in printed
    assert "2 matters, 0 mistakes" in printed
    file = write(tmp_path / "bad.json", [matter(1, promise=""), matter(1)])
    code, printed = kioskd("lint", file)
    assert code == 1
    assert "matters[0].promise" in printed
    assert "matters[1].code: 'SW-0001' is given twice" in printed


def test_a_file_is_not_written_over(kioskd, tmp_path):
    file = tmp_path / "there.csv"
    file.write_text("mine")
    assert kioskd("export", file)[0] == 1
    assert file.read_text() == "mine"
