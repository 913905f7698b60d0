"""Devices that people carry."""
