/*
 * A crowd of WebSocket clients in one process and one thread, cheap enough to load a server that runs on the same machine.
 * It knows nothing of what it speaks: the plan on its standard input says which texts open a conversation, which frames
 * carry items, and how a line is said. So the product and its peers are driven by the same client.
 *
 *   main.c        the loop, and what is told on standard output
 *   plan.c        reads the plan and the commands
 *   connection.c  one client: connecting, the upgrade, the steps of its conversation
 *   frames.c      frames of RFC 6455
 *   items.c       what has arrived: deliveries, doubles, order, latency
 *   senders.c     says lines at a given rate, whatever the server does
 */
#ifndef SWARM_H
#define SWARM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A stand is two or four gateways; more ports than this are a mistake in the plan. */
#define PORTS_MAX 16
/* Connect, join, and room for a few more. */
#define STEPS_MAX 8
/* A template with more holes than this is none. */
#define PIECES_MAX 16
/* Exact below 64 µs; above, 32 buckets for each doubling, which is 3 %. Enough for 2^40 µs. */
#define BUCKETS 1152

/* A text with `{name}` holes, cut at them: literal 0, hole 0, literal 1, hole 1, … */
typedef enum { HOLE_NONE, HOLE_VALUE, HOLE_ACK, HOLE_UUID, HOLE_TEXT } hole_kind;
typedef struct {
  char *literals[PIECES_MAX];
  hole_kind holes[PIECES_MAX];
  int count;
} template_text;

/* Either says something, or waits for a frame that begins with `prefix` and has `containing` in it. */
typedef struct {
  bool is_send;
  template_text text;
  char *prefix;
  char *containing;
} step;

typedef struct {
  int ports[PORTS_MAX];
  int port_count;
  /* Source addresses 127.0.0.1 …: each gives 28 000 ports towards one address. */
  int sources;
  int sockets;
  /* New connections per second. */
  int pace;
  char *path;
  step steps[STEPS_MAX];
  int step_count;
  /* One per account; socket i has value i % value_count, which is what `{value}` stands for. */
  char **values;
  int value_count;
  char *ping, *pong;
  /* How frames with items begin. */
  char *items_prefix;
  /* Stands before the number that gives items their order; NULL where they have none. */
  char *order_marker;
  char *answer_prefix, *answer_ok;
  /* The first this many sockets say lines, in turn. */
  int senders;
  template_text line;
  /* A line's text is filled up to this length. */
  int text_bytes;
} plan;

typedef enum { CONNECTING, UPGRADING, TALKING, READY, CLOSED } connection_state;

typedef struct {
  int fd;
  int index;
  connection_state state;
  int at_step;
  /* The beginning of a frame whose rest has not come yet. */
  uint8_t *kept;
  size_t kept_bytes;
  /* The number that the last item had in the server's order. */
  uint64_t last_order;
  /* One bit per line of the round. */
  uint64_t *seen;
} connection;

typedef struct {
  uint64_t counts[BUCKETS];
} histogram;

/* Lines said from `started_us` on, evenly, and everything that came of them. Line n of the round is due at n / rate. */
typedef struct {
  bool is_running;
  int number;
  double rate;
  int lines;
  uint64_t started_us, send_ends_us, gives_up_us;
  int sent, acked, refused;
  uint64_t frames, bytes, deliveries, doubled, disordered, strays;
  /* One bit per line that the server has accepted. */
  uint64_t *accepted;
  histogram latency, answers;
  char *refusal;
} round_state;

typedef struct {
  plan plan;
  connection *connections;
  int epoll;
  int begun, opening, ready, failed, closed;
  bool is_opening, is_ending;
  uint64_t open_started_us;
  char *failure;
  /* Acks are numbered over all rounds, so that a late one is known as such. */
  uint64_t next_ack;
  uint64_t round_first_ack;
  round_state round;
} swarm;

/* main.c */
uint64_t now_us(void);
void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* plan.c */
/* Takes what has come on standard input; false at its end. */
bool plan_read(swarm *s);

/* connection.c */
/* Begins as many connections as are due by now. */
void connections_open_due(swarm *s);
void connection_event(swarm *s, connection *c, uint32_t events);
void connection_close(swarm *s, connection *c, const char *why);
/* Sends one text frame. */
void connection_say(swarm *s, connection *c, const char *text, size_t bytes);
/* Fills the holes of a template; returns the length. `line` is what HOLE_TEXT stands for. */
size_t template_fill(const swarm *s, const connection *c, const template_text *t, uint64_t ack, const char *line,
                     char *into, size_t capacity);

/* frames.c */
typedef struct {
  int opcode;
  const uint8_t *payload;
  size_t payload_bytes;
} frame;
/* The bytes of the frame at `data`, 0 while it is not complete, -1 if it is not one. */
long frame_parse(const uint8_t *data, size_t bytes, frame *out);
/* Writes a client's frame, masked with a key of zeros; returns its length. `into` has room for the payload and 14 bytes. */
size_t frame_write(int opcode, const void *payload, size_t bytes, uint8_t *into);

/* items.c */
void histogram_add(histogram *h, uint64_t value_us);
void histogram_print(const histogram *h);
/* Begins to watch for the items of a round. */
void items_begin(swarm *s);
void items_take(swarm *s, connection *c, const char *payload, size_t bytes);
void items_answer(swarm *s, const char *payload, size_t bytes);
/* Accepted lines that ready sockets have not got. */
uint64_t items_missing(const swarm *s);

/* senders.c */
void round_begin(swarm *s, double rate, int duration_ms, int drain_ms);
/* Says what is due; ends the round when all has arrived, or the time for it is over. */
void round_advance(swarm *s);
void round_print(swarm *s);

#endif
