"""What the Modbus tests share: profiles with options of the test's own."""

import msgspec
import pytest

from kioskd.devices.profile_files import load_profile


@pytest.fixture(scope="session")
def profile():
    """A built-in profile, with other options or timing where a test wants them."""

    def get(name="armfly-led485", *, timing=None, **options):
        found = load_profile(name)
        return msgspec.structs.replace(found, options=found.options | options, timing=timing or found.timing)

    return get
