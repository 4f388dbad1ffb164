import { messages } from './messages.ts'

/** Videos that are shown to everybody at once. */
export const premiereText = messages({
  title: 'Premieres',
  countdown: 'Premieres in {countdown}',
  due: 'It begins now',
  when: '{when}. It begins by itself on this page, for everybody at once.',
  premieresIn: 'Premieres {when}',
  isOn: 'Premieres now',
  watchName: 'Premiere: {title}, {when}',
  live: 'Live',
  isLive: 'You are where everybody is',
  toLive: 'Go to where everybody is',
  embedTitle: 'This video is a premiere',

  asPremiere: 'As a premiere',
  asPremiereHint: 'Its page opens before its time, and all who wait there see it begin together.',
  plainNone: 'It comes out as soon as it is ready and not only yours to see.',
  plainLater: 'Nobody sees it before {when}.',
  needsTime: 'Choose a time that is still to come.',
  needsAudience: 'While only you can see it, nobody can come to its premiere.',
  planned:
    'People can come to its page as soon as you save and the video is ready. It begins for everybody at once: {when}.',
  kept: 'People can wait on its page. It begins for everybody at once: {when}.',
  moved: 'Whoever waits sees the new time as soon as you save: {when}.',
  calledOff:
    'The premiere is called off: its page closes as soon as you save, and the video comes out like any other: {when}.',
  calledOffNow: 'The premiere is called off: the video comes out like any other as soon as you save.',
  withChat: 'The chat of your channel stands beside it until its end.',
  withoutChat: 'It has no chat as long as others than those who may watch it read the chat of your channel.',
})
