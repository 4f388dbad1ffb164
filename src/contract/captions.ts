import { z } from 'zod'
import { cleanLine } from '../core/text.ts'
import { MINUTE_MS } from '../core/time.ts'
import { contract } from './define.ts'
import { CaptionKind, Language } from './videos.ts'

export const CAPTION_LABEL_MAX = 60

const OwnCaptions = z
  .object({
    language: z.string(),
    kind: CaptionKind,
    label: z.string().describe('What people choose them by.'),
    updatedAt: z.int().describe('Milliseconds since the epoch.'),
  })
  .meta({ id: 'OwnCaptions' })

const Cue = z
  .object({
    startMs: z.int().nonnegative(),
    endMs: z.int().positive(),
    settings: z.string().describe('Where on the picture, in the words of WebVTT; mostly empty.'),
    text: z.string().describe('Lines of WebVTT: `&`, `<` and `>` of the text are written as entities.'),
  })
  .meta({ id: 'CaptionCue' })

const MB = 1024 * 1024
const reading = { credits: 120, perMs: MINUTE_MS }
const editing = { credits: 60, perMs: MINUTE_MS }

const ofVideo = z.object({ videoId: z.uuid() })
const ofCaptions = ofVideo.extend({ language: Language, kind: CaptionKind })
const own = { tag: 'videos', auth: 'user', errors: ['not_found'], status: 200 } as const
const all = z.object({ captions: z.array(OwnCaptions) })

/** Captions of one's own videos; whoever watches gets them with the video. */
export const captions = contract({
  calls: {},
  topics: {},
  routes: {
    listCaptions: {
      ...own,
      method: 'get',
      path: '/api/videos/{videoId}/captions',
      summary: 'The captions of your video, by language.',
      scope: 'account:read',
      limit: reading,
      params: ofVideo,
      response: all,
    },
    getCaptions: {
      ...own,
      method: 'get',
      path: '/api/videos/{videoId}/captions/{language}/{kind}',
      summary: 'Captions of your video, each with its times.',
      scope: 'account:read',
      limit: reading,
      params: ofCaptions,
      response: z.object({ captions: OwnCaptions, cues: z.array(Cue) }),
    },
    setCaptions: {
      ...own,
      method: 'put',
      path: '/api/videos/{videoId}/captions/{language}/{kind}',
      summary:
        'Give your video captions, in place of those that it has in the same language and kind: the body is the file itself, WebVTT or SubRip, 4 MB at most. They are cleaned: styles, notes and markup of other formats are left out. `conflict` for more than 50, and with `{ reason: "trimmed" }` where another part of the video came to be shown meanwhile.',
      scope: 'videos:write',
      limit: editing,
      errors: ['not_found', 'conflict', 'invalid_input', 'too_large'],
      params: ofCaptions,
      query: z.object({
        label: z
          .string()
          .overwrite(cleanLine)
          .min(1)
          .max(CAPTION_LABEL_MAX)
          .optional()
          .describe('What people choose them by; without it, what they had, else the name of the language.'),
      }),
      upload: { maxBytes: 4 * MB, contentTypes: ['text/vtt', 'application/x-subrip', 'text/plain'] },
      response: all,
    },
    removeCaptions: {
      ...own,
      method: 'delete',
      path: '/api/videos/{videoId}/captions/{language}/{kind}',
      summary: 'Take captions off your video; doing it again changes nothing.',
      scope: 'videos:write',
      limit: editing,
      params: ofCaptions,
      response: all,
    },
  },
})
