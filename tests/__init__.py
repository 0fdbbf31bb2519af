"""Tests of Zuständig."""
