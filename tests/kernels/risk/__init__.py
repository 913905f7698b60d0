"""Tests of the risk kernels."""
