"""Zuständig on this machine: an engine in place of AWS, around the real handlers."""
