import pytest

from ingest.authentication import EXCHANGE_ONLINE, authentication_of
from ingest.headers import scan
from ingest.message import AuthenticationResult

BORDER = "mx.council.example"
HOP = "Received: from client.example by mx.council.example; Mon, 3 Nov 2025 10:00:00 +0000\n"
PASS, FAIL, NONE = AuthenticationResult.PASS, AuthenticationResult.FAIL, AuthenticationResult.NONE


def verdict(block: str, *, authserv_id: str | None = BORDER, domain: str = "mail.example") -> AuthenticationResult:
    return authentication_of(scan(f"{block}\n".encode()), authserv_id=authserv_id, author_domains=[domain])


def results(value: str) -> str:
    return f"Authentication-Results: {value}\n"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("mx.council.example; dmarc=pass (p=reject) header.from=mail.example", PASS, id="pass"),
        pytest.param("mx.council.example; dmarc=fail header.from=mail.example", FAIL, id="fail"),
        pytest.param("mx.council.example 1;\n\tDMARC=Pass\n header.From=mail.example", PASS, id="folded, in capitals"),
        pytest.param("mx.council.example; dmarc = pass header.from = mail.example", PASS, id="spaced"),
        pytest.param("mx.council.example; dmarc=none header.from=mail.example", NONE, id="no policy published"),
        pytest.param("mx.council.example; dmarc=temperror header.from=mail.example", NONE, id="temporary error"),
        pytest.param("mx.council.example; spf=pass smtp.mailfrom=mail.example", NONE, id="SPF alone"),
        pytest.param("mx.council.example; dmarc=pass header.from=attacker.example", FAIL, id="another domain"),
        pytest.param("mx.council.example; dmarc=fail (dmarc=pass header.from=mail.example)", FAIL, id="comment"),
        pytest.param(
            'mx.council.example; dmarc=fail reason="; dmarc=pass header.from=mail.example"', FAIL, id="quoted"
        ),
        pytest.param(
            "mx.council.example; dmarc=fail header.from=mail.example; dmarc=pass header.from=mail.example",
            FAIL,
            id="both",
        ),
        pytest.param(
            "mx.council.example; spf=none (helo ((x) y); dmarc=pass header.from=mail.example)",
            NONE,
            id="nested comment",
        ),
        pytest.param("mx.council.example; spf=none (; dmarc=pass header.from=mail.example", NONE, id="open comment"),
        pytest.param("mx.evil.example; dmarc=pass header.from=mail.example", NONE, id="another server"),
        pytest.param("mx.council.example.evil.example; dmarc=pass header.from=mail.example", NONE, id="look-alike"),
        pytest.param("none", NONE, id="nothing"),
        pytest.param("", NONE, id="empty"),
    ],
)
def test_reads_the_verdict_of_our_own_border(value: str, expected: AuthenticationResult) -> None:
    assert verdict(results(value) + HOP) is expected


def test_believes_nothing_below_the_hop_by_which_the_mail_came_in() -> None:
    forged = results("mx.council.example; dmarc=pass header.from=mail.example")

    assert verdict(HOP + forged) is NONE
    assert verdict(results("mx.council.example; dmarc=fail header.from=mail.example") + HOP + forged) is FAIL


def test_looks_below_the_hops_between_our_own_servers() -> None:
    inside = "Received: from mx.council.example by store.council.example; Mon, 3 Nov 2025 10:00:01 +0000\n"

    assert verdict(inside + results("mx.council.example; dmarc=fail header.from=mail.example") + HOP) is FAIL


def test_the_sealed_results_of_forwarders_are_not_ours() -> None:
    sealed = "ARC-Authentication-Results: i=1; mx.council.example; dmarc=pass header.from=mail.example\n"

    assert verdict(sealed + HOP) is NONE


def test_without_a_configured_border_nothing_is_believed() -> None:
    value = results("mx.council.example; dmarc=pass header.from=mail.example")

    assert verdict(value + HOP, authserv_id=None) is NONE


def test_reads_the_header_of_exchange_that_names_no_server() -> None:
    inside = (
        "Received: from LO1.GBRP265.PROD.OUTLOOK.COM (2603::1)\n"
        " by CW1.GBRP265.PROD.OUTLOOK.COM with HTTPS; Mon, 3 Nov 2025 10:00:00 +0000\n"
    )
    value = results(
        "spf=fail (sender IP is 192.0.2.1) smtp.mailfrom=mail.example; dkim=none (message not signed)\n"
        " header.d=none;dmarc=fail action=oreject header.from=mail.example;compauth=fail reason=000"
    )

    assert verdict(inside + value, authserv_id=EXCHANGE_ONLINE) is FAIL
    assert verdict(inside + value) is NONE


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            "spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=mail.example; council.example; dkim=pass (signature\n"
            " was verified) header.d=mail.example;council.example; dmarc=pass action=none header.from=mail.example;",
            PASS,
            id="with the recipient's domain as a result",
        ),
        pytest.param(
            "spf=fail smtp.mailfrom=mail.example; council.example; dkim=none (message not\n signed) header.d=none;"
            "council.example; dmarc=fail action=quarantine header.from=mail.example;",
            FAIL,
            id="the same, failed",
        ),
        pytest.param(
            "spf=none smtp.helo=mail.example;dkim=none (message not signed)\n header.d=none;dmarc=none action=none"
            " header.from=mail.example;compauth=softpass reason=201",
            NONE,
            id="no policy published",
        ),
        pytest.param(
            "spf=pass smtp.mailfrom=mail.example;dkim=pass (signature was verified)\n header.d=mail.example;"
            "dmarc=bestguesspass action=none header.from=mail.example;compauth=pass reason=109",
            NONE,
            id="a guess is no pass",
        ),
        pytest.param(
            "spf=pass smtp.mailfrom=bulk.example;dkim=fail (body hash did not verify)\n header.d=mail.example;"
            "dmarc=fail action=oreject header.from=mail.example;compauth=none reason=405",
            FAIL,
            id="changed on its way",
        ),
        pytest.param("dkim=none (message not signed)\n header.d=none;dkim=none header.d=none;", NONE, id="no DMARC"),
        pytest.param(
            "dkim=pass (dmarc=pass header.from=mail.example)\n header.d=mail.example;dmarc=temperror action=none"
            " header.from=mail.example",
            NONE,
            id="a verdict in a comment",
        ),
        pytest.param(
            "mx.evil.example; dmarc=pass action=none header.from=mail.example", NONE, id="a server that names itself"
        ),
    ],
)
def test_reads_every_form_in_which_exchange_writes_it(value: str, expected: AuthenticationResult) -> None:
    hop = (
        "Received: from out.mail.example (192.0.2.1) by DB8EUR05FT.mail.protection.outlook.com (10.0.0.1);"
        " Mon, 3 Nov 2025 10:00:00 +0000\n"
    )
    inside = (
        "Received: from LO1.GBRP265.PROD.OUTLOOK.COM (2603::1) by CW1.GBRP265.PROD.OUTLOOK.COM with HTTPS;"
        " Mon, 3 Nov 2025 10:00:02 +0000\n"
    )

    assert verdict(inside + results(value) + hop, authserv_id=EXCHANGE_ONLINE) is expected
    assert verdict(inside + hop + results(value), authserv_id=EXCHANGE_ONLINE) is NONE


def test_compares_international_domains_in_either_spelling() -> None:
    value = results("mx.council.example; dmarc=pass header.from=xn--mller-kva.example")

    assert verdict(value + HOP, domain="müller.example") is PASS
