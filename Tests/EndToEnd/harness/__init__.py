"""Helpers of the end-to-end tests: processes, the Ponor binary, DNS clients, peers, the lab."""
