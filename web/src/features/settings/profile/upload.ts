import { toCallError } from '../../../../../client/http.ts'
import { CallError } from '../../../../../client/types.ts'
import type { Routes } from '../../../../../src/contract/index.ts'
import type { Response as RouteAnswer } from '../../../data/use-api.ts'

type UploadRoute = {
  [K in keyof Routes]: Routes[K] extends { upload: object } ? Routes[K] : never
}[keyof Routes]
export type UploadKey = `${UploadRoute['method']} ${UploadRoute['path']}`

/**
 * Sends a file as the body of a route and tells how much of it is gone, from 0 to 1: `fetch` can not tell that yet.
 * Throws `CallError` as `api.request` does.
 */
export function uploadFile<Key extends UploadKey>(
  key: Key,
  file: File,
  onProgress: (part: number) => void,
): Promise<RouteAnswer<Key>> {
  const [method = '', path = ''] = key.split(' ')
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method.toUpperCase(), path)
    request.setRequestHeader('content-type', file.type)
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onerror = () =>
      reject(new CallError({ code: 'offline', message: 'The server can not be reached.', retry: true }))
    request.onload = () => {
      const { status, responseText } = request
      if (status === 200) return resolve(JSON.parse(responseText) as RouteAnswer<Key>)
      void toCallError(new Response(responseText, { status })).then(reject)
    }
    request.send(file)
  })
}
