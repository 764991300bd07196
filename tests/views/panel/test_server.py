"""What the server of `funnelsim app` lets in, and what it refuses before anything is read."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from threading import Thread

import pytest

from funnelsim.views.app import guards
from funnelsim.views.app.server import App
from funnelsim.views.panel import work
from funnelsim.views.panel.session import Session

from .lines import DESK, ONE_MORE, SLOW, Asked, serving, session


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures take longest, and are looked at elsewhere."""
    monkeypatch.setattr(Session, "_picture", lambda *_: {"kind": "picture"})


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with serving(session()) as made:
        yield made


@pytest.fixture
def asked(app: App) -> Asked:
    return Asked(app)


# --- who is let in ------------------------------------------------------------------------------------------


def test_the_first_address_answers_with_the_page_and_a_cookie(app: App, asked: Asked) -> None:
    assert app.address == f"http://127.0.0.1:{app.guard.port}/?token={app.guard.token}"
    status, headers, content = asked("GET", f"/?token={app.guard.token}", Cookie=None)
    assert status == 200  # no redirect, on which a Strict cookie would not be sent
    assert headers["Set-Cookie"] == (
        f"funnelsim_{app.guard.port}={app.guard.token}; HttpOnly; SameSite=Strict; Path=/"
    )
    assert b"<main" in content
    assert "東京 &lt;desk&gt;".encode() in content


def test_every_answer_has_the_policy(asked: Asked) -> None:
    for method, path, other in (("GET", "/", {}), ("GET", "/no", {}), ("GET", "/", {"Cookie": None})):
        _, headers, _ = asked(method, path, **other)
        assert headers["Content-Security-Policy"] == guards.POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
    assert "unsafe" not in guards.POLICY
    assert guards.POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self';")


@pytest.mark.parametrize("path", ["/", "/panel", "/panel.js", "/page.css", "/?token=wrong", "/?token=", "/no"])
def test_without_cookie_and_token_nothing_is_shown(asked: Asked, path: str) -> None:
    for cookie in (None, "", "funnelsim_1=x", f"{asked.app.guard.cookie}=wrong", f"{asked.app.guard.cookie}=é"):
        status, headers, content = asked("GET", path, Cookie=cookie)
        assert status == 401
        assert "Set-Cookie" not in headers
        assert content.decode() == "Open the address that funnelsim app has printed; it ends in a token.\n"


def test_the_token_opens_the_page_and_nothing_else(app: App, asked: Asked) -> None:
    for path in ("/panel", "/panel.js", "/ask"):
        assert asked("GET", f"{path}?token={app.guard.token}", Cookie=None)[0] == 401
    assert asked("POST", f"/ask?token={app.guard.token}", {"visitor": "a", "numbers": {}}, Cookie=None)[0] == 401


def test_cookies_of_others_spoil_nothing(app: App, asked: Asked) -> None:
    ours = f"{app.guard.cookie}={app.guard.token}"
    for cookie in (f'_xsrf="a b"; {ours}', f"{{bad}}; =; ; {ours}; funnelsim_1=x"):
        assert asked("GET", "/", Cookie=cookie)[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "", None])
def test_a_foreign_host_is_refused_before_anything_is_read(asked: Asked, host: str | None) -> None:
    named = None if host is None else host.format(port=asked.app.guard.port)
    for method, body in (("GET", None), ("POST", b"{" * 100)):
        status, _, content = asked(
            method, "/", body, Host=named, Content_Length=None if body is None else "99999999"
        )
        assert (status, content.decode().startswith("This server answers to http://127.0.0.1:")) == (403, True)


def test_it_answers_to_localhost_too(asked: Asked) -> None:
    assert asked("GET", "/", Host=f"localhost:{asked.app.guard.port}")[0] == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1"]
)
def test_a_foreign_origin_is_refused(asked: Asked, origin: str) -> None:
    given = origin.format(port=asked.app.guard.port)
    assert asked("GET", "/panel", Origin=given)[0] == 403
    assert asked("POST", "/ask", {"visitor": "a", "numbers": {}}, Origin=given)[0] == 403
    ours = f"http://127.0.0.1:{asked.app.guard.port}"
    assert asked("GET", "/panel", Origin=ours)[0] == 200


def test_two_apps_live_side_by_side(app: App) -> None:
    with serving(session()) as other:
        assert other.guard.port != app.guard.port
        assert other.guard.cookie != app.guard.cookie
        assert other.guard.token != app.guard.token
        both = "; ".join(f"{each.guard.cookie}={each.guard.token}" for each in (app, other))
        assert [Asked(each)("GET", "/", Cookie=both)[0] for each in (app, other)] == [200, 200]
        assert Asked(other)("GET", "/", Cookie=f"{app.guard.cookie}={app.guard.token}")[0] == 401


