"""The kiosk, screen by screen, upright and lying, for old eyes and from a wheelchair."""

import pytest

from tests.e2e.visits import KIOSK

pytestmark = [pytest.mark.e2e, pytest.mark.screens]


@pytest.mark.parametrize("visit", KIOSK, ids=lambda visit: visit.name)
def test_everybody_can_use(walker, visit):
    walker.look(visit)
