"""`kioskd user`, `kioskd token`, `kioskd audit`: they write the store beside a daemon, or without one."""

import json

import pytest
from click.testing import CliRunner

from kioskd.cli import main
from kioskd.staff.accounts import accounts
from kioskd.staff.sign_in import NotSignedIn
from kioskd.staff.tokens import whose

from .conftest import PASSWORD, PIN


@pytest.fixture
def kioskd(store):
    """Give a command, with what is typed into it."""

    def give(*words, typed=""):
        done = CliRunner().invoke(main, [*words, "--state", str(store.path.parent)], input=typed)
        return done.exit_code, done.output

    return give


def test_an_account_from_first_to_last(kioskd, store, staff):
    made = kioskd("user", "add", "li", "--role", "clerk", "--clerk", "c01", "--stdin", typed=f"{PIN}\n")
    assert made == (0, "account li is made: clerk\n")
    _, session = staff.sign_in("li", PIN, address="")
    assert "li\tclerk\tc01" in kioskd("user", "list")[1]
    assert kioskd("user", "password", "li", "--stdin", typed="840261\n")[0] == 0
    assert staff.account_of(session, at_work=True) is None
    assert kioskd("user", "disable", "li")[0] == 0
    with pytest.raises(NotSignedIn):
        staff.sign_in("li", "840261", address="")
    assert kioskd("user", "enable", "li")[0] == 0
    staff.sign_in("li", "840261", address="")
    assert kioskd("user", "remove", "li")[0] == 0
    assert accounts(store) == []
    told = json.loads(kioskd("audit", "--json")[1])
    assert [note["action"] for note in told][-1] == "account_removed"
    assert all(note["by"].startswith("local:") for note in told if note["action"].startswith("account_"))


@pytest.mark.parametrize(
    ("words", "typed", "why"),
    [
        (["add", "li", "--role", "clerk", "--clerk", "c01", "--stdin"], "123456\n", "too easy"),
        (["add", "li", "--role", "clerk", "--clerk", "c01", "--stdin"], "", "digits"),
        (["add", "li", "--role", "clerk", "--clerk", "c77", "--stdin"], f"{PIN}\n", "it has c01, c02"),
        (["add", "boss", "--role", "supervisor", "--stdin"], f"{PIN}\n", "password"),
        (["add", "li", "--role", "clerk", "--clerk", "c01"], f"{PIN}\n", "--stdin"),
        (["disable", "nobody"], "", "no account 'nobody'"),
        (["password", "nobody", "--stdin"], f"{PASSWORD}\n", "no account 'nobody'"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_kept(kioskd, store, words, typed, why):
    code, told = kioskd("user", *words, typed=typed)
    assert code != 0
    assert why in told
    assert PIN not in told
    assert accounts(store) == []


def test_there_is_no_argument_for_a_pin():
    for name in ("add", "password"):
        options = {option for one in main.commands["user"].commands[name].params for option in one.opts}
        assert not options & {"--pin", "--password", "--secret"}


def test_tokens_of_programs_and_of_screens(kioskd, store):
    uplink = kioskd("token", "add", "uplink", "--scope", "read", "--scope", "ratings")[1].strip()
    screen = kioskd("token", "add", "tv-2", "--role", "display")[1].strip()
    linked = kioskd("token", "add", "linker", "--role", "integrator")[1].strip()
    assert whose(store, uplink).scopes == {"read", "ratings"}
    assert (whose(store, screen).role, whose(store, screen).scopes) == ("display", {"read"})
    assert whose(store, linked).scopes == {"read", "ratings", "appointments"}
    listed = kioskd("token", "list")[1]
    assert listed.split("\n")[1].startswith("tv-2\tdisplay\tread")
    assert screen not in listed
    assert kioskd("token", "remove", "tv-2")[0] == 0
    assert whose(store, screen) is None
    assert kioskd("token", "remove", "tv-2")[0] == 1


@pytest.mark.parametrize(
    "words", [["--scope", "reed"], ["--role", "clerk"], [], ["--scope", "read", "--role", "kiosk"]]
)
def test_a_wrong_token_is_not_made(kioskd, words):
    assert kioskd("token", "add", "x", *words)[0] != 0
    assert kioskd("token", "list")[1] == ""
