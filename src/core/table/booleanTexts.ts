/** Booleans of text files, as programs write them: Python writes `True`, spreadsheets write `TRUE`. */
export const booleanTexts = ['true', 'false', 'True', 'False', 'TRUE', 'FALSE'] as const;

/** SQL list of `booleanTexts`. */
export const booleanTextList = booleanTexts.map((text) => `'${text}'`).join(', ');
