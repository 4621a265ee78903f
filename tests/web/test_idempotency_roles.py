"""A wish repeated by a page is the same wish, whatever role its cookies prove at the moment."""

from web.app import create_app

PAGE = {"Origin": "http://localhost", "X-Kioskd": "page", "Idempotency-Key": "wish-1"}


def test_a_page_that_repeats_its_wish_after_a_restart_gets_the_same_ticket(rooms, page, app):
    browser = page("/kiosk")
    first = browser.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=PAGE)
    again = create_app(rooms.hall, rooms.journal, rooms.floor, rooms.supervisor, settings=rooms.settings)
    try:
        renewed = again.test_client()
        renewed.get("/board")  # another tab was the first to renew its role
        renewed.get("/kiosk")
        second = renewed.post("/api/v1/tickets", json={"matter": "GA-1"}, headers=PAGE)
    finally:
        again.close()
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["number"] == second.json["number"]
