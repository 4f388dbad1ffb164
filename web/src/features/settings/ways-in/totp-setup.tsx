import { renderSVG } from 'uqr'
import { useApp } from '../../../data/app.tsx'
import { common } from '../../../text/common.ts'
import { security } from '../../../text/security.ts'
import { Button } from '../../../ui/button.tsx'
import { ProofForm } from '../../entry/proof-form.tsx'
import { Section } from '../frame.tsx'
import type { Setup } from './two-step-page.tsx'
import { useGuarded } from './use-guarded.ts'

type SetupProps = { setup: Setup; onTurnedOn: (backupCodes: string[]) => void; onClose: () => void }

/** Shows the secret of a new authenticator app and takes its first code. */
export function TotpSetup({ setup, onTurnedOn, onClose }: SetupProps) {
  const { api } = useApp()
  const guarded = useGuarded()
  const { token, secret, uri } = setup
  // Dark on white in both schemes: not every camera reads it the other way round. Four modules of margin (ISO 18004).
  const picture = renderSVG(uri, { border: 4, ecc: 'M' })
  return (
    <Section title={security('scanTitle')}>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(picture)}`}
        alt={security('scanAlt')}
        width={208}
        height={208}
        className="rounded-sm bg-white"
      />
      <p className="mt-4 text-text-2">{security('scanHint')}</p>
      <code data-testid="totp-secret" className="mt-1 block font-mono text-base">
        {secret.replace(/(.{4})(?!$)/g, '$1 ')}
      </code>
      <h2 className="mt-6 mb-4 text-base font-semibold">{security('enterTitle')}</h2>
      <div className="max-w-sm">
        <ProofForm
          method="totp"
          submit={security('confirm')}
          isBusy={guarded.isBusy}
          error={guarded.error}
          onProof={({ code }) =>
            guarded.run(async () => {
              const body = { token, code }
              onTurnedOn((await api.request('post /api/account/totp/on', { body })).backupCodes)
            })
          }
        />
      </div>
      <Button look="ghost" className="mt-3" onClick={onClose}>
        {common('cancel')}
      </Button>
    </Section>
  )
}
