"""A rate of opening handshakes: those that were completed, in the time until the last of them was."""

from stallsim.fleet.completed import CompletedHandshakes


def test_the_seconds_in_which_the_others_waited_in_vain_are_not_counted() -> None:
    done = CompletedHandshakes()
    done.ordered(100.0)
    for at_s in (100.1, 100.5):
        done.add(at_s)
    assert (done.count, round(done.seconds, 6)) == (2, 0.5), "also before all is decided"
    done.decided()  # after thirty seconds, say
    assert (done.count, round(done.seconds, 6)) == (2, 0.5)


def test_each_order_has_its_own_time_and_what_lies_between_is_not_counted() -> None:
    done = CompletedHandshakes()
    done.ordered(0.0)
    done.add(1.0)
    done.ordered(1.5)  # while the first goes on
    done.add(2.0)
    done.decided()
    done.ordered(50.0)
    assert done.seconds == 2.0
    done.add(50.5)
    done.decided()
    done.ordered(90.0)
    done.decided()  # nobody was answered
    assert (done.count, done.seconds) == (3, 2.5)
