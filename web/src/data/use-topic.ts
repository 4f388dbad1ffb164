import { useEffect, useRef } from 'react'
import type { TopicListener } from '../../../client/types.ts'
import type { AnyTopicName, TopicItem } from '../../../src/contract/index.ts'
import { useApp } from './app.tsx'

/**
 * Follows a topic while the component is shown; `undefined` follows nothing. The listener may be a new one each time. After
 * the topic was closed to this viewer, another `round` tries to follow it again.
 */
export function useTopic<Name extends AnyTopicName>(
  topic: Name | undefined,
  listener: TopicListener<TopicItem<Name>>,
  round = 0,
): void {
  const { connection } = useApp()
  const current = useRef(listener)
  useEffect(() => {
    current.current = listener
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is a reason to follow again.
  useEffect(() => {
    if (topic === undefined) return
    return connection.subscribe(topic, {
      onItems: (items, at) => current.current.onItems(items, at),
      onStart: (items, at, isGap) => current.current.onStart?.(items, at, isGap),
      onSkipped: (range) => current.current.onSkipped?.(range),
      onClosed: (code) => current.current.onClosed?.(code),
    })
  }, [connection, topic, round])
}
