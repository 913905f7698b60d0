"""Masking: hide or remove values (ISO/IEC 20889: suppression)."""
