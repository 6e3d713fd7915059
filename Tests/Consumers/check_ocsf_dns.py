#!/usr/bin/env python3
"""OCSF DNS Activities, by the same schemas as the findings (`check_ocsf.py`)."""
import sys

import check_ocsf

if __name__ == "__main__":
    sys.exit(check_ocsf.main("ocsf-dns"))
