"""Board, window screens, the citizen's phone, and the pages for anybody."""

import pytest

from tests.e2e.visits import SCREENS

pytestmark = [pytest.mark.e2e, pytest.mark.screens]


@pytest.mark.parametrize("visit", SCREENS, ids=lambda visit: visit.name)
def test_everybody_can_use(walker, visit):
    walker.look(visit)
