"""Perturbation: change values at random (ISO/IEC 20889: randomization)."""
