import { Heart } from 'lucide-react'
import { useApp } from '../../data/app.tsx'
import { callHarmless } from '../../data/calls/call-harmless.ts'
import { apiQuery, type Response } from '../../data/use-api.ts'
import { formatCount } from '../../format/number.ts'
import { social } from '../../text/social.ts'
import { buttonClass } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { useCounted } from './use-counted.ts'
import { useWish } from './use-wish.ts'

type Stream = Response<'get /api/streams/{handle}'>['stream']
type Props = { stream: Stream; broadcast: NonNullable<Stream['broadcast']> }

/** Likes the broadcast of a stream, or no longer; wide enough for every number in its short form. */
export function LikeButton({ stream, broadcast }: Props) {
  const { likes } = broadcast
  const { isLiked, onToggle } = useLike({ stream, broadcast })
  const label = social('likeName', { count: likes })
  return (
    <button
      type="button"
      data-testid="like"
      aria-pressed={isLiked}
      aria-label={label}
      title={social('likes', { count: likes })}
      onClick={onToggle}
      className={cx(buttonClass('quiet'), 'w-24 justify-start! pl-4!')}
    >
      <Heart aria-hidden size={18} className={cx(isLiked && 'fill-live text-live')} />
      <span className="flex-1 text-center tabular-nums">{formatCount(likes)}</span>
    </button>
  )
}

function useLike({ stream, broadcast }: Props) {
  const { api, connection, queryClient } = useApp()
  const { queryKey } = apiQuery(api, 'get /api/streams/{handle}', { params: { handle: stream.owner.handle } })
  const broadcastId = broadcast.id
  const { wish, underWay } = useCounted({
    now: { isOn: stream.isLiked, count: broadcast.likes },
    change: (change) =>
      queryClient.setQueryData(queryKey, (known) => {
        // By the time of the answer another broadcast may have begun.
        if (known?.stream.broadcast?.id !== broadcastId) return known
        const { isOn, count } = change({ isOn: known.stream.isLiked, count: known.stream.broadcast.likes })
        return {
          stream: { ...known.stream, isLiked: isOn, broadcast: { ...known.stream.broadcast, likes: count } },
        }
      }),
    send: async (isOn) => {
      const answer = await callHarmless(connection, isOn ? 'like:add' : 'like:remove', { broadcastId })
      // A read that began before the call may be answered after it.
      if (queryClient.isFetching({ queryKey }) > 0) void queryClient.invalidateQueries({ queryKey })
      return { isOn: answer.isLiked, count: answer.likes }
    },
    refusal: (wishedFor, reason) => social(wishedFor ? 'likeRefused' : 'unlikeRefused', { reason }),
  })
  const onLike = useWish(`like:${broadcastId}`, () => wish(true))
  const isLiked = underWay ?? stream.isLiked
  return { isLiked, onToggle: () => (isLiked ? wish(false) : onLike()) }
}
