"""Parquet files below what pyarrow offers: footers, row groups encoded apart, column chunks copied as bytes."""
