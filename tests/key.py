"""A key for tests."""

KEY = "8f2d7a61c94be03517d8a6f4420b9ce35d7184f6ab02c3e99170d5284b6ef31a"  # made up, and used nowhere else
