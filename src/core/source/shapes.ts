/** Shapes of sources on screen: SVG paths in a box of 10 × 10. */
export const shapes = {
  square: 'M1.5 1.5h7v7h-7z',
  circle: 'M5 1a4 4 0 1 0 0 8a4 4 0 1 0 0-8z',
  diamond: 'M5 .5L9.5 5L5 9.5L.5 5z',
  down: 'M.5 1.5h9L5 9z',
  bars: 'M.5 6h2.4v3.5h-2.4zM3.8 3.5h2.4v6h-2.4zM7.1 .5h2.4v9h-2.4z',
  cross: 'M1.5 1.5L8.5 8.5M8.5 1.5L1.5 8.5',
  plus: 'M3.5 .5h3v3h3v3h-3v3h-3v-3h-3v-3h3z',
} as const;
