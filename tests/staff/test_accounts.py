import pytest

from kioskd.staff import accounts
from kioskd.staff.accounts import AccountWrong, add_account
from kioskd.staff.hashing import WeakSecret, hash_secret, matches
from kioskd.staff.sign_in import NotSignedIn

from .conftest import PASSWORD, PIN


def test_the_store_keeps_no_pin(store, li):
    with store.read() as snapshot:
        (row,) = snapshot.all("SELECT * FROM accounts")
    assert PIN not in "".join(map(str, tuple(row)))
    assert row["secret"].startswith("scrypt$")


def test_a_hash_costs_what_a_guesser_feels_and_a_small_computer_bears(monkeypatch):
    monkeypatch.undo()
    assert hash_secret(PIN).startswith("scrypt$32768$8$1$")  # 32 MiB; see kioskd/staff/hashing.py


def test_two_hashes_of_one_pin_differ_and_both_match():
    one, other = hash_secret(PIN), hash_secret(PIN)
    assert one != other
    assert matches(PIN, one)
    assert matches(PIN, other)
    assert not matches("305918", one)
    assert not matches("", "")


@pytest.mark.parametrize("pin", ["12345", "111111", "123456", "654321", "890123", "121212", "1234567890123"])
def test_a_pin_that_is_too_easy_is_refused(store, pin):
    with pytest.raises(WeakSecret):
        add_account(store, "li", ["clerk"], pin, by="tests", clerk="c01")


@pytest.mark.parametrize(
    "password", ["short", "305917305917", "supervisor boss", "aaaaaaaaaaaa", "with\ttab inside", "x" * 200]
)
def test_a_password_that_is_too_easy_is_refused(store, password):
    with pytest.raises(WeakSecret):
        add_account(store, "boss", ["supervisor"], password, by="tests")


def test_a_pin_is_not_enough_for_who_reaches_further_than_a_counter(store):
    with pytest.raises(WeakSecret, match=r"letters|characters"):
        add_account(store, "boss", ["clerk", "supervisor"], PIN, by="tests", clerk="c01")


@pytest.mark.parametrize(
    ("name", "roles", "clerk", "why"),
    [
        ("", ["clerk"], "c01", "letters"),
        ("李 丽", ["clerk"], "c01", "letters"),
        ("li", [], None, "none given"),
        ("li", ["boss"], None, "no such role: boss"),
        ("li", ["kiosk"], None, "no such role: kiosk"),
        ("li", ["clerk"], None, "--clerk"),
        ("li", ["clerk"], "c99", "it has c01, c02"),
    ],
)
def test_an_account_that_cannot_be_is_refused_and_nothing_is_kept(store, name, roles, clerk, why):
    with pytest.raises(AccountWrong, match=why):
        add_account(store, name, roles, PASSWORD, by="tests", clerk=clerk)
    assert accounts.accounts(store) == []


def test_a_clerk_and_a_name_have_one_account(store, li):
    with pytest.raises(AccountWrong, match="already: li"):
        add_account(store, "li2", ["clerk"], PIN, by="tests", clerk="c01")
    with pytest.raises(AccountWrong, match="an account li already"):
        add_account(store, "LI", ["clerk"], PIN, by="tests", clerk="c02")


@pytest.mark.parametrize("change", [accounts.disable, accounts.remove])
def test_who_is_disabled_or_removed_is_out_at_once(store, staff, li, change):
    _, session = staff.sign_in("li", PIN, address="10.0.0.5")
    assert staff.account_of(session, at_work=True) == accounts.accounts(store)[0]
    change(store, "li", by="tests")
    assert staff.account_of(session, at_work=True) is None
    with pytest.raises(NotSignedIn):
        staff.sign_in("li", PIN, address="10.0.0.5")


def test_a_new_pin_ends_the_sessions_of_the_old_one(store, staff, li):
    _, session = staff.sign_in("li", PIN, address="")
    accounts.set_secret(store, "li", "840261", by="tests")
    assert staff.account_of(session, at_work=True) is None
    with pytest.raises(NotSignedIn):
        staff.sign_in("li", PIN, address="")
    staff.sign_in("li", "840261", address="")


def test_a_disabled_account_comes_back(store, staff, li):
    accounts.disable(store, "li", by="tests")
    accounts.enable(store, "li", by="tests")
    staff.sign_in("Li ", PIN, address="")
