"""SPF, DKIM and DMARC of a domain, asked of a real name server on loopback."""

import base64
import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from channels_app.email.dns_check import check_domain


class NameServer:
    """Answers TXT questions over UDP from ``records``; names in ``silent`` get no answer."""

    def __init__(self):
        self.records = {}
        self.silent = set()
        self.broken = set()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while True:
            data, sender = self._socket.recvfrom(4096)
            if data == b"stop":
                return
            answer = self._answer(dns.message.from_wire(data))
            if answer is not None:
                self._socket.sendto(answer.to_wire(), sender)

    def _answer(self, question):
        [asked] = question.question
        name = asked.name.to_text(omit_final_dot=True)
        if name in self.silent:
            return None
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.AA | dns.flags.RA
        if name in self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif name in self.records:
            texts = [_quoted(text) for text in self.records[name]]
            if texts:
                answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "TXT", *texts))
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def stop(self):
        self._socket.sendto(b"stop", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()


def _quoted(text):
    pieces = [text[start : start + 200] for start in range(0, len(text), 200)]
    return " ".join(f'"{piece}"' for piece in pieces)


@pytest.fixture
def names():
    server = NameServer()
    yield server
    server.stop()


@pytest.fixture
def check(names, monkeypatch):
    """Return a checker of shop.example by topic that asks our name server."""
    monkeypatch.setattr("channels_app.email.dns_check.LOOKUP_TIME", 0.3)
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = names.port

    def run(domain="shop.example", **given):
        findings = check_domain(domain, resolver=resolver, **given)
        return {finding.topic: finding for finding in findings}

    return run


def public_key(bits):
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def test_bare_domain_is_told_what_to_add(check, names):
    names.records["shop.example"] = []
    found = check(transport="mailgun")
    assert [finding.state for finding in found.values()] == ["missing"] * 3
    assert found["spf"].record.value == "v=spf1 include:mailgun.org ~all"
    assert found["spf"].record.name == "shop.example"
    assert found["dmarc"].record.name == "_dmarc.shop.example"
    assert found["dmarc"].record.value.startswith("v=DMARC1; p=none;")
    assert "Mailgun" in found["dkim"].sentence


def test_domain_with_everything_is_fine(check, names):
    names.records = {
        "shop.example": ["google-site-verification=x", "v=spf1 include:_spf.google.com ~all"],
        "_spf.google.com": ["v=spf1 ip4:192.0.2.0/24 ~all"],
        "google._domainkey.shop.example": [f"v=DKIM1; k=rsa; p={public_key(2048)}"],
        "_dmarc.shop.example": ["v=DMARC1; p=reject; rua=mailto:d@shop.example"],
    }
    found = check(smtp_host="smtp.gmail.com")
    assert [finding.state for finding in found.values()] == ["ok"] * 3
    assert "Google" in found["spf"].sentence


def test_spf_that_forgets_our_sender_gets_it_before_its_last_word(check, names):
    names.records["shop.example"] = ["v=spf1 include:other.example -all"]
    found = check(transport="mailgun")["spf"]
    assert found.state == "wrong"
    assert found.record.value == "v=spf1 include:other.example include:mailgun.org -all"


def test_sender_may_be_allowed_by_an_include_of_an_include(check, names):
    names.records = {
        "shop.example": ["v=spf1 include:all-our-senders.example ~all"],
        "all-our-senders.example": ["v=spf1 include:mailgun.org ~all"],
    }
    assert check(transport="mailgun")["spf"].state == "ok"


def test_redirect_is_followed(check, names):
    names.records = {
        "shop.example": ["v=spf1 redirect=_spf.shop.example"],
        "_spf.shop.example": ["v=spf1 include:mailgun.org ~all"],
    }
    assert check(transport="mailgun")["spf"].state == "ok"


def test_two_spf_records_are_merged_into_one(check, names):
    names.records["shop.example"] = ["v=spf1 mx ~all", "v=spf1 include:a.example -all"]
    found = check(transport="mailgun")["spf"]
    assert found.state == "wrong"
    assert found.record.value == "v=spf1 include:a.example mx include:mailgun.org ~all"


def test_spf_open_to_the_world_is_wrong(check, names):
    names.records["shop.example"] = ["v=spf1 include:mailgun.org +all"]
    found = check(transport="mailgun")["spf"]
    assert found.state == "wrong"
    assert found.record.value == "v=spf1 include:mailgun.org ~all"


def test_spf_with_too_many_lookups_is_wrong(check, names):
    includes = " ".join(f"include:s{number}.example" for number in range(11))
    names.records["shop.example"] = [f"v=spf1 {includes} include:mailgun.org ~all"]
    found = check(transport="mailgun")["spf"]
    assert found.state == "wrong"
    assert "10" in found.sentence


def test_spf_that_includes_itself_comes_to_an_end(check, names):
    names.records["shop.example"] = ["v=spf1 include:shop.example ~all"]
    assert check(transport="mailgun")["spf"].state == "wrong"


def test_own_server_is_allowed_by_its_name(check, names):
    names.records["shop.example"] = []
    found = check(smtp_host="mail.shop.example")
    assert found["spf"].record.value == "v=spf1 a:mail.shop.example ~all"


@pytest.mark.parametrize("service", ["postmark", "sendgrid", "ses"])
def test_service_with_its_own_bounce_address_needs_no_spf(check, names, service):
    names.records["shop.example"] = []
    found = check(transport=service)["spf"]
    assert (found.state, found.record) == ("ok", None)


def test_given_selector_is_looked_up(check, names):
    names.records["20240101pm._domainkey.shop.example"] = [f"k=rsa; p={public_key(1024)}"]
    assert check(transport="postmark", selector="20240101pm")["dkim"].state == "ok"


def test_unknown_selector_is_asked_for(check, names):
    found = check(transport="ses")["dkim"]
    assert found.state == "unknown"
    assert "selector" in found.sentence


def test_long_key_in_pieces_is_put_together(check, names):
    names.records["s1._domainkey.shop.example"] = [f"v=DKIM1; k=rsa; p={public_key(4096)}"]
    assert check(transport="sendgrid")["dkim"].state == "ok"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("v=DKIM1; p=", "withdrawn"),
        ("v=DKIM1; p=MIGfMA0GCSqGSIb3DQEB", "damaged"),
        ("v=DKIM1; p=!!!", "damaged"),
    ],
)
def test_useless_key_is_wrong(check, names, record, words):
    names.records["s1._domainkey.shop.example"] = [record]
    found = check(transport="sendgrid")["dkim"]
    assert found.state == "wrong"
    assert words in found.sentence


