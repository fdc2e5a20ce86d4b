"""What all arms share: Hypothesis draws the same examples in every run, and times nothing."""

from hypothesis import settings

settings.register_profile("stallsim", derandomize=True, deadline=None, database=None, max_examples=40)
settings.register_profile("nightly", settings.get_profile("stallsim"), max_examples=400)
settings.load_profile("stallsim")
