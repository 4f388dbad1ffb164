import { z } from 'zod'
import { cleanLine, cleanText } from '../core/text.ts'
import { MINUTE_MS } from '../core/time.ts'
import { DisplayName } from './accounts.ts'
import { contract } from './define.ts'
import { PICTURE_TYPES, Picture } from './pictures.ts'

/** A short text, not an article. */
export const BIO_MAX = 500
export const LINKS_MAX = 5

const ProfileLink = z
  .string()
  .trim()
  .max(200)
  .pipe(
    z.url({
      protocol: /^https$/,
      hostname: z.regexes.domain,
      error: 'Use an address such as https://example.com.',
    }),
  )
  // What stands before an @ makes one address look like another.
  .refine((url) => !/^https:\/\/[^/]*@/.test(url), 'Leave out the part before the @.')

const OwnProfile = z
  .object({
    displayName: z.string(),
    bio: z.string(),
    location: z.string(),
    links: z.array(z.string()),
    avatar: Picture.nullable(),
    cover: Picture.nullable(),
  })
  .meta({ id: 'OwnProfile' })

const MB = 1024 * 1024
/** Encoding one takes a second of a core; people try a few before they are content. */
const uploading = { credits: 20, perMs: 10 * MINUTE_MS }
const editing = { credits: 30, perMs: MINUTE_MS }

const ofPicture = { tag: 'profiles', auth: 'user', scope: 'login', status: 200 } as const
const uploadErrors = ['invalid_input', 'too_large', 'not_found'] as const
const answer = z.object({ profile: OwnProfile })

export const profiles = contract({
  calls: {},
  topics: {},
  routes: {
    editProfile: {
      method: 'patch',
      path: '/api/profile',
      tag: 'profiles',
      summary: 'Change what others see of your account; what is left out stays.',
      auth: 'user',
      scope: 'login',
      limit: editing,
      errors: ['not_found'],
      body: z.object({
        displayName: DisplayName.optional(),
        bio: z.string().overwrite(cleanText).max(BIO_MAX).optional(),
        location: z.string().overwrite(cleanLine).max(60).optional(),
        links: z.array(ProfileLink).max(LINKS_MAX).optional(),
      }),
      status: 200,
      response: answer,
    },
    setAvatar: {
      ...ofPicture,
      method: 'put',
      path: '/api/profile/avatar',
      summary:
        'Give your account a picture: the body is the file itself, 5 MB at most. It is cut to a square.',
      limit: uploading,
      errors: uploadErrors,
      upload: { maxBytes: 5 * MB, contentTypes: PICTURE_TYPES },
      response: answer,
    },
    removeAvatar: {
      ...ofPicture,
      method: 'delete',
      path: '/api/profile/avatar',
      summary: 'Take the picture of your account away; doing it again changes nothing.',
      limit: editing,
      errors: ['not_found'],
      response: answer,
    },
    setCover: {
      ...ofPicture,
      method: 'put',
      path: '/api/profile/cover',
      summary:
        'Give your channel page a cover: the body is the file itself, 10 MB at most. It is cut to 3:1.',
      limit: uploading,
      errors: uploadErrors,
      upload: { maxBytes: 10 * MB, contentTypes: PICTURE_TYPES },
      response: answer,
    },
    removeCover: {
      ...ofPicture,
      method: 'delete',
      path: '/api/profile/cover',
      summary: 'Take the cover of your channel page away; doing it again changes nothing.',
      limit: editing,
      errors: ['not_found'],
      response: answer,
    },
  },
})
