"""`kioskd report`, beside a hall that goes on working."""

import csv
import io
import json
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner

from kioskd.cli import main
from kioskd.config import load_hall
from kioskd.hall.hall import Hall
from kioskd.hall.store import Store

DEMO = Path(str(resources.files("kioskd.demo").joinpath("hall.toml")))


@pytest.fixture
def hall(tmp_path):
    """The demo hall at work: one citizen served, one waiting."""
    store = Store(tmp_path / "hall.db")
    hall = Hall(store, load_hall(DEMO).plan)
    hall.open(1)
    hall.sign_in(1, "c01")
    for _ in range(2):
        hall.issue("GA-01")
    hall.call_next(1)
    hall.start(1)
    hall.finish(1)
    yield hall
    store.close()


@pytest.fixture
def report(tmp_path, hall, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*args):
        command = ["report", *args, "--state", str(tmp_path), "--hall", str(DEMO)]
        return CliRunner().invoke(main, command, prog_name="kioskd")

    return run


def test_a_day_as_csv_and_json_on_the_screen(hall, report):
    day = hall.queue().service_day
    rows = list(csv.reader(io.StringIO(report("day", day, "--format", "csv", "--output", "-").stdout[1:])))
    assert rows[1][rows[0].index("取号")] == "2"
    found = json.loads(report("day", day, "--format", "json", "--output", "-").stdout)
    assert (found["total"]["taken"], found["total"]["served"], found["clerks"][0]["key"]) == (2, 1, "c01")


def test_a_month_as_a_file_of_its_own_name(hall, report, tmp_path):
    month = hall.queue().service_day[:7]
    done = report("month", month, "--language", "en")
    assert done.stdout.startswith(f"kioskd-{month}.html: 2 tickets on 1 days")
    page = (tmp_path / f"kioskd-{month}.html").read_text("utf-8")
    assert "Qingxi Township Service Centre" in page
    assert page.count("<svg") == 6
    assert "src=" not in page, "everything is inside"
    assert report("month", month, "--format", "xlsx").exit_code == 0
    assert (tmp_path / f"kioskd-{month}.xlsx").read_bytes().startswith(b"PK")


def test_a_wrong_day_or_folder_is_said_clearly(report, tmp_path):
    for wrong in (("day", "2026-02-30"), ("day", "2026-03"), ("month", "2026-13"), ("month", "2026-03-02")):
        done = report(*wrong)
        assert done.exit_code == 2
        assert "write it as YYYY-MM" in done.output
    done = CliRunner().invoke(main, ["report", "day", "--state", str(tmp_path / "no"), "--hall", str(DEMO)])
    assert (done.exit_code, "--state" in done.output) == (1, True)
