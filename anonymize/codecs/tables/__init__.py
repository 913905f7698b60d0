"""Arrow tables, and the IPC files and folders that hold them."""
