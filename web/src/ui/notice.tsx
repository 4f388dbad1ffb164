import { CloudOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { errorText } from '../data/error-text.ts'
import { common } from '../text/common.ts'
import { Button } from './button.tsx'
import { cx } from './cx.ts'

type NoticeProps = {
  art?: ReactNode
  title: string
  hint?: ReactNode
  actions?: ReactNode
  className?: string
  level?: 1 | 2
}

/** A page or list without content: what is (not) here and what one can do about it. */
export function Notice({ art, title, hint, actions, className, level = 1 }: NoticeProps) {
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <div className={cx('mx-auto flex max-w-md flex-col items-center px-4 py-16 text-center', className)}>
      {art && <div className="mb-6">{art}</div>}
      <Heading className="text-xl font-semibold">{title}</Heading>
      {hint && <p className="mt-2 text-base text-pretty text-text-2">{hint}</p>}
      {actions && <div className="mt-6 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}

/** A read that failed, with another try. */
export function LoadError({
  error,
  onRetry,
  title,
}: {
  error: unknown
  onRetry: () => void
  title?: string
}) {
  return (
    <div role="alert">
      <Notice
        level={2}
        art={<CloudOff aria-hidden size={40} className="text-text-3" />}
        title={title ?? common('loadFailed')}
        hint={errorText(error)}
        actions={
          <Button look="primary" onClick={onRetry}>
            {common('retry')}
          </Button>
        }
      />
    </div>
  )
}
