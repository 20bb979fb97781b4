export const MAX_CONFIG_MEGABYTES = 4;
/**
 * The size of the largest config: bytes of a file, characters of a text. A library parses a config in one step, and nothing else runs
 * meanwhile.
 */
export const MAX_CONFIG_SIZE = MAX_CONFIG_MEGABYTES * 1024 * 1024;
