"""A card reader on the bench, and cards made for it. Nobody on them exists."""

import pytest

from drivers.sdt.samples import samples
from kioskd.devices.profile_files import load_profile


@pytest.fixture(scope="session")
def profile():
    return load_profile("sdt-serial")


@pytest.fixture(scope="session")
def cards():
    return samples()
