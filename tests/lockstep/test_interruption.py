"""A signal ends a run by cancellation, and has no effect on a run that has ended."""

import os
import signal
import threading

import pytest
import trio

from stallsim.interruption import until_signal


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_cuts_the_work_short(number: signal.Signals) -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            signal.raise_signal(number)
            await trio.sleep_forever()
        finally:
            ended.append("cleaned up")

    with trio.fail_after(10):
        assert await until_signal(work) is True
    assert ended == ["cleaned up"]


async def test_work_that_ends_is_not_interrupted() -> None:
    assert await until_signal(trio.lowlevel.checkpoint) is False


async def test_the_old_handlers_are_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    during: list[object] = []

    async def work() -> None:
        during.append(signal.getsignal(signal.SIGTERM))

    await until_signal(work)
    assert during != [before]
    assert signal.getsignal(signal.SIGTERM) is before


async def test_an_error_of_the_work_comes_through() -> None:
    async def work() -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await until_signal(work)


def test_outside_the_main_thread_there_are_no_signals() -> None:
    results: list[bool] = []

    async def work() -> None:
        assert threading.current_thread() is not threading.main_thread()
        assert os.getpid() > 0

    thread = threading.Thread(target=lambda: results.append(trio.run(until_signal, work)))
    thread.start()
    thread.join()
    assert results == [False]
