/*
 * What has arrived. The text of every line carries `@<µs it was due>;<round>;<line>;`, and a frame may carry many lines.
 * A bit per socket and line tells what is missing and what came twice; the server's own numbers tell the order.
 */
#define _GNU_SOURCE
#include "swarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int bucket_of(uint64_t value) {
  if (value < 64) return (int)value;
  int exponent = 63 - __builtin_clzll(value);
  int bucket = 64 + (exponent - 6) * 32 + (int)((value >> (exponent - 5)) & 31);
  return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static uint64_t bucket_end(int bucket) {
  if (bucket < 64) return (uint64_t)bucket;
  int exponent = 6 + (bucket - 64) / 32;
  return ((uint64_t)(33 + (bucket - 64) % 32) << (exponent - 5)) - 1;
}

void histogram_add(histogram *h, uint64_t value_us) { h->counts[bucket_of(value_us)]++; }

/* [[highest value of the bucket, how many], …]: what many processes have seen can be added up. */
void histogram_print(const histogram *h) {
  bool is_first = true;
  putchar('[');
  for (int i = 0; i < BUCKETS; i++) {
    if (h->counts[i] == 0) continue;
    printf("%s[%llu,%llu]", is_first ? "" : ",", (unsigned long long)bucket_end(i), (unsigned long long)h->counts[i]);
    is_first = false;
  }
  putchar(']');
}

static size_t words_of(const swarm *s) { return ((size_t)s->round.lines + 63) / 64; }

void items_begin(swarm *s) {
  size_t words = words_of(s);
  free(s->round.accepted);
  s->round.accepted = calloc(words, sizeof(uint64_t));
  if (!s->round.accepted) die("no memory");
  for (int i = 0; i < s->begun; i++) {
    connection *c = &s->connections[i];
    free(c->seen);
    c->seen = calloc(words, sizeof(uint64_t));
    if (!c->seen) die("no memory");
  }
}

/* Reads a number that ends with `end`; the place behind it, or NULL if there is none such. */
static const char *read_number(const char *at, const char *limit, char end, uint64_t *out) {
  uint64_t value = 0;
  const char *start = at;
  while (at < limit && *at >= '0' && *at <= '9') value = value * 10 + (uint64_t)(*at++ - '0');
  if (at == start || at == limit || *at != end) return NULL;
  *out = value;
  return at + 1;
}

/* The number behind the order marker in what stands between two lines' texts. */
static void check_order(swarm *s, connection *c, const char *from, const char *to) {
  const char *marker = s->plan.order_marker;
  size_t marker_bytes = strlen(marker);
  const char *found = memmem(from, (size_t)(to - from), marker, marker_bytes);
  if (!found) return;
  uint64_t order = strtoull(found + marker_bytes, NULL, 10);
  if (order <= c->last_order) s->round.disordered++;
  else c->last_order = order;
}

void items_take(swarm *s, connection *c, const char *payload, size_t bytes) {
  round_state *r = &s->round;
  uint64_t at_us = now_us();
  const char *limit = payload + bytes;
  const char *from = payload;
  bool has_items = false;
  for (const char *at = payload; (at = memchr(at, '@', (size_t)(limit - at))); from = at) {
    uint64_t due_us, round, line;
    const char *rest = read_number(at + 1, limit, ';', &due_us);
    if (rest) rest = read_number(rest, limit, ';', &round);
    if (rest) rest = read_number(rest, limit, ';', &line);
    if (!rest) {
      at++;
      continue;
    }
    const char *item = at;
    at = rest;
    if (!r->is_running || round != (uint64_t)r->number || line >= (uint64_t)r->lines || !c->seen) {
      r->strays++;
      continue;
    }
    has_items = true;
    uint64_t bit = 1ull << (line % 64);
    if (c->seen[line / 64] & bit) {
      r->doubled++;
      continue;
    }
    c->seen[line / 64] |= bit;
    if (s->plan.order_marker) check_order(s, c, from, item);
    r->deliveries++;
    histogram_add(&r->latency, at_us > due_us ? at_us - due_us : 0);
  }
  if (has_items) {
    r->frames++;
    r->bytes += bytes;
  }
}

void items_answer(swarm *s, const char *payload, size_t bytes) {
  round_state *r = &s->round;
  uint64_t ack = strtoull(payload, NULL, 10);
  if (!r->is_running || ack < s->round_first_ack) return;
  uint64_t line = ack - s->round_first_ack;
  if (line >= (uint64_t)r->sent) return;
  if (!memmem(payload, bytes, s->plan.answer_ok, strlen(s->plan.answer_ok))) {
    r->refused++;
    /* The first one says what is wrong. */
    if (!r->refusal) r->refusal = strndup(payload, bytes < 400 ? bytes : 400);
    return;
  }
  uint64_t bit = 1ull << (line % 64);
  if (r->accepted[line / 64] & bit) return;
  r->accepted[line / 64] |= bit;
  r->acked++;
  uint64_t due_us = r->started_us + (uint64_t)((double)line * 1e6 / r->rate);
  uint64_t at_us = now_us();
  histogram_add(&r->answers, at_us > due_us ? at_us - due_us : 0);
}

uint64_t items_missing(const swarm *s) {
  const round_state *r = &s->round;
  uint64_t missing = 0;
  size_t words = words_of(s);
  for (int i = 0; i < s->begun; i++) {
    const connection *c = &s->connections[i];
    if (c->state != READY) continue;
    for (size_t word = 0; word < words; word++)
      missing += (uint64_t)__builtin_popcountll(r->accepted[word] & ~(c->seen ? c->seen[word] : 0));
  }
  return missing;
}
