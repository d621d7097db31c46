"""The reports: what was built, how it compares, and where it differs most."""
