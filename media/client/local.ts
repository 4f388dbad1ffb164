import type { MediaNode } from '../node.ts'
import type { MediaControl } from './control.ts'

/** The SFU of this very process, as a gateway sees it. */
export function localMediaControl(node: MediaNode): MediaControl {
  const { stats: _stats, [Symbol.asyncDispose]: _dispose, ...control } = node
  return control
}
