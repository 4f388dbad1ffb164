import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds; from a cached read to a slow transaction. */
const DURATION_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** One number, or one by label. */
type Figures = number | Record<string, number>

/** Prometheus metrics of this process. Labels are bounded: names come from the contract, never from a request. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const calls = new Histogram({
    name: 'socket_call_duration_seconds',
    help: 'Time from a call to its answer.',
    labelNames: ['call', 'outcome'],
    buckets: DURATION_BUCKETS,
    registers,
  })
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from an HTTP request to its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers,
  })
  const pushed = new Counter({
    name: 'topic_items_pushed_total',
    help: 'Items sent to rooms, counted once per room.',
    labelNames: ['class'],
    registers,
  })
  const jobs = new Histogram({
    name: 'job_duration_seconds',
    help: 'Time that one run of a background job took.',
    labelNames: ['job', 'outcome'],
    buckets: DURATION_BUCKETS,
    registers,
  })
  const notified = new Counter({
    name: 'notifications_total',
    help: 'Notifications written, counted once per person.',
    labelNames: ['kind'],
    registers,
  })
  const received = new Counter({
    name: 'topic_items_received_total',
    help: 'Items that came from other gateways.',
    labelNames: ['class'],
    registers,
  })
  const skipped = new Counter({
    name: 'topic_items_skipped_total',
    help: 'Items left out of what was sent to rooms under overload, counted once per room.',
    labelNames: ['class'],
    registers,
  })
  const tooSlow = new Counter({
    name: 'gateway_slow_consumers_total',
    help: 'Connections closed because they did not take what was sent.',
    registers,
  })
  return {
    text: () => registry.metrics(),
    call: (call: string, outcome: string, durationMs: number) =>
      calls.observe({ call, outcome }, durationMs / 1000),
    pushed: (topicClass: string, items: number) => pushed.inc({ class: topicClass }, items),
    received: (topicClass: string, items: number) => received.inc({ class: topicClass }, items),
    skipped: (topicClass: string, items: number) => skipped.inc({ class: topicClass }, items),
    tooSlow: () => tooSlow.inc(),
    http: (request: { method: string; route: string; status: number; durationMs: number }) =>
      requests.observe(
        { method: request.method, route: request.route, status: request.status },
        request.durationMs / 1000,
      ),
    job: (job: string, outcome: 'ok' | 'failed', durationMs: number) =>
      jobs.observe({ job, outcome }, durationMs / 1000),
    notified: (kind: string, written: number) => notified.inc({ kind }, written),
    /** A gauge that is read when metrics are: `read` answers value by label, or one value. */
    gauge(name: string, help: string, read: () => Figures | Promise<Figures>): void {
      new Gauge({
        name,
        help,
        registers,
        labelNames: ['kind'],
        async collect() {
          const value = await read()
          if (typeof value === 'number') this.set(value)
          else for (const [kind, number] of Object.entries(value)) this.set({ kind }, number)
        },
      })
    },
  }
}

export type Metrics = ReturnType<typeof createMetrics>
