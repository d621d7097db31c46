"""Firefox, the system's own, driven by WebDriver BiDi, which it speaks itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.errors import BrowserError
from export.runtimes.browsers._browser import Browser, PageError, no_start, polled
from export.runtimes.browsers._display import has_display, hidden_display
from export.runtimes.installed import find_program
from train.console.programs import NEW_GROUP

if TYPE_CHECKING:
    from websocket import WebSocket

PROGRAMS = ("firefox", "firefox-esr")
PLACES = {"darwin": ("Firefox.app/Contents/MacOS/firefox",), "win32": ("Mozilla Firefox/firefox.exe",)}
LISTENS = "WebDriverBiDiServer.json"  # written into the profile once Firefox listens
PATIENCE_S = 60.0  # until it has started; the slowest machine takes a quarter of it
ANSWER_S = 900.0  # a page that computes answers only when it is done
FAREWELL_S = 10.0
CALL = """async (given) => {{
  try {{ return JSON.stringify({{ value: await ({function})(...JSON.parse(given)) }}); }}
  catch (error) {{ return JSON.stringify({{ error: `${{error}}` }}); }}
}}"""


def find_firefox() -> str:
    """Path of the first Firefox on the PATH, or where its installer puts it.

    Raises:
        BrowserError: If there is none, or websocket-client, which talks to it, isn't installed.
    """
    try:
        import websocket  # noqa: F401
    except ImportError:
        raise BrowserError(
            "expected websocket-client, which talks to Firefox, found none: pip install 'inkproof[browser]'"
        ) from None
    found = find_program(PROGRAMS, PLACES)
    if found is None:
        raise BrowserError(
            f"expected one of {', '.join(PROGRAMS)} on the PATH, found none: install Firefox "
            "(apt install firefox-esr, brew install --cask firefox), or name another --browser"
        )
    return found


class Session:
    """A session of WebDriver BiDi: commands go out, one after the other, and their results come back."""

    def __init__(self, socket: WebSocket) -> None:
        """Begin one."""
        self._socket, self._sent = socket, 0
        self.capabilities: dict[str, Any] = self.send("session.new", capabilities={})["capabilities"]

    def send(self, command: str, **parameters: Any) -> dict[str, Any]:
        """Run a command.

        Raises:
            PageError: If the browser refuses it, or is gone.
        """
        from websocket import WebSocketException

        self._sent += 1
        try:
            self._socket.send(json.dumps({"id": self._sent, "method": command, "params": parameters}))
            while (answer := json.loads(self._socket.recv())).get("id") != self._sent:
                pass  # an event, or a late answer
        except (OSError, WebSocketException, json.JSONDecodeError) as error:
            raise PageError(f"Firefox is gone ({type(error).__name__})") from None
        if answer["type"] == "error":
            raise PageError(f"{answer['error']}: {answer['message']}".partition("\n")[0])
        result: dict[str, Any] = answer["result"]
        return result


class FirefoxTab:
    """A tab in a container of its own."""

    def __init__(self, session: Session, context: str) -> None:
        """See `FirefoxDriver.open_tab`."""
        self.session, self.context = session, context

    def go(self, address: str) -> None:
        """See `Tab`."""
        self.session.send("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def run(self, function: str, *given: Any) -> Any:
        """See `Tab`."""
        found = self.session.send(
            "script.callFunction",
            functionDeclaration=CALL.format(function=function),
            arguments=[{"type": "string", "value": json.dumps(given)}],
            target={"context": self.context},
            awaitPromise=True,
        )
        if found["type"] == "exception":  # it isn't even a function
            raise PageError(found["exceptionDetails"]["text"])
        outcome = json.loads(found["result"]["value"])
        if "error" in outcome:
            raise PageError(outcome["error"])
        return outcome.get("value")

    def wait_for(self, function: str, seconds: float) -> Any:
        """See `Tab`."""
        return polled(self, function, seconds)


class FirefoxDriver:
    """See `Driver`."""

    def __init__(self, session: Session) -> None:
        """Drive one that was started."""
        self.session = session
        self.version = session.capabilities["browserVersion"].partition(".")[0]

    @contextmanager
    def open_tab(self) -> Iterator[FirefoxTab]:
        """A tab with cookies, storage and cache of its own, closed afterwards."""
        container = self.session.send("browser.createUserContext")["userContext"]
        tab = self.session.send("browsingContext.create", type="tab", userContext=container)
        try:
            yield FirefoxTab(self.session, tab["context"])
        finally:
            with suppress(PageError):  # it is gone already
                self.session.send("browser.removeUserContext", userContext=container)

    def page_processes(self) -> set[str]:
        """See `Driver`."""
        return set()


@contextmanager
def open_firefox(preferences: Mapping[str, Any] | None = None) -> Iterator[FirefoxDriver]:
    """Start Firefox with an empty profile, and end it afterwards.

    It draws on a hidden display where there is one: without any it has no WebGL.

    Args:
        preferences: By name, as in about:config.

    Raises:
        BrowserError: If there is none, or it doesn't start.
    """
    program = find_firefox()
    from websocket import create_connection

    with ExitStack() as stack:
        folder = tempfile.TemporaryDirectory(prefix="inkproof-firefox-", ignore_cleanup_errors=True)
        profile = Path(stack.enter_context(folder))
        (profile / "user.js").write_text(
            "".join(
                f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in (preferences or {}).items()
            ),
            encoding="utf-8",
            newline="\n",
        )
        environment = {**os.environ, "HOME": str(profile)}
        options = ["--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
        if sys.platform == "linux" and has_display():
            environment["DISPLAY"] = stack.enter_context(hidden_display())
            environment.pop("WAYLAND_DISPLAY", None)
        else:
            options.append("--headless")
        process = stack.enter_context(_running([program, *options, "about:blank"], environment))
        address = _address(program, process, profile / LISTENS)
        socket = create_connection(address, timeout=ANSWER_S, suppress_origin=True)
        stack.callback(socket.close)
        driver = FirefoxDriver(Session(socket))
        try:
            yield driver
        finally:
            with suppress(PageError):
                driver.session.send("browser.close")


@contextmanager
def _running(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has time to end by itself."""
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C reaches this process alone, which ends the browser
        creationflags=NEW_GROUP,
    ) as process:
        try:
            yield process
        finally:
            try:
                process.wait(FAREWELL_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _address(program: str, process: subprocess.Popen[bytes], listens: Path) -> str:
    """Where a Firefox that is starting listens."""
    begin = time.monotonic()
    while process.poll() is None:
        with suppress(OSError, ValueError):  # not written, or not to its end
            said = json.loads(listens.read_bytes())
            return f"ws://{said['ws_host']}:{said['ws_port']}/session"
        if time.monotonic() - begin > PATIENCE_S:
            process.kill()
            raise no_start(program, f"after {PATIENCE_S:.0f} seconds it doesn't listen")
        time.sleep(0.05)
    raise no_start(program, f"it ended with status {process.returncode}")


BROWSER = Browser("firefox", find_firefox, open_firefox)
