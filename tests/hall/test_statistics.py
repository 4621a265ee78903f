"""What a hall counts, and that it counts right: a morning by hand, a month against SQL over the events."""

import time
from zoneinfo import ZoneInfo

import pytest

from kioskd.hall.cases import Outcome
from kioskd.hall.figures import spread
from kioskd.hall.hall import Hall
from kioskd.hall.statistics import GROUPS
from kioskd.hall.store import Store
from kioskd.hall.turns import month_of, turns_of
from tests.hall.month import Month
from tests.hall.month_in_sql import statistics_by_sql


def figures_of(rows, key):
    return next(row.figures for row in rows if row.key == key)


# --- spans ---


@pytest.mark.parametrize(
    ("spans_s", "median_s", "p90_s", "mean_s"),
    [
        ([7], 7, 7, 7),
        ([1, 2], 1.5, 2, 1.5),
        ([30, 10, 20], 20, 30, 20),
        ([10, 20, 30, 40], 25, 40, 25),
        (range(1, 11), 5.5, 9, 5.5),
        (range(1, 12), 6, 10, 6),
        (range(1, 101), 50.5, 90, 50.5),
    ],
)
def test_median_and_ninetieth_percentile(spans_s, median_s, p90_s, mean_s):
    found = spread([span * 1_000_000 for span in spans_s])
    assert (found.median_s, found.p90_s, found.mean_s) == (median_s, p90_s, mean_s)


def test_nothing_measured_is_nothing_and_not_zero():
    assert spread([]).median_s is None


# --- a morning ---


def test_a_morning_is_counted(hall, clock, served):
    first, gone, away = hall.issue("note"), hall.issue("note"), hall.issue("note")
    clock.pass_min(10)
    served(1, minutes=6)
    hall.rate(first.id, 2, "evaluator")
    hall.cancel(gone.id)
    clock.pass_min(15)
    hall.call_next(1)
    hall.no_show(1)
    hall.issue("card")

    found = hall.desk.statistics("2026-03-02", "2026-03-02")
    total = found.total
    assert (total.taken, total.served, total.no_shows, total.cancelled, total.unfinished) == (4, 1, 1, 1, 1)
    assert (total.waits.count, total.waits.median_s, total.waits.longest_s) == (2, 20.5 * 60, 31 * 60)
    assert total.waits_in_target == 1, "ten minutes are, 31 are not"
    assert total.services.mean_s == 360
    assert (total.coverage, total.satisfaction, total.levels) == (1.0, 0.0, (0, 0, 0, 1, 0))
    assert [row.key for row in found.hours] == ["9", "10"]
    assert figures_of(found.matters, "card").unfinished == 1
    assert figures_of(found.windows, "1").no_shows == 1
    assert away.number not in str(found), "tickets are counted, not listed"
    bad = hall.desk.bad_ratings()
    assert [(rating.number, rating.window, rating.level) for rating in bad] == [("A001", 1, 2)]


def test_a_rating_that_an_appeal_set_aside_counts_no_more(hall, clock, served):
    hall.issue("note")
    hall.issue("note")
    hall.rate(served(1).id, 1, "evaluator")
    hall.rate(served(1).id, 4, "evaluator")
    [case] = hall.follow_up.cases()
    hall.follow_up.assign(case.id, "主任")
    hall.follow_up.call_back(case.id, reached=True)
    hall.follow_up.resolve(case.id, Outcome.UNFOUNDED, "与事实不符")
    hall.follow_up.appeal(case.id, "同一人一天内评了九次")
    total = hall.desk.statistics("2026-03-02", "2026-03-02").total
    assert (total.levels, total.satisfaction) == ((0, 1, 0, 0, 1), 0.5), "an appeal alone changes nothing"
    clock.set("2026-03-05 10:00")
    hall.follow_up.decide_appeal(case.id, upheld=True, text="属实")
    found = hall.desk.statistics("2026-03-02", "2026-03-02")
    assert (found.total.levels, found.total.satisfaction) == ((0, 1, 0, 0, 0), 1.0)
    assert (found.total.served, found.total.coverage) == (2, 0.5)
    assert figures_of(found.windows, "1").levels == (0, 1, 0, 0, 0)


@pytest.mark.parametrize("upheld", [True, False])
def test_the_supervisors_bad_ratings_are_those_that_wait_for_a_call_back(hall, served, upheld):
    hall.issue("note")
    hall.rate(served(1).id, 2, "evaluator")
    [case] = hall.follow_up.cases()
    hall.follow_up.assign(case.id, "主任")
    assert [(rating.case, rating.level) for rating in hall.desk.bad_ratings()] == [(case.id, 2)]
    hall.follow_up.call_back(case.id, reached=True)
    assert hall.desk.bad_ratings() == []
    hall.follow_up.resolve(case.id, Outcome.UNFOUNDED, "与事实不符")
    hall.follow_up.appeal(case.id, "恶意")
    hall.follow_up.decide_appeal(case.id, upheld=upheld, text="已核实")
    assert hall.desk.bad_ratings() == []


def test_a_bad_rating_of_another_day_waits_still_until_it_is_overdue(hall, clock, served):
    hall.issue("note")
    hall.rate(served(1).id, 1, "phone")
    clock.set("2026-03-23 10:00")  # its last day
    assert [(one.number, one.service_day) for one in hall.desk.bad_ratings()] == [("A001", "2026-03-02")]
    assert hall.desk.overdue_cases() == 0
    clock.set("2026-03-24 10:00")
    assert hall.desk.overdue_cases() == 1


