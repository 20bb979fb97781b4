export const demoScales = ['tiny', 'small', '1m', '20m'] as const;
/** Seed where none is given: equal seeds give equal files everywhere, so the demo of the palette is that of the command line. */
export const defaultDemoSeed = 'demo';
export type DemoScale = (typeof demoScales)[number];
