import { AppError } from '../../../core/errors.ts'
import { isUuid } from '../../../core/ids.ts'
import { createBatcher } from '../../../core/running/batch.ts'
import type { Clock } from '../../../core/time.ts'
import type { Database } from '../../../infra/db.ts'
import type { FileViewer } from '../../playback/playback.service.ts'
import type { PreferencesService } from '../../preferences/preferences.service.ts'
import type { Relation, Relations } from '../../safety/visibility.service.ts'
import { type Entitlements, paidOf } from '../rules/entitlements.ts'
import { type Rule, ruleAgainst } from '../rules/rules.ts'
import { isChatOf, isForEverybody, isPrivileged, isShutUntil, refusalOf } from '../rules/videos.visibility.ts'
import { findVideos, type OwnedVideo, type VideoRow } from '../videos.repo.ts'

type Deps = {
  db: Database
  relations: Relations
  preferences: Pick<PreferencesService, 'of'>
  clock: Clock
  entitlements: Pick<Entitlements, 'paidFor'>
}

/** A video as one viewer finds it. */
export type Judged = {
  found: OwnedVideo
  /** Why they do not see it: `not_found`, or `forbidden` with `{ reason: 'blocked' }` or that of a rule. */
  refusal: AppError | undefined
  /** Everybody may watch it, whoever they are and wherever. */
  isOpen: boolean
  /** Until then its page and its poster are all that they get of it, in milliseconds since the epoch. */
  shutUntil: number | undefined
  /** Whether the chat of its channel may stand beside it. */
  hasChat: boolean
}

/** So many questions share a query. */
const ASKS_MAX = 200

const RULE_MESSAGES = {
  age: 'This video is for adults: sign in, and allow sensitive content in your settings.',
  country: 'Its owner does not show this video in your country.',
  subscribers: 'This video is for people who have subscribed to its owner.',
  paid: 'This video is for people who have bought it.',
} as const satisfies Record<Rule, string>

export type Judging = ReturnType<typeof createJudging>

/** The one decision about who may watch what. Whatever is asked in the same moment is one query for videos and one for relations. */
export function createJudging({ db, relations, preferences, clock, entitlements }: Deps) {
  const reads = createBatcher<readonly string[], ReadonlyMap<string, OwnedVideo>>({
    maxItems: ASKS_MAX,
    async run(asks) {
      const rows = await findVideos(db.orm, [...new Set(asks.flat().filter(isUuid))])
      const byId = new Map(rows.map((row) => [row.video.id, row]))
      return asks.map(() => byId)
    },
  })

  const acceptsAdultContent = async (viewerId: string | undefined): Promise<boolean> =>
    viewerId !== undefined && (await preferences.of(viewerId)).sensitiveContent !== 'hide'

  const isOpen = (video: VideoRow, { isPrivate }: Pick<Relation, 'isPrivate'>): boolean =>
    !isPrivate && isForEverybody(video, clock.nowMs())

  /** Those of the videos that there are, by their ids in lower case. */
  async function judgeAll(
    { viewerId, country }: FileViewer,
    videoIds: readonly string[],
  ): Promise<ReadonlyMap<string, Judged>> {
    const byId = await reads.add(videoIds.map((id) => id.toLowerCase()))
    const rows = [...new Set(videoIds)].flatMap((id) => byId.get(id.toLowerCase()) ?? [])
    const pairs = rows.map(({ owner }) => ({ viewerId: viewerId ?? '', subjectId: owner.id }))
    const relationOf = await relations.read(pairs)
    const isAdult = rows.some(({ video }) => video.isAgeRestricted) && (await acceptsAdultContent(viewerId))
    const paid = await paidOf(
      entitlements,
      viewerId,
      rows.map(({ video }) => video),
    )
    const judge = (found: OwnedVideo): Judged => {
      const { video, owner } = found
      const relation = relationOf(viewerId ?? '', owner.id)
      const may = { isPrivileged: isPrivileged(relation), hasPaid: paid.has(video.id) }
      const audience = { ...may, country, acceptsAdultContent: isAdult }
      const refusal = refusalOf(video, relation, clock.nowMs()) ?? ruledOut(video, audience)
      return {
        ...{ found, refusal, isOpen: isOpen(video, relation) },
        ...{ shutUntil: isShutUntil(video, relation, clock.nowMs()), hasChat: isChatOf(video, relation) },
      }
    }
    return new Map(rows.map((row) => [row.video.id, judge(row)]))
  }

  return {
    isOpen,
    judgeAll,

    /** Errors: `not_found` (there is no such video). */
    async judge(viewer: FileViewer, videoId: string): Promise<Judged> {
      const judged = (await judgeAll(viewer, [videoId])).get(videoId.toLowerCase())
      if (!judged) throw new AppError('not_found')
      return judged
    },
  }
}

function ruledOut(video: VideoRow, audience: Parameters<typeof ruleAgainst>[1]): AppError | undefined {
  const reason = ruleAgainst(video, audience)
  return reason && new AppError('forbidden', RULE_MESSAGES[reason], { reason })
}
