export const MAX_CONFIG_MEGABYTES = 4;
/**
 * Largest accepted config: bytes of a file, characters of a text. A library parses a config in one step, which blocks
 * everything else.
 */
export const MAX_CONFIG_SIZE = MAX_CONFIG_MEGABYTES * 1024 * 1024;
