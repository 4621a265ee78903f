"""The [options] of a camera's profile; a hall file may override each for one device."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Seconds = Annotated[float, Meta(ge=0, le=5)]


class CameraOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What differs between two cameras of one model, or what a maker leaves in doubt."""

    role: Literal["document", "portrait"] = "document"
    """document: looks down at papers; portrait: at a face. A hall has to allow portraits: `[documents]`."""
    max_megapixels: Annotated[float, Meta(gt=0, le=40)] = 16.0
    """The largest picture that is taken; a page needs five to be read well."""
    preview_width_px: Annotated[int, Meta(ge=160, le=4096)] = 1280
    """The live picture is at most so wide."""
    warm_up_s: Seconds = 0.8
    """For how long exposure and focus may settle after the camera begins to send."""
    warm_up_frames: Annotated[int, Meta(ge=0, le=60)] = 4
    """At least so many frames are let pass as well."""
    frame_s: Annotated[float, Meta(gt=0, le=8)] = 3.0
    """How long a frame may take to come."""
    focus: Literal["auto", "leave"] | Annotated[int, Meta(ge=0, le=65535)] = "auto"
    """auto: the camera's own; leave: as it is; a number: fixed, in the camera's own steps."""
    jpeg_quality: Annotated[int, Meta(ge=50, le=100)] = 92
    """For cameras that send no JPEG themselves."""
