"""Ratings on their way up: one message each, its fields, its failures, and what is never in it."""

import json
import logging

import msgspec
import pytest
from click.testing import CliRunner

from kioskd.cli import main
from kioskd.uplink import outbox
from kioskd.uplink.message import read_fields
from kioskd.uplink.outbox import Reported, counts, reports, retry_refused
from kioskd.uplink.uplink import Uplink, UplinkTable


def turn(uplink):
    uplink._turn()


def states(store):
    return {state: count for state, count in counts(store).items() if count}


def test_a_rating_arrives_in_the_fields_of_the_exchange(uplink, rated, receiver, store):
    ticket = rated(2, affair_no="330122-2026-7", reasons=["slow"])
    turn(uplink)
    [(key, message, headers)] = receiver.messages
    assert message == {
        "evalProcess": "2",
        "affairDealNo": "330122-2026-7",
        "affairSerialNo": f"330122001-20260302-{ticket}",
        "affairCode": "GA-02",
        "affairName": "居民身份证换领",
        "affairDealOfficer": "示范员甲",
        "affairApplyTime": "20260302093000",
        "affairDoneTime": "20260302093000",
        "departmentCode": "330122GA",
        "satisfaction": "2",
        "evaluateDetail": "slow",
        "evaluateTime": "20260302093000",
    }
    assert len(key) == 32
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert states(store) == {Reported.SENT: 1}


def test_anhui_says_that_an_evaluator_was_pressed(hall, rated, tmp_path):
    from kioskd.uplink.message import message

    fields = read_fields("anhui", tmp_path)
    told = message(
        hall.store, hall.plan.timezone, rated(), fields, hall_code="1", by="tests", at=hall.clock.now()
    )
    assert (told["evaluateChannel"], told["projNo"]) == ("PJQ", "330122-1")


HALL_FILE = """
[hall]
name = "另一处"

[[lines]]
id = "other"
title = "其他"
letter = "B"

[[windows]]
number = 7
title = "其他窗口"
lines = ["other"]
display = false
"""


def test_an_export_beside_the_daemon_changes_nothing_and_says_who_read(
    hall, rated, store, tmp_path, monkeypatch
):
    """Its hall file may be another than the daemon's, and its clock has gone on to a later day."""
    monkeypatch.setenv("SUDO_USER", "auditor")
    ticket = rated()
    hall.people.give_contact(
        ticket,
        "rating_report",
        name="王小明",
        phone="13800138000",
        certificate_type="111",
        certificate_no="11010519491231002X",
    )
    (tmp_path / "hall.toml").write_text(HALL_FILE, encoding="utf-8")
    before, queue = store.last_event(), hall.queue()
    args = [
        "ratings",
        "export",
        "--since",
        "2026-03-01",
        "--hall-file",
        tmp_path / "hall.toml",
        "--state",
        tmp_path,
    ]
    done = CliRunner().invoke(main, [str(arg) for arg in args])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["affairName"] == "居民身份证换领"
    assert hall.people.contact_readings(ticket) == []
    done = CliRunner().invoke(main, [*(str(arg) for arg in args), "--with-contacts"])
    assert json.loads(done.output)["userName"] == "王小明"
    assert [reading.read_by for reading in hall.people.contact_readings(ticket)] == ["local:auditor"]
    assert (store.last_event(), hall.queue()) == (before, queue), "the hall is as it was"


def test_without_its_case_number_a_rating_waits_and_is_seen_to(uplink, rated, receiver, hall, store):
    ticket = rated(affair_no="")
    turn(uplink)
    assert receiver.messages == []
    assert states(store) == {Reported.WAITING: 1}
    hall.follow_up.attach_affair(ticket, "330122-9")
    turn(uplink)
    assert receiver.messages[0][1]["affairDealNo"] == "330122-9"


def test_a_hall_that_asks_for_no_case_number_any_more_reports_those_that_wait(
    uplink, rated, receiver, hall, store, tmp_path
):
    rated(affair_no="")
    turn(uplink)
    assert states(store) == {Reported.WAITING: 1}
    settings = UplinkTable(url=receiver.url, needs_affair_no=False)
    turn(Uplink(hall, settings, read_fields("guangdong", tmp_path), tmp_path))
    assert states(store) == {Reported.SENT: 1}


