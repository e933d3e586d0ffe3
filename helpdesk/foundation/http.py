"""The one way out over HTTP: time-outs, one log line per call, and a guard for foreign URLs.

``client()`` builds an ``httpx.Client``. Addresses we chose ourselves (a provider's API) need no
guard; a URL that a person or a payload gave us goes through ``guarded=True``, which resolves the
name once, refuses every address that is not public, and connects to the very address it checked,
so a name that changes its answer between check and connect (DNS rebinding) gains nothing.
Redirects pass through the same door, one by one.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterable, Sequence

import httpx
import structlog

logger = structlog.get_logger(__name__)

#: Seconds. Connecting is quick or hopeless; providers promise an answer within half a minute.
DEFAULT_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
MAX_REDIRECTS = 5

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

#: IPv6 ranges that carry an IPv4 address in their last 32 bits (RFC 6052, RFC 8215).
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class ForbiddenAddressError(httpx.RequestError):
    """The URL leads to a place we do not go: not https, or an address that is not public."""


class ResponseTooLargeError(Exception):
    """The body grew past the limit and was dropped."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The answer is larger than {limit:,} bytes and was not read further.")
        self.limit = limit


def client(
    *,
    purpose: str,
    timeout: httpx.Timeout | float = DEFAULT_TIMEOUT,
    guarded: bool = False,
    schemes: Sequence[str] = ("https",),
    private_networks: Iterable[str] = (),
    follow_redirects: bool = False,
    transport: httpx.BaseTransport | None = None,
    **options: object,
) -> httpx.Client:
    """Return a client; ``purpose`` names its calls in the log, such as ``"mail.ses"``.

    ``guarded`` is for URLs we did not choose. Only then ``schemes`` says what may be called and
    ``private_networks`` which non-public networks the operator allows (say ``127.0.0.0/8``).
    The environment's proxy settings are ignored when guarded: a proxy would resolve the name anew.
    ``transport`` replaces the network, as ``httpx.MockTransport`` does in tests.
    """
    inner = transport or httpx.HTTPTransport(
        # A pooled connection is found by address; two names on one address must not share it.
        limits=httpx.Limits(max_keepalive_connections=0 if guarded else 20),
        trust_env=not guarded,
    )
    if guarded:
        allowed = tuple(ipaddress.ip_network(network) for network in private_networks)
        inner = GuardedTransport(inner, schemes=schemes, private_networks=allowed)
    return httpx.Client(
        transport=LoggedTransport(inner, purpose=purpose),
        timeout=timeout,
        follow_redirects=follow_redirects,
        max_redirects=MAX_REDIRECTS,
        trust_env=not guarded,
        **options,  # type: ignore[arg-type]  # httpx checks its own keywords
    )


def read_capped(response: httpx.Response, *, limit: int) -> bytes:
    """Read a streamed body up to ``limit`` bytes after decompression.

    Use inside ``with client.stream(…) as response``. Raises ResponseTooLargeError, before reading
    anything when the server announces the size.
    """
    announced = response.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise ResponseTooLargeError(limit)
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > limit:
            raise ResponseTooLargeError(limit)
    return bytes(body)


class LoggedTransport(httpx.BaseTransport):
    """Write one line per call: who, to which host, what came back, how long. Never a path.

    Paths and queries of hooks hold secrets, bodies hold people's words; neither is logged.
    """

    def __init__(self, inner: httpx.BaseTransport, *, purpose: str) -> None:
        self._inner = inner
        self._purpose = purpose

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        started = time.perf_counter()
        call = logger.bind(
            purpose=self._purpose, method=request.method, host=request.url.host or "?"
        )
        try:
            response = self._inner.handle_request(request)
        except Exception as error:
            milliseconds = round((time.perf_counter() - started) * 1000)
            call.warning("http.failed", error=type(error).__name__, ms=milliseconds)
            raise
        milliseconds = round((time.perf_counter() - started) * 1000)
        call.info("http.called", status=response.status_code, ms=milliseconds)
        return response

    def close(self) -> None:
        self._inner.close()


class GuardedTransport(httpx.BaseTransport):
    """Refuse foreign URLs that lead inside, and connect only to the address that was checked."""

    def __init__(
        self,
        inner: httpx.BaseTransport,
        *,
        schemes: Sequence[str] = ("https",),
        private_networks: Sequence[IPNetwork] = (),
        resolve: Resolve | None = None,
    ) -> None:
        self._inner = inner
        self._schemes = frozenset(schemes)
        self._private_networks = private_networks
        self._resolve = resolve or resolve_host

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        if url.scheme not in self._schemes:
            wanted = " or ".join(sorted(self._schemes))
            raise ForbiddenAddressError(
                f"Only {wanted} addresses are called, and this one starts with {url.scheme}.",
                request=request,
            )
        address = self._checked_address(request)
        pinned = httpx.Request(
            request.method,
            url.copy_with(host=address),
            headers=request.headers,  # its Host header still carries the name
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return self._inner.handle_request(pinned)

    def _checked_address(self, request: httpx.Request) -> str:
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = self._resolve(url.host, port)
        except OSError as error:
            raise httpx.ConnectError(
                f"The name {url.host} could not be resolved.", request=request
            ) from error
        for text in addresses:
            # One inner address among the answers is reason enough: no picking the lucky one.
            if not self._may_call(ipaddress.ip_address(text)):
                raise ForbiddenAddressError(
                    f"{url.host} leads to a private or reserved address and is not called.",
                    request=request,
                )
        if not addresses:
            raise httpx.ConnectError(f"The name {url.host} has no address.", request=request)
        return addresses[0]

    def _may_call(self, address: IPAddress) -> bool:
        return is_public(address) or any(address in network for network in self._private_networks)

    def close(self) -> None:
        self._inner.close()


def is_public(address: IPAddress) -> bool:
    """Say whether an address is reachable by anybody: no private, loopback, link-local, special.

    IPv6 forms that carry an IPv4 address are judged by the address they carry.
    """
    if isinstance(address, ipaddress.IPv6Address):
        carried = _carried_ipv4(address)
        if carried is not None:
            return is_public(carried)
    special = (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or address.is_private
    )
    return address.is_global and not special


def _carried_ipv4(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def resolve_host(host: str, port: int) -> list[str]:
    """Return the addresses of a host, IPv4 first, as the system's resolver gives them."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    answers.sort(key=lambda answer: answer[0] != socket.AF_INET)
    # A link-local IPv6 answer carries its zone behind a percent sign; the guard reads the address.
    return [str(answer[4][0]).partition("%")[0] for answer in answers]
