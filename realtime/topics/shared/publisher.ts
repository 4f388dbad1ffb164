import { topics as topicSpecs } from '../../../src/contract/index.ts'
import { newId } from '../../../src/core/ids.ts'
import type { Logger } from '../../../src/core/log.ts'
import type { Topics } from '../../../src/core/ports.ts'
import type { RedisLink } from '../../../src/infra/redis/client.ts'
import { createControlSender } from '../../control/sender.ts'
import { createTopicHub } from '../hub.ts'
import { createTopicNames } from '../names.ts'
import { createWire } from './wire.ts'

type Deps = { link: RedisLink; log: Logger; tokenLifeMs: number; nowMs: () => number }

export type Publisher = {
  topics: Topics
  /** A login session has ended: every gateway closes its sockets. */
  endLogin(loginSessionId: string): void
  /** What an account may has changed: every gateway judges its sockets anew. */
  accountChanged(accountId: string): void
  stop(): void
}

/** What a process without sockets of its own says to those of the gateways: the same topics, and nobody in them here. */
export function createPublisher({ link, log, tokenLifeMs, nowMs }: Deps): Publisher {
  const hub = createTopicHub({
    ...{ names: createTopicNames(topicSpecs), sources: {}, log, nowMs },
    wire: createWire(link, () => {}),
    emit: () => {},
    // Nobody here is sent anything.
    pacing: { level: () => 0, report() {} },
  })
  const control = createControlSender({ link, node: newId().slice(-12), tokenLifeMs, nowMs })
  return {
    topics: {
      ...hub.publisher,
      close: (topic, code, viewers) =>
        control.send({ type: 'topic-closed', topic, code, ...(viewers && { viewers: [...viewers] }) }),
      rejudge: async (streamId, viewers) =>
        control.send({ type: 'rights-changed', streamId, ...(viewers && { viewers: [...viewers] }) }),
    },
    endLogin: (loginSessionId) => control.send({ type: 'login-ended', loginSessionId }),
    accountChanged: (accountId) => control.send({ type: 'account-changed', accountId }),
    stop() {
      hub.stop()
      control.stop()
    },
  }
}
