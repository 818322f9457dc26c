"""The preview's window: the last sound site, served from memory, and what is wrong over its pages.

A WSGI application. What it serves is a dictionary, not a folder: no request can reach another file,
and a reader sees the old site or the new one, never a mixture. Pages get a script in their head
which listens for news, reloads the page, and lays the problems over it; and as much more in their
policy as that script needs. Neither is ever in a file.
"""

import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from string import Template
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.sansio.utils import host_is_trusted
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from explainer.problems import Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from explainer.pages.files import Output

OVERLAY = Path(__file__).parent / "overlay"
OWN = "/.preview/"
"""Where the window's own files are; no page of a site has such an address."""

HOSTS = ("127.0.0.1", "localhost")
"""Names under which the window answers: a page elsewhere may not pose as this one to read it."""

HEARTBEAT = 15.0
"""Seconds after which a page that hears nothing is told so; one that has gone is noticed by it."""

KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".csv": "text/csv; charset=utf-8",
    ".bib": "text/x-bibtex; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
    ".woff2": "font/woff2",
}
"""The kinds of files that a site can hold; what the system makes of the endings does not matter."""


@dataclass(frozen=True)
class Shown:
    """What the window shows: a site, and what is wrong with what was written since."""

    files: "Mapping[str, Output]" = field(default_factory=dict)
    site: str = ""
    """A name for exactly these files; empty while there is no site."""
    problems: Sequence[Problem] = ()
    failure: str = ""

    def news(self) -> str:
        """What a page is told, as JSON."""
        problems = [problem.record() for problem in self.problems]
        return json.dumps({"site": self.site, "problems": problems, "failure": self.failure})


class Window:
    """Serves what it was last given to show, and tells open pages at once when that changes."""

    def __init__(self) -> None:
        self._shown = Shown()
        self._changed = threading.Condition()
        self._open = True
        self.read = ""
        """The path of the page that was asked for last."""

    def show(self, files: "Mapping[str, Output]", problems: Sequence[Problem] = ()) -> None:
        """Show a site, with its warnings."""
        keys = sorted((path, file.key) for path, file in files.items())
        site = hashlib.sha256(json.dumps(keys).encode()).hexdigest()[:16]
        self._tell(Shown(files, site, problems))

    def complain(self, problems: Sequence[Problem], failure: str = "") -> None:
        """Lay what is wrong over the site that stands."""
        self._tell(replace(self._shown, problems=problems, failure=failure))

    def close(self) -> None:
        """Let the pages that listen go."""
        with self._changed:
            self._open = False
            self._changed.notify_all()

    @property
    def empty(self) -> bool:
        """Whether there is no site to show yet."""
        return not self._shown.files

    def _tell(self, shown: Shown) -> None:
        with self._changed:
            self._shown = shown
            self._changed.notify_all()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        try:
            response: Callable[..., Iterable[bytes]] = self._answer(request)
        except HTTPException as error:
            response = error
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if not host_is_trusted(request.headers.get("Host"), HOSTS):
            raise SecurityError(f"ask for http://{HOSTS[0]}/")
        if request.method not in ("GET", "HEAD"):
            raise MethodNotAllowed(["GET", "HEAD"])
        if request.path == f"{OWN}events":
            return _plain(Response(self._events(), mimetype="text/event-stream"))
        if request.path in (f"{OWN}overlay.js", f"{OWN}overlay.css"):
            name = request.path.removeprefix(OWN)
            return _file(request, name, (OVERLAY / name).read_bytes())
        return self._page(request)

    def _page(self, request: Request) -> Response:
        shown = self._shown
        if not shown.files:
            waiting = (OVERLAY / "waiting.html").read_bytes()
            return _plain(_html(waiting, shown.site, 503))
        path = request.path.removeprefix("/")
        if path not in shown.files and f"{path}/index.html" in shown.files:
            return redirect(f"{request.path}/", 308, Response)
        if path.endswith("/") or not path:
            path += "index.html"
        if path not in shown.files:
            missing = shown.files.get("404.html")
            page = missing.value if missing else b"<!doctype html><head></head>"
            return _plain(_html(page, shown.site, 404))
        file = shown.files[path]
        if path.endswith(".html"):
            self.read = path
            return _plain(_html(file.value, shown.site, 200))
        return _file(request, path, file.value, file.key)

    def _events(self) -> Iterator[str]:
        """What a page that listens is told: how things are, then every change."""
        told: Shown | None = None
        while self._open or told is None:
            with self._changed:
                if self._shown is told:
                    self._changed.wait(HEARTBEAT)
                shown = self._shown
            yield f"retry: 500\ndata: {shown.news()}\n\n" if shown is not told else ": \n\n"
            told = shown


def _file(request: Request, path: str, content: bytes, digest: str = "") -> Response:
    """A file as it is; one that the browser has already is not sent again."""
    kind = KINDS.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
    response = Response(content, content_type=kind)
    response.set_etag(digest or hashlib.sha256(content).hexdigest())
    response.headers["Cache-Control"] = "no-cache"
    return _guarded(response).make_conditional(
        request, accept_ranges=True, complete_length=len(content)
    )


def _html(page: bytes, site: str, status: int) -> Response:
    """A page with the preview's script in its head, and the policy that lets it work."""
    added = Template((OVERLAY / "head.html").read_text("utf-8")).substitute(site=site)
    head, end, rest = page.partition(b"</head>")
    head = POLICY.sub(lambda match: match[1] + allowing(match[2].decode()).encode(), head)
    content = b"".join((head, added.encode(), end, rest))
    return Response(content, status, content_type=KINDS[".html"])


POLICY = re.compile(rb'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)')


def allowing(policy: str) -> str:
    """A page's security policy with as much more as the preview's script, style and news need."""
    directives = {
        words[0].lower(): words[1:] for words in map(str.split, policy.split(";")) if words
    }
    for name in ("script-src", "style-src", "connect-src"):
        sources = directives.get(name, directives.get("default-src", ["'self'"]))
        if "'self'" not in sources:
            directives[name] = [*(word for word in sources if word != "'none'"), "'self'"]
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())


def _plain(response: Response) -> Response:
    """A response that is never kept."""
    response.headers["Cache-Control"] = "no-store"
    return _guarded(response)


def _guarded(response: Response) -> Response:
    """A response that no other site can read or embed."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
