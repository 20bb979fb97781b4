// One browser for all of them.
import './preview/knobSliders.ts';
import './preview/preview.ts';
import './preview/previewBatches.ts';
import './preview/previewColumns.ts';
import './preview/previewCompare.ts';
import './preview/previewParts.ts';
import './preview/previewSequences.ts';
import './preview/previewSliders.ts';
import './preview/previewStates.ts';
import './preview/previewStory.ts';
import './trial/trial.ts';
