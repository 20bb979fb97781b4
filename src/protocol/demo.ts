export const demoScales = ['tiny', 'small', '1m', '20m'] as const;
/** The file that marks a folder as a demo. It lists the written files, so that no other file is ever replaced. */
export const demoMarker = '.recsample-demo';
/** Default seed. Equal seeds give equal files, so the palette and the command line write the same demo. */
export const defaultDemoSeed = 'demo';
export type DemoScale = (typeof demoScales)[number];
