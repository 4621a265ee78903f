"""A small hall on a real store, its app, and a real server over HTTP. Devices are only what a test brings."""

import json
import shutil
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace

import pytest

from kioskd.config.tables import WebTable
from kioskd.devices.cards import Card, CardType, born
from kioskd.devices.kinds import CardRead
from kioskd.devices.sound import make_sound, note, packed
from kioskd.devices.supervisor import Supervisor
from kioskd.floor.floor import Floor, FloorSettings
from kioskd.floor.layout import Layout, layout_text
from kioskd.hall.hall import Hall
from kioskd.hall.journal import PaperJournal
from kioskd.hall.plan import Clerk, Hours, Line, Matter, Plan, Rules, Window
from kioskd.hall.store import Store
from kioskd.staff.roles import STAFF
from kioskd.staff.sign_in import Staff
from kioskd.staff.tokens import add_token
from kioskd.voice.table import VoiceTable
from kioskd.voice.voice import Voice
from web.app import create_app
from web.server import serve

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 30_000

PAGE = {"Origin": "http://localhost", "X-Kioskd": "page"}
"""What a page of ours sends with a writing request."""


ACCOUNTS = {
    "clerk": ("c1", "甲", "clerk", "c1"),
    "supervisor": ("boss", "主任", "supervisor", None),
    "technician": ("tech", "技术员", "technician", None),
    "integrator": ("linker", "对接员", "integrator", None),
}
"""Who signs in for a role: name, display name, roles, clerk."""


class Clock:
    """A clock that the test moves. It starts on Monday, 2 March 2026, at 09:30 in Shanghai."""

    def __init__(self):
        self.time = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
        self.vouched_for = True

    def now(self):
        return self.time

    def monotonic_s(self):
        return self.time.timestamp()

    def synchronised(self):
        return self.vouched_for

    def pass_min(self, minutes):
        self.time += timedelta(minutes=minutes)


def matter(code, name, line, area="公安服务"):
    return Matter(
        code=code,
        name=name,
        line=line,
        area=area,
        department="派出所",
        by_law="某某法",
        accept_condition="本镇居民",
        materials=("居民身份证", "户口簿"),
        handle_flow="申请 → 审核 → 办结",
        promise="即办",
    )


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def plan():
    all_day = (Hours(opens=time(8, 30), closes=time(17, 0)),)
    return Plan(
        name="青溪镇便民服务中心",
        name_en="Qingxi Service Centre",
        public_url="https://hall.example.org/",
        hours=all_day,
        rules=Rules(recall_spacing_s=0),
        lines=(
            Line(id="police", title="公安服务", title_en="Police", letter="A"),
            Line(id="fund", title="公积金", letter="B", daily_limit=2),
            Line(id="bank", title="银行", letter="C", hours=(Hours(opens=time(14, 0), closes=time(16, 0)),)),
        ),
        windows=(
            Window(number=1, title="综合窗口", lines=("police", "fund", "bank")),
            Window(number=2, title="公安窗口", lines=("police",)),
        ),
        matters=(
            matter("GA-1", "居民身份证换领", "police"),
            matter("GA-2", "出生登记", "police"),
            matter("GJJ-1", "公积金提取", "fund", "公积金服务"),
            matter("YH-1", "银行开户", "bank", "社会事务"),
        ),
        clerks=(Clerk(id="c1", name="甲", position="受理岗"), Clerk(id="c2", name="乙", position="受理岗")),
    )


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "hall.db")
    yield store
    store.close()


@pytest.fixture
def hall(store, plan, clock):
    return Hall(store, plan, clock)


@pytest.fixture
def supervisor():
    return Supervisor((), ())


@pytest.fixture
def windows():
    """Which device belongs to which window."""
    return {}


@pytest.fixture
def rooms(hall, store, supervisor, windows):
    """What the app is made of; a test may replace a part before it asks for the app."""
    journal = PaperJournal(store)
    floor = Floor(
        hall, journal, supervisor, FloorSettings(windows=windows, layout=Layout(layout_text("ticket")))
    )
    return SimpleNamespace(
        hall=hall,
        journal=journal,
        floor=floor,
        supervisor=supervisor,
        settings=WebTable(),
        emulators=None,
        voice=None,
        showing=None,
    )


@pytest.fixture
def app(rooms):
    app = create_app(
        rooms.hall,
        rooms.journal,
        rooms.floor,
        rooms.supervisor,
        settings=rooms.settings,
        emulators=rooms.emulators,
        voice=rooms.voice,
        showing=rooms.showing,
    )
    yield app
    app.close()


