"""The training page: what a run did, in figures and sentences."""
