// One window for the parts of files and for those of the preview. After other parts, the dialog for a folder once
// opened another folder than the typed one, so the demo is first. The Explorer has to show the files of the second
// part. A picture shows the users of a first preview.
import './files/demo.ts';
import './files/inspectorText.ts';
import './files/inspectorFailures.ts';
import './preview/previewLooks.ts';
import './preview/preview.ts';
