"""Sends a request again and again on one connection and prints how many answers came a second.

It looks for the answer without sleeping, on a core of its own. A client that sleeps is woken for each answer, and that takes longer than a
fast server does. Answers are as long as the first one.

    python waiting-client.py PORT SECONDS < REQUEST
"""

import re
import socket
import sys
import time

port, seconds = int(sys.argv[1]), float(sys.argv[2])
request = sys.stdin.buffer.read()
connection = socket.create_connection(("127.0.0.1", port))
connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
connection.setblocking(False)


def receive():
    while True:
        try:
            part = connection.recv(65536)
        except BlockingIOError:
            continue
        if not part:
            sys.exit("the server closed the connection")
        return part


def exchange(length):
    """Returns the bytes of an answer; `length` is 0 where they are not known yet."""
    connection.sendall(request)
    answer = receive()
    while True:
        if not answer.startswith(b"HTTP/1.1 200"):
            sys.exit(f"bad answer: {answer[:80]!r}")
        head, end, _ = answer.partition(b"\r\n\r\n")
        if not length and end:
            length = len(head) + len(end) + int(re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)[1])
        if length and len(answer) >= length:
            break
        answer += receive()
    if len(answer) > length:
        sys.exit("an answer was longer than the first one")
    return length


length = exchange(0)
count, start = 0, time.perf_counter()
while time.perf_counter() < start + seconds:
    exchange(length)
    count += 1
print(count / (time.perf_counter() - start))
