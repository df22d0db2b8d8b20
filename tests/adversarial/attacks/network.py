"""Sockets."""

import socket
from functools import partial

from marks import attack

refused = partial(attack, "No socket but a pair can be made.", exempt=["process"])


@refused()
def abstract_socket(hints):
    """Listen on an abstract name, for a later box to find."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("\0harness-escape")
    listener.listen()


@refused()
def descriptor_sent(hints):
    """Send a descriptor through a socket."""
    socket.send_fds(socket.socketpair()[0], [b"x"], [0])


@refused()
def docker_socket(hints):
    """Speak to Docker's socket."""
    socket.socket(socket.AF_UNIX).connect("/run/docker.sock")


@refused()
def kernel_cryptography(hints):
    """Use the kernel's cryptography, known for its bugs."""
    socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)


@refused()
def message_to_a_path(hints):
    """Send to a path through half of a pair."""
    socket.socketpair()[0].sendto(b"x", "/run/docker.sock")


@refused()
def metadata_service(hints):
    """Ask the cloud's metadata service."""
    socket.create_connection(("169.254.169.254", 80), 0.2)


@refused()
def name_service(hints):
    """Resolve a name."""
    socket.getaddrinfo("localhost.example", 80)


@refused()
def netlink(hints):
    """Speak to the kernel's network configuration."""
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)


@refused()
def pair_of_datagrams(hints):
    """Make a pair of datagram sockets, one of which could send to a path."""
    socket.socketpair(type=socket.SOCK_DGRAM)


@refused()
def raw_packets(hints):
    """Read raw packets."""
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW)


@refused()
def socket_option(hints):
    """Set a filter program on a socket."""
    socket.socketpair()[0].setsockopt(socket.SOL_SOCKET, 26, bytes(16))


@refused()
def tcp(hints):
    """Connect to this machine by TCP."""
    socket.create_connection(("127.0.0.1", 22), 0.2)


@refused()
def tcp_server(hints):
    """Listen on a TCP port."""
    socket.create_server(("127.0.0.1", 0))


@refused()
def tcp_version_6(hints):
    """Connect by IPv6."""
    socket.create_connection(("::1", 22), 0.2)


@refused()
def udp(hints):
    """Send a datagram."""
    socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))


@refused()
def unix_socket(hints):
    """Make a Unix socket."""
    socket.socket(socket.AF_UNIX)


@refused()
def virtual_machine_socket(hints):
    """Speak to the hypervisor."""
    socket.socket(40, socket.SOCK_STREAM)
