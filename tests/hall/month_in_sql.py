"""The statistics once more, in SQL over the `events` table alone, without any of kioskd's own arithmetic.

docs/statistics.md is the common ground.
"""

import sqlite3

# SQLite rounds a moment to milliseconds, so the whole seconds are taken without their fraction.
MICROSECONDS = (
    "(CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({0}, 21, 6) AS INTEGER))"
)

PREPARE = f"""
CREATE TEMP TABLE told AS
  SELECT id, ticket, type, service_day, window, data, {MICROSECONDS.format("at")} AS us, at FROM events
  WHERE ticket IS NOT NULL AND type LIKE 'ticket\\_%' ESCAPE '\\' AND type <> 'ticket_recalled';
CREATE TEMP TABLE taken AS
  SELECT ticket, service_day AS day, CAST(strftime('%H', substr(at, 1, 19), '+8 hours') AS INTEGER) AS hour,
    data ->> 'matter' AS matter, data ->> 'priority' AS priority, data ->> 'line' AS line
  FROM told WHERE type = 'ticket_issued' AND service_day BETWEEN :first AND :last
    AND service_day NOT IN (
      SELECT service_day FROM (
        SELECT service_day, type, row_number() OVER (PARTITION BY service_day ORDER BY id DESC) AS n
        FROM events WHERE type IN ('day_opened', 'day_withdrawn'))
      WHERE n = 1 AND type = 'day_withdrawn');
CREATE TEMP TABLE ours AS
  SELECT told.* FROM told JOIN taken ON told.ticket = taken.ticket AND told.service_day = taken.day;
CREATE INDEX temp.ours_by_ticket ON ours(ticket, id);

-- whose rating an appeal set aside, on whatever day
CREATE TEMP TABLE upheld AS
  SELECT ticket FROM events WHERE type = 'case_appeal_decided' AND data ->> 'upheld';

-- a place to wait in: from the paper, a transfer, or a supervisor
CREATE TEMP TABLE places AS
  SELECT id, ticket, coalesce(data ->> 'to_line', data ->> 'line') AS line FROM ours
  WHERE type IN ('ticket_issued', 'ticket_transferred', 'ticket_moved');
CREATE INDEX temp.places_by_ticket ON places(ticket, id);

-- a call ends a wait if nothing but a move lies between it and the paper, or a transfer
CREATE TEMP TABLE waits AS
  SELECT ticket, us - since AS span, window,
    (SELECT line FROM places WHERE places.ticket = pairs.ticket AND places.id < pairs.id
     ORDER BY places.id DESC LIMIT 1) AS line
  FROM (SELECT *, lag(us) OVER own AS since, lag(type) OVER own AS before FROM ours
        WHERE type NOT IN ('ticket_moved', 'ticket_rated')
        WINDOW own AS (PARTITION BY ticket ORDER BY id)) AS pairs
  WHERE type = 'ticket_called' AND before IN ('ticket_issued', 'ticket_transferred');

CREATE TEMP TABLE sent AS
  SELECT ticket, window, (SELECT line FROM places WHERE places.ticket = ours.ticket AND places.id < ours.id
    ORDER BY places.id DESC LIMIT 1) AS line
  FROM ours WHERE type = 'ticket_transferred';

CREATE TEMP TABLE ends AS
  SELECT taken.*,
    (SELECT type FROM ours WHERE ours.ticket = taken.ticket AND type NOT IN ('ticket_moved', 'ticket_rated')
     ORDER BY id DESC LIMIT 1) AS last_type,
    (SELECT iif(type IN ('ticket_issued', 'ticket_transferred', 'ticket_requeued'), NULL, window) FROM ours
     WHERE ours.ticket = taken.ticket AND type IN ('ticket_issued', 'ticket_transferred', 'ticket_requeued',
       'ticket_called', 'ticket_started', 'ticket_resumed', 'ticket_finished')
     ORDER BY id DESC LIMIT 1) AS at_window,
    (SELECT line FROM places WHERE places.ticket = taken.ticket ORDER BY id DESC LIMIT 1) AS last_line,
    (SELECT data ->> 'clerk' FROM ours
     WHERE ours.ticket = taken.ticket AND type = 'ticket_finished') AS clerk,
    (SELECT CAST(round((data ->> 'service_s') * 1000000) AS INTEGER) FROM ours
     WHERE ours.ticket = taken.ticket AND type = 'ticket_finished'
       AND data ->> 'service_s' IS NOT NULL) AS service,
    (SELECT data ->> 'level' FROM ours WHERE ours.ticket = taken.ticket AND type = 'ticket_rated'
       AND ticket NOT IN (SELECT ticket FROM upheld)) AS level
  FROM taken;
"""

