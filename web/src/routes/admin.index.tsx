import { createFileRoute } from '@tanstack/react-router'
import { PeoplePage } from '../features/admin/people-page.tsx'

export const Route = createFileRoute('/admin/')({ component: PeoplePage })