def test_known_cname_is_given_exactly(check, names):
    names.records["shop.example"] = []
    record = check(smtp_host="smtp.fastmail.com")["dkim"].record
    assert (record.name, record.type) == ("fm1._domainkey.shop.example", "CNAME")
    assert record.value == "fm1.shop.example.dkim.fmhosted.com"


def test_policy_of_the_parent_domain_counts(check, names):
    names.records["_dmarc.shop.example"] = ["v=DMARC1; p=quarantine"]
    found = check("mail.shop.example")["dmarc"]
    assert found.state == "ok"
    assert "shop.example" in found.sentence


def test_policy_that_does_nothing_is_fine_with_advice(check, names):
    names.records["_dmarc.shop.example"] = ["v=DMARC1; p=none"]
    found = check()["dmarc"]
    assert found.state == "ok"
    assert "p=quarantine" in found.sentence


@pytest.mark.parametrize(
    "records", [["v=DMARC1; p=none", "v=DMARC1; p=reject"], ["v=DMARC1; rua=x"]]
)
def test_broken_policy_is_replaced(check, names, records):
    names.records["_dmarc.shop.example"] = records
    found = check()["dmarc"]
    assert (found.state, found.record.type) == ("wrong", "TXT")


def test_silent_name_server_is_a_finding(check, names):
    names.silent |= {"shop.example", "s1._domainkey.shop.example", "s2._domainkey.shop.example",
                     "_dmarc.shop.example"}  # fmt: skip
    found = check(transport="sendgrid")
    assert [finding.state for finding in found.values()] == ["unknown"] * 3
    assert "no answer" in found["spf"].sentence


def test_broken_name_server_is_a_finding(check, names):
    names.broken |= {"shop.example"}
    assert check(transport="sendgrid")["spf"].state == "unknown"


@pytest.mark.parametrize("domain", ["", "shop", "a..b", "x" * 70 + ".example", "über..de", "."])
def test_no_domain_is_a_finding(check, domain):
    [finding] = check(domain).values()
    assert (finding.topic, finding.state) == ("domain", "wrong")


def test_international_domain_is_asked_for_in_ascii(check, names):
    names.records["xn--bcher-kva.example"] = ["v=spf1 include:mailgun.org ~all"]
    assert check("Bücher.example", transport="mailgun")["spf"].state == "ok"
