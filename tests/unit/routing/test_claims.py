from ingest.message import Address, AuthenticationResult, Message, MessageKind
from register.matching import Authentication, Claims
from routing.claims import claims_of, is_automatic

ANN = Address(addr_spec="ann@mail.example", display_name="Ann Vexing")


def test_a_message_claims_what_its_headers_and_its_last_lines_say() -> None:
    message = Message(
        from_=(ANN,),
        reply_to=(Address(addr_spec="ann2@mail.example"),),
        return_path="",
        authentication=AuthenticationResult.FAIL,
        text="Hello,\n\nYours,\nAnn\n-- \nAnn Vexing\n\n> From: Somebody Else",
        suspect=("several-from-headers",),
    )

    assert claims_of(message) == Claims(
        author_addresses=("ann@mail.example",),
        author_names=("Ann Vexing",),
        reply_to=("ann2@mail.example",),
        return_path="",
        suspect=("several-from-headers",),
        authentication=Authentication.FAIL,
        closing=("Hello,", "Yours,", "Ann", "--", "Ann Vexing"),
    )


def test_a_bounce_is_automatic_and_said_to_be_one() -> None:
    claims = claims_of(Message(from_=(ANN,), kind=MessageKind.BOUNCE))

    assert claims.automatic
    assert claims.bounce


def test_a_loop_must_never_be_answered() -> None:
    assert is_automatic(Message(from_=(ANN,), loop_tokens=("token",)))
    assert is_automatic(Message(from_=(ANN,), received_count=101))
    assert not is_automatic(Message(from_=(ANN,), received_count=100))
