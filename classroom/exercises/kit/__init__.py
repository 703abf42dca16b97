"""What runs, judges and records the exercises; chapter authors use `registry` and `checking`."""
