import { adminText } from '../../text/admin.ts'
import type { Role } from './staff.ts'

const ROLES = { member: 'roleMember', moderator: 'roleModerator', admin: 'roleAdmin' } as const

export const roleText = (role: Role): string => adminText(ROLES[role])
