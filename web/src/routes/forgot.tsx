import { createFileRoute } from '@tanstack/react-router'
import { ForgotPage } from '../features/account/recovery/forgot-page.tsx'

export const Route = createFileRoute('/forgot')({ component: ForgotPage })
