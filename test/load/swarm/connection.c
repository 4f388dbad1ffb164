/*
 * One client: CONNECTING → UPGRADING (HTTP request sent) → TALKING (the steps of the plan) → READY, and CLOSED from
 * everywhere. Whatever is not expected closes it, and the first such reason is told.
 */
#define _GNU_SOURCE
#include "swarm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* A server's queue of connections that it has not taken yet is 511 long by default. */
#define OPENING_MAX 200
/* One read takes all that a socket buffer usually holds. */
#define READ_BYTES (256 * 1024)
#define PACKET_MAX 8192

enum { OP_TEXT = 1, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

void connection_close(swarm *s, connection *c, const char *why) {
  if (c->state == CLOSED) return;
  if (c->state == READY) {
    s->ready--;
    s->closed++;
  } else {
    s->opening--;
    s->failed++;
  }
  if (!s->failure) s->failure = strdup(why);
  c->state = CLOSED;
  close(c->fd);
  free(c->kept);
  c->kept = NULL;
  c->kept_bytes = 0;
}

static void begin(swarm *s, connection *c) {
  int i = c->index;
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) die("socket: %s", strerror(errno));
  int on = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  /* The port is chosen at connect, so that it only has to be free towards this server. */
  setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  struct sockaddr_in from = {.sin_family = AF_INET};
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)((i / s->plan.port_count) % s->plan.sources));
  if (bind(c->fd, (struct sockaddr *)&from, sizeof from) < 0) die("bind: %s", strerror(errno));
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)s->plan.ports[i % s->plan.port_count])};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  c->state = CONNECTING;
  s->opening++;
  struct epoll_event event = {.events = EPOLLOUT, .data.ptr = c};
  if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, c->fd, &event) < 0) die("epoll_ctl: %s", strerror(errno));
  if (connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
    connection_close(s, c, strerror(errno));
}

void connections_open_due(swarm *s) {
  if (!s->is_opening) return;
  double elapsed_s = (double)(now_us() - s->open_started_us) / 1e6;
  int due = (int)(elapsed_s * s->plan.pace);
  if (due > s->plan.sockets) due = s->plan.sockets;
  while (s->begun < due && s->opening < OPENING_MAX) {
    connection *c = &s->connections[s->begun];
    c->index = s->begun++;
    begin(s, c);
  }
  if (s->begun < s->plan.sockets || s->opening > 0) return;
  s->is_opening = false;
  printf("{\"event\":\"open\",\"sockets\":%d,\"failed\":%d,\"tookMs\":%.1f,\"failure\":\"%s\"}\n", s->ready, s->failed,
         (double)(now_us() - s->open_started_us) / 1000, s->failure ? s->failure : "");
  fflush(stdout);
}

static void transmit(swarm *s, connection *c, const void *data, size_t bytes) {
  ssize_t sent = send(c->fd, data, bytes, MSG_NOSIGNAL);
  /* What a client says is far smaller than its socket's buffer: whoever can't take it has stopped reading. */
  if (sent != (ssize_t)bytes) connection_close(s, c, sent < 0 ? strerror(errno) : "the server does not read");
}

static void send_frame(swarm *s, connection *c, int opcode, const void *payload, size_t bytes) {
  uint8_t packet[PACKET_MAX + 14];
  if (bytes > PACKET_MAX) die("a frame of %zu bytes is too long", bytes);
  transmit(s, c, packet, frame_write(opcode, payload, bytes, packet));
}

void connection_say(swarm *s, connection *c, const char *text, size_t bytes) { send_frame(s, c, OP_TEXT, text, bytes); }

/* Not random enough for anything but being different (xorshift64*). */
static uint64_t next_random(void) {
  static uint64_t state;
  if (state == 0) state = now_us() ^ ((uint64_t)getpid() << 40);
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545f4914f6cdd1dull;
}

static int print_hole(const swarm *s, const connection *c, hole_kind hole, uint64_t ack, const char *line, char *into,
                      size_t room) {
  switch (hole) {
    case HOLE_VALUE:
      return snprintf(into, room, "%s", s->plan.value_count ? s->plan.values[c->index % s->plan.value_count] : "");
    case HOLE_ACK:
      return snprintf(into, room, "%llu", (unsigned long long)ack);
    case HOLE_UUID: {
      uint64_t a = next_random(), b = next_random();
      return snprintf(into, room, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff),
                      (unsigned)(a & 0xfff), (unsigned)(b >> 52), (unsigned long long)(b & 0xffffffffffffull));
    }
    case HOLE_TEXT:
      return snprintf(into, room, "%s", line);
    default:
      return 0;
  }
}

size_t template_fill(const swarm *s, const connection *c, const template_text *t, uint64_t ack, const char *line,
                     char *into, size_t capacity) {
  size_t length = 0;
  for (int i = 0; i < t->count; i++) {
    length += (size_t)snprintf(into + length, capacity - length, "%s", t->literals[i]);
    if (length < capacity)
      length += (size_t)print_hole(s, c, t->holes[i], ack, line, into + length, capacity - length);
    if (length >= capacity) die("a text is longer than %zu bytes", capacity);
  }
  return length;
}

