/* Says lines at a given rate, whatever the server does (open loop); a line that goes out late counts from when it was due. */
#include "swarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* Lines are 500 characters at most, and a template is not longer than a few hundred. */
#define TEXT_MAX 2048
#define FRAME_MAX 4096

void round_begin(swarm *s, double rate, int duration_ms, int drain_ms) {
  round_state *r = &s->round;
  if (r->is_running) die("a round is running");
  uint64_t *accepted = r->accepted;
  int number = r->number + 1;
  free(r->refusal);
  memset(r, 0, sizeof *r);
  r->accepted = accepted;
  r->number = number;
  r->rate = rate;
  r->lines = (int)(rate * duration_ms / 1000);
  r->is_running = true;
  items_begin(s);
  s->round_first_ack = s->next_ack;
  r->started_us = now_us();
  r->send_ends_us = r->started_us + (uint64_t)duration_ms * 1000;
  r->gives_up_us = r->send_ends_us + (uint64_t)drain_ms * 1000;
}

static void say_line(swarm *s, int line, uint64_t due_us) {
  /* Those that were closed are passed over; where none is left, the line is lost and counts as not answered. */
  connection *c = NULL;
  for (int i = 0; i < s->plan.senders && !c; i++) {
    connection *candidate = &s->connections[(line + i) % s->plan.senders];
    if (candidate->state == READY) c = candidate;
  }
  uint64_t ack = s->next_ack++;
  s->round.sent++;
  if (!c) return;
  char text[TEXT_MAX];
  int length = snprintf(text, sizeof text, "@%llu;%d;%d;", (unsigned long long)due_us, s->round.number, line);
  while (length < s->plan.text_bytes && length < TEXT_MAX - 1) text[length++] = 'x';
  text[length] = 0;
  char packet[FRAME_MAX];
  size_t bytes = template_fill(s, c, &s->plan.line, ack, text, packet, sizeof packet);
  connection_say(s, c, packet, bytes);
}

void round_advance(swarm *s) {
  round_state *r = &s->round;
  if (!r->is_running) return;
  uint64_t at_us = now_us();
  while (r->sent < r->lines) {
    uint64_t due_us = r->started_us + (uint64_t)((double)r->sent * 1e6 / r->rate);
    if (due_us > at_us) return;
    say_line(s, r->sent, due_us);
  }
  if (at_us < r->send_ends_us) return;
  bool has_all = r->acked + r->refused == r->sent && r->deliveries >= (uint64_t)r->acked * (uint64_t)s->ready;
  if (has_all || at_us >= r->gives_up_us) {
    round_print(s);
    r->is_running = false;
  }
}

static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

void round_print(swarm *s) {
  const round_state *r = &s->round;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"event\":\"round\",\"sockets\":%d,\"closed\":%d,\"lines\":%d,\"acked\":%d,\"refused\":%d,", s->ready, s->closed,
         r->sent, r->acked, r->refused);
  printf("\"deliveries\":%llu,\"missing\":%llu,\"doubled\":%llu,\"disordered\":%llu,\"strays\":%llu,",
         (unsigned long long)r->deliveries, (unsigned long long)items_missing(s), (unsigned long long)r->doubled,
         (unsigned long long)r->disordered, (unsigned long long)r->strays);
  printf("\"frames\":%llu,\"bytes\":%llu,\"tookMs\":%.1f,", (unsigned long long)r->frames, (unsigned long long)r->bytes,
         (double)(now_us() - r->started_us) / 1000);
  printf("\"userS\":%.3f,\"systemS\":%.3f,\"latencyUs\":", seconds(usage.ru_utime), seconds(usage.ru_stime));
  histogram_print(&r->latency);
  printf(",\"answerUs\":");
  histogram_print(&r->answers);
  printf(",\"refusal\":\"");
  /* Quotes and backslashes would end the string; what is left is readable enough. */
  for (const char *at = r->refusal; at && *at; at++)
    if (*at >= ' ') putchar(*at == '"' || *at == '\\' ? '\'' : *at);
  printf("\"}\n");
  fflush(stdout);
}
