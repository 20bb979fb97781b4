export const demoScales = ['tiny', 'small', '1m', '20m'] as const;
/** Default seed. Equal seeds give equal files, so the palette and the command line write the same demo. */
export const defaultDemoSeed = 'demo';
export type DemoScale = (typeof demoScales)[number];
