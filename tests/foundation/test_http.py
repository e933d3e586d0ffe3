"""The way out over HTTP: what is refused, what is pinned, what is logged."""

import ipaddress
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from structlog.testing import capture_logs

from helpdesk.foundation import http

INSIDE = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.9", "100.64.0.1", "0.0.0.0"]
INSIDE_V6 = ["::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"]


class Shop(BaseHTTPRequestHandler):
    """A merchant's web server on loopback."""

    server: ThreadingHTTPServer

    def do_GET(self):
        if self.path == "/go-inside":
            self.send_response(302)
            self.send_header("Location", f"http://inside.example:{self.server.server_port}/secret")
            self.end_headers()
            return
        body = b"x" * 5000 if self.path == "/large" else self.headers["Host"].encode()
        self.send_response(200)
        if self.path != "/large":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def shop():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def guarded_client(answers, inner, **options):
    """Return a guarded client whose name server answers from ``answers``."""
    transport = http.GuardedTransport(
        inner, schemes=("http", "https"), resolve=lambda host, _port: answers[host], **options
    )
    return httpx.Client(transport=transport, follow_redirects=True)


@pytest.mark.parametrize("address", INSIDE + INSIDE_V6)
def test_private_and_special_addresses_are_not_public(address):
    assert not http.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_ordinary_addresses_are_public(address):
    assert http.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_name_that_leads_inside_is_refused(address):
    inner = httpx.MockTransport(lambda request: pytest.fail("was called"))
    with (
        guarded_client({"evil.example": [address]}, inner) as client,
        pytest.raises(http.ForbiddenAddressError, match="private or reserved"),
    ):
        client.get("https://evil.example/")


def test_one_inner_address_among_public_ones_is_enough_to_refuse():
    inner = httpx.MockTransport(lambda request: pytest.fail("was called"))
    with (
        guarded_client({"evil.example": ["93.184.216.34", "10.0.0.1"]}, inner) as client,
        pytest.raises(http.ForbiddenAddressError),
    ):
        client.get("https://evil.example/")


def test_call_goes_to_the_checked_address_and_keeps_the_name_for_host_and_tls():
    calls = []

    def answer(request):
        calls.append(request)
        return httpx.Response(200)

    with guarded_client({"shop.example": ["93.184.216.34"]}, httpx.MockTransport(answer)) as client:
        response = client.get("https://shop.example/feed")
    [call] = calls
    assert call.url.host == "93.184.216.34"
    assert call.headers["Host"] == "shop.example"
    assert call.extensions["sni_hostname"] == "shop.example"
    assert response.request.url.host == "shop.example"


def test_name_is_asked_once_per_call_so_rebinding_gains_nothing(shop):
    answers = iter([["127.0.0.1"]])
    transport = http.GuardedTransport(
        httpx.HTTPTransport(),
        schemes=("http",),
        private_networks=(ipaddress.ip_network("127.0.0.0/8"),),
        resolve=lambda _host, _port: next(answers),
    )
    with httpx.Client(transport=transport) as client:
        assert client.get(f"http://shop.example:{shop}/").text == f"shop.example:{shop}"


def test_redirect_to_the_inside_is_refused(shop):
    # The first hop is allowed by the operator, the second leads to an address that is not.
    answers = {"shop.example": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}
    loopback = (ipaddress.ip_network("127.0.0.0/8"),)
    with (
        guarded_client(answers, httpx.HTTPTransport(), private_networks=loopback) as client,
        pytest.raises(http.ForbiddenAddressError, match=r"inside\.example"),
    ):
        client.get(f"http://shop.example:{shop}/go-inside")


def test_guarded_factory_refuses_loopback_and_plain_http(shop):
    with http.client(purpose="test", guarded=True, schemes=("http",)) as client:
        with pytest.raises(http.ForbiddenAddressError, match="private or reserved"):
            client.get(f"http://127.0.0.1:{shop}/")
        with pytest.raises(http.ForbiddenAddressError, match="private or reserved"):
            client.get(f"http://[::1]:{shop}/")
    with (
        http.client(purpose="test", guarded=True) as client,
        pytest.raises(http.ForbiddenAddressError, match="Only https"),
    ):
        client.get("http://shop.example/")


def test_unguarded_factory_reaches_an_address_we_chose(shop):
    with http.client(purpose="test") as client:
        assert client.get(f"http://127.0.0.1:{shop}/").status_code == 200


def test_each_call_leaves_one_log_line_without_path_or_query(shop):
    with capture_logs() as lines, http.client(purpose="mail.ses") as client:
        client.get(f"http://127.0.0.1:{shop}/hooks/secret?token=abc")
    [line] = lines
    assert line["event"] == "http.called"
    assert line["purpose"] == "mail.ses"
    assert line["status"] == 200
    assert "secret" not in str(line)
    assert "abc" not in str(line)


def test_failed_call_leaves_one_log_line():
    with (
        capture_logs() as lines,
        http.client(purpose="mail.ses") as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get("http://127.0.0.1:1/")
    assert [line["event"] for line in lines] == ["http.failed"]


def test_large_answer_is_cut_off(shop):
    with (
        http.client(purpose="test") as client,
        client.stream("GET", f"http://127.0.0.1:{shop}/large") as response,
        pytest.raises(http.ResponseTooLargeError),
    ):
        http.read_capped(response, limit=4999)


def test_answer_within_the_limit_is_read_whole(shop):
    with (
        http.client(purpose="test") as client,
        client.stream("GET", f"http://127.0.0.1:{shop}/large") as response,
    ):
        assert len(http.read_capped(response, limit=5000)) == 5000


def test_announced_size_over_the_limit_is_refused_before_reading():
    response = httpx.Response(200, headers={"content-length": "6000"}, content=None)
    with pytest.raises(http.ResponseTooLargeError):
        http.read_capped(response, limit=5000)
