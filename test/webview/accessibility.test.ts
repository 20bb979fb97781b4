// One browser for all of them.
import './accessibility/axeScript.ts';
import './accessibility/inspectorStates.ts';
import './accessibility/previewStates.ts';
import './accessibility/trialStates.ts';
