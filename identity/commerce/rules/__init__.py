"""The rules of the policy; their order stands in ``identity/commerce/policy.py``."""
