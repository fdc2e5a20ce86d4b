/* The floor of what a client costs: a descriptor each on one epoll, 256 opening handshakes at a time.
 * epoll_client PORT CLIENTS; prints "ready", waits for a line, opens all, prints "open", and holds them until
 * its input ends. Above 15,000 clients it forks, since a process may often have 20,000 descriptors.
 * cc -O2 -o epoll_client epoll_client.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AT_ONCE = 256, EVENTS_MAX = 512, CLIENTS_A_PROCESS = 15000, CLIENTS_A_SOURCE = 2000 };
static const char request[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
static const char token[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void begin(int epoll, int port, int process, int number) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1, rcvbuf = 4096;
    char source[32];
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
    snprintf(source, sizeof source, "127.0.%d.%d", process + 1, number / CLIENTS_A_SOURCE + 1);
    inet_pton(AF_INET, source, &from.sin_addr);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0) die("socket");
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf, sizeof rcvbuf);
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&from, sizeof from)) die("bind");
    if (connect(fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) die("connect");
    struct epoll_event event = {.events = EPOLLOUT, .data.fd = fd};
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static void open_all(int port, int process, int clients) {
    int epoll = epoll_create1(0), begun = 0, opened = 0;
    struct epoll_event events[EVENTS_MAX];
    while (opened < clients) {
        while (begun < clients && begun - opened < AT_ONCE) begin(epoll, port, process, begun++);
        int count = epoll_wait(epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
            if (events[i].events & EPOLLOUT) {
                if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0) die("send");
            } else {
                char answer[4097];
                ssize_t size = recv(fd, answer, 4096, 0);
                if (size <= 0) die("recv");
                answer[size] = 0;
                if (strncmp(answer, "HTTP/1.1 101", 12) || !strstr(answer, token)) exit(1);
                event.events = EPOLLRDHUP | EPOLLET;
                opened++;
            }
            epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event);
        }
    }
}

int main(int count, char **words) {
    if (count != 3) return 2;
    int port = atoi(words[1]), clients = atoi(words[2]), done[2], processes;
    char byte = 0;
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    puts("ready");
    fflush(stdout);
    while (read(0, &byte, 1) == 1 && byte != '\n');
    if (pipe(done)) die("pipe");
    processes = (clients + CLIENTS_A_PROCESS - 1) / CLIENTS_A_PROCESS;
    for (int i = 0; i < processes; i++) {
        if (fork()) continue;
        open_all(port, i, clients / processes + (i < clients % processes));
        if (write(done[1], &byte, 1) != 1) die("write");
        while (read(0, &byte, 1) == 1);
        _exit(0);
    }
    for (int i = 0; i < processes; i++)
        if (read(done[0], &byte, 1) != 1) die("read");
    puts("open");
    fflush(stdout);
    while (wait(NULL) > 0);
    return 0;
}
