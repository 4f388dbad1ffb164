import type { preferences as preferencesContract } from '../../contract/preferences.ts'
import type { profiles as profilesContract } from '../../contract/profiles.ts'
import { AppError } from '../../core/errors.ts'
import type { PreferencesService } from '../../features/preferences/preferences.service.ts'
import type { ProfilesService } from '../../features/profiles/profiles.service.ts'
import type { RouteHandlers } from '../route.ts'
import type { Visitor } from '../visitor.ts'

/** Whose profile and preferences a request is about: those of whoever sent it, never of somebody it names. */
function accountOf({ session }: Visitor): string {
  if (!session) throw new AppError('unauthenticated')
  return session.userId
}

export const profileRoutes = ({
  profiles,
}: {
  profiles: ProfilesService
}): RouteHandlers<typeof profilesContract.routes> => ({
  async editProfile({ visitor, body }) {
    const changes = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
    return { profile: await profiles.edit(accountOf(visitor), changes) }
  },
  async setAvatar({ visitor, upload }) {
    return { profile: await profiles.setPicture(accountOf(visitor), 'avatar', upload) }
  },
  async removeAvatar({ visitor }) {
    return { profile: await profiles.removePicture(accountOf(visitor), 'avatar') }
  },
  async setCover({ visitor, upload }) {
    return { profile: await profiles.setPicture(accountOf(visitor), 'cover', upload) }
  },
  async removeCover({ visitor }) {
    return { profile: await profiles.removePicture(accountOf(visitor), 'cover') }
  },
})

export const preferenceRoutes = ({
  preferences,
}: {
  preferences: PreferencesService
}): RouteHandlers<typeof preferencesContract.routes> => ({
  async getPreferences({ visitor }) {
    return { preferences: await preferences.of(accountOf(visitor)) }
  },
  async setPreferences({ visitor, body }) {
    return { preferences: await preferences.set(accountOf(visitor), body) }
  },
})