@pytest.fixture
def voice(tmp_path, rooms):
    """The hall has a voice: short clips for every call, and espeak-ng for other texts."""
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in ("qing", "hao", "dao", "chuangkou", "A", "B", "C", *map(str, range(10))):
        (folder / f"{name}.wav").write_bytes(make_sound(packed(note(500, 0.05, 16000)), 16000).wav)

    def use(**table):
        table = {"clips": "clips", "chime": False, "gap_s": 0.1, **table}
        rooms.voice = Voice(VoiceTable(**table), tmp_path, tmp_path / "voice")
        return rooms.voice

    use()
    return use


@pytest.fixture
def token(store):
    return add_token(store, "tests", ["all"])


class Client:
    """A program with a token, as it would use the API; it remembers the last answer."""

    def __init__(self, app, token):
        self.http = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path, **headers):
        return self.http.get(f"/api/v1/{path}", headers={**self.headers, **headers})

    def post(self, path, body=None, **headers):
        return self.http.post(f"/api/v1/{path}", json=body, headers={**self.headers, **headers})

    def delete(self, path, **headers):
        return self.http.delete(f"/api/v1/{path}", headers={**self.headers, **headers})

    def take(self, matter="GA-1", **more):
        answer = self.post("tickets", {"matter": matter, **more})
        assert answer.status_code == 201, answer.text
        return answer.json


@pytest.fixture
def client(app, token):
    return Client(app, token)


@pytest.fixture
def lay(rooms):
    """Lay somebody's card on the kiosk's reader."""

    def lay(number, name="王样例"):
        card = Card(type=CardType.IDENTITY, name=name, number=number, born=born(number))
        rooms.floor.cards.hear(CardRead("reader", card))
        rooms.floor.cards.turn()

    return lay


def session_of(store, clock, role):
    """Somebody with this role signs in, by no PIN: the session's secret, for the cookie `kioskd-session`."""
    with store.transaction() as tx:
        tx.execute(
            "INSERT OR IGNORE INTO accounts (name, display_name, roles, clerk, secret, created_at)"
            " VALUES (?, ?, ?, ?, '', '2026-01-01T00:00:00.000000Z')",
            *ACCOUNTS[role],
        )
    return Staff(store, clock.now).open_session(ACCOUNTS[role][0])


@pytest.fixture
def sign_in(store, clock):
    """Sign somebody with this role in: the session's secret, for the cookie `kioskd-session`."""
    return lambda role: session_of(store, clock, role)


def role_of(app, path):
    """Whose page this is; None where anybody may open it."""
    endpoint, _ = app.url_map.bind("localhost").match(path)
    return getattr(app.view_functions[endpoint], "role", None)


@pytest.fixture
def page(app, sign_in):
    """Open one of our pages in a browser of its own, signed in where it is staff's; then ask as it does."""

    def open_page(path):
        browser = app.test_client()
        if (role := role_of(app, path)) in STAFF:
            browser.set_cookie("kioskd-session", sign_in(role))
        assert browser.get(path).status_code == 200
        return browser

    return open_page


@dataclass
class Site:
    """The app behind a real server."""

    url: str
    app: object
    token: str

    def ask(self, method, path, body=None, **headers):
        """The status, and the JSON of the answer."""
        request = urllib.request.Request(
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def post(self, path, body=None):
        return self.ask("POST", f"/api/v1/{path}", {} if body is None else body)


@pytest.fixture
def site(app, token):
    before = set(threading.enumerate())
    server = serve(app, "127.0.0.1", 0)
    yield Site(f"http://127.0.0.1:{server.port}", app, token)
    server.stop()
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    assert not left, left


# --- a real browser ---


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    executable = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert executable, "no Chromium here: script/setup installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser(chromium, site):
    """A browser with nothing remembered. A page that reports an error fails its test."""
    context = chromium.new_context(base_url=site.url, viewport={"width": 1080, "height": 1920})
    context.set_default_timeout(PATIENCE_MS)
    errors = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    yield context
    context.close()
    assert not errors, errors


@pytest.fixture
def open_page(browser, app, site, sign_in):
    """Open one of our pages in the browser, signed in where it is staff's."""

    def open_page(path):
        if (role := role_of(app, path.partition("?")[0])) in STAFF:
            browser.add_cookies([{"name": "kioskd-session", "value": sign_in(role), "url": site.url}])
        page = browser.new_page()
        page.goto(path)
        return page

    return open_page
