"""The hall on a few web pages, and its JSON API."""
