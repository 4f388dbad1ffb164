import { useEffect, useState } from 'react'
import { useApp } from '../../../data/app.tsx'
import { profileText } from '../../../text/settings.ts'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { uploadFile } from './upload.ts'
import { useProfileChange } from './use-own-profile.ts'

/** The server has the same list; asking phones for these makes them turn their own format into JPEG. */
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']
const MB = 1024 * 1024

type State =
  | { kind: 'idle' }
  /** `part` of the file is sent, from 0 to 1; then it is being prepared. */
  | { kind: 'sending'; part: number; previewUrl: string }
  | { kind: 'refused'; reason: unknown }

export type PictureUpload = { state: State; choose: (file: File) => void; remove: () => void }

/** Sends a picture of one's profile. What can be seen to be wrong is said before anything is sent. */
export function usePictureUpload(kind: 'avatar' | 'cover', maxMb: number): PictureUpload {
  const { api } = useApp()
  const toast = useToast()
  const taken = useProfileChange()
  const [state, setState] = useState<State>({ kind: 'idle' })
  const previewUrl = state.kind === 'sending' ? state.previewUrl : undefined
  useEffect(() => () => (previewUrl ? URL.revokeObjectURL(previewUrl) : undefined), [previewUrl])

  const choose = (file: File) => {
    const problem = problemOf(file, maxMb)
    if (problem) return setState({ kind: 'refused', reason: problem })
    const url = URL.createObjectURL(file)
    const progress = (part: number) => setState({ kind: 'sending', part, previewUrl: url })
    progress(0)
    uploadFile(`put /api/profile/${kind}`, file, progress).then(
      ({ profile }) => {
        taken(profile)
        setState({ kind: 'idle' })
        toast({ title: profileText('pictureSaved') })
      },
      (reason: unknown) => setState({ kind: 'refused', reason }),
    )
  }
  const remove = () => {
    api.request(`delete /api/profile/${kind}`).then(
      ({ profile }) => {
        taken(profile)
        setState({ kind: 'idle' })
      },
      (reason: unknown) => setState({ kind: 'refused', reason }),
    )
  }
  return { state, choose, remove }
}

function problemOf({ type, size }: File, maxMb: number): string | undefined {
  if (!PICTURE_TYPES.includes(type)) return profileText('wrongKind')
  if (size <= maxMb * MB) return undefined
  return profileText('tooLarge', { size: Math.ceil(size / MB), max: maxMb })
}
