"""The runtimes that run the artifacts for their users, each in a process of its own."""
