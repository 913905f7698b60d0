"""What is done with a release afterwards, alone or beside its original."""
