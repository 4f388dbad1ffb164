import { type FormEvent, useState } from 'react'
import { errorText, fieldErrors } from '../../../data/error-text.ts'
import { useApi, useApiChange } from '../../../data/use-api.ts'
import type { Account } from '../../../data/use-session.ts'
import { profileText } from '../../../text/settings.ts'
import { Avatar } from '../../../ui/avatar.tsx'
import { Button } from '../../../ui/button.tsx'
import { Field, FormError, focusFirstProblem, TextArea } from '../../../ui/field.tsx'
import { LoadError } from '../../../ui/notice.tsx'
import { useToast } from '../../../ui/overlay/toasts.tsx'
import { LoadingNote, Skeleton } from '../../../ui/skeleton.tsx'
import { ChannelCover } from '../../social/channel/channel-cover.tsx'
import { LinkFields, linkProblems } from './link-fields.tsx'
import { PictureField } from './picture-field.tsx'
import { useProfileChange } from './use-own-profile.ts'
import { usePictureUpload } from './use-picture-upload.ts'

/** As the server takes them. */
const AVATAR_MAX_MB = 5
const COVER_MAX_MB = 10
const NAME_MAX = 50
const BIO_MAX = 500
const LOCATION_MAX = 60

/** What others see of somebody: pictures hold at once, texts once they are saved. */
export function ProfileSection({ account }: { account: Account }) {
  const { handle } = account
  const { data, error, refetch } = useApi('get /api/accounts/{handle}', { params: { handle } })
  if (error && !data) return <LoadError error={error} onRetry={() => void refetch()} />
  if (!data)
    return (
      <div className="flex flex-col gap-4">
        <LoadingNote />
        <Skeleton className="h-40 rounded-md!" />
        <Skeleton className="h-64 rounded-md!" />
        <Skeleton className="h-96 rounded-md!" />
      </div>
    )
  const { profile } = data
  return (
    <div className="flex flex-col gap-6">
      <AvatarField profile={profile} />
      <CoverField profile={profile} />
      <Texts profile={profile} />
    </div>
  )
}

type Profile = NonNullable<ReturnType<typeof useApi<'get /api/accounts/{handle}'>>['data']>['profile']

function AvatarField({ profile: { handle, displayName, avatar } }: { profile: Profile }) {
  const upload = usePictureUpload('avatar', AVATAR_MAX_MB)
  return (
    <PictureField
      label={profileText('avatar')}
      hint={profileText('avatarHint', { max: AVATAR_MAX_MB })}
      upload={upload}
      hasPicture={avatar !== null}
      preview={(url) =>
        url ? (
          <img src={url} alt="" className="size-24 shrink-0 rounded-full object-cover opacity-70" />
        ) : (
          <Avatar handle={handle} name={displayName} picture={avatar} size={96} />
        )
      }
    />
  )
}

function CoverField({ profile: { handle, cover } }: { profile: Profile }) {
  const upload = usePictureUpload('cover', COVER_MAX_MB)
  return (
    <PictureField
      isWide
      label={profileText('cover')}
      hint={profileText('coverHint', { max: COVER_MAX_MB })}
      upload={upload}
      hasPicture={cover !== null}
      preview={(url) =>
        url ? (
          <img src={url} alt="" className="aspect-[3/1] w-full rounded-md object-cover opacity-70" />
        ) : (
          <ChannelCover handle={handle} cover={cover} className="rounded-md" />
        )
      }
    />
  )
}

function Texts({ profile }: { profile: Profile }) {
  const save = useApiChange('patch /api/profile')
  const taken = useProfileChange()
  const toast = useToast()
  const [bio, setBio] = useState(profile.bio)
  const [links, setLinks] = useState<string[]>(profile.links)
  const [problems, setProblems] = useState<{
    displayName?: string
    bio?: string
    links: (string | undefined)[]
  }>({
    links: [],
  })
  const refused = fieldErrors(save.error)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const displayName = String(form.get('displayName')).trim()
    const body = {
      displayName,
      bio,
      location: String(form.get('location')),
      links: links.filter((link) => link.trim()),
    }
    const found = {
      ...(!displayName && { displayName: profileText('nameRule') }),
      ...(bio.length > BIO_MAX && { bio: profileText('bioRule', { max: BIO_MAX }) }),
      links: linkProblems(links),
    }
    setProblems(found)
    if (found.displayName || found.bio || found.links.some(Boolean))
      return focusFirstProblem(event.currentTarget)
    save.mutate(
      { body },
      {
        onSuccess: (answer) => {
          taken(answer.profile)
          setBio(answer.profile.bio)
          setLinks(answer.profile.links)
          toast({ title: profileText('saved') })
        },
      },
    )
  }
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {save.error && <FormError>{errorText(save.error)}</FormError>}
      <Field
        label={profileText('name')}
        name="displayName"
        defaultValue={profile.displayName}
        maxLength={NAME_MAX}
        autoComplete="name"
        error={problems.displayName ?? refused.displayName}
      />
      <TextArea
        label={profileText('bio')}
        hint={profileText('bioHint', { count: bio.length, max: BIO_MAX })}
        value={bio}
        rows={5}
        onChange={({ currentTarget }) => setBio(currentTarget.value)}
        error={problems.bio ?? refused.bio}
      />
      <Field
        label={profileText('location')}
        name="location"
        defaultValue={profile.location}
        maxLength={LOCATION_MAX}
        error={refused.location}
      />
      <LinkFields links={links} problems={problems.links} onChange={setLinks} />
      <Button type="submit" look="primary" isBusy={save.isPending} className="self-start">
        {profileText('save')}
      </Button>
    </form>
  )
}