# For each group: the key of a taken ticket, of its end, and of a wait or a transfer. None: not counted there.
WHOLE = {"total": "''", "days": "day", "hours": "hour", "matters": "matter", "priorities": "priority"}
KEYS = {
    **{group: (key, key, key, key) for group, key in WHOLE.items()},
    "lines": ("line", "last_line", "waits.line", "sent.line"),
    "windows": (None, "at_window", "waits.window", "sent.window"),
    "clerks": (None, "clerk", None, None),
}

SPREAD = """
  SELECT key, count(*),
    sum(iif(n IN ((size + 1) / 2, size / 2 + 1), span * iif(size % 2, 2, 1), 0)) / 2000000.0,
    max(iif(n = (9 * size + 9) / 10, span, 0)) / 1000000.0,
    sum(span) / (count(*) * 1000000.0),
    max(span) / 1000000.0
  FROM (SELECT key, span, row_number() OVER (PARTITION BY key ORDER BY span) AS n,
          count(*) OVER (PARTITION BY key) AS size FROM ({source}))
  GROUP BY key
"""

NOTHING = (0, None, None, None, None)


def statistics_by_sql(file, first, last, target_s):
    """{group: {key: (taken, served, no_shows, …)}} in the order of `in_order` of the test."""
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    db.execute("PRAGMA temp_store = MEMORY")
    for statement in PREPARE.split(";\n"):
        wanted = {"first": first, "last": last} if ":first" in statement else {}
        db.execute(statement, wanted)
    found = {group: group_by_sql(db, *keys, target_s) for group, keys in KEYS.items()}
    db.close()
    return found


def group_by_sql(db, taken_key, end_key, wait_key, sent_key, target_s):
    def ask(key, query, *values):
        return {} if key is None else {row[0]: row[1:] for row in db.execute(query, values)}

    taken = ask(taken_key, f"SELECT {taken_key}, count(*) FROM taken GROUP BY 1")
    ends = ask(
        end_key,
        f"""SELECT {end_key}, sum(last_type = 'ticket_finished'), sum(last_type = 'ticket_no_show'),
            sum(last_type = 'ticket_cancelled'),
            sum(last_type NOT IN ('ticket_finished', 'ticket_no_show', 'ticket_cancelled')),
            sum(level IS 5), sum(level IS 4), sum(level IS 3), sum(level IS 2), sum(level IS 1)
            FROM ends WHERE {end_key} IS NOT NULL GROUP BY 1""",
    )
    sent = ask(sent_key, f"SELECT {sent_key}, count(*) FROM sent JOIN taken USING (ticket) GROUP BY 1")
    waits_of = f"SELECT {wait_key} AS key, span FROM waits JOIN taken USING (ticket)"
    waits = ask(wait_key, SPREAD.format(source=waits_of))
    in_target = ask(wait_key, f"SELECT key, sum(span <= ? * 1000000) FROM ({waits_of}) GROUP BY 1", target_s)
    services = ask(
        end_key,
        SPREAD.format(
            source=f"SELECT {end_key} AS key, service AS span FROM ends"
            f" WHERE service IS NOT NULL AND {end_key} IS NOT NULL"
        ),
    )
    return {
        key: (
            *taken.get(key, (0,)),
            *ends.get(key, (0,) * 9)[:4],
            *sent.get(key, (0,)),
            *waits.get(key, NOTHING),
            *in_target.get(key, (0,)),
            *services.get(key, NOTHING),
            *ends.get(key, (0,) * 9)[4:],
        )
        for key in {*taken, *ends, *sent, *waits, *services}
    }
