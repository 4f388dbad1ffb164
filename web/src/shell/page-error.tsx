import { Link, useRouter } from '@tanstack/react-router'
import { useTitle } from '../data/use-title.ts'
import { common } from '../text/common.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { LogoMark } from '../ui/logo.tsx'
import { Notice } from '../ui/notice.tsx'

/** Stands in for a page whose code failed; the shell around it goes on working. */
export function PageCrashed() {
  const router = useRouter()
  useTitle(common('crashedTitle'))
  return (
    <div role="alert">
      <Notice
        art={<LogoMark size={56} />}
        title={common('crashedTitle')}
        hint={common('crashedHint')}
        actions={
          <Button look="primary" onClick={() => void router.invalidate()}>
            {common('retry')}
          </Button>
        }
      />
    </div>
  )
}

export function PageNotFound() {
  useTitle(common('notFoundTitle'))
  return (
    <Notice
      art={<LogoMark size={56} />}
      title={common('notFoundTitle')}
      hint={common('notFoundHint')}
      actions={
        <Link to="/" className={buttonClass('primary')}>
          {common('toHome')}
        </Link>
      }
    />
  )
}
