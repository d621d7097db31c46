"""Benchmarks: size, speed and memory of every exported model in each of its runtimes."""
