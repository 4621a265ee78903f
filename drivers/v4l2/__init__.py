"""Document cameras by Video4Linux2: which mode, when the picture is good, how it becomes a JPEG."""
