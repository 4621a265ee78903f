"""A process that throws random commands at a hall's file: worker.py HALL_DB PLAN_JSON SEED COMMANDS.

Each ticket it was given is printed as soon as the hall acknowledged it.
"""

import random
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from kioskd.hall.hall import Hall
from kioskd.hall.model import Refused
from kioskd.hall.plan import Plan, Priority
from kioskd.hall.store import Store

AT_A_WINDOW = [
    "recall",
    "start",
    "finish",
    "no_show",
    "hold",
    "resume_ticket",
    "pause",
    "resume",
    "open",
    "close",
]


def throw_one(hall, dice, last_ticket):
    """One random command. Returns the ticket it took, if it took one."""
    window = dice.choice([1, 2, 3])
    match dice.choice(
        ["issue", "issue", "issue", "call_next", "call_next", "call", "at", "at", "on", "rate", "back"]
    ):
        case "issue":
            return hall.issue(dice.choice(["note", "card"]), priority=dice.choice(list(Priority)))
        case "call_next":
            hall.call_next(window, finish_current=dice.random() < 0.8)
        case "call":
            hall.call(window, dice.randint(1, last_ticket), finish_current=True)
        case "at":
            getattr(hall, dice.choice(AT_A_WINDOW))(window)
        case "on":
            hall.transfer(window, to_window=dice.choice([1, 2, 3]))
        case "rate":
            hall.invite_rating(window, finish_current=True)
            hall.rate_at(window, dice.randint(1, 5), "evaluator")
        case "back":
            ticket = dice.randint(1, last_ticket)
            dice.choice([hall.requeue, hall.cancel])(ticket)
    return None


def throw(hall, seed, commands):
    """So many random commands; yields the tickets that were taken."""
    dice, last_ticket = random.Random(seed), 1
    for _ in range(commands):
        with suppress(Refused):
            if (ticket := throw_one(hall, dice, last_ticket)) is not None:
                last_ticket = ticket.id
                yield ticket


def main(file, plan_file, seed, commands):
    plan = msgspec.json.decode(Path(plan_file).read_bytes(), type=Plan)
    hall = Hall(Store(file), plan)
    for ticket in throw(hall, int(seed), int(commands)):
        print(ticket.id, ticket.number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
