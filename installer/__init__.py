"""Setting Parley up on a machine: the environment, its packages, and what the system must bring."""
