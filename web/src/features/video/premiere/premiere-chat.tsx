import { useAccount } from '../../../data/use-session.ts'
import { ChatPanel } from '../../chat/chat-panel.tsx'

/** The chat of the channel beside a premiere, as high as the screen leaves room for. */
export function PremiereChat({ streamId, ownerId }: { streamId: string; ownerId: string }) {
  const isOwn = useAccount()?.id === ownerId
  return <ChatPanel streamId={streamId} isModerator={isOwn} className="h-full" />
}
