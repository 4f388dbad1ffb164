import { Camera, CameraOff, LockKeyhole, TriangleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { common } from '../../../text/common.ts'
import { studio } from '../../../text/studio.ts'
import { Button } from '../../../ui/button.tsx'
import { cx } from '../../../ui/cx.ts'
import { Spinner } from '../../../ui/skeleton.tsx'
import type { CaptureProblem } from './problem.ts'
import type { Capture } from './use-capture.ts'

type PreviewProps = { capture: Capture; className?: string; children?: ReactNode }

/** What will be sent. The own face is mirrored as in a looking-glass; what others see is not. */
export function Preview({ capture, className, children }: PreviewProps) {
  const element = useRef<HTMLVideoElement>(null)
  const { video, isScreen, isCameraOff, state } = capture
  useEffect(() => {
    if (element.current) element.current.srcObject = video ? new MediaStream([video]) : null
  }, [video])
  const isShown = video !== undefined && !isCameraOff
  return (
    <div
      className={cx(
        'relative isolate aspect-video w-full overflow-hidden bg-black text-white md:rounded-md',
        className,
      )}
    >
      <video
        ref={element}
        aria-label={studio('preview')}
        autoPlay
        playsInline
        muted
        className={cx('size-full object-contain', !isScreen && '-scale-x-100', !isShown && 'opacity-0')}
      />
      {state === 'ready' && !isShown && (
        <Words icon={<CameraOff aria-hidden size={36} />} title={studio('cameraOff')} />
      )}
      {!video && <Missing capture={capture} />}
      {children}
    </div>
  )
}

function Missing({ capture: { state, problem, ask } }: { capture: Capture }) {
  if (state === 'asking')
    return <Words icon={<Spinner size={32} />} title={studio('asking')} hint={studio('askingHint')} />
  if (state === 'unasked')
    return (
      <Words icon={<Camera aria-hidden size={36} />} title={studio('askTitle')} hint={studio('askHint')}>
        <Button look="primary" onClick={ask}>
          {studio('askButton')}
        </Button>
      </Words>
    )
  return state === 'failed' ? <Problem problem={problem ?? 'failed'} onRetry={ask} /> : null
}

const PROBLEMS = {
  insecure: ['insecureTitle', undefined],
  denied: ['deniedTitle', 'deniedHint'],
  missing: ['missingTitle', 'missingHint'],
  busy: ['busyTitle', 'busyHint'],
  failed: ['failedTitle', undefined],
} as const

function Problem({ problem, onRetry }: { problem: CaptureProblem; onRetry: () => void }) {
  const [title, hint] = PROBLEMS[problem]
  if (problem === 'insecure') {
    const address = `http://localhost${location.port && `:${location.port}`}`
    return (
      <Words
        icon={<LockKeyhole aria-hidden size={36} />}
        title={studio(title)}
        hint={studio('insecureHint', { address })}
      />
    )
  }
  return (
    <Words icon={<TriangleAlert aria-hidden size={36} />} title={studio(title)} hint={hint && studio(hint)}>
      <Button look="primary" onClick={onRetry}>
        {common('retry')}
      </Button>
    </Words>
  )
}

type WordsProps = { icon: ReactNode; title: string; hint?: string | undefined; children?: ReactNode }

function Words({ icon, title, hint, children }: WordsProps) {
  return (
    <div
      role="status"
      className="absolute inset-0 flex flex-col items-center justify-center gap-2 p-5 text-center"
    >
      {icon}
      <p className="mt-1 text-lg font-semibold max-sm:text-base">{title}</p>
      {hint && <p className="max-w-lg text-sm text-pretty text-white/80">{hint}</p>}
      {children && <div className="mt-2">{children}</div>}
    </div>
  )
}
