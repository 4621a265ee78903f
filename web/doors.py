"""Who may come in: programs with tokens, this computer's browser with page sessions, its users by a socket.

Only loopback is bound. A page that is opened on the kiosk computer itself gets a cookie naming the page's
role; a writing request that relies on it must also carry the header `X-Kioskd` and come from our own pages
(Origin). A request through a proxy is not from this computer, whatever its peer address says. A request that
came through the Unix socket (`control.py`) is its user's.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, request
from itsdangerous import BadSignature, Signer

from kioskd.hall.times import to_text
from web.control import Peer
from web.problems import Problem

if TYPE_CHECKING:
    from kioskd.hall.store import Store

SCOPES = ("read", "tickets", "windows", "documents", "devices", "ratings", "appointments", "contacts", "all")

# What each page may ask of the API.
ROLES: dict[str, frozenset[str]] = {
    "kiosk": frozenset({"read", "tickets"}),
    "clerk": frozenset({"read", "tickets", "windows", "documents"}),
    "display": frozenset({"read"}),
    "tech": frozenset({"read", "devices"}),
}

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


@dataclass(frozen=True)
class Caller:
    """Who sends a request, as events name them, and what they may do."""

    name: str
    scopes: frozenset[str]

    @property
    def kind(self) -> str:
        """Who it is, whatever role a page has at the moment: that depends on which cookies are still good."""
        return "page" if self.name.startswith("page:") else self.name

    def may(self, scope: str) -> bool:
        """Whether the caller has this scope."""
        return scope in self.scopes or "all" in self.scopes


def add_token(store: Store, name: str, scopes: Iterable[str], *, token: str | None = None) -> str:
    """Give a program a token and return it; the store keeps only its SHA-256.

    Raises ValueError for a scope that does not exist. A name that has a token gets the new one.
    """
    wanted = sorted(set(scopes))
    wrong = [scope for scope in wanted if scope not in SCOPES]
    if wrong or not wanted:
        raise ValueError(
            f"no such scope: {', '.join(wrong) or '(none given)'}; scopes are {', '.join(SCOPES)}"
        )
    token = token or secrets.token_urlsafe(32)
    with store.transaction() as tx:
        tx.execute("DELETE FROM api_tokens WHERE name = ?", name)
        tx.execute(
            "INSERT INTO api_tokens (name, token_sha256, scopes, created_at) VALUES (?, ?, ?, ?)",
            name,
            _sha256(token),
            " ".join(wanted),
            to_text(datetime.now(UTC)),
        )
    return token


def verify(store: Store, token: str) -> Caller | None:
    """Whose token this is, or None."""
    with store.read() as tx:
        row = tx.one("SELECT name, scopes FROM api_tokens WHERE token_sha256 = ?", _sha256(token))
    return Caller(f"token:{row['name']}", frozenset(row["scopes"].split())) if row else None


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Doors:
    """The checks every request passes. Page sessions end with the process; pages renew theirs."""

    def __init__(self, store: Store, *, bind: str, public_url: str) -> None:
        self._store = store
        self._signer = Signer(secrets.token_bytes(32), salt="kioskd page session")
        public_host = urlsplit(public_url).hostname
        self._hosts = {*LOOPBACK_NAMES, bind.strip("[]"), *([public_host] if public_host else [])}

    def check_host(self) -> None:
        """Refuse a request under a name that is not ours: a foreign page's DNS may point here (rebinding)."""
        if _host() not in self._hosts:
            raise Problem(400, "foreign_host")

    def near(self) -> bool:
        """Whether the request comes from this computer's own browser, through no proxy."""
        try:
            local = ip_address(request.remote_addr or "").is_loopback
        except ValueError:
            return False
        forwarded = any(name in request.headers for name in FORWARDED)
        # Browsers speak HTTP/1.1; a proxy that says nothing of itself speaks 1.0 by default (nginx).
        by_proxy = forwarded or request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0"
        return local and _host() in LOOPBACK_NAMES and not by_proxy

    def open_session(self, response: Response, role: str) -> None:
        """Let the page that is being served ask what its role may. One cookie a role: browsers have tabs."""
        value = self._signer.sign(role).decode()
        response.set_cookie(f"kioskd-{role}", value, httponly=True, samesite="Strict", path="/")

    def admit(self, scope: str | None) -> Caller:
        """Who calls. Raises Problem 401 for nobody known, 403 for somebody without the scope."""
        if scope is None:
            return Caller("anyone", frozenset())
        header = request.headers.get("Authorization", "")
        if header:
            return self._admit_token(header, scope)
        if peer := Peer.of(request.environ):
            return self._admit_peer(peer)
        return self._admit_page(scope)

    def _admit_peer(self, peer: Peer) -> Caller:
        if not peer.is_ours():
            raise Problem(403, "not_our_user", user=peer.name)
        return Caller(f"local:{peer.name}", frozenset({"all"}))

    def _admit_token(self, header: str, scope: str) -> Caller:
        kind, _, token = header.partition(" ")
        caller = verify(self._store, token.strip()) if kind.lower() == "bearer" else None
        if caller is None:
            raise _unauthorised('Bearer realm="kioskd", error="invalid_token"', "wrong_token")
        if not caller.may(scope):
            challenge = f'Bearer realm="kioskd", error="insufficient_scope", scope="{scope}"'
            raise Problem(403, "no_scope", headers={"WWW-Authenticate": challenge}, scope=scope)
        return caller

    def _admit_page(self, scope: str) -> Caller:
        roles = self._roles()
        if not roles or not self.near():
            raise _unauthorised('Bearer realm="kioskd"', "no_token")
        if request.method not in ("GET", "HEAD"):
            self._check_same_origin()
        role = next((role for role in roles if scope in ROLES[role]), None)
        if role is None:
            raise Problem(403, "no_scope", scope=scope)
        scopes = frozenset().union(*(ROLES[role] for role in roles))
        return Caller(f"page:{role}", scopes)

    def _roles(self) -> list[str]:
        """The roles that this browser's cookies prove."""
        return [role for role in ROLES if self._proves(role)]

    def _proves(self, role: str) -> bool:
        try:
            return self._signer.unsign(request.cookies.get(f"kioskd-{role}", "")) == role.encode()
        except BadSignature:
            return False

    def _check_same_origin(self) -> None:
        if "X-Kioskd" not in request.headers:
            raise Problem(403, "no_header")
        if request.headers.get("Origin") != request.host_url.rstrip("/"):
            raise Problem(403, "foreign_origin")


def _host() -> str:
    """The host the request names, without its port and brackets; empty for nonsense."""
    try:
        return urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        return ""


def _unauthorised(challenge: str, code: str) -> Problem:
    return Problem(401, code, headers={"WWW-Authenticate": challenge})