@pytest.mark.parametrize("broken", ["token_file", "ca_file"])
def test_what_is_rated_while_a_file_is_wrong_is_reported_once_it_is_right(
    hall, receiver, rated, store, tmp_path, broken
):
    (tmp_path / "wrong").write_bytes(b"\xff\xfe")
    settings = UplinkTable(url=receiver.url, needs_affair_no=False)
    with pytest.raises((OSError, UnicodeDecodeError)):
        Uplink(hall, msgspec.structs.replace(settings, **{broken: "wrong"}), {}, tmp_path)
    rated()
    turn(Uplink(hall, settings, read_fields("guangdong", tmp_path), tmp_path))
    assert states(store) == {Reported.SENT: 1}


def test_a_failure_is_tried_again_later_with_the_same_key(uplink, rated, receiver, store, clock):
    receiver.answers = [500, 502]
    rated()
    turn(uplink)
    turn(uplink)  # not yet
    assert len(receiver.messages) == 1
    clock.pass_s(5)
    turn(uplink)
    clock.pass_s(5)
    turn(uplink)
    assert len(receiver.messages) == 3
    assert len(set(receiver.keys)) == 1
    [sent] = reports(store, Reported.SENT)
    assert (sent.attempts, sent.problem) == (3, "")


def test_the_pauses_grow_and_end(uplink, rated, receiver, clock, store):
    rated()
    receiver.answers = [503] * 40
    pauses = []
    for _ in range(20):
        turn(uplink)
        [report] = reports(store, Reported.DUE)
        pauses.append((report.next_at - clock.now()).total_seconds())
        clock.time = report.next_at
    assert pauses[0] <= 2
    assert pauses[-1] > 250
    assert max(pauses) <= 600


def test_a_receiver_says_when(uplink, rated, receiver, clock, store):
    receiver.answers, receiver.headers = [429], {"Retry-After": "120"}
    rated()
    turn(uplink)
    [report] = reports(store, Reported.DUE)
    assert (report.next_at - clock.now()).total_seconds() == pytest.approx(120, abs=1)


@pytest.mark.parametrize("status", [401, 403, 408, 429, 500, 504])
def test_what_people_or_time_may_mend_is_not_given_up(uplink, rated, receiver, store, status):
    receiver.answers = [status]
    rated()
    turn(uplink)
    assert states(store) == {Reported.DUE: 1}
    assert reports(store, Reported.DUE)[0].problem == f"HTTP {status}"


def test_a_conflict_means_that_it_is_there_already(uplink, rated, receiver, store):
    receiver.answers = [409]
    rated()
    turn(uplink)
    assert states(store) == {Reported.SENT: 1}


def test_what_is_refused_waits_for_a_person_and_keeps_nobody_else_waiting(uplink, rated, receiver, store):
    receiver.answers = [422]
    rated()
    rated()
    turn(uplink)
    assert states(store) == {Reported.REFUSED: 1, Reported.SENT: 1}
    assert retry_refused(store) == 1
    turn(uplink)
    assert states(store) == {Reported.SENT: 2}
    assert receiver.keys[0] == receiver.keys[2]


def test_a_redirect_is_not_followed(uplink, rated, receiver, store):
    receiver.answers, receiver.headers = [307], {"Location": receiver.url}
    rated()
    turn(uplink)
    assert len(receiver.messages) == 1
    assert states(store) == {Reported.DUE: 1}


def test_nobody_there_is_no_end(hall, rated, uplink, receiver, store):
    receiver.server.shutdown()
    receiver.server.server_close()
    rated()
    turn(uplink)
    [report] = reports(store, Reported.DUE)
    assert "refused" in report.problem.lower()


def test_a_time_far_ahead_was_written_by_a_wrong_clock(uplink, rated, receiver, clock, store):
    receiver.answers = [500]
    rated()
    clock.pass_s(11 * 365 * 24 * 3600)
    turn(uplink)
    clock.pass_s(-11 * 365 * 24 * 3600)
    turn(uplink)
    assert states(store) == {Reported.SENT: 1}


