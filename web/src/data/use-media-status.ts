import { useState } from 'react'
import type { TopicItem } from '../../../src/contract/index.ts'
import { useApi } from './use-api.ts'
import { useTopic } from './use-topic.ts'

export type MediaStatus = TopicItem<'media:status'>

/** Whether live video is available on this server; `undefined` while that is not known yet. */
export function useMediaStatus(): MediaStatus | undefined {
  const [pushed, setPushed] = useState<MediaStatus>()
  useTopic('media:status', {
    onStart: (values) => setPushed((before) => values.at(-1) ?? before),
    onItems: (values) => setPushed((before) => values.at(-1) ?? before),
  })
  const read = useApi('get /api/config').data?.media
  return pushed ?? read
}
