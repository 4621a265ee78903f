"""Who may come in: people by a session, screens by a token or by where they are, programs by a token.

A screen's page that is opened on the kiosk computer itself gets a cookie naming the page's role.
Staff sign in; from another machine only over TLS, unless the hall file says otherwise. A writing request that
relies on a cookie must come from our own pages (Origin), and a script's also carry the header `X-Kioskd`. A
request through a proxy is not from this computer, whatever its peer address says. A request that came through
the Unix socket (`control.py`) is its user's.
"""

from __future__ import annotations

import secrets
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Response, request
from itsdangerous import BadSignature, Signer

from kioskd.staff.roles import ROLES, SCOPES, SCREENS, STAFF, roles_for_page
from kioskd.staff.tokens import Token, add_token, whose
from web.callers import Caller
from web.control import Peer
from web.problems import Problem

if TYPE_CHECKING:
    from kioskd.config.tables import WebTable
    from kioskd.hall.store import Store
    from kioskd.staff.accounts import Account
    from kioskd.staff.sign_in import Staff
    from web.limits import Limits

__all__ = ["ROLES", "SCOPES", "Caller", "Doors", "SignInNeeded", "add_token"]

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
SESSION_COOKIE = "kioskd-session"
DEVICE_COOKIE = "kioskd-device"
DEVICE_ARGUMENT = "device"
DEVICE_COOKIE_S = 400 * 24 * 3600
"""As long as browsers keep a cookie at most; every page renews it."""


class SignInNeeded(Exception):  # noqa: N818 - an answer, not an accident
    """The page is for staff, and nobody has signed in here."""


