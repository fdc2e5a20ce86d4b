"""The processes of a server, started by this program or found by their socket, and their memory."""
