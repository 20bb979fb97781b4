/** How large a demo world is. */
export interface Scale {
  readonly name: string;
  /** Days of the log; the last one is always `lastDay` of calendar.ts. */
  readonly days: number;
  /** Rows of the exposure log, exactly. */
  readonly impressions: number;
  readonly users: number;
  readonly items: number;
  /** One seeded request of every so many consecutive ones has its candidates logged. */
  readonly requestsPerLogged: number;
  /** Candidate rows of a logged request, at most. */
  readonly candidates: number;
  /** Length of an item embedding. */
  readonly dimensions: number;
  /** One of so many clicks becomes a positive of the finished recall sample. */
  readonly clicksPerPositive: number;
  /** Whether the finished recall sample repeats the embedding in every row. */
  readonly sampleEmbeddings: boolean;
}

export const scales = {
  tiny: {
    name: 'tiny',
    days: 5,
    impressions: 6_000,
    users: 300,
    items: 700,
    requestsPerLogged: 20,
    candidates: 300,
    dimensions: 16,
    clicksPerPositive: 1,
    sampleEmbeddings: true,
  },
  small: {
    name: 'small',
    days: 21,
    impressions: 200_000,
    users: 6_000,
    items: 20_000,
    requestsPerLogged: 100,
    candidates: 400,
    dimensions: 64,
    clicksPerPositive: 1,
    sampleEmbeddings: true,
  },
  '1m': {
    name: '1m',
    days: 21,
    impressions: 1_000_000,
    users: 30_000,
    items: 80_000,
    requestsPerLogged: 100,
    candidates: 600,
    dimensions: 32,
    clicksPerPositive: 1,
    sampleEmbeddings: false,
  },
  '20m': {
    name: '20m',
    days: 21,
    impressions: 20_000_000,
    users: 400_000,
    items: 500_000,
    requestsPerLogged: 640,
    candidates: 600,
    dimensions: 16,
    clicksPerPositive: 8,
    sampleEmbeddings: false,
  },
} as const satisfies Record<string, Scale>;

/** Most candidate rows that a demo logs, whatever its scale. */
export const candidateLimit = 2_000_000;
