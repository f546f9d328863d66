import os

from hypothesis import settings

# A noisy machine must not fail a law for being slow; a build must not fail one day in ten.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")
