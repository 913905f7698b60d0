"""Where the work happens."""
