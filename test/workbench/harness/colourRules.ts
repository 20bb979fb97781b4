/** Rules of axe whose result depends on the theme. Themes differ only in colours, so the others run in one theme. */
export const colourRules = ['color-contrast', 'link-in-text-block'];
