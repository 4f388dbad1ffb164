import { useQuery } from '@tanstack/react-query'
import { ArrowLeft, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useApp } from '../../../../data/app.tsx'
import { errorText } from '../../../../data/error-text.ts'
import { apiQuery, type Response, useApi, useApiChange } from '../../../../data/use-api.ts'
import { languageName } from '../../../../format/regions.ts'
import { formatExact } from '../../../../format/time.ts'
import { editText } from '../../../../text/editing.ts'
import { Button, IconButton } from '../../../../ui/button.tsx'
import { LoadError } from '../../../../ui/notice.tsx'
import { Confirm } from '../../../../ui/overlay/confirm.tsx'
import { useToast } from '../../../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../../../ui/skeleton.tsx'
import { AddCaptions } from './add-captions.tsx'
import { CueEditor } from './cue-editor.tsx'

export type OwnCaptions = Response<'get /api/videos/{videoId}/captions'>['captions'][number]

type Props = { videoId: string; durationMs: number | undefined }

/** The captions of a video: which there are, and those that are edited. */
export function CaptionsPanel({ videoId, durationMs }: Props) {
  const { api, queryClient } = useApp()
  const asked = { params: { videoId } }
  const { data, error, refetch } = useApi('get /api/videos/{videoId}/captions', asked)
  const [edited, setEdited] = useState<OwnCaptions>()
  const put = (captions: OwnCaptions[]) => {
    queryClient.setQueryData(apiQuery(api, 'get /api/videos/{videoId}/captions', asked).queryKey, {
      captions,
    })
  }
  if (error && !data)
    return <LoadError error={error} title={editText('captionsFailed')} onRetry={() => void refetch()} />
  if (!data) return <PanelSkeleton />
  if (edited)
    return (
      <Editing
        {...{ videoId, durationMs, captions: edited, onSaved: put }}
        onClose={() => setEdited(undefined)}
      />
    )
  return (
    <div className="flex flex-col gap-6">
      <p className="text-text-2">{editText('captionsHint')}</p>
      {data.captions.length === 0 ? (
        <p className="text-text-2">{editText('captionsEmpty')}</p>
      ) : (
        <ul className="divide-y divide-line border-y border-line">
          {data.captions.map((captions) => (
            <CaptionsRow
              key={`${captions.language} ${captions.kind}`}
              {...{ videoId, captions, onChanged: put }}
              onEdit={() => setEdited(captions)}
            />
          ))}
        </ul>
      )}
      <AddCaptions {...{ videoId, captions: data.captions, onChanged: put, onWrite: setEdited }} />
    </div>
  )
}

const CUES = 'get /api/videos/{videoId}/captions/{language}/{kind}'

const PanelSkeleton = () => (
  <>
    <LoadingNote />
    <Skeleton className="h-14 w-full" />
    <Skeleton className="mt-2 h-14 w-full" />
  </>
)

type RowProps = {
  videoId: string
  captions: OwnCaptions
  onChanged: (captions: OwnCaptions[]) => void
  onEdit: () => void
}

function CaptionsRow({ videoId, captions, onChanged, onEdit }: RowProps) {
  const { label, language, kind, updatedAt } = captions
  const [isAsking, setIsAsking] = useState(false)
  const remove = useApiChange('delete /api/videos/{videoId}/captions/{language}/{kind}')
  const toast = useToast()
  return (
    <li className="flex items-center gap-2 py-3" data-testid="captions">
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">{label}</p>
        <p className="truncate text-sm text-text-3">
          {[languageName(language), editText(`short_${kind}`)].join(' · ')}
          <span className="max-sm:hidden">
            {' · '}
            {editText('changedAt', { when: formatExact(updatedAt) })}
          </span>
        </p>
      </div>
      <IconButton icon={Pencil} label={editText('editOf', { label })} onClick={onEdit} />
      <IconButton icon={Trash2} label={editText('deleteOf', { label })} onClick={() => setIsAsking(true)} />
      <Confirm
        isOpen={isAsking}
        title={editText('deleteTitle')}
        hint={editText('deleteHint', { label })}
        confirm={editText('deleteConfirm')}
        keep={editText('deleteKeep')}
        onClose={() => setIsAsking(false)}
        onConfirm={() =>
          remove.mutate(
            { params: { videoId, language, kind } },
            {
              onSuccess: (answer) => onChanged(answer.captions),
              onError: (error) => toast({ title: errorText(error), tone: 'danger' }),
            },
          )
        }
      />
    </li>
  )
}

type EditingProps = Props & {
  captions: OwnCaptions
  onSaved: (captions: OwnCaptions[]) => void
  onClose: () => void
}

function Editing({ videoId, durationMs, captions, onSaved, onClose }: EditingProps) {
  const { label, language, kind } = captions
  const { api } = useApp()
  // Read anew each time, and never while it is edited: what is typed is not what was read.
  const { data, error, refetch } = useQuery({
    ...apiQuery(api, CUES, { params: { videoId, language, kind } }),
    ...{ gcTime: 0, staleTime: Number.POSITIVE_INFINITY },
  })
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <Button size="sm" icon={ArrowLeft} onClick={onClose}>
          {editText('close')}
        </Button>
        <h2 className="min-w-0 flex-1 truncate text-base font-semibold">{label}</h2>
      </div>
      {data ? (
        <CueEditor {...{ videoId, durationMs, captions, onSaved }} cues={data.cues} />
      ) : error ? (
        <LoadError error={error} title={editText('captionsFailed')} onRetry={() => void refetch()} />
      ) : (
        <PanelSkeleton />
      )}
    </div>
  )
}
