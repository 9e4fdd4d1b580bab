"""What all tests share: no deadline per example, since machines differ; and Ctrl-C is heard."""

import signal

from hypothesis import settings

settings.register_profile("world2vlm", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("world2vlm")
# A shell without job control starts what ends in `&` deaf to Ctrl-C, and so would be our children.
signal.signal(signal.SIGINT, signal.default_int_handler)
