/* A bare WebSocket server on epoll: the floor of what any server costs. It answers opening handshakes and Pings,
 * sends a frame to everybody now and then, and drops what the kernel does not take, so that it keeps nothing.
 * PORT, PROCESSES (each with SO_REUSEPORT), EVERY_S, PAYLOAD and SNDBUF are environment variables.
 * cc -O2 -o epoll_server epoll_server.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FDS_MAX = 1 << 20, EVENTS_MAX = 512, REQUEST_MAX = 4096 };

static unsigned char is_open[FDS_MAX];
static int highest;

static uint32_t rotate(uint32_t word, int by) { return word << by | word >> (32 - by); }

static void sha1_block(uint32_t state[5], const unsigned char *block) {
    uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 ? b ^ c ^ d : i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
        uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
        uint32_t next = rotate(a, 5) + f + e + k + w[i];
        e = d; d = c; c = rotate(b, 30); b = a; a = next;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e;
}

/* Of a key of 24 characters and the GUID of RFC 6455 1.3: 60 bytes, so two blocks. */
static void accept_token(const char *key, char token[29]) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t state[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    unsigned char blocks[128] = {0}, digest[21] = {0};
    memcpy(blocks, key, 24);
    memcpy(blocks + 24, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 36);
    blocks[60] = 0x80;
    blocks[126] = 60 * 8 >> 8;
    blocks[127] = 60 * 8 & 255;
    sha1_block(state, blocks);
    sha1_block(state, blocks + 64);
    for (int i = 0; i < 20; i++) digest[i] = state[i / 4] >> (24 - 8 * (i % 4));
    for (int i = 0; i < 7; i++) {
        uint32_t three = digest[3 * i] << 16 | digest[3 * i + 1] << 8 | digest[3 * i + 2];
        for (int j = 0; j < 4; j++) token[4 * i + j] = letters[three >> (18 - 6 * j) & 63];
    }
    token[27] = '=';
    token[28] = 0;
}

static void forget(int fd) {
    is_open[fd] = 0;
    close(fd);
}

static void receive(int fd) {
    char data[REQUEST_MAX + 1];
    ssize_t size = recv(fd, data, REQUEST_MAX, MSG_DONTWAIT);
    if (size <= 0) return forget(fd);
    data[size] = 0;
    if (is_open[fd]) {
        unsigned char *frame = (unsigned char *)data;
        if ((frame[0] & 15) == 9 && size >= 6) { /* a Ping: its payload, unmasked, is the Pong's */
            int length = frame[1] & 127;
            unsigned char pong[127] = {0x8A, (unsigned char)length};
            for (int i = 0; i < length && i < 125 && 6 + i < size; i++) pong[2 + i] = frame[6 + i] ^ frame[2 + i % 4];
            send(fd, pong, 2 + length, MSG_DONTWAIT | MSG_NOSIGNAL);
        }
        return;
    }
    char *key = strcasestr(data, "Sec-WebSocket-Key: "), token[29], answer[200];
    if (!key || strlen(key) < 43) return forget(fd);
    accept_token(key + 19, token);
    int length = snprintf(answer, sizeof answer,
                          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Accept: %s\r\n\r\n", token);
    send(fd, answer, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    is_open[fd] = 1;
}

static double now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static double number(const char *name, double otherwise) {
    const char *text = getenv(name);
    return text ? atof(text) : otherwise;
}

static void serve(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1, epoll = epoll_create1(0);
    int payload = (int)number("PAYLOAD", 1000), sndbuf = (int)number("SNDBUF", 4096);
    double every_s = number("EVERY_S", 0.5), due_s = now_s() + every_s;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one);
    setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &sndbuf, sizeof sndbuf);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("listen");
        exit(1);
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[EVENTS_MAX];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    char *frame = calloc(1, payload + 4);
    frame[0] = (char)0x82;
    frame[1] = 126;
    frame[2] = (char)(payload >> 8);
    frame[3] = (char)payload;
    for (;;) {
        double wait_s = due_s - now_s();
        int count = epoll_wait(epoll, events, EVENTS_MAX, wait_s > 0 ? (int)(wait_s * 1000) + 1 : 0);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd != listener) {
                receive(events[i].data.fd);
                continue;
            }
            for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
                struct epoll_event client = {.events = EPOLLIN, .data.fd = fd};
                epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &client);
                if (fd > highest) highest = fd;
            }
        }
        if (now_s() < due_s) continue;
        due_s = now_s() + every_s;
        for (int fd = 0; fd <= highest; fd++)
            if (is_open[fd]) send(fd, frame, payload + 4, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}

int main(void) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    for (int i = 1; i < (int)number("PROCESSES", 1); i++)
        if (!fork()) {
            prctl(PR_SET_PDEATHSIG, SIGTERM);
            break;
        }
    serve((int)number("PORT", 8000));
}
