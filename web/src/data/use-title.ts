import { useEffect } from 'react'
import { common } from '../text/common.ts'
import { useUnread } from './use-unread.ts'

/** Names the page in the browser's tab and history, after the number of unread notifications. */
export function useTitle(title: string | undefined): void {
  const unread = useUnread()
  useEffect(() => {
    const page = title ? `${title} · ${common('appName')}` : common('appName')
    document.title = unread > 0 ? `(${unread}) ${page}` : page
  }, [title, unread])
}
