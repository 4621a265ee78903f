"""The demo hall: its file, its matters, and the command that shows it."""
