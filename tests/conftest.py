"""What all tests share: no deadline per example, since the machines that run them differ."""

from hypothesis import settings

settings.register_profile("world2vlm", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("world2vlm")