/* Says what is next until something must be waited for. */
static void go_on(swarm *s, connection *c) {
  char text[PACKET_MAX];
  while (c->state == TALKING && c->at_step < s->plan.step_count) {
    const step *next = &s->plan.steps[c->at_step];
    if (!next->is_send) return;
    c->at_step++;
    connection_say(s, c, text, template_fill(s, c, &next->text, 0, "", text, sizeof text));
  }
  if (c->state != TALKING) return;
  c->state = READY;
  s->opening--;
  s->ready++;
}

static bool begins_with(const char *text, size_t bytes, const char *prefix) {
  size_t length = strlen(prefix);
  return bytes >= length && memcmp(text, prefix, length) == 0;
}

static void take_text(swarm *s, connection *c, const char *text, size_t bytes) {
  const plan *p = &s->plan;
  if (begins_with(text, bytes, p->items_prefix)) {
    items_take(s, c, text, bytes);
  } else if (bytes == strlen(p->ping) && begins_with(text, bytes, p->ping)) {
    connection_say(s, c, p->pong, strlen(p->pong));
  } else if (c->state == TALKING) {
    const step *expected = &p->steps[c->at_step];
    bool is_it = begins_with(text, bytes, expected->prefix) &&
                 memmem(text, bytes, expected->containing, strlen(expected->containing));
    if (is_it) {
      c->at_step++;
      go_on(s, c);
    } else {
      char why[300];
      int length = snprintf(why, sizeof why, "in place of %s came %.*s", expected->prefix, (int)bytes, text);
      for (int i = 0; i < length && why[i]; i++)
        if (why[i] == '"' || why[i] == '\\' || why[i] < ' ') why[i] = '\'';
      connection_close(s, c, why);
    }
  } else if (begins_with(text, bytes, p->answer_prefix)) {
    size_t prefix = strlen(p->answer_prefix);
    items_answer(s, text + prefix, bytes - prefix);
  }
}

static void take_frame(swarm *s, connection *c, const frame *f) {
  if (f->opcode == OP_TEXT) take_text(s, c, (const char *)f->payload, f->payload_bytes);
  else if (f->opcode == OP_PING) send_frame(s, c, OP_PONG, f->payload, f->payload_bytes);
  else if (f->opcode == OP_CLOSE) connection_close(s, c, "the server closed it");
}

/* Takes the answer to the upgrade; the bytes it had, 0 while it is not complete. */
static size_t take_upgrade(swarm *s, connection *c, const uint8_t *data, size_t bytes) {
  const uint8_t *end = memmem(data, bytes, "\r\n\r\n", 4);
  if (!end) return 0;
  if (!begins_with((const char *)data, bytes, "HTTP/1.1 101")) {
    connection_close(s, c, "the upgrade was refused");
    return 0;
  }
  c->state = TALKING;
  go_on(s, c);
  return (size_t)(end + 4 - data);
}

/* Takes all complete frames; the bytes that were taken. */
static size_t take_all(swarm *s, connection *c, const uint8_t *data, size_t bytes) {
  size_t taken = 0;
  if (c->state == UPGRADING) taken = take_upgrade(s, c, data, bytes);
  while (c->state == TALKING || c->state == READY) {
    frame next;
    long length = frame_parse(data + taken, bytes - taken, &next);
    if (length == 0) break;
    if (length < 0) {
      connection_close(s, c, "not a frame that was expected");
      break;
    }
    taken += (size_t)length;
    take_frame(s, c, &next);
  }
  return taken;
}

static void receive(swarm *s, connection *c) {
  static uint8_t *buffer;
  static size_t capacity;
  if (capacity < c->kept_bytes + READ_BYTES + 1) {
    capacity = c->kept_bytes + READ_BYTES + 1;
    buffer = realloc(buffer, capacity);
    if (!buffer) die("no memory");
  }
  memcpy(buffer, c->kept, c->kept_bytes);
  ssize_t got = recv(c->fd, buffer + c->kept_bytes, READ_BYTES, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return connection_close(s, c, got == 0 ? "the server hung up" : strerror(errno));
  size_t bytes = c->kept_bytes + (size_t)got;
  /* Numbers at the very end must end somewhere. */
  buffer[bytes] = 0;
  size_t taken = take_all(s, c, buffer, bytes);
  if (c->state == CLOSED) return;
  free(c->kept);
  c->kept_bytes = bytes - taken;
  c->kept = c->kept_bytes ? malloc(c->kept_bytes) : NULL;
  if (c->kept_bytes) memcpy(c->kept, buffer + taken, c->kept_bytes);
}

static void connected(swarm *s, connection *c) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error) return connection_close(s, c, strerror(error));
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(s->epoll, EPOLL_CTL_MOD, c->fd, &event);
  c->state = UPGRADING;
  char request[1024];
  int length = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                        s->plan.path, s->plan.ports[c->index % s->plan.port_count]);
  transmit(s, c, request, (size_t)length);
}

void connection_event(swarm *s, connection *c, uint32_t events) {
  if (c->state == CLOSED) return;
  if (c->state == CONNECTING) return connected(s, c);
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(s, c);
}
