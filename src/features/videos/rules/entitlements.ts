import { AppError } from '../../../core/errors.ts'
import type { VideoRow } from '../videos.repo.ts'

type Visibility = VideoRow['visibility']

/** The kinds of visibility that money opens. */
export type Sold = Extract<Visibility, 'subscribers' | 'paid'>

export const isSold = (visibility: Visibility): visibility is Sold =>
  visibility === 'subscribers' || visibility === 'paid'

/** What somebody has paid for. What sells fills it; every decision about a video asks it. */
export type Entitlements = {
  /** What an owner has for sale: a video for whoever has bought it can be made only then. */
  offeredBy(ownerId: string): Promise<ReadonlySet<Sold>>
  /** The ids of those of the videos that somebody has paid for: by subscribing to their owner, or one by one. One query for all. */
  paidFor(viewerId: string, videos: readonly VideoRow[]): Promise<ReadonlySet<string>>
}

const NOTHING: ReadonlySet<never> = new Set()

/** While nothing is sold: such a video is for its owner and staff alone. */
export const nothingIsSold: Entitlements = {
  offeredBy: async () => NOTHING,
  paidFor: async () => NOTHING,
}

/** Those of the videos that somebody has paid for; a visitor for none. What is not sold is not asked about. */
export async function paidOf(
  { paidFor }: Pick<Entitlements, 'paidFor'>,
  viewerId: string | undefined,
  videos: readonly VideoRow[],
): Promise<ReadonlySet<string>> {
  const sold = videos.filter(({ visibility }) => isSold(visibility))
  return viewerId === undefined || sold.length === 0 ? NOTHING : await paidFor(viewerId, sold)
}

const UNSOLD_MESSAGES = {
  subscribers: 'Nobody can subscribe to you yet, so that nobody could watch this.',
  paid: 'You do not sell videos yet, so that nobody could watch this.',
} as const satisfies Record<Sold, string>

/** Errors: `conflict` with `{ reason: 'unsold' }` where an owner wants a video to be for who has bought what they do not sell. */
export async function mustBeOffered(
  { offeredBy }: Pick<Entitlements, 'offeredBy'>,
  ownerId: string,
  visibility: Visibility | undefined,
): Promise<void> {
  if (visibility === undefined || !isSold(visibility)) return
  if (!(await offeredBy(ownerId)).has(visibility))
    throw new AppError('conflict', UNSOLD_MESSAGES[visibility], { reason: 'unsold' })
}
