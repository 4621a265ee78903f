"""Byte stuffing: some bytes inside a frame are written as two, so that its ends never appear inside."""

from __future__ import annotations

import re


class Escapes:
    """A table of escapes. escapes: each byte and what stands for it; empty where the protocol has none."""

    def __init__(self, escapes: dict[bytes, bytes]) -> None:
        self._escaped = escapes
        self._plain = {escaped: plain for plain, escaped in escapes.items()}
        self._first = {escaped[:1] for escaped in self._plain}
        sequences = sorted(self._plain, key=len, reverse=True)
        self._token = re.compile(b"|".join(map(re.escape, sequences)) + b"|.", re.DOTALL)
        self.growth = max(map(len, self._plain), default=1)
        """How many times longer a frame may become."""

    def __bool__(self) -> bool:
        return bool(self._escaped)

    def escape(self, data: bytes) -> bytes:
        """`data` as it goes on the wire."""
        return b"".join(self._escaped.get(bytes([byte]), bytes([byte])) for byte in data)

    def unescape(self, data: bytes) -> bytes | None:
        """What `data` from the wire stands for, or None when it could not have been escaped like this."""
        out = b""
        for token in self._token.findall(data):
            if token in self._plain:
                out += self._plain[token]
            elif token in self._escaped or token in self._first:
                return None
            else:
                out += token
        return out
