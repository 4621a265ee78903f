"""The built-in drivers, one folder a protocol, found by their entry points like anybody else's."""
