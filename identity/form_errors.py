"""Puts a service's refusal beside the fields it names."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.db import transaction

from helpdesk.foundation.errors import HelpdeskError


@contextmanager
def beside_fields(form: forms.Form) -> Iterator[None]:
    """Run a service call; errors that name fields become the form's, and its writes are undone.

    Afterwards ``form.is_valid()`` says whether it worked. Errors without fields go on.
    """
    try:
        with transaction.atomic():
            yield
    except HelpdeskError as error:
        if not error.fields:
            raise
        for name, sentence in error.fields:
            form.add_error(name if name in form.fields else None, sentence)
