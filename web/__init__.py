"""The screens and the API: pages, JSON under /api/v1, live events, and the doors before them."""
