"""Tests of what surrounds the product."""
