"""Which Authentication-Results may be believed."""

import pytest

OURS = "mx.acme.test"


def with_results(mail, *results, between=""):
    head = "".join(f"Authentication-Results: {result}\r\n{between}" for result in results)
    return head.encode() + mail()


def test_dmarc_pass_of_our_server_proves_the_domain(read, mail):
    raw = with_results(mail, f"{OURS}; spf=pass; dmarc=pass (p=reject) header.from=customer.test")
    sender = read(raw).sender
    assert sender.verified
    assert sender.evidence == "dmarc=pass from mx.acme.test"


@pytest.mark.parametrize(
    "result",
    [
        "evil.test; dmarc=pass header.from=customer.test",
        f"{OURS}.evil.test; dmarc=pass header.from=customer.test",
        f"evil.test ({OURS}); dmarc=pass header.from=customer.test",
        f"{OURS}; dmarc=fail header.from=customer.test",
        f"{OURS}; dmarc=none header.from=customer.test",
        f"{OURS}; spf=pass smtp.mailfrom=customer.test; dkim=pass header.d=customer.test",
        f"{OURS}; dmarc=pass header.from=other.test",
        f"{OURS}; dmarc=bypass; x=dmarc=pass",
        f"{OURS}; spf=pass (dmarc=pass)",
        f"{OURS}; dmarc=passed",
    ],
)
def test_anything_else_proves_nothing(read, mail, result):
    assert not read(with_results(mail, result)).sender.verified


def test_forged_result_below_our_own_changes_nothing(read, mail):
    forged = f"{OURS}; dmarc=pass header.from=customer.test"
    together = with_results(mail, f"{OURS}; dmarc=fail header.from=customer.test", forged)
    assert not read(together).sender.verified
    apart = with_results(
        mail, f"{OURS}; spf=pass", forged, between="Received: from evil by mx.acme.test; today\r\n"
    )
    assert not read(apart).sender.verified


def test_result_above_with_a_foreign_id_does_not_hide_ours(read, mail):
    raw = with_results(
        mail, "filter.test; spam=no", f"{OURS} 1; dmarc=pass header.from=customer.test"
    )
    assert read(raw).sender.verified


def test_results_of_several_filters_of_our_server_are_read_together(read, mail):
    raw = with_results(
        mail,
        f"{OURS}; dkim=pass",
        f"{OURS.upper()};\r\n dmarc=pass\r\n header.from=customer.test",
        between="Received-SPF: pass\r\n",
    )
    assert read(raw).sender.verified


def test_without_an_authserv_id_nothing_is_believed(read, mail):
    raw = with_results(mail, f"{OURS}; dmarc=pass header.from=customer.test", "; dmarc=pass")
    assert not read(raw, authserv_id="").sender.verified


@pytest.mark.parametrize(
    "header", ["X-Spam-Flag: YES", "X-Spam-Status: Yes, score=9", "X-Mailgun-Sflag: Yes"]
)
def test_spam_mark_of_a_filter_is_kept(read, mail, header):
    assert read(header.encode() + b"\r\n" + mail()).spam
    assert not read(
        header.replace("Y", "N").replace("ES", "O").replace("es", "o").encode() + b"\r\n" + mail()
    ).spam
