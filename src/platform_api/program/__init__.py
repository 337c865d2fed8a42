"""The program: the command line, the server, sample data and the demonstration."""