def test_a_transferred_ticket_is_served_once_and_has_waited_twice(hall, clock, served):
    hall.issue("note")
    clock.pass_min(4)
    hall.call_next(1)
    hall.start(1)
    clock.pass_min(3)
    hall.transfer(1, "social")
    clock.pass_min(8)
    served(2, minutes=5)

    found = hall.desk.statistics("2026-03-02", "2026-03-02")
    assert (found.total.taken, found.total.served, found.total.transfers) == (1, 1, 1)
    assert found.total.waits.count == 2
    general, social = figures_of(found.lines, "general"), figures_of(found.lines, "social")
    assert (general.taken, general.served, general.waits.mean_s, general.transfers) == (1, 0, 240, 1)
    assert (social.taken, social.served, social.waits.mean_s) == (0, 1, 480)
    assert figures_of(found.windows, "2").services.mean_s == 300


def test_a_moved_ticket_goes_on_waiting_and_one_that_was_away_does_not(hall, clock):
    moved, away = hall.issue("note"), hall.issue("card")
    clock.pass_min(5)
    hall.desk.move([moved.id], "social")
    hall.call(2, away.id)
    hall.no_show(2)
    hall.requeue(away.id)
    clock.pass_min(60)
    hall.call(2, moved.id)
    hall.hold(2)
    hall.call(2, away.id)
    waits = hall.desk.statistics("2026-03-02", "2026-03-02").total.waits
    assert (waits.count, waits.longest_s) == (2, 65 * 60)


def test_a_service_that_nobody_saw_end_is_counted_and_not_measured(hall, clock):
    hall.issue("note")
    hall.call_next(1)
    hall.start(1)
    clock.set("2026-03-02 23:00")
    hall.tick()
    total = hall.desk.statistics("2026-03-02", "2026-03-02").total
    assert (total.served, total.services.count) == (1, 0)


def test_a_day_that_a_wrong_clock_opened_counts_for_nothing(hall, clock):
    hall.issue("note")
    clock.pass_min(24 * 60)
    hall.tick()
    hall.issue("note")
    hall.withdraw_day()
    found = hall.desk.statistics("2026-03-01", "2026-03-31")
    assert found.total.taken == 1
    assert [row.key for row in found.days] == ["2026-03-02"]


def test_the_days_of_a_month():
    assert month_of("2026-02") == ("2026-02-01", "2026-02-28")
    assert month_of("2028-02") == ("2028-02-01", "2028-02-29")
    assert month_of("2026-12") == ("2026-12-01", "2026-12-31")


# --- a month ---


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    month = Month(tmp_path_factory.mktemp("month") / "hall.db")
    month.play()
    return month


@pytest.fixture
def month_hall(month):
    store = Store(month.store.path)
    yield Hall(store, month.plan, month.clock)
    store.close()


def in_order(figures):
    def spans(spread):
        return (spread.count, spread.median_s, spread.p90_s, spread.mean_s, spread.longest_s)

    return (
        figures.taken,
        figures.served,
        figures.no_shows,
        figures.cancelled,
        figures.unfinished,
        figures.transfers,
        *spans(figures.waits),
        figures.waits_in_target,
        *spans(figures.services),
        *figures.levels,
    )


def test_a_months_statistics_equal_the_sql_over_its_events_to_the_last_digit(month, month_hall):
    found = month_hall.desk.statistics("2026-03-01", "2026-03-31")
    by_sql = statistics_by_sql(month.store.path, "2026-03-01", "2026-03-31", found.wait_target_s)
    assert in_order(found.total) == by_sql["total"][""]
    for group in GROUPS:
        ours = {row.key: in_order(row.figures) for row in getattr(found, group)}
        assert ours == {str(key): figures for key, figures in by_sql[group].items()}, group


def test_the_month_was_a_lively_one(month, month_hall):
    found = month_hall.desk.statistics("2026-03-01", "2026-03-31")
    total = found.total
    assert total.taken == 9000
    assert len(found.days) == 20
    assert min(total.no_shows, total.cancelled, total.transfers, total.levels[4]) > 20
    assert month.set_aside > 10
    assert 0.4 < total.in_target < 1
    busiest = max(found.hours, key=lambda row: row.figures.taken)
    assert busiest.key == "9", "people come in the morning"
    assert {row.key for row in found.priorities} == {"ordinary", "priority", "appointment"}


def test_a_week_of_it_is_its_days_together(month_hall):
    week = month_hall.desk.statistics("2026-03-09", "2026-03-15")
    assert week.total.taken == sum(row.figures.taken for row in week.days) == 5 * 450
    one = month_hall.desk.statistics("2026-03-10", "2026-03-10")
    assert figures_of(week.days, "2026-03-10") == one.total


def test_a_months_statistics_take_under_two_seconds(month_hall):
    begun = time.process_time()
    month_hall.desk.statistics("2026-03-01", "2026-03-31")
    assert time.process_time() - begun < 2


def test_a_day_is_found_without_reading_the_others(month_hall):
    plan = "EXPLAIN QUERY PLAN SELECT id FROM events WHERE service_day BETWEEN ? AND ?"
    with month_hall.store.read() as snapshot:
        steps = [row["detail"] for row in snapshot.all(plan, "2026-03-10", "2026-03-10")]
        assert len(turns_of(snapshot, "2026-03-10", "2026-03-10", ZoneInfo("Asia/Shanghai"))) == 450
    assert all("events_of_a_day" in step for step in steps)
