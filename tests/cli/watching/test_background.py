from __future__ import annotations

import threading

from harness.cli.watching.background import Message, TaskThread


def run(*works):
    """Let a task thread do ``works`` and return its messages."""
    thread = TaskThread(lambda: None)
    for number, work in enumerate(works):
        thread.post(str(number), work)
    thread.stop(5)
    return thread.messages()


def test_results_come_in_order():
    assert run(lambda: "a", lambda: "b") == [
        Message("0", "a", done=True),
        Message("1", "b", done=True),
    ]


def test_an_error_is_a_result_and_the_next_task_runs():
    error = ValueError("no")

    def fail():
        raise error

    assert run(fail, lambda: "b") == [
        Message("0", error, done=True),
        Message("1", "b", done=True),
    ]


def test_all_tasks_run_in_one_thread_of_their_own():
    threads = {message.value for message in run(*[threading.get_ident] * 3)}
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_progress_and_result_wake_the_loop():
    woken = []
    thread = TaskThread(lambda: woken.append(1))
    thread.post("t", lambda: thread.report("t", "half"))
    thread.stop(5)
    assert [message.done for message in thread.messages()] == [False, True]
    assert len(woken) == 2


def test_stop_does_not_wait_for_ever():
    release = threading.Event()
    thread = TaskThread(lambda: None)
    thread.post("long", release.wait)
    thread.stop(0.01)
    assert thread.messages() == []
    release.set()
