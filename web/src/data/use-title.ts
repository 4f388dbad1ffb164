import { useEffect } from 'react'
import { common } from '../text/common.ts'

/** Names the page in the browser's tab and history. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · ${common('appName')}` : common('appName')
  }, [title])
}
