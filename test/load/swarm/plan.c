/*
 * The plan and the commands: lines of `word text`, where a tab parts the two halves of a pair.
 *
 *   port N · sources N · sockets N · pace N · path P · value V
 *   send TEMPLATE · expect PREFIX⇥CONTAINING      the steps of each conversation, in order
 *   ping QUESTION⇥ANSWER · items PREFIX · order MARKER · answer PREFIX⇥WHAT A GOOD ONE HAS
 *   senders N · text-bytes N · line TEMPLATE
 *   open                                          answered by {"event":"open"}
 *   round LINES_PER_S DURATION_MS DRAIN_MS        answered by {"event":"round"}
 *   status                                        answered by {"event":"status"}
 */
#define _GNU_SOURCE
#include "swarm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static hole_kind hole_named(const char *name, size_t bytes) {
  static const struct {
    const char *name;
    hole_kind hole;
  } known[] = {{"value", HOLE_VALUE}, {"ack", HOLE_ACK}, {"uuid", HOLE_UUID}, {"text", HOLE_TEXT}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strlen(known[i].name) == bytes && memcmp(known[i].name, name, bytes) == 0) return known[i].hole;
  return HOLE_NONE;
}

/* Braces that hold no known name are themselves: JSON is full of them. */
static template_text parse_template(const char *text) {
  template_text t = {0};
  const char *literal = text;
  for (const char *open = strchr(text, '{'); open; open = strchr(open + 1, '{')) {
    const char *close = strchr(open, '}');
    if (!close) break;
    hole_kind hole = hole_named(open + 1, (size_t)(close - open - 1));
    if (hole == HOLE_NONE) continue;
    if (t.count == PIECES_MAX - 1) die("a template has too many holes");
    t.literals[t.count] = strndup(literal, (size_t)(open - literal));
    t.holes[t.count++] = hole;
    literal = close + 1;
  }
  t.literals[t.count] = strdup(literal);
  t.holes[t.count++] = HOLE_NONE;
  return t;
}

/* Cuts at the tab; the second half is empty where there is none. */
static void parse_pair(const char *text, char **first, char **second) {
  const char *tab = strchrnul(text, '\t');
  *first = strndup(text, (size_t)(tab - text));
  *second = strdup(*tab ? tab + 1 : tab);
}

static step *add_step(plan *p) {
  if (p->step_count == STEPS_MAX) die("the plan has too many steps");
  return &p->steps[p->step_count++];
}

static void begin_open(swarm *s) {
  plan *p = &s->plan;
  if (!p->port_count || !p->sockets || !p->pace || !p->path || !p->items_prefix) die("the plan is not complete");
  if (p->senders > p->sockets) die("more senders than sockets");
  s->connections = calloc((size_t)p->sockets, sizeof(connection));
  if (!s->connections) die("no memory");
  s->open_started_us = now_us();
  s->is_opening = true;
}

static void add_value(plan *p, const char *text) {
  p->values = realloc(p->values, ((size_t)p->value_count + 1) * sizeof(char *));
  if (!p->values) die("no memory");
  p->values[p->value_count++] = strdup(text);
}

static bool take_command(swarm *s, const char *word, const char *text) {
  double rate;
  int duration_ms, drain_ms;
  if (!strcmp(word, "open")) {
    begin_open(s);
  } else if (!strcmp(word, "round")) {
    if (sscanf(text, "%lf %d %d", &rate, &duration_ms, &drain_ms) != 3) die("round needs three numbers");
    round_begin(s, rate, duration_ms, drain_ms);
  } else if (!strcmp(word, "status")) {
    printf("{\"event\":\"status\",\"sockets\":%d,\"failed\":%d,\"closed\":%d,\"failure\":\"%s\"}\n", s->ready, s->failed,
           s->closed, s->failure ? s->failure : "");
    fflush(stdout);
  } else {
    return false;
  }
  return true;
}

static bool take_setting(plan *p, const char *word, const char *text) {
  int number = atoi(text);
  if (!strcmp(word, "port")) {
    if (p->port_count == PORTS_MAX) die("the plan has too many ports");
    p->ports[p->port_count++] = number;
  } else if (!strcmp(word, "sources")) p->sources = number;
  else if (!strcmp(word, "sockets")) p->sockets = number;
  else if (!strcmp(word, "pace")) p->pace = number;
  else if (!strcmp(word, "path")) p->path = strdup(text);
  else if (!strcmp(word, "value")) add_value(p, text);
  else if (!strcmp(word, "ping")) parse_pair(text, &p->ping, &p->pong);
  else if (!strcmp(word, "items")) p->items_prefix = strdup(text);
  else if (!strcmp(word, "order")) p->order_marker = strdup(text);
  else if (!strcmp(word, "answer")) parse_pair(text, &p->answer_prefix, &p->answer_ok);
  else if (!strcmp(word, "senders")) p->senders = number;
  else if (!strcmp(word, "text-bytes")) p->text_bytes = number;
  else if (!strcmp(word, "line")) p->line = parse_template(text);
  else if (!strcmp(word, "send")) *add_step(p) = (step){.is_send = true, .text = parse_template(text)};
  else if (!strcmp(word, "expect")) {
    step *next = add_step(p);
    parse_pair(text, &next->prefix, &next->containing);
  } else {
    return false;
  }
  return true;
}

static void take_line(swarm *s, char *line) {
  char *text = strchrnul(line, ' ');
  if (*text) *text++ = 0;
  if (*line && !take_command(s, line, text) && !take_setting(&s->plan, line, text)) die("unknown word: %s", line);
}

bool plan_read(swarm *s) {
  static char *pending;
  static size_t bytes, capacity;
  if (capacity - bytes < 65536) {
    capacity += 65536;
    pending = realloc(pending, capacity);
    if (!pending) die("no memory");
  }
  ssize_t got = read(STDIN_FILENO, pending + bytes, capacity - bytes - 1);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  bytes += (size_t)got;
  char *start = pending;
  for (char *end; (end = memchr(start, '\n', (size_t)(pending + bytes - start))); start = end + 1) {
    *end = 0;
    take_line(s, start);
  }
  bytes -= (size_t)(start - pending);
  memmove(pending, start, bytes);
  return true;
}
