"""What all tests share."""

from hypothesis import settings

# How long one example may take says nothing on a machine that is shared: a test's own timeout is enough.
settings.register_profile("kioskd", deadline=None)
settings.load_profile("kioskd")
