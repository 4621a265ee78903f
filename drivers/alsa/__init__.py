"""Sound cards by ALSA: a sound is played to its end, or given up in its time."""