def test_it_listens_on_this_machine_alone(app: App) -> None:
    assert app.socket.getsockname()[0] == "127.0.0.1"


# --- what may be asked --------------------------------------------------------------------------------------


def test_pages_and_parts(asked: Asked) -> None:
    for path, kind in (
        ("/panel.js", "text/javascript"),
        ("/page.js", "text/javascript"),
        ("/panel.css", "text/css"),
        ("/panel", "application/json"),
    ):
        status, headers, content = asked("GET", path)
        assert (status, headers["Content-Type"].partition(";")[0]) == (200, kind)
        assert int(headers["Content-Length"]) == len(content)
    for path in ("/no", "/../server.py", "/%2e%2e/server.py", "/panel.js/"):
        assert asked("GET", path)[0] == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH", "BREW"])
def test_other_methods_are_refused(asked: Asked, method: str) -> None:
    assert asked(method, "/")[0] == 405
    assert asked(method, "/", Cookie=None)[0] == 401


def test_questions_come_as_json_of_at_most_64_kb(asked: Asked) -> None:
    question = {"visitor": "a", "numbers": {}}
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        assert asked("POST", "/ask", question, Content_Type=kind)[0] == 415
    assert asked("POST", "/ask", b" " * (guards.MOST_BYTES + 1))[0] == 413
    assert asked("POST", "/ask", b"{}", Content_Length="70000")[0] == 413
    assert asked("POST", "/ask", b"{}", Content_Length="-1")[0] == 411
    assert asked("POST", "/ask", b"", Content_Length="x")[0] == 411
    assert asked("POST", "/ask", b"{", Content_Type="application/json; charset=utf-8")[0] == 400
    assert asked("POST", "/ask", b"[" * 60_000)[0] == 400
    assert asked("POST", "/no", question)[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"numbers": {}},
        {"visitor": "a"},
        {"visitor": "", "numbers": {}},
        {"visitor": "a" * 65, "numbers": {}},
        {"visitor": 1, "numbers": {}},
        {"visitor": "a", "numbers": []},
        {"visitor": "a", "numbers": {}, "file": "/etc/passwd"},
    ],
)
def test_what_is_no_question_is_refused(asked: Asked, body: object) -> None:
    status, _, content = asked("POST", "/ask", body)
    assert (status, content.decode()[:13]) == (422, "A question is")


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"teams.desk.headcoun": 3}, "teams.desk.headcount"),
        ({"teams.desk.headcount": "3"}, "expected a number"),
        ({"teams.desk.headcount": {"add": 1}}, "expected a number"),
        ({"extends": 1}, "unknown"),
        ({"../../x": 1}, "unknown"),
        ({"horizon": 9e9}, "unknown"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_sentence(
    asked: Asked, numbers: dict[str, object], said: str
) -> None:
    status, _, content = asked("POST", "/ask", {"visitor": "a", "numbers": numbers})
    assert status == 422
    assert content.decode().startswith("This cannot be computed: ")
    assert said in content.decode()
    assert "Traceback" not in content.decode()


@pytest.mark.parametrize(
    ("numbers", "said", "control"),
    [
        ({"teams.desk.headcount": 2.1}, "窓口: people: posts are planned in", "teams.desk.headcount"),
        ({"stages.serve.convert": 1.2, "teams.desk.headcount": 3}, "at most 100 %", "stages.serve.convert"),
        ({"sources.web.rate": 5e4, "teams.desk.headcount": 9000}, "events", ""),
    ],
)
def test_what_is_refused_of_one_control_is_said_at_its_field(
    asked: Asked, numbers: dict[str, float], said: str, control: str
) -> None:
    for path in ("/ask", "/lever"):
        status, headers, content = asked("POST", path, {"visitor": "a", "numbers": numbers})
        told = json.loads(content) if control else {"text": content.decode(), "control": ""}
        assert (status, told["control"]) == (422, control)
        assert said in told["text"]
        assert headers["Content-Type"].startswith("application/json" if control else "text/plain")


def test_nan_is_no_number(asked: Asked) -> None:
    body = b'{"visitor": "a", "numbers": {"teams.desk.headcount": NaN}}'
    assert asked("POST", "/ask", body)[0] == 422


# --- answers ------------------------------------------------------------------------------------------------


def test_an_answer_comes_line_by_line(asked: Asked) -> None:
    lines = asked.ask(ONE_MORE)
    assert lines[0] == {
        "kind": "moved",
        "moved": [
            {"name": "teams.desk.headcount", "text": "窓口 2 → 3 people", "undo": "Undo: 窓口 2 → 3 people"}
        ],
        "doubtful": [],
    }
    answers = [each for each in lines if each["kind"] == "answer"]
    assert [each["replications"] for each in answers] == [1, 2, 4, 8, 16, 32][: len(answers)]
    assert answers[-1]["last"]
    assert [each["kind"] for each in lines].count("picture") >= 1


def test_the_lever_of_a_question_is_a_file_and_a_command(asked: Asked) -> None:
    status, _, content = asked("POST", "/lever", {"visitor": "a", "numbers": ONE_MORE})
    assert status == 200
    assert b"teams.desk.headcount" in content
    assert b"funnelsim compare desk.yaml --lever what_if.yaml --replications" in content
    assert asked("POST", "/lever", {"visitor": "a", "numbers": {}})[0] == 422


def stalled(app: App, visitors: int) -> list[work.Job]:
    """Questions that never end by themselves, one of each visitor."""

    def begin(stop: object) -> Iterator[dict[str, object]]:
        while not stop():  # type: ignore[operator]
            time.sleep(0.005)
            yield {"kind": "nothing"}

    jobs = [app.work.submit("0", begin)]  # type: ignore[arg-type]
    while not app.work.busy or app.work._waiting:
        time.sleep(0.005)
    return jobs + [app.work.submit(str(number), begin) for number in range(1, visitors)]  # type: ignore[arg-type]


def test_eight_wait_and_the_next_is_told_to_come_again() -> None:
    with serving(session()) as app:
        jobs = stalled(app, 1 + work.MOST_WAITING)
        status, _, content = Asked(app)("POST", "/ask", {"visitor": "one more", "numbers": {}})
        assert (status, content.decode()) == (
            503,
            "Too many questions wait already. Please ask again in a moment.\n",
        )
        for job in jobs:
            job.stop.set()
        assert Asked(app).ask({})[-1]["kind"] == "picture"


def test_a_newer_question_of_the_same_visitor_stops_the_older() -> None:
    with serving(session(SLOW)) as app:
        asked = Asked(app)
        first: list[dict[str, object]] = []
        older = Thread(target=lambda: first.extend(asked.ask(ONE_MORE, "me")))
        older.start()
        while not app.work.busy:
            time.sleep(0.01)
        other = app.work.submit("somebody else", lambda stop: iter([{"kind": "here"}]))
        newer = app.work.submit("me", lambda stop: iter([{"kind": "here"}]))
        older.join(30)
        assert not older.is_alive()
        assert not any(each.get("last") for each in first)
        assert [other.lines.get(timeout=30), newer.lines.get(timeout=30)] == [{"kind": "here"}] * 2


def test_whoever_leaves_stops_the_work() -> None:
    with serving(session(SLOW)) as app:
        body = b'{"visitor": "me", "numbers": {"teams.desk.headcount": 3}}'
        head = "".join(f"{name}: {value}\r\n" for name, value in Asked(app).headers().items())
        rest = f"POST /ask HTTP/1.1\r\n{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", app.guard.port)) as connection:
            connection.sendall(rest.encode() + body)
            assert connection.recv(12) == b"HTTP/1.1 200"
            while not app.work.busy:
                time.sleep(0.01)
        end = time.monotonic() + 30
        while app.work.busy and time.monotonic() < end:
            time.sleep(0.02)
        assert not app.work.busy


def test_an_error_in_an_answer_is_told_and_the_next_question_is_answered() -> None:
    with serving(session()) as app:

        def begin(stop: object) -> Iterator[dict[str, object]]:
            yield {"kind": "moved"}
            raise RuntimeError("no such luck")

        job = app.work.submit("me", begin)  # type: ignore[arg-type]
        assert job.lines.get(timeout=10) == {"kind": "moved"}
        said = {"kind": "error", "text": "This cannot be computed: RuntimeError: no such luck"}
        assert job.lines.get(timeout=10) == said
        assert job.lines.get(timeout=10) is None
        assert Asked(app).ask({})[0]["kind"] == "moved"


def test_the_language_is_that_of_the_session() -> None:
    with serving(session(DESK, "ja")) as app:
        lines = Asked(app).ask(ONE_MORE)
        assert lines[0]["moved"][0]["text"] == "窓口 2 → 3人"
        assert b'lang="ja"' in Asked(app)("GET", "/")[2]
