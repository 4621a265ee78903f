"""The platform above, as a process of its own: it keeps what it was sent, and fails in every way it can.

    python receiver.py FOLDER PORT TROUBLE

TROUBLE is the share of requests that go wrong. A message is on the disk before it is answered; the same
Idempotency-Key is counted once.
"""

import json
import os
import random
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    folder: Path
    trouble: float

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        troubled = random.random() < self.trouble
        kind = random.choice(["before", "lost", "cut", "slow", "busy"]) if troubled else ""
        if kind == "before":
            return self._answer(500)
        if kind == "busy":
            return self._answer(503, {"Retry-After": "1"})
        self._keep(self.headers["Idempotency-Key"], body)
        if kind == "lost":
            return self.close_connection_at_once()
        if kind == "cut":
            return self.wfile.write(b"HTTP/1.1 20")
        if kind == "slow":
            time.sleep(1.0)
        return self._answer(200)

    def _keep(self, key, body):
        """One file a key: written, synced, then named, so that a kill leaves it whole or not at all."""
        temporary = self.folder / f".{key}.{random.random()}"
        with temporary.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, self.folder / key)
        except FileExistsError:
            (self.folder / "again").open("a").write(f"{key}\n")
        temporary.unlink()

    def _answer(self, status, headers=None):
        body = json.dumps({"code": status}).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def close_connection_at_once(self):
        self.close_connection = True
        self.connection.close()

    def log_message(self, *_):
        pass


def main():
    folder, port, trouble = sys.argv[1:]
    Handler.folder, Handler.trouble = Path(folder), float(trouble)
    ThreadingHTTPServer(("127.0.0.1", int(port)), Handler).serve_forever()


if __name__ == "__main__":
    main()
