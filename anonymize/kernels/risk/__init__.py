"""Disclosure risk and information loss: from sizes of classes and from pairs of tables."""