class Doors:
    """The checks every request passes. Screens on this computer renew their sessions after a restart."""

    def __init__(
        self, store: Store, staff: Staff, limits: Limits, *, settings: WebTable, public_url: str
    ) -> None:
        self.staff = staff
        self.limits = limits
        self._store = store
        self._settings = settings
        self._public = urlsplit(public_url)
        self._signer = Signer(secrets.token_bytes(32), salt="kioskd page session")
        names = (*LOOPBACK_NAMES, settings.bind.strip("[]"), *settings.hosts, self._public.hostname)
        self._hosts = {name.lower() for name in names if name}
        self._any_address = settings.bind in ("0.0.0.0", "::")  # noqa: S104 - asked, not bound

    # --- where a request comes from ---

    def check_host(self) -> None:
        """Refuse a request under a name that is not ours: a foreign page's DNS may point here (rebinding).

        Where every address of this computer is listened on, any address is ours: rebinding needs a name.
        """
        host = _host()
        if host not in self._hosts and not (self._any_address and _is_address(host)):
            raise Problem(400, "foreign_host")

    def near(self) -> bool:
        """Whether the request comes from this computer's own browser, through no proxy.

        Never where the hall file says that the kiosk is elsewhere: a proxy here may say nothing of itself.
        """
        if not self._settings.kiosk_here:
            return False
        try:
            local = ip_address(request.remote_addr or "").is_loopback
        except ValueError:
            return False
        forwarded = any(name in request.headers for name in FORWARDED)
        # Browsers speak HTTP/1.1; a proxy that says nothing of itself speaks 1.0 by default (nginx).
        by_proxy = forwarded or request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0"
        return local and _host() in LOOPBACK_NAMES and not by_proxy

    def check_private(self) -> None:
        """Refuse what would carry a PIN, or a session, over a network in clear."""
        if not self._is_private():
            https = f"https://{_host()}:{self._settings.tls_port}" if self._settings.certificate else ""
            raise Problem(403, "staff_needs_tls" if https else "staff_needs_certificate", address=https)

    def check_origin(self) -> None:
        """Refuse a form or script that is not our own page's: browsers name a writing request's origin."""
        if request.headers.get("Origin") not in self._origins():
            raise Problem(403, "foreign_origin")

    def _origins(self) -> set[str]:
        own = {request.host_url.rstrip("/")}
        if self._public.hostname == _host():  # a proxy speaks TLS for us
            own.add(f"{self._public.scheme}://{self._public.netloc}")
        return own

    def _is_private(self) -> bool:
        return self.near() or request.is_secure or self._settings.plain_http_staff

    # --- pages ---

    def check_page(self, role: str) -> None:
        """Whether the page of this role may be opened. Raises SignInNeeded for staff, Problem 403."""
        if role in SCREENS and self._may_show(role):
            return
        if role == "lab" and self.near():
            return
        if role not in STAFF:
            raise Problem(403, "wrong_device" if DEVICE_COOKIE in request.cookies else "not_here", role=role)
        self.check_private()
        account = self.signed_in()
        if account is None:
            raise SignInNeeded
        if not set(roles_for_page(role)) & set(account.roles):
            raise Problem(403, "wrong_role", role=role, who=account.display_name)

    def _may_show(self, role: str) -> bool:
        """A screen: here, or with its token; staff may look at what hangs on the wall."""
        token = self._device()
        if self.near() or (token is not None and token.role == role):
            return True
        return role == "display" and self.signed_in() is not None

    def open_session(self, response: Response, role: str) -> None:
        """Let the page that is being served ask what its role may. One cookie a role: browsers have tabs."""
        if role in SCREENS and DEVICE_COOKIE in request.cookies:
            self.keep_device(response, request.cookies[DEVICE_COOKIE])
        if role not in STAFF and self.near():
            value = self._signer.sign(role).decode()
            self.set_cookie(response, f"kioskd-{role}", value)

    def device_of_address(self) -> str:
        """The device token in this address, which a screen opens once. Raises Problem 403 for a wrong one."""
        token = request.args[DEVICE_ARGUMENT]
        found = whose(self._store, token)
        if found is None or not found.role:
            raise Problem(403, "wrong_device", role="")
        return token

    def keep_device(self, response: Response, token: str) -> None:
        """Let this browser be that screen from now on."""
        self.set_cookie(response, DEVICE_COOKIE, token, max_age=DEVICE_COOKIE_S)

    # --- people ---

    def signed_in(self) -> Account | None:
        """Who has signed in at this browser, if they may come this way."""
        if not self._is_private():
            return None
        # A page that looks on keeps nobody signed in: only what a person does counts.
        at_work = request.method not in ("GET", "HEAD") or not request.path.startswith("/api/")
        return self.staff.account_of(request.cookies.get(SESSION_COOKIE, ""), at_work=at_work)

    def begin_session(self, response: Response, session: str) -> None:
        """Keep somebody signed in at this browser, until it closes or the session ends."""
        self.set_cookie(response, SESSION_COOKIE, session)

    def end_session(self, response: Response) -> None:
        """Sign out whoever signed in here."""
        self.staff.sign_out(request.cookies.get(SESSION_COOKIE, ""), address=self.address())
        response.delete_cookie(SESSION_COOKIE, path="/")

    def address(self) -> str:
        """Where the request comes from, for the audit trail and for lock-outs."""
        return request.remote_addr or ""

    def sender(self) -> str:
        """Who sends a form that is about no ticket: a kiosk has a name of its own, a phone its address.

        The kiosk and a proxy on this computer come from the same address, and phones shall not use up what
        is the kiosk's.
        """
        if self.near():
            return "kiosk"
        token = self._device()
        return self.address() if token is None else token.caller[:80]

    def set_cookie(self, response: Response, name: str, value: str, max_age: int | None = None) -> None:
        """A cookie that scripts cannot read and other sites cannot send; over TLS, TLS only."""
        response.set_cookie(
            name, value, max_age=max_age, httponly=True, samesite="Strict", path="/", secure=request.is_secure
        )

    # --- the API ---

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
        kind, _, value = header.partition(" ")
        token = whose(self._store, value.strip()) if kind.lower() == "bearer" else None
        if token is None:
            raise _unauthorised('Bearer realm="kioskd", error="invalid_token"', "wrong_token")
        caller = Caller(token.caller, token.scopes)
        if not caller.may(scope):
            challenge = f'Bearer realm="kioskd", error="insufficient_scope", scope="{scope}"'
            raise Problem(403, "no_scope", headers={"WWW-Authenticate": challenge}, scope=scope)
        return caller

    def _admit_page(self, scope: str) -> Caller:
        """A page of ours: of somebody signed in, of a screen, or of both in one browser."""
        callers = self._callers()
        if not callers:
            raise _unauthorised('Bearer realm="kioskd"', "no_token")
        if request.method not in ("GET", "HEAD"):
            if "X-Kioskd" not in request.headers:
                raise Problem(403, "no_header")
            self.check_origin()
        caller = next((one for one in callers if one.may(scope)), None)
        if caller is None:
            raise Problem(403, "no_scope", scope=scope)
        name = caller.account.acts_as(scope) if caller.account else caller.name
        return Caller(
            name,
            frozenset().union(*(one.scopes for one in callers)),
            tuple(role for one in callers for role in one.roles),
            caller.account,
        )

    def _callers(self) -> list[Caller]:
        """All that this browser's cookies prove, people first."""
        found = []
        if account := self.signed_in():
            found.append(Caller(account.name, account.scopes, account.roles, account))
        if token := self._device():
            found.append(Caller(token.caller, token.scopes, (token.role,)))
        if self.near():
            found += [Caller(f"page:{role}", ROLES[role], (role,)) for role in ROLES if self._proves(role)]
        return found

    def _device(self) -> Token | None:
        """The screen that this browser is, by its token."""
        cookie = request.cookies.get(DEVICE_COOKIE)
        token = whose(self._store, cookie) if cookie else None
        return token if token is not None and token.role else None

    def _proves(self, role: str) -> bool:
        try:
            return self._signer.unsign(request.cookies.get(f"kioskd-{role}", "")) == role.encode()
        except BadSignature:
            return False


def _host() -> str:
    """The host the request names, without its port and brackets; empty for nonsense."""
    try:
        return urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _unauthorised(challenge: str, code: str) -> Problem:
    return Problem(401, code, headers={"WWW-Authenticate": challenge})
