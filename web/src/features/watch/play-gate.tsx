import { Play } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { coverOf } from '../../format/hue.ts'
import { watch } from '../../text/watch.ts'
import { Button } from '../../ui/button.tsx'
import { usePreferences } from '../settings/preferences/use-preferences.ts'

/** The picture at once, or for those who prefer it so, once they press play. */
export function PlayGate({ handle, children }: { handle: string; children: ReactNode }) {
  const preferences = usePreferences()
  const [isAsked, setIsAsked] = useState(false)
  if (isAsked || preferences === null || preferences?.autoplay) return children
  return (
    <div className="flex size-full items-center justify-center" style={{ background: coverOf(handle) }}>
      {preferences && (
        <Button look="primary" size="lg" icon={Play} onClick={() => setIsAsked(true)}>
          {watch('playNow')}
        </Button>
      )}
    </div>
  )
}
