// One window for both. The Explorer has to show the files of the first part.
import './files/inspectorText.ts';
import './files/inspectorFailures.ts';
