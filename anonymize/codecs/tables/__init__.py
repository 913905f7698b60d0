"""Arrow tables, and the Parquet and IPC files that hold them."""
