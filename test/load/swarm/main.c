/* The loop: events of sockets, words on standard input, and what is due. It ends when its standard input does. */
#define _GNU_SOURCE
#include "swarm.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_AT_ONCE 512
/*
 * While there is work, what has arrived is looked at so often: far below any figure, and exact enough for saying lines.
 * Sleeping without an eye on the sockets keeps the kernel from waking this process for every single frame, a cost that
 * would fall on the server that sends them, as clients elsewhere never do.
 */
#define NAP_US 1000
#define IDLE_WAIT_MS 1000

uint64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void die(const char *format, ...) {
  va_list values;
  va_start(values, format);
  fputs("swarm: ", stderr);
  vfprintf(stderr, format, values);
  fputc('\n', stderr);
  va_end(values);
  exit(1);
}

static void allow_many_files(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/* Takes all events that are there, or waits for the first. */
static void take_events(swarm *s, int wait_ms) {
  struct epoll_event events[EVENTS_AT_ONCE];
  int count;
  do {
    count = epoll_wait(s->epoll, events, EVENTS_AT_ONCE, wait_ms);
    if (count < 0 && errno != EINTR) die("epoll_wait: %s", strerror(errno));
    for (int i = 0; i < count; i++) {
      if (events[i].data.ptr) connection_event(s, events[i].data.ptr, events[i].events);
      else s->is_ending = !plan_read(s);
    }
    /* A server that never pauses must not hold up what is due. */
    round_advance(s);
    wait_ms = 0;
  } while (count == EVENTS_AT_ONCE && !s->is_ending);
}

int main(void) {
  swarm s = {.plan = {.sources = 1, .ping = "", .pong = "", .answer_prefix = "", .answer_ok = ""}, .next_ack = 1000};
  allow_many_files();
  s.epoll = epoll_create1(0);
  fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  struct epoll_event input = {.events = EPOLLIN, .data.ptr = NULL};
  if (epoll_ctl(s.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input) < 0) die("standard input must be a pipe");
  while (!s.is_ending) {
    bool is_busy = s.is_opening || s.round.is_running;
    if (is_busy) usleep(NAP_US);
    take_events(&s, is_busy ? 0 : IDLE_WAIT_MS);
    connections_open_due(&s);
    round_advance(&s);
  }
  return 0;
}
