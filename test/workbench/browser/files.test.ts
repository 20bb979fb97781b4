// One window for all of them. After other parts, the dialog for a folder once opened another folder than the typed one,
// so the demo is first. The Explorer has to show the files of the second part.
import './files/demo.ts';
import './files/inspectorText.ts';
import './files/inspectorFailures.ts';
