// One browser for all of them.
import './accessibility/inspectorStates.ts';
import './accessibility/plantedMistakes.ts';
import './accessibility/previewStates.ts';
import './accessibility/trialStates.ts';
