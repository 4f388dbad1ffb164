import { Copy, Download } from 'lucide-react'
import { useAccount } from '../../../data/use-session.ts'
import { security } from '../../../text/security.ts'
import { Button } from '../../../ui/button.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { Section } from '../frame.tsx'

/** Backup codes, the one time that they are shown. */
export function BackupCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const handle = useAccount()?.handle ?? ''
  const toast = useToast()
  const text = [security('codesFile', { handle }), '', ...codes, ''].join('\n')
  return (
    <Section title={security('codesTitle')} hint={security('codesHint')}>
      <ul
        data-testid="backup-codes"
        className="grid grid-cols-1 gap-x-8 gap-y-2 rounded-sm bg-surface-2 p-4 font-mono text-base sm:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button icon={Download} onClick={() => download(text)}>
          {security('download')}
        </Button>
        <Button
          icon={Copy}
          onClick={() =>
            void navigator.clipboard.writeText(text).then(() => toast({ title: security('copied') }))
          }
        >
          {security('copy')}
        </Button>
        <Button look="primary" onClick={onKept}>
          {security('codesKept')}
        </Button>
      </div>
    </Section>
  )
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  Object.assign(document.createElement('a'), { href: url, download: 'social-flow-backup-codes.txt' }).click()
  URL.revokeObjectURL(url)
}
