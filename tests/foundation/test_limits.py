"""Time limits stop what runs too long, in the main thread and outside it."""

import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpdesk.foundation.limits import (
    SizeLimitError,
    TimeLimitError,
    TimeLimitUnavailableError,
    capped,
    run_limited,
    time_limit,
)


def spin(_argument=None):
    while True:
        pass


def double(number):
    return number * 2


def fail():
    raise ValueError("said the function")


def in_thread(function, *args, **kwargs):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *args, **kwargs).result()


def test_a_loop_is_stopped():
    with (
        pytest.raises(TimeLimitError, match=r"The loop took longer than 0.05 s"),
        time_limit(0.05, "The loop"),
    ):
        spin()


def test_a_regular_expression_that_backtracks_for_ever_is_stopped():
    with pytest.raises(TimeLimitError), time_limit(0.05):
        re.match(r"(a+)+$", "a" * 64 + "b")


def test_nothing_is_left_behind():
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(5):
        pass
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
    assert signal.getsignal(signal.SIGALRM) is before


def test_an_outer_limit_still_comes_inside_and_after_an_inner_one():
    with (
        pytest.raises(TimeLimitError, match="outer"),
        time_limit(0.05, "outer"),
        time_limit(5, "inner"),
    ):
        spin()


def test_an_outer_limit_comes_at_its_own_time_after_an_inner_one_rang():
    with time_limit(30, "outer"):
        with pytest.raises(TimeLimitError, match="inner"), time_limit(0.02, "inner"):
            spin()
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < left < 30


def test_outside_the_main_thread_the_bare_limit_refuses():
    def use():
        with time_limit(1):
            spin()

    with pytest.raises(TimeLimitUnavailableError, match=r"run_limited"):
        in_thread(use)


def test_run_limited_works_in_both_places():
    assert run_limited(5, double, 4) == 8
    assert in_thread(run_limited, 20, re.escape, "a.b") == "a\\.b"


def test_run_limited_raises_what_the_function_raises_in_both_places():
    with pytest.raises(ValueError, match="said the function"):
        run_limited(5, fail)
    with pytest.raises(re.error):
        in_thread(run_limited, 20, re.compile, "(")


def test_run_limited_kills_what_runs_too_long_outside_the_main_thread():
    started = time.monotonic()
    with pytest.raises(TimeLimitError):
        in_thread(run_limited, 0.3, time.sleep, 60)
    assert time.monotonic() - started < 30


def test_size_cap_refuses_with_both_numbers():
    assert capped(b"abc", 3) == b"abc"
    with pytest.raises(SizeLimitError, match=r"The file has 4 bytes; at most 3"):
        capped(b"abcd", 3, "The file")
