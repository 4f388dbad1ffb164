import { createFileRoute } from '@tanstack/react-router'
import { SettingsPage } from '../features/account/settings-page.tsx'

export const Route = createFileRoute('/settings')({ component: SettingsPage })
