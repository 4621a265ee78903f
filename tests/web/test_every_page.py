"""No page without a visit: what is in the app's map is walked through by the tests in tests/e2e."""

import pytest

from tests.e2e.visits import VISITS

NO_PAGES = {
    *("/healthz", "/metrics", "/mark", "/speech", "/photos/<name>", "/kiosk/matters/<code>"),
    *("/desk/reports/<when>", "/desk/reports/<when>/report.<form>"),  # /desk/reports leads to the first
}
FOLDERS = ("/static/", "/api/", "/lab/")
ENDINGS = (".js", ".json", ".svg", ".pdf")
"""What only machines and other pages ask for."""


@pytest.fixture
def everything(rooms):
    """The app with all that it can have."""
    rooms.emulators = object()


def test_every_page_is_visited(everything, app):
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    pages = {rule for rule in rules if not (rule.startswith(FOLDERS) or rule.endswith(ENDINGS))}
    there = app.url_map.bind("localhost")
    paths = {visit.path.partition("#")[0].partition("?")[0] for visit in VISITS}
    assert {there.match(path, method="GET", return_rule=True)[0].rule for path in paths} == pages - NO_PAGES
