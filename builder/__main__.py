"""`python -m builder` is `world2vlm`."""

import sys

from builder.cli import main

sys.exit(main())
