from tests.signed_in import sign_in

__all__ = ["sign_in"]