def test_a_citizens_details_go_along_only_where_they_were_given_for_it(uplink, rated, receiver, hall):
    with_details, without = rated(affair_no=""), rated(affair_no="")
    person = {"name": "王小明", "phone": "13800138000", "certificate_type": "111"}
    hall.people.give_contact(
        with_details, "rating_report", **person, certificate_no="11010519491231002X", by="token:matters"
    )
    hall.people.give_contact(without, "delivery", **person, certificate_no="11010519491231002X")
    for ticket in (with_details, without):
        hall.follow_up.attach_affair(ticket, f"no-{ticket}")
    turn(uplink)
    (_, first, _), (_, second, _) = receiver.messages
    assert (first["userName"], first["certificateNo"]) == ("王小明", "11010519491231002X")
    assert (first["userType"], first["contactPhone"]) == ("0", "13800138000")
    assert not {"userName", "certificateNo", "contactPhone", "userType"} & second.keys()
    assert [reading.read_by for reading in hall.people.contact_readings(with_details)] == ["uplink"]


def test_neither_the_outbox_nor_the_log_knows_the_citizen(uplink, rated, receiver, hall, store, caplog):
    caplog.set_level(logging.DEBUG)
    ticket = rated(affair_no="")
    hall.people.give_contact(
        ticket,
        "rating_report",
        name="王小明",
        phone="13800138000",
        certificate_type="111",
        certificate_no="11010519491231002X",
    )
    hall.follow_up.attach_affair(ticket, "no-1")
    receiver.answers = [500]
    turn(uplink)
    with store.read() as snapshot:
        rows = [tuple(row) for row in snapshot.all("SELECT * FROM outbox")]
    for secret in ("王小明", "13800138000", "11010519491231002X"):
        assert secret not in str(rows)
        assert secret not in caplog.text


def test_a_token_is_sent_as_bearer(hall, receiver, tmp_path, rated):
    (tmp_path / "token").write_text("s3cret\n", encoding="utf-8")
    settings = UplinkTable(url=receiver.url, token_file="token")
    rated()
    turn(Uplink(hall, settings, read_fields("guangdong", tmp_path), tmp_path))
    assert receiver.messages[0][2]["Authorization"] == "Bearer s3cret"


def test_a_hall_that_begins_to_report_begins_with_the_present(hall, receiver, tmp_path):
    ticket = hall.issue("GA-02")
    hall.call_next(1)
    hall.start(1)
    hall.finish(1)
    hall.rate(ticket.id, 5, "evaluator")
    settings = UplinkTable(url=receiver.url, needs_affair_no=False)
    turn(Uplink(hall, settings, read_fields("guangdong", tmp_path), tmp_path))
    assert receiver.messages == []


def test_the_cursor_and_the_rows_go_together(uplink, rated, store, monkeypatch):
    """A crash between them would lose a rating, or report it under two keys."""
    rated()
    taken = outbox.Outbox._take

    def crash(self, tx, event):
        taken(self, tx, event)
        raise RuntimeError("the power goes")

    with monkeypatch.context() as patched:
        patched.setattr(outbox.Outbox, "_take", crash)
        with pytest.raises(RuntimeError):
            turn(uplink)
    assert states(store) == {}
    turn(uplink)
    assert states(store) == {Reported.SENT: 1}


@pytest.mark.parametrize("name", ["guangdong", "anhui"])
def test_the_built_in_lists_are_whole(name, tmp_path):
    assert {"affair_no", "serial", "matter_code", "level"} <= set(read_fields(name, tmp_path).values())


def test_a_list_of_ones_own_names_facts_that_there_are(tmp_path):
    (tmp_path / "mine.toml").write_text('score = "levl"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="there is no such fact"):
        read_fields("mine.toml", tmp_path)


def test_messages_are_json_that_others_read(uplink, rated, receiver):
    rated()
    turn(uplink)
    assert json.loads(json.dumps(receiver.messages[0][1]))["affairName"] == "居民身份证换领"
