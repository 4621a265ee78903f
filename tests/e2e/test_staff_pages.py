"""The pages of clerks, supervisors and technicians."""

import pytest

from tests.e2e.visits import STAFF

pytestmark = [pytest.mark.e2e, pytest.mark.screens]


@pytest.mark.parametrize("visit", STAFF, ids=lambda visit: visit.name)
def test_everybody_can_use(walker, visit):
    walker.look(visit)
