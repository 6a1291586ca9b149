"""`python -m jointbuy.cli` is `jointbuy`."""

import sys

from jointbuy.cli import main

sys.exit(main())
