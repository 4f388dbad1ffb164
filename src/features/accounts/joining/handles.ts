/** Names that addresses of the product begin with today or are likely to, and names that would pass for the operator. */
const RESERVED: ReadonlySet<string> = new Set(
  `about account accounts activity admin administrator ads analytics anonymous api app apps assets auth billing blog
   bookmarks broadcast browse categories category channel channels chat clips collections comments config confirm_email
   connect contact credentials dashboard deleted dev developer developers discover docs embed download downloads earnings explore
   feed feeds files following forgot forgot_password handle healthz help history home hashtag inbox index jobs join legal library
   link links list lists live login logout mail me media messages metrics mod moderation moderator moderators music new
   news notifications null oauth official openapi password payments payouts playlist playlists policy posts premium
   press privacy profile readyz register report reports reset root rules safety saved schedule search security session
   sessions settings share shorts sign_in sign_out sign_up signin signout signup social_flow socket staff static status
   store stream streams studio subscribe subscriptions support system tags team terms test tips topics trending
   undefined undo_email upload uploads user users verify video videos wallet watch web webhooks welcome www`
    .split(/\s+/)
    .filter(Boolean),
)

/** Whether a handle is kept back for pages. Also without its underscores, so that `sign_in_` and `s_e_ttings` are. */
export const isReservedHandle = (handle: string): boolean =>
  RESERVED.has(handle) || RESERVED.has(handle.replaceAll('_', ''))
